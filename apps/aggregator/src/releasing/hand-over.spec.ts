import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkpoint, enter, originOf, place, sealNothing } from '@anonymesh/evidence';
import type { Work } from '@anonymesh/courier';
import {
  openLetter,
  relayReceipt,
  subjectOf,
  testimoniesWaitedFor,
  unseal,
  type BodyOf,
  type CheckAgreement,
  type Opened,
  type OpenedChunk,
  type QueryId,
} from '@anonymesh/protocol';
import { testimony } from '@anonymesh/protocol-answering';
import { newKey, publicBytes, type SignedAgreement } from '@anonymesh/trust';
import type { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { TestimonyController } from '../collecting/testimony.controller.js';
import { ExpectController } from '../collecting/expect.controller.js';
import { deliver, expectQuery } from '../fixtures/made-letters.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import { handOverAtLeisure } from './hand-over.js';

const holders = ['council', 'dwp', 'hmrc'];
let parties: Parties;
let nats: RunningNats;
let postgres: PrivatePostgres;
let folder: string;
let plain: SignedAgreement<CheckAgreement>;
beforeAll(async () => {
  const sealing = publicBytes(newKey('X25519')).toString('base64url');
  parties = await makeParties({ change: { auditor: { name: 'The auditor', contact: 'by letter', sealing } } });
  plain = await parties.agree({ version: 2, auditor: undefined });
  [nats, postgres] = await Promise.all([startBroker(parties), startPostgres()]);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
}, 60_000);
afterAll(async () => {
  await Promise.all([nats.stop(), postgres.stop()]);
  await rm(folder, { recursive: true });
});

describe.each(['embedded', 'postgres'] as const)('what holders testify, at an aggregator on the %s store', (kind) => {
  let node: RealNode;
  let handing: { close(): Promise<void> } | undefined;
  beforeAll(async () => {
    node = await openRealNode(parties, nats, {
      store: kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
      spool: join(folder, kind),
      agreements: [plain],
    });
    const { knex } = node.courier.store;
    // A checkpoint that nobody countersigns, and that has waited long enough.
    await knex.transaction((work) => enter(work, [{ did: 'decided', what: 'outcome', words: 'another' }]));
    await knex.transaction((work) => place(work));
    const { identity, signing } = parties.party('aggregator');
    const log = { origin: originOf('aggregator', identity.kid), key: signing };
    await knex.transaction((work) => checkpoint(work, log, Date.now() - 3_600_000));
  });
  afterAll(() => node.close());
  beforeEach(async () => {
    for (const table of ['queries', 'testimonies', 'outbox']) await node.courier.store.knex(table).delete();
  });
  afterEach(() => handing?.close());

  /** A query that is over, unless said otherwise. */
  async function ended(change: Record<string, unknown> = {}, agreement: SignedAgreement = parties.agreement) {
    const { queryId, letter } = await expectQuery(parties, { agreement: agreement.hash });
    await node.courier.transact((work) => new ExpectController(node).take(letter, work));
    const { knex } = node.courier.store;
    await knex('queries').where({ id: queryId }).update({ state: 'decided', outcome: 'x.y.z' });
    await knex('queries').where({ id: queryId }).decrement('kept_until', 61_000);
    await knex('queries')
      .where({ id: queryId })
      .update({ state: 'decided', ...change });
    return queryId;
  }

  const said = async (from: string, queryId: QueryId, sealed?: string, agreement = parties.agreement) => {
    const attachment = Buffer.from(sealed ?? sealNothing(queryId, parties.agreement.content, from), 'ascii');
    const letter = { queryId, body: { agreement: agreement.hash }, attachment, chunk: 0 };
    const opened = await deliver<BodyOf<typeof testimony>>(parties, testimony, from, letter);
    return opened as OpenedChunk<BodyOf<typeof testimony>>;
  };
  const take = (letter: Opened<BodyOf<typeof testimony>>): Promise<void> =>
    node.courier.transact((work: Work) =>
      new TestimonyController(node).take(letter as OpenedChunk<BodyOf<typeof testimony>>, work),
    );
  const refuses = (code: string, letter: Opened<BodyOf<typeof testimony>>) =>
    expect(take(letter)).rejects.toMatchObject({ code });

  /** What the coordinator gets of that query: a line for each testimony. */
  async function receiptsOf(queryId: QueryId): Promise<string[][]> {
    const self = parties.self('coordinator');
    const on = subjectOf(relayReceipt, self);
    const rows: { sealed: Buffer }[] = await node.courier.store.knex('outbox').where({ subject: on }).select('sealed');
    return rows.flatMap(({ sealed }) => {
      const end = sealed.indexOf('\n');
      const text = unseal(sealed.subarray(0, end).toString('latin1'), self.keyring.sealing, { to: 'coordinator', on });
      if (typeof text === 'string') throw new Error(text);
      const now = Date.now();
      const signer = (kid: string) => self.directory.signer(kid, now);
      const expected = { messages: [relayReceipt], self, signer, now, maxAge: 60_000 };
      const opened = openLetter(text, expected, sealed.subarray(end + 1));
      if (typeof opened === 'string') throw new Error(opened);
      return opened.queryId === queryId ? [String(opened.attachment).split('\n')] : [];
    });
  }

  it('is handed over once, all of it in one letter, and then dropped', async () => {
    const id = await ended();
    const letters = await Promise.all(holders.map((holder) => said(holder, id)));
    for (const letter of letters) await take(letter);
    handing = handOverAtLeisure(node);
    await until('the receipt has left', async () => (await receiptsOf(id)).length > 0);
    await wait(1500); // long enough for another round
    const [lines, ...more] = await receiptsOf(id);
    expect(more).toEqual([]);
    expect(lines).toHaveLength(4);
    expect(lines?.slice(0, 3)).toEqual(letters.map(({ attachment }) => String(attachment)));
    expect(new Set(lines?.map((sealed) => sealed.split('.')[3]?.length)).size).toBe(1);
    expect(await node.courier.store.knex('testimonies')).toEqual([]);
    await refuses('deadline-passed', await said('hmrc', id));
    expect(node.lines.filter((line) => line.includes('failed'))).toEqual([]);
  });

  it('waits for every holder, and for the query’s time to be over, and not for ever', async () => {
    const [open, early, waiting, long, other] = [
      await ended({ state: 'open' }),
      await ended({ kept_until: Date.now() + 30 * 86_400_000 + 5000 }),
      await ended(),
      await ended({ kept_until: Date.now() + 30 * 86_400_000 - testimoniesWaitedFor - 1000 }),
      await ended({}, plain),
    ];
    for (const id of [open, early]) for (const holder of holders) await take(await said(holder, id));
    for (const id of [waiting, long]) for (const holder of holders.slice(1)) await take(await said(holder, id));
    handing = handOverAtLeisure(node);
    await until('the one that was waited for too long has left', async () => (await receiptsOf(long)).length > 0);
    await wait(1500);
    for (const id of [open, early, waiting, other]) expect(await receiptsOf(id)).toEqual([]);
    // In the place of the one that has not come stands one that looks the same.
    const [lines = []] = await receiptsOf(long);
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((sealed) => sealed.split('.')[3]?.length)).size).toBe(1);
    await take(await said('council', waiting));
    await until('the other has left', async () => (await receiptsOf(waiting)).length > 0);
  }, 20_000);

  it('is refused where it is not a holder’s, a second one, or of something else', async () => {
    const id = await ended();
    const other = await ended();
    await refuses('malformed', await said('hmrc', id, sealNothing(other, parties.agreement.content, 'hmrc')));
    await refuses('malformed', await said('hmrc', id, sealNothing(id, parties.agreement.content, 'dwp')));
    const [head, wrapped, iv, sealed, tag] = sealNothing(id, parties.agreement.content, 'hmrc').split('.');
    await refuses('malformed', await said('hmrc', id, [head, wrapped, iv, sealed?.slice(4), tag].join('.')));
    await refuses('malformed', await said('hmrc', id, 'no testimony at all'));
    await refuses('malformed', await said('hmrc', await ended({}, plain), undefined, plain));
    await refuses('not-found', await said('hmrc', 'ab'.repeat(16)));
    await refuses('key-not-pinned', await said('hmrc', id, undefined, await parties.agree({ version: 3 })));
    const letter = await said('hmrc', id);
    await refuses('key-not-pinned', { ...letter, from: { ...letter.from, id: 'coordinator', kind: 'coordinator' } });
    await take(letter);
    await refuses('replayed', await said('hmrc', id));
    expect(await node.courier.store.knex('testimonies').pluck('holder')).toEqual(['hmrc']);
  });

  it('is set aside where it fails: it says which, the others go on, and it is tried again', async () => {
    const broken = await ended();
    await node.courier.store.knex('queries').where({ id: broken }).decrement('kept_until', 30_000);
    const others = [await ended(), await ended()];
    for (const id of [broken, ...others]) for (const holder of holders) await take(await said(holder, id));
    const mend = await breakQuery(node.courier.store.knex, broken, kind);
    const before = node.lines.length;
    handing = handOverAtLeisure(node);
    for (const id of others) await until('the others have left', async () => (await receiptsOf(id)).length > 0);
    expect(await receiptsOf(broken)).toEqual([]);
    await mend();
    await until('it has left, too', async () => (await receiptsOf(broken)).length > 0);
    await wait(1500);
    for (const id of [broken, ...others]) expect(await receiptsOf(id)).toHaveLength(1);
    const faults = node.lines.slice(before).filter((line) => line.includes('receipts.failed'));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.map((line) => JSON.parse(line))).toEqual(
      faults.map(() => expect.objectContaining({ level: 'error', query: broken })),
    );
  }, 20_000);
});

/** Makes the store refuse that query's receipt; returns what ends that. */
async function breakQuery(knex: Knex, id: QueryId, kind: 'embedded' | 'postgres'): Promise<() => Promise<void>> {
  const when = `before update of receipted on queries`;
  if (kind === 'embedded') {
    await knex.raw(`create trigger broken ${when} when new.id = '${id}' begin select raise(abort, 'no'); end`);
    return async () => void (await knex.raw('drop trigger broken'));
  }
  await knex.raw(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`);
  await knex.raw(`create trigger broken ${when} for each row when (new.id = '${id}') execute function refuse()`);
  return async () => void (await knex.raw('drop trigger broken on queries'));
}
