import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { relayOutcome, retract, verifyRetraction, type BodyOf } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import { composeQuery, letterOf, sealOutcome, type OutcomeOptions } from '../fixtures/paper-query.js';
import { paperCoordinator, serveRequester, type PaperCoordinator } from '../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { findQuery, insertQuery, type Query } from '../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let coordinator: PaperCoordinator;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let query: Query;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  coordinator = paperCoordinator(parties);
  requester = await serveRequester(parties, temporary.store, coordinator);
  query = await keep();
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

async function keep(changed: Partial<Query> = {}): Promise<Query> {
  const made = await composeQuery(parties);
  const kept: Query = { ...made, state: 'waiting', admitted: true, ask_at: null, ...changed };
  await insertQuery(temporary.store.knex, kept);
  return kept;
}

async function call(method: 'GET' | 'DELETE', id: string, claims: Record<string, unknown> = {}) {
  const headers = { authorization: `Bearer ${await requester.token(claims)}` };
  const answer = await fetch(`${requester.url}/api/v1/queries/${id}`, { method, headers });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}
const takeBack = (id: string, claims?: Record<string, unknown>) => call('DELETE', id, claims);
const sent = () => requester.posted.filter(({ message }) => message === retract.name);
const decide = async (options: OutcomeOptions) => {
  const body = { sealed: await sealOutcome(parties, query, options) };
  return requester.receive('outcome', letterOf(relayOutcome, query.id, body, parties.party('coordinator')) as never);
};
const retracted = { outcome: 'retracted', code: 'retracted', answered: 0 } as const;

describe('a caseworker who takes a query back', () => {
  it('has the coordinator told, with a signature that nobody else can make', async () => {
    expect(await takeBack(query.id)).toMatchObject({ status: 202, body: { queryId: query.id, state: 'retracting' } });
    const [letter, ...more] = sent();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ to: 'coordinator', queryId: query.id });
    const find = (kid: string) => parties.directory.signer(kid, Date.now());
    const body = letter?.body as BodyOf<typeof retract>;
    expect(verifyRetraction(body, { now: find, ever: find }, Date.now())).toMatchObject({
      queryId: query.id,
      requester: { id: 'immigration' },
    });
    await decide(retracted);
    expect((await call('GET', query.id)).body).toMatchObject({ state: 'decided', outcome: 'retracted', answered: 0 });
  });

  it('twice, or when it is over, has done so once', async () => {
    await takeBack(query.id);
    expect(await takeBack(query.id)).toMatchObject({ status: 202, body: { state: 'retracting' } });
    await decide(retracted);
    expect(await takeBack(query.id)).toMatchObject({ status: 202, body: { outcome: 'retracted' } });
    expect(sent()).toHaveLength(1);
  });

  it('before the coordinator has it stops asking', async () => {
    coordinator.says = 'unavailable';
    query = await keep({ state: 'asking', admitted: false, ask_at: 0 });
    await until('it is being asked', () => coordinator.heard.some(({ id }) => id === query.id));
    await takeBack(query.id);
    expect(await findQuery(temporary.store.knex, query.id)).toMatchObject({
      state: 'retracting',
      parts: null,
      slip: null,
    });
    const heard = coordinator.heard.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(coordinator.heard).toHaveLength(heard);
    expect(sent()).toHaveLength(1);
  });

  it('too late is told what was decided', async () => {
    await takeBack(query.id);
    await decide({ outcome: 'concern' });
    expect((await call('GET', query.id)).body).toMatchObject({ state: 'decided', outcome: 'concern' });
    await decide(retracted);
    expect((await call('GET', query.id)).body).toMatchObject({ outcome: 'concern' });
  });

  it('and hears nothing until the deadline has it back', async () => {
    await takeBack(query.id);
    await temporary.store
      .knex<Query>('queries')
      .where({ id: query.id })
      .update({ deadline: Date.now() - 1 });
    const late = { state: 'decided', outcome: 'retracted', code: 'no-outcome-in-time' };
    expect((await call('GET', query.id)).body).toMatchObject(late);
    await until('it has ended', async () => (await findQuery(temporary.store.knex, query.id))?.state === 'decided');
    await decide({ outcome: 'clear' });
    expect((await call('GET', query.id)).body).toMatchObject(late);
  });
});

describe('a query is not taken back', () => {
  it.each<[string, Partial<Query>]>([
    ['decided', { state: 'decided', outcome: 'clear' }],
    ['refused', { state: 'refused', code: 'role-not-allowed' }],
    ['past its deadline', { deadline: Date.now() - 1 }],
  ])('when it is %s', async (_what, change) => {
    const ended = await keep(change);
    const answer = await takeBack(ended.id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'already-decided' } });
    expect(sent()).toEqual([]);
  });

  it('by anybody but the caseworker who asked: to others it does not exist', async () => {
    const others = await takeBack(query.id, { sub: 'user-2' });
    const unknown = await takeBack('f'.repeat(32));
    expect([others.status, others.body]).toEqual([404, unknown.body]);
    expect((await takeBack('not-an-id')).status).toBe(404);
    const nobody = await fetch(`${requester.url}/api/v1/queries/${query.id}`, { method: 'DELETE' });
    expect(nobody.status).toBe(401);
    expect(await findQuery(temporary.store.knex, query.id)).toMatchObject({ state: 'waiting' });
    expect(sent()).toEqual([]);
  });

  it('by the aggregator, who says so of one that nobody has taken back', async () => {
    await expect(decide(retracted)).rejects.toMatchObject({ code: 'query-differs' });
    expect((await call('GET', query.id)).body).toMatchObject({ state: 'waiting' });
  });
});
