import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal, type AgreementNotice } from '@anonymesh/protocol';
import { openLog } from '@anonymesh/runtime';
import { openLedger, standingTables } from '@anonymesh/standing';
import { migrate, openStore, type Store } from '@anonymesh/store';
import type { SignedAgreement } from '@anonymesh/trust';
import { makeParties, makeParty, type Parties, type Party } from '../../../../tests/mesh/make-parties.js';
import { aliveNotice, statusOf } from '../../../../tests/mesh/statuses.js';
import { mostDrafts, takeNotice, type NoticeTaker, type Told } from './take-notice.js';

const minute = 60_000;
let parties: Parties;
let folder: string;
let count = 0;
let store: Store;
let node: NoticeTaker;
let told: Told;
let posted: { to: string; body: AgreementNotice }[];

beforeAll(async () => {
  parties = await makeParties();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-noticing-'));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await store?.close();
  store = await openStore({ kind: 'embedded', file: join(folder, `${++count}.db`) });
  await migrate(store, standingTables);
  const trust = { directory: parties.directory, agreements: new Map<string, SignedAgreement>() };
  const standing = await openLedger(store.knex, 'hmrc', parties.directory, trust.agreements);
  const log = openLog({ app: 'spec', to: { write: () => undefined } });
  node = { courier: { self: parties.self('hmrc') }, trust, standing, log };
  told = new Map();
  posted = [];
});

/** `done`, or the code of the refusal. */
async function take(from: Party, body: AgreementNotice): Promise<string> {
  const sender = { id: from.id, kind: from.kind, identity: from.identity.kid };
  try {
    await store.knex.transaction(async (transaction) => {
      const post = (_message: unknown, letter: object) => {
        posted.push(letter as (typeof posted)[number]);
        return { words: Promise.resolve('') };
      };
      await takeNotice(node, told, { from: sender, body }, { transaction, post });
    });
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
const own = (at: number) => statusOf(parties, 'hmrc', parties.agreement.hash, { at });
const without = (notice: AgreementNotice, status: string) => {
  return { ...notice, statuses: notice.statuses.filter((each) => each !== status) };
};

describe('a notice', () => {
  it('is taken of parties to its agreement, in the role and with the identity that it pins, and of nobody else', async () => {
    const notice = await aliveNotice(parties, parties.agreement);
    const dwp = parties.party('dwp');
    const stranger = makeParty('police', 'holder');
    expect(await take(stranger, notice)).toBe('key-not-pinned');
    expect(await take({ ...dwp, identity: stranger.identity }, notice)).toBe('key-not-pinned');
    expect(await take({ ...dwp, kind: 'requester' }, notice)).toBe('key-not-pinned');
    expect(node.trust.agreements.size).toBe(0);
    expect(await take(dwp, notice)).toBe('done');
    expect([...node.trust.agreements.keys()]).toEqual([parties.agreement.hash]);
  });

  it('of the same again, or of less, changes nothing and is no fault', async () => {
    const notice = await aliveNotice(parties, parties.agreement);
    for (const each of [
      notice,
      notice,
      { ...notice, signatures: { dwp: notice.signatures['dwp'] ?? '' }, statuses: [] },
    ])
      expect(await take(parties.party('dwp'), each)).toBe('done');
    const standings = await node.standing.standings(store.knex, [parties.agreement.hash], Date.now());
    expect(standings.get(parties.agreement.hash)).toEqual({ standing: 'in-force' });
  });

  it('without our own word is answered with all that we know, to its sender, once a minute', async () => {
    const said = await own(Date.now() - minute);
    const alive = await aliveNotice(parties, parties.agreement);
    const others = alive.statuses.filter((_, index) => alive.agreement.parties[index]?.id !== 'hmrc');
    const notice = { ...alive, statuses: [...others, said] };
    expect(await take(parties.party('dwp'), notice)).toBe('done');
    expect(posted).toEqual([]);
    for (let times = 0; times < 3; times++)
      expect(await take(parties.party('dwp'), without(notice, said))).toBe('done');
    expect(posted.map(({ to }) => to)).toEqual(['dwp']);
    expect(posted[0]?.body.statuses).toContain(said);
    expect(await take(parties.party('coordinator'), without(notice, said))).toBe('done');
    expect(posted.map(({ to }) => to)).toEqual(['dwp', 'coordinator']);
  });

  it('is not answered while what we said is on its way', async () => {
    const said = await own(Date.now() - 2000);
    const notice = { ...(await aliveNotice(parties, parties.agreement)), statuses: [said] };
    expect(await take(parties.party('dwp'), notice)).toBe('done');
    expect(await take(parties.party('dwp'), without(notice, said))).toBe('done');
    expect(posted).toEqual([]);
  });

  it('is not answered with a word of ours that has run out', async () => {
    const said = await own(Date.now() - 25 * 60 * minute);
    const notice = { ...(await aliveNotice(parties, parties.agreement)), statuses: [said] };
    expect(await take(parties.party('dwp'), notice)).toBe('done');
    expect(await take(parties.party('dwp'), without(notice, said))).toBe('done');
    expect(posted).toEqual([]);
  });

  it('of one more draft than a party may have is refused; of what we have signed none is', async () => {
    const dwp = parties.party('dwp');
    for (let version = 2; version < mostDrafts + 2; version++)
      expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version }, ['dwp'])))).toBe('done');
    expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version: 99 }, ['dwp'])))).toBe(
      'too-large',
    );
    expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version: 2 }, ['dwp', 'hmrc'])))).toBe(
      'done',
    );
    expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version: 3 }, ['dwp', 'hmrc'])))).toBe(
      'done',
    );
    expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version: 98 }, ['dwp'])))).toBe('done');
    expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version: 97 }, ['dwp'])))).toBe('done');
    expect(await take(dwp, await aliveNotice(parties, await parties.agree({ version: 96 }, ['dwp'])))).toBe(
      'too-large',
    );
  });

  // The attack: drafts that name everybody, signed by one party alone, would refuse all of them their next agreement.
  it('is taken of a party whom others have named in as many drafts as they may bring', async () => {
    const [dwp, council] = [parties.party('dwp'), parties.party('council')];
    const draft = async (version: number, by: string) => aliveNotice(parties, await parties.agree({ version }, [by]));
    for (let version = 2; version < mostDrafts + 2; version++)
      expect(await take(dwp, await draft(version, 'dwp'))).toBe('done');
    expect(await take(dwp, await draft(90, 'dwp'))).toBe('too-large');
    expect(await take(council, await draft(91, 'council'))).toBe('done');
    expect(await take(parties.party('coordinator'), await draft(92, 'coordinator'))).toBe('done');
    // Whoever tells of it again has not brought it.
    expect(await take(council, await draft(2, 'dwp'))).toBe('done');
    expect(await node.standing.draftsBy(store.knex, 'council')).toBe(1);
    // A process that starts anew knows who brought what.
    node = { ...node, standing: await openLedger(store.knex, 'hmrc', parties.directory, new Map()) };
    expect(await take(dwp, await draft(93, 'dwp'))).toBe('too-large');
    // Once they are past, there is room again.
    expect(await node.standing.forgetDrafts(store.knex, Date.parse('2036-01-02'))).toBe(mostDrafts + 2);
    expect(await take(dwp, await draft(93, 'dwp'))).toBe('done');
  });
});
