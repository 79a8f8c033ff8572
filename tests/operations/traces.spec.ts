import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { letterContextOf, traceparentOf } from '@anonymesh/protocol';
import { parse, stringify } from 'yaml';
import { findIn, needlesFor } from '../canary/find-canary.js';
import { tapBroker, type Tap } from '../canary/tap.js';
import { logOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { startCollector, type Collector } from '../servers/collector.js';
import type { SpanSeen } from '../servers/spans-in.js';

/** Everything that a span may say, and nothing else. */
const mayBeSaid = [
  'anonymesh.attempt',
  'anonymesh.end',
  'anonymesh.from',
  'messaging.destination.name',
  'messaging.message.id',
  'messaging.system',
];

const asked: { readonly queryId: string; readonly reference: string }[] = [];
let collector: Collector;
let mesh: TestMesh;
let tap: Tap;

/** One collector for all parties, as if they were careless. */
beforeAll(async () => {
  collector = await startCollector();
  const { url } = collector;
  mesh = await startTestMesh({
    prepare: async (founded) => {
      for (const { id } of founded.parties) {
        const { config } = placesOf(founded.dir, id);
        const own = parse(await readFile(config, 'utf8')) as object;
        await writeFile(config, stringify({ ...own, traces: { url } }));
      }
      tap = await tapBroker(founded);
    },
  });
  for (const person of samples) {
    const { queryId, reference } = await mesh.ask(person);
    await mesh.ended(queryId);
    await mesh.explain(person, reference);
    asked.push({ queryId, reference });
  }
  // Each party hands its spans over every five seconds.
  for (const [party, ...names] of lastSpans)
    for (const name of names) await until(`${party} has told of ${name}`, () => countOf(party, name) >= samples.length);
}, 120_000);
afterAll(async () => {
  await mesh?.end();
  await tap?.close();
  await collector?.close();
});

const spans = () => collector.spans();
const isNamed =
  (...names: string[]) =>
  ({ name }: SpanSeen) =>
    names.includes(name);

const countOf = (party: string, name: string) =>
  spans().filter((span) => span.party === party && span.name === name).length;

const lastSpans = [
  ['immigration', 'request ask', 'receive outcome'],
  ['coordinator', 'receive ask', 'receive outcome', 'send outcome'],
  ['aggregator', 'send outcome', 'receive explain'],
  ['appeal-portal', 'request explain'],
  ...['hmrc', 'dwp', 'council'].map((holder) => [holder, 'receive dispatch', 'send answer'] as const),
] as const;

describe('traces of a mesh whose parties all trace', () => {
  it('show at each party what it sent and took for a query, in one trace', () => {
    const byTrace = Map.groupBy(
      spans().filter(({ party }) => party === 'coordinator'),
      ({ traceId }) => traceId,
    );
    const [longest = []] = [...byTrace.values()].sort((a, b) => b.length - a.length);
    const names = longest.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['receive ask', 'send dispatch', 'send expect', 'receive outcome']));
    expect(names.filter((name) => name === 'send dispatch')).toHaveLength(3);
    expect(longest.filter(isNamed('receive ask')).map(({ attributes }) => attributes['anonymesh.from'])).toEqual([
      'immigration',
    ]);
    expect(new Set(spans().map(({ party }) => party)).size).toBe(mesh.parties.length);
  });

  it('say what is on the list, and nothing else', () => {
    const said = new Set(spans().flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...said].sort()).toEqual(mayBeSaid);
    const about = new Set(spans().flatMap(({ resource }) => Object.keys(resource)));
    expect([...about].sort()).toEqual(['anonymesh.party', 'service.name', 'service.namespace']);
    for (const { extra } of spans()) expect(extra).toEqual({});
  });

  it('have nothing in common by which two parties’ could be joined but ids of letters, and what follows from these', () => {
    const whose = new Map<string, Set<string>>();
    for (const { traceId, party } of spans()) whose.set(traceId, (whose.get(traceId) ?? new Set()).add(party));
    expect(Math.max(...[...whose.values()].map(({ size }) => size))).toBe(1);
    const line = Buffer.concat(tap.heard()).toString('latin1');
    for (const { attributes, name } of spans().filter(isNamed('send dispatch', 'send answer')))
      expect([name, line.includes(`Nats-Msg-Id: ${String(attributes['messaging.message.id'])}`)]).toEqual([name, true]);
    for (const traceId of whose.keys()) expect(line).not.toContain(traceId);
    expect(line).not.toMatch(/tracestate|baggage/i);
    const linked = new Map<string, string>();
    for (const { links, attributes } of spans())
      for (const { traceId } of links) {
        const letter = String(attributes['messaging.message.id']);
        expect([letter, whose.has(traceId)]).toEqual([linked.get(traceId) ?? letter, false]);
        linked.set(traceId, letter);
      }
  });

  it('link from both sides to the context of each letter, which stands on the broker’s line', () => {
    const line = Buffer.concat(tap.heard()).toString('latin1');
    const sent = spans().filter(({ name }) => !name.startsWith('receive'));
    const taken = spans().filter(({ name }) => name.startsWith('receive'));
    for (const { links, name, attributes } of spans()) {
      const letter = String(attributes['messaging.message.id']);
      expect([name, links]).toEqual([name, [letterContextOf(letter)]]);
      expect([name, line.includes(`traceparent: ${traceparentOf(letter)}\r\n`)]).toEqual([name, true]);
    }
    for (const name of ['ask', 'dispatch', 'answer', 'outcome', 'explain']) {
      const by = (some: SpanSeen[]) => some.filter((span) => span.name.endsWith(` ${name}`)).map(({ links }) => links);
      expect([name, by(sent).length]).not.toEqual([name, 0]);
      expect(by(taken)).toEqual(expect.arrayContaining(by(sent)));
    }
  });

  it('put nothing on the broker’s line but contexts of letters, each one’s own', () => {
    const heard = tap.heard().map((each) => each.toString('latin1'));
    const headers = heard.flatMap((each) => [...each.matchAll(/^NATS\/1\.0\r\n((?:[\w-]+: [^\r\n]*\r\n)+)\r$/gm)]);
    const ofLetters = headers.map(([, lines = '']) => lines).filter((lines) => /traceparent|Nats-Msg-Id/i.test(lines));
    expect(ofLetters.length).toBeGreaterThan(50);
    const known = new Set(spans().map(({ attributes }) => traceparentOf(String(attributes['messaging.message.id']))));
    for (const lines of ofLetters) {
      const [, context = ''] = /^traceparent: (00-[\da-f]{32}-[\da-f]{16}-00)\r$/m.exec(lines) ?? [];
      const [, id] = /^Nats-Msg-Id: ([\w-]{22})\r$/m.exec(lines) ?? [];
      // A request's id is inside; the broker adds for its receiver whose account it came from.
      const [own = ''] = lines.split('Nats-Request-Info: ');
      if (id === undefined) expect([own, known.has(context)]).toEqual([`traceparent: ${context}\r\n`, true]);
      else expect(lines).toBe(`traceparent: ${traceparentOf(id)}\r\nNats-Msg-Id: ${id}\r\n`);
    }
  });

  it('hold nobody, no query, no reference and no outcome', () => {
    const all = Buffer.concat(collector.received);
    const values = new Set([applicant, ...samples].flatMap(({ fields }) => Object.values(fields)));
    const people = needlesFor([...values].filter(({ length }) => length > 5));
    expect(findIn(all, people)).toEqual([]);
    for (const { queryId, reference } of asked) {
      expect(all.includes(queryId)).toBe(false);
      expect(all.includes(reference)).toBe(false);
    }
    expect(all.toString()).not.toMatch(/clear|concern|refer/);
  });

  it('are alike at a holder, whatever it answers', () => {
    const own = spans().filter(({ party, name }) => party === 'hmrc' && !/(checkpoint|notice|testimony)$/.test(name));
    const shapes = [...Map.groupBy(own, ({ traceId }) => traceId).values()].map((trace) =>
      trace
        .map(({ name, attributes: { 'messaging.message.id': _id, ...rest } }) => JSON.stringify([name, rest]))
        .sort(),
    );
    expect(shapes).toHaveLength(samples.length);
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
  });

  it('that nobody takes are dropped and said, and no query waits for them', async () => {
    await collector.close();
    const { queryId } = await mesh.ask(applicant);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: applicant.outcome });
    const lost = async () => (await logOf(mesh, 'aggregator')).some(({ event }) => event === 'traces.not-exported');
    await until('it is said', lost, 60);
  }, 90_000);
});
