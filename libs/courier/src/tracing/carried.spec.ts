// A letter's context on the broker's line, between real nodes: who puts it there, and what becomes of whatever else does.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { letterContextOf, progress, slip, traceparentOf } from '@anonymesh/protocol';
import { openLog } from '@anonymesh/runtime';
import { openStore } from '@anonymesh/store';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import { until } from '../../../../tests/mesh/until.js';
import { startCollector, type Collector } from '../../../../tests/servers/collector.js';
import { ownConsumer } from '../broker/connect-party.js';
import { effectsOf, startRealMesh, writeDown, type RealMesh, type RealNode } from '../fixtures/real-mesh.js';
import { writeParcel } from '../parcel.js';
import { openTraces } from './open-traces.js';
import type { Traces } from './traces.js';

let collector: Collector;
let mesh: RealMesh;
let node: RealNode;
const traces = new Map<string, Traces>();

beforeAll(async () => {
  collector = await startCollector();
  const { url } = collector;
  const log = openLog({ app: 'spec', to: { write: () => undefined } });
  // The aggregator traces no query at all, and the requester does not know of traces.
  for (const [party, share] of [
    ['coordinator', 1],
    ['aggregator', 0],
  ] as const)
    traces.set(party, openTraces({ url, share }, { app: 'spec', party, secret: randomBytes(32), log }));
  mesh = await startRealMesh(new Map(), traces);
  node = await openNode();
}, 60_000);
afterAll(async () => {
  await mesh?.stop();
  for (const each of traces.values()) await each.close();
  await collector?.close();
});

const asking = { to: 'coordinator', body: { lookupId: randomBytes(16).toString('base64url') } };
const openNode = () =>
  mesh.node('coordinator', mesh.place('coordinator'), [progress, writeDown], [slip, () => Promise.resolve(found)]);
const found = { manifest: 'e30.e30.AA', slip: 'e30.AA.AA.AA.AA' };
const queryId = 'ef'.repeat(16);
const saying = (to: string) => ({ to, queryId, body: { answered: 1 } });
const spans = () => collector.spans();
const ofLetter = (id: string) => spans().filter(({ attributes }) => attributes['messaging.message.id'] === id);

/** What the next letters to the party bear, in order. */
async function headersAt(id: string, count: number, where = mesh): Promise<Record<string, string[]>[]> {
  const reader = await where.courier(id);
  const consumer = await ownConsumer(reader.party, where.parties.party(id).kind);
  const seen: Record<string, string[]>[] = [];
  while (seen.length < count) {
    const message = await consumer.next({ expires: 5000 });
    if (message === null) throw new Error(`${id} got nothing`);
    seen.push(Object.fromEntries(message.headers ?? []));
    message.ack();
  }
  await reader.close();
  return seen;
}

describe('a letter that is sent', () => {
  it('bears its own context where its sender traces, whichever queries, and nothing more', async () => {
    const sender = await mesh.courier('coordinator');
    for (let count = 0; count < 3; count += 1) await sender.send(progress, saying('immigration'));
    await sender.close();
    for (const seen of await headersAt('immigration', 3)) {
      const [letter = ''] = seen['Nats-Msg-Id'] ?? [];
      expect(seen).toEqual({ traceparent: [traceparentOf(letter)], 'Nats-Msg-Id': [letter] });
    }
    // Read by its own party, in the place of the node that takes its letters.
    await node.close();
    const unsampled = await mesh.courier('aggregator');
    await unsampled.send(progress, saying('coordinator'));
    await unsampled.close();
    const [seen = {}] = await headersAt('coordinator', 1);
    expect(seen['traceparent']).toEqual([traceparentOf(seen['Nats-Msg-Id']?.[0] ?? '')]);
    node = await openNode();
  });

  it('bears the same when another process sends it', async () => {
    const { id, subject, sealed } = await writeParcel(
      mesh.parties.self('coordinator'),
      progress,
      saying('immigration'),
    );
    await node.close();
    const store = await openStore(mesh.place('coordinator'));
    await store.knex('outbox').insert({ id, subject, sealed, not_before: 0 });
    await store.close();
    node = await openNode();
    expect(await headersAt('immigration', 1)).toEqual([{ traceparent: [traceparentOf(id)], 'Nats-Msg-Id': [id] }]);
  });

  it('bears nothing but its id where its sender does not trace', async () => {
    const silent = await startRealMesh();
    const sender = await silent.courier('coordinator');
    await sender.send(progress, saying('immigration'));
    const [seen = {}] = await headersAt('immigration', 1, silent);
    expect(Object.keys(seen)).toEqual(['Nats-Msg-Id']);
    await silent.stop();
  });
});

