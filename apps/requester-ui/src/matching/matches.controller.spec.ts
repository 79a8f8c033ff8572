import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NotYet } from '@anonymesh/courier';
import { progress, relayMatches, relayOutcome, type BodyOf, type SetAgreement } from '@anonymesh/protocol';
import { matches } from '@anonymesh/protocol-outcome';
import type { SignedAgreement } from '@anonymesh/trust';
import { makeParties, type Parties, type Party } from '../../../../tests/mesh/make-parties.js';
import { letterOf, sealOutcome, type OutcomeOptions } from '../fixtures/paper-query.js';
import { composeSetQuery, lettersWith, sealMatches, type PaperRecord } from '../fixtures/paper-set.js';
import { paperCoordinator, serveRequester } from '../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import type { RecordList } from './record-list.js';
import { endOverdue, eraseExpired, insertQuery, type Query } from '../store/queries.js';

let parties: Parties;
let signed: SignedAgreement<SetAgreement>;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let query: Query;

beforeAll(async () => {
  const made = await makeParties({ holders: ['hmrc', 'dwp'] });
  signed = await made.agreeOnSets();
  const agreements = new Map([...made.trust.agreements, [signed.hash, signed] as const]);
  parties = { ...made, trust: { ...made.trust, agreements } };
});
beforeEach(async () => {
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  query = { ...(await composeSetQuery(parties, signed)), state: 'waiting', admitted: true, ask_at: null };
  await insertQuery(temporary.store.knex, query);
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

const records: readonly PaperRecord[] = [
  { holder: 'dwp', row: { surname: 'Adeyemi', note: 'seen in May', nhsNumber: '9434765919' } },
  { holder: 'hmrc', row: { surname: 'ADEYEMI', note: '=HYPERLINK("x")' } },
];

const relay = async (body: BodyOf<typeof matches>, about = query, signer?: Party) => {
  const sealed = await sealMatches(parties, about, body, signer);
  return requester.receive(
    'matches',
    letterOf(relayMatches, query.id, { sealed }, parties.party('coordinator')) as never,
  );
};
const decide = async (options: OutcomeOptions) => {
  const body = { sealed: await sealOutcome(parties, query, { holders: 2, answered: 2, ...options }) };
  return requester.receive('outcome', letterOf(relayOutcome, query.id, body, parties.party('coordinator')) as never);
};
const release = (people = 1) => decide({ outcome: 'released', code: 'all-answered', people });
const letters = (some = records) => lettersWith(parties, signed, query, some);
const kept = () => temporary.store.knex('match_letters');

async function get(path: string, claims: Record<string, unknown> = { sub: 'user-1' }) {
  const headers = { authorization: `Bearer ${await requester.token(claims)}` };
  return fetch(`${requester.url}/api/v1/queries/${query.id}${path}`, { headers });
}

describe('what a set query released', () => {
  it('is opened for the caseworker who asked, as records and as a table', async () => {
    for (const letter of await letters()) await relay(letter);
    await release();
    expect(await (await get('')).json()).toMatchObject({ kind: 'set', outcome: 'released', people: 1 });
    const told = (await (await get('/records')).json()) as RecordList;
    expect(told).toMatchObject({ people: 1, unreadable: 0 });
    expect(told.records).toEqual([
      { holder: 'dwp', holderName: 'The dwp', fields: { surname: 'Adeyemi', note: 'seen in May' } },
      { holder: 'hmrc', holderName: 'The hmrc', fields: { surname: 'ADEYEMI', note: '=HYPERLINK("x")' } },
    ]);
    const table = await get('/records.csv');
    expect(table.headers.get('content-type')).toContain('text/csv');
    expect((await table.text()).split('\r\n')).toEqual([
      'holder,surname,note',
      'The dwp,Adeyemi,seen in May',
      `The hmrc,ADEYEMI,"'=HYPERLINK(""x"")"`,
      '',
    ]);
  });

  it('is nobody else’s, and nobody’s before it is released', async () => {
    for (const letter of await letters()) await relay(letter);
    expect((await get('/records')).status).toBe(404);
    await release();
    for (const path of ['/records', '/records.csv']) {
      expect((await get(path, { sub: 'user-2' })).status).toBe(404);
      expect((await fetch(`${requester.url}/api/v1/queries/${query.id}${path}`)).status).toBe(401);
    }
  });

  it('is told once all of it is here: an outcome that overtakes its letters waits', async () => {
    const [first, ...others] = await letters();
    if (first === undefined) throw new Error('no letters');
    for (const letter of others) await relay(letter);
    await expect(release()).rejects.toBeInstanceOf(NotYet);
    expect(await (await get('')).json()).toMatchObject({ state: 'waiting' });
    await relay(first);
    await release();
    expect(await (await get('')).json()).toMatchObject({ state: 'decided', outcome: 'released' });
  });

  it('is kept sealed: no field of any record stands in the store', async () => {
    for (const letter of await letters()) await relay(letter);
    const text = JSON.stringify(await kept());
    for (const value of ['Adeyemi', 'ADEYEMI', 'seen in May']) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64url'));
    }
  });

  it('is not kept where the query ends without a release, and is refused after it', async () => {
    const [first, second] = await letters();
    if (first === undefined || second === undefined) throw new Error('too few letters for this test');
    await relay(first);
    await decide({ outcome: 'refer', code: 'too-many-matches' });
    expect(await kept()).toEqual([]);
    await expect(relay(second)).rejects.toMatchObject({ code: 'deadline-passed' });
    expect((await get('/records')).status).toBe(404);
  });

  it('is not kept where not all of it came before the deadline, and what comes later is settled', async () => {
    const [first, second] = await letters();
    if (first === undefined || second === undefined) throw new Error('too few letters for this test');
    await relay(first);
    await temporary.store.knex('queries').update({ deadline: Date.now() });
    await release();
    expect(await endOverdue(temporary.store.knex, Date.now())).toEqual([query.id]);
    expect(await kept()).toEqual([]);
    await release();
    expect(await (await get('')).json()).toMatchObject({ state: 'decided', outcome: 'refer' });
  });

  it('is erased with its query', async () => {
    for (const letter of await letters()) await relay(letter);
    await eraseExpired(temporary.store.knex, query.kept_until);
    expect([await kept(), await temporary.store.knex('queries')]).toEqual([[], []]);
  });

  it('counts as unreadable what its holder did not seal', async () => {
    const forged = [{ ...records[0]!, sealer: 'hmrc' }, records[1]!];
    for (const letter of await letters(forged)) await relay(letter);
    await release();
    const told = (await (await get('/records')).json()) as RecordList;
    expect(told.unreadable).toBe(1);
    expect(told.records).toHaveLength(1);
    expect(requester.lines.some((line) => line.includes('records.unreadable'))).toBe(true);
  });

  it('comes from the aggregator, for this query, once for each place', async () => {
    const [first] = await letters();
    if (first === undefined) throw new Error('no letters');
    await expect(relay(first, query, parties.party('dwp'))).rejects.toMatchObject({ code: 'wrong-sender' });
    await expect(relay(first, { ...query, nonce: 'A'.repeat(22) })).rejects.toMatchObject({ code: 'malformed' });
    await expect(relay({ ...first, agreement: parties.agreement.hash })).rejects.toMatchObject({
      code: 'query-differs',
    });
    await expect(relay({ ...first, letters: first.letters + 1 })).rejects.toMatchObject({ code: 'query-differs' });
    await expect(relay({ ...first, letter: first.letters })).rejects.toMatchObject({ code: 'query-differs' });
    await relay(first);
    await expect(relay(first)).rejects.toMatchObject({ code: 'replayed' });
    expect(await kept()).toHaveLength(1);
  });

  it('does not end a check, nor a check’s word a set query', async () => {
    await expect(decide({ outcome: 'clear', code: 'all-answered' })).rejects.toMatchObject({ code: 'query-differs' });
  });
});

describe('the progress of a set query', () => {
  const tell = (answered: number, set?: BodyOf<typeof progress>['set']) =>
    requester.receive(
      'progress',
      letterOf(progress, query.id, { answered, ...(set ? { set } : {}) }, parties.party('coordinator')) as never,
    );

  it('is shown as the stage that all holders have reached', async () => {
    await tell(0, { stage: 'reading', percent: 100 });
    await tell(0, { stage: 'exchanging', percent: 37 });
    await tell(0, { stage: 'reading', percent: 90 });
    const shown = await (await get('')).json();
    expect(shown).toMatchObject({ answered: 0, progress: { stage: 'exchanging', percent: 37 } });
  });
});
