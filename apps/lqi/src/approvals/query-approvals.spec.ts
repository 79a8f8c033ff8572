import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryId } from '@anonymesh/protocol';
import { until } from '../../../../tests/mesh/until.js';
import { startSignInProvider, type SignInProvider } from '../../../../tests/servers/sign-in-provider.js';
import { visitorOf } from '../../../../tests/servers/visitor.js';
import { startIssuer, type TestIssuer } from '../../../../tests/servers/issuer.js';
import { child, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import { eraseExpired } from '../store/erase-expired.js';
import type { ApprovalList } from '@anonymesh/api';

let issuer: TestIssuer;
let provider: SignInProvider;
let town: Town;
let agreement: SignedSet;
const self = 'police';
const both = ['health-trust', self];
/** How often the database of the police was asked for its set. */
let reads = 0;

beforeAll(async () => {
  issuer = await startIssuer();
  provider = await startSignInProvider();
  town = await startTown({ police: { issuer, staff: provider, person: 'oid' } });
  agreement = await agreeWith({});
  for (const id of both) town.lists.set(id, [{ ...child(1, id) }, { ...child(2, id) }]);
  const get = town.lists.get.bind(town.lists);
  town.lists.get = (id) => {
    if (id === self) reads += 1;
    return get(id);
  };
}, 60_000);
afterAll(async () => {
  await town.sets.stop();
  await issuer.stop();
  await provider.stop();
});

async function agreeWith(change: { readonly deadlineSeconds?: number }): Promise<SignedSet> {
  const plain = await town.mesh.agree({ release: 'count' }, both);
  const holders = plain.content.holders.map((holder) => ({
    ...holder,
    approval: holder.id === self ? ('each query by two people' as const) : holder.approval,
  }));
  return town.mesh.agree({ release: 'count', holders, ...change }, both);
}

// The provider gives each client another `sub` of the same person: `oid` is the same in all.
async function call(oid: string, path = '', body?: object) {
  const claims = { roles: ['approver'], oid, sub: `${oid} to the API` };
  const authorization = `Bearer ${await issuer.token(claims)}`;
  const url = `${town.nodes.get(self)?.url}/api/v1/approvals${path}`;
  const json = { authorization, 'content-type': 'application/json' };
  return body === undefined
    ? fetch(url, { headers: { authorization } })
    : fetch(url, { method: 'POST', headers: json, body: JSON.stringify(body) });
}
const approve = async (oid: string, queryId: QueryId) =>
  (await call(oid, `/${queryId}`, { decision: 'approve' })).status;
const approveOnPages = async (oid: string, queryId: QueryId) => {
  provider.user = { roles: ['approver'], oid, sub: `${oid} to the console` };
  const visitor = visitorOf(town.nodes.get(self)?.url ?? '');
  const path = `/approvals/queries/${queryId}`;
  return (await visitor.submit(await visitor.open(path), path, { decision: 'approve' })).status;
};
const waits = async (queryId: QueryId) =>
  ((await (await call('one')).json()) as ApprovalList).queries.find(({ query }) => query === queryId);
const isAsked = (queryId: QueryId) => until('people are asked', () => waits(queryId));
const knex = () => {
  const node = town.nodes.get(self);
  if (node === undefined) throw new Error('no such node');
  return node.lqi.node.courier.store.knex;
};

describe('a set query that two people must approve', () => {
  it('is not read before they have, and is answered then', async () => {
    const queryId = await town.ask(agreement);
    expect(await isAsked(queryId)).toMatchObject({
      kind: 'set',
      needs: 2,
      agreement: expect.stringMatching(/^at-risk-children/),
      fields: [],
    });
    await until('a chunk of the other holder waits', async () => {
      const [row] = await knex()('chunks').where({ query_id: queryId }).whereNotNull('bytes');
      return row !== undefined;
    });
    const before = reads;
    expect(await town.row(self, queryId)).toMatchObject({ state: 'open', reading: null, sent: 0 });
    expect(await approve('one', queryId)).toBe(204);
    expect(await approve('one', queryId)).toBe(409);
    expect([await town.row(self, queryId), reads]).toMatchObject([{ state: 'open', reading: null, needs: 1 }, before]);
    expect(await approve('two', queryId)).toBe(204);
    expect((await town.combined(agreement, queryId)).people).toBe(2);
    expect(await waits(queryId)).toBe(undefined);
    expect(await approve('three', queryId)).toBe(404);
  });

  it('is approved by one person once, whether at the console or by the API', async () => {
    const queryId = await town.ask(agreement);
    await isAsked(queryId);
    expect(await approveOnPages('one', queryId)).toBe(200);
    expect(await approve('one', queryId)).toBe(409);
    expect(await town.row(self, queryId)).toMatchObject({ state: 'open', needs: 1 });
    expect(await approve('two', queryId)).toBe(204);
    expect((await town.combined(agreement, queryId)).people).toBe(2);

    const other = await town.ask(agreement);
    await isAsked(other);
    expect(await approve('one', other)).toBe(204);
    expect(await approveOnPages('one', other)).toBe(409);
    expect(await approveOnPages('two', other)).toBe(200);
    expect((await town.combined(agreement, other)).people).toBe(2);
  });

  it('is approved by nobody whose token lacks the claim that tells who somebody is', async () => {
    const authorization = `Bearer ${await issuer.token({ roles: ['approver'] })}`;
    const answer = await fetch(`${town.nodes.get(self)?.url}/api/v1/approvals`, { headers: { authorization } });
    expect(answer.status).toBe(401);
  });

  it('is refused by one of them, and what waited for it is erased', async () => {
    const queryId = await town.ask(agreement);
    await isAsked(queryId);
    const before = reads;
    expect(await approve('one', queryId)).toBe(204);
    const no = { decision: 'refuse', reason: 'Not our purpose.' };
    expect((await call('one', `/${queryId}`, no)).status).toBe(409);
    expect((await call('two', `/${queryId}`, no)).status).toBe(204);
    const told = await until('the aggregator is told', () => town.heard(queryId, 'refusal')[0]);
    expect(told.body).toMatchObject({ code: 'not-approved' });
    expect(await town.row(self, queryId)).toMatchObject({ state: 'refused', code: 'not-approved', seed: null });
    expect(reads).toBe(before);
    const kept = await knex()('query_decisions').where({ query_id: queryId }).orderBy('decided_by');
    expect(kept).toMatchObject([{ decided_by: 'one', decision: 'approve', reason: null }, { reason: no.reason }]);
    await eraseExpired(knex(), Number.MAX_SAFE_INTEGER);
    expect(await knex()('query_decisions')).toEqual([]);
  });

  it('of which nobody decides in time is refused', async () => {
    const hasty = await agreeWith({ deadlineSeconds: 16 });
    const queryId = await town.ask(hasty);
    await isAsked(queryId);
    expect(await approve('one', queryId)).toBe(204);
    const told = await until('the aggregator is told', () => town.heard(queryId, 'refusal')[0]);
    expect(told.body).toMatchObject({ code: 'not-approved' });
    expect(await approve('two', queryId)).toBe(404);
  });

  it('is approved once, though two people decide at the same time', async () => {
    const queryId = await town.ask(agreement);
    await isAsked(queryId);
    const statuses = await Promise.all(['one', 'one', 'two', 'three', 'four'].map((oid) => approve(oid, queryId)));
    expect(statuses.filter((status) => status === 204)).toHaveLength(2);
    expect((await town.combined(agreement, queryId)).people).toBe(2);
  });
});