/** Headers as a client of somebody's own making sends them. */
function written(lines: readonly string[]): MsgHdrs {
  const text = ['NATS/1.0', ...lines, '', ''].join('\r\n');
  return Object.assign(headers(), { encode: () => Buffer.from(text, 'latin1') });
}

const manyNames = (count: number) => Array.from({ length: count }, (_, index) => `${index.toString(36)}:`);

const borne: readonly [what: string, lines: (own: string) => string[], linked?: boolean][] = [
  ['its own', (own) => [`traceparent: ${own}`], true],
  ['its own, and a state', (own) => [`traceparent: ${own}`, 'tracestate: her=name', 'baggage: her=name'], true],
  ['none', () => []],
  ['another letter’s', () => [`traceparent: ${traceparentOf('another')}`]],
  ['its own, sampled', (own) => [`traceparent: ${own.replace(/00$/, '01')}`]],
  ['its own twice', (own) => [`traceparent: ${own}`, `traceparent: ${own}`]],
  ['one of somebody’s choice', () => [`traceparent: 00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`]],
  ['a malformed one', () => ['traceparent: \u0000\u00ff', 'traceparent', ': ', 'bad name: x']],
  ['a broken line', (own) => [`traceparent: ${own}\n`, 'x: \n\r']],
  // A stream takes up to 64 KiB of headers.
  ['a very long one', () => [`traceparent: ${'0'.repeat(60_000)}`]],
  ['its own behind very many', (own) => [...manyNames(10_000), `traceparent: ${own}`]],
];

describe('a letter that is taken', () => {
  const ids = new Map<string, string>();
  beforeAll(async () => {
    const sender = await mesh.courier('aggregator');
    for (const [what, lines] of borne) {
      const { id, subject, sealed } = await writeParcel(
        mesh.parties.self('aggregator'),
        progress,
        saying('coordinator'),
      );
      ids.set(what, id);
      await sender.party.jetstream.publish(subject, sealed, { headers: written(lines(traceparentOf(id))) });
    }
    await sender.close();
  });

  it.each(borne)(
    'has its effect and is traced as ever, whatever it bears: %s',
    async (what, _lines, linked = false) => {
      const id = ids.get(what) ?? '';
      await until('it has its effect', async () => (await effectsOf(node)).some(({ letter }) => letter === id));
      await until('it is told of', () => ofLetter(id).length === 1);
      const [span] = ofLetter(id);
      expect(span).toMatchObject({ party: 'coordinator', name: 'receive progress', extra: {} });
      expect(span?.links).toEqual(linked ? [letterContextOf(id)] : []);
      expect(span?.traceId).not.toBe(letterContextOf(id).traceId);
      expect(node.log).toEqual([]);
    },
  );

  it('is answered at once, whatever it bears: a megabyte of names', async () => {
    const portal = await mesh.courier('appeal-portal');
    const { subject, sealed } = await writeParcel(mesh.parties.self('appeal-portal'), slip, asking);
    const request = { timeout: 10_000, headers: written(manyNames(150_000)) };
    expect((await portal.party.connection.request(subject, sealed, request)).data.length).toBeGreaterThan(0);
    await portal.close();
  });

  it('shows nothing at who traces no query, and is linked where it was sent from', () => {
    expect(new Set(spans().map(({ party }) => party))).toEqual(new Set(['coordinator']));
    const sent = spans().filter(({ name }) => name === 'send progress');
    expect(sent).toHaveLength(4);
    for (const { links, attributes } of sent)
      expect(links).toEqual([letterContextOf(String(attributes['messaging.message.id']))]);
  });
});
