import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { progress, Refusal, sha256Of } from '@anonymesh/protocol';
import {
  checkLog,
  eraseSaltsBefore,
  opens,
  originOf,
  readEntry,
  readEntries,
  say,
  writeLog,
} from '@anonymesh/evidence';
import { openLog } from '@anonymesh/runtime';
import { until } from '../../../tests/mesh/until.js';
import { startRealMesh, writeDown, type Handle, type RealMesh, type RealNode } from './fixtures/real-mesh.js';
import { keepLog } from './keep-log.js';
import { NotYet } from './not-yet.js';
import { writeParcel } from './parcel.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

const queryId = 'ab'.repeat(16);
const saying = (answered: number, to = 'coordinator') => ({ to, queryId, body: { answered } });
const quiet = openLog({ app: 'spec', to: { write: () => undefined } });
let places = 0;

const receiving = (handle: Handle) => mesh.node('coordinator', mesh.place(`entered-${places++}`), [progress, handle]);
const settled = () => until('all is settled', async () => (await mesh.waiting('coordinator')) === 0);

/** Gives places, signs, and reads what is there. */
async function entriesOf({ courier }: RealNode) {
  await keepLog({ courier, log: quiet, trust: mesh.parties.trust }, { checkpointEvery: 100_000 }).close();
  const stored = await readEntries(courier.store.knex);
  return stored.flatMap(({ text, salt }) => {
    const entry = readEntry(text);
    return entry === undefined || entry.did === 'counted' ? [] : [{ ...entry, salt }];
  });
}

async function checked({ courier }: RealNode) {
  const lines: string[] = [];
  const { id, directory, keyring } = courier.self;
  const origin = originOf(id, directory.parties.get(id)?.fingerprint ?? '');
  for await (const line of writeLog(courier.store.knex, origin)) lines.push(line);
  return checkLog(lines, { origin, keys: [keyring.signing.publicKey] });
}

describe('a party\u2019s log', () => {
  it('has what was received and what was sent, by the very bytes that the broker carried', async () => {
    const node = await receiving(async (letter, work) => {
      await writeDown(letter, work);
      work.post(progress, saying(2, 'immigration'));
      work.enter({ did: 'decided', what: 'passed-on', query: letter.queryId, words: 'two' });
    });
    const sender = await mesh.courier('aggregator');
    const { subject, sealed, id, jws } = await writeParcel(mesh.parties.self('aggregator'), progress, saying(1));
    await sender.party.jetstream.publish(subject, sealed, { msgID: id });
    await settled();
    const entries = await entriesOf(node);
    expect(entries.map(({ did, what }) => `${did} ${what}`).sort()).toEqual([
      'decided passed-on',
      'received progress',
      'sent progress',
    ]);
    const received = entries.find(({ did }) => did === 'received');
    expect(received).toMatchObject({ party: 'aggregator', query: queryId, sealed: sha256Of(sealed) });
    const commitment = Buffer.from(received?.words ?? '', 'base64url');
    expect(opens(commitment, received?.salt ?? Buffer.alloc(0), jws)).toBe(true);
    expect(entries.find(({ did }) => did === 'sent')).toMatchObject({ party: 'immigration', query: queryId });
    const { findings, bound, entries: count } = await checked(node);
    expect(findings.map(say)).toEqual([]);
    expect([bound, count]).toEqual([4, 4]);
    await Promise.all([sender.close(), node.close()]);
  });

  it('has a letter once that came three times, and one that came too early only once it was handled', async () => {
    let early = 2;
    const node = await receiving(async (letter, work) => {
      if ((letter.body as { answered: number }).answered === 7 && early-- > 0) throw new NotYet();
      await writeDown(letter, work);
    });
    const sender = await mesh.courier('aggregator');
    const { subject, sealed } = await writeParcel(mesh.parties.self('aggregator'), progress, saying(1));
    for (let count = 0; count < 3; count += 1) await sender.party.jetstream.publish(subject, sealed);
    await sender.send(progress, saying(7));
    await settled();
    expect((await entriesOf(node)).filter(({ did }) => did === 'received')).toHaveLength(2);
    await Promise.all([sender.close(), node.close()]);
  });

  it('has a refused letter with the code, and nothing of an effect that was rolled back', async () => {
    let failures = 1;
    const node = await receiving(async (letter, work) => {
      const { answered } = letter.body as { answered: number };
      if (answered === 9) throw new Refusal('not-found');
      work.post(progress, saying(answered, 'immigration'));
      if (failures-- > 0) throw new Error('on purpose');
    });
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, saying(1));
    await settled();
    await sender.send(progress, saying(9));
    await settled();
    const entries = await entriesOf(node);
    const received = entries.flatMap((each) => (each.did === 'received' ? [each.refused] : []));
    expect(received).toEqual([undefined, 'not-found']);
    // The first try posted as well: it never happened.
    expect(entries.filter(({ did }) => did === 'sent')).toHaveLength(1);
    await Promise.all([sender.close(), node.close()]);
  });

  it('is whole and bound after the process ended, and its salts can be erased without a trace of it', async () => {
    const node = await receiving(writeDown);
    const sender = await mesh.courier('aggregator');
    for (let count = 0; count < 30; count += 1) await sender.send(progress, saying(count));
    await settled();
    await entriesOf(node);
    expect(await eraseSaltsBefore(node.courier.store.knex, Date.now() - 60_000)).toBe(0);
    expect(await eraseSaltsBefore(node.courier.store.knex, Date.now() + 1)).toBe(30);
    expect(await checked(node)).toEqual({ findings: [], entries: 31, bound: 31 });
    await Promise.all([sender.close(), node.close()]);
  });
});
