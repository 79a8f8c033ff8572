import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { administrator, secondApprover, signIn, signInApprover, type SignedIn } from '@anonymesh/founding';
import { logOf, rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

interface Waiting {
  readonly query: string;
  readonly needs: number;
}

let mesh: TestMesh;
const people: Record<string, { readonly first: SignedIn; readonly second: SignedIn }> = {};
const asking = ['dwp', 'council'] as const;
type Asking = (typeof asking)[number];

beforeAll(async () => {
  mesh = await startTestMesh({
    terms: { deadlineSeconds: 30 },
    approval: { dwp: 'each query', council: 'each query by two people' },
  });
  for (const holder of asking)
    people[holder] = {
      first: await signInApprover(mesh, holder),
      second: await signIn(mesh, holder, secondApprover),
    };
}, 90_000);
afterAll(() => mesh?.end());

const person = (holder: Asking, who: 'first' | 'second' = 'first') => {
  const found = people[holder]?.[who];
  if (found === undefined) throw new Error(`nobody at ${holder}`);
  return found;
};
async function waitingAt(holder: Asking, queryId: string): Promise<Waiting | undefined> {
  const { queries } = (await person(holder).call('GET', '/api/v1/approvals')) as { queries: Waiting[] };
  return queries.find(({ query }) => query === queryId);
}
const isAsked = (holder: Asking, queryId: string) =>
  until(`people at ${holder} are asked`, () => waitingAt(holder, queryId));
const decide = async (by: SignedIn, queryId: string, decision: object) =>
  (await by.send('POST', `/api/v1/approvals/${queryId}`, decision)).status;
const approve = { decision: 'approve' };
const refuse = { decision: 'refuse', reason: 'The purpose is not ours.' };
const stateAt = (holder: Asking, queryId: string) =>
  rowsOf(mesh.dir, holder, 'select state, code, needs from subqueries where query_id = ?', queryId)[0];
const leftAbout = (holder: Asking, queryId: string) =>
  rowsOf(mesh.dir, holder, 'select kind from disclosures where query_id = ?', queryId).map(({ kind }) => kind);

describe('a query that people must approve', () => {
  it('is evaluated when they have, and ends as any other', async () => {
    const { queryId, reference } = await mesh.ask(applicant);
    const seen = await isAsked('dwp', queryId);
    expect(seen).toEqual({
      query: queryId,
      kind: 'check',
      requester: 'immigration',
      requesterName: expect.any(String),
      role: 'caseworker',
      askedAt: expect.any(String),
      agreement: 'right-to-remain',
      agreementVersion: 1,
      title: expect.any(String),
      purpose: expect.any(String),
      legalBasis: expect.any(String),
      fields: expect.arrayContaining([expect.any(String)]),
      template: { hash: expect.any(String), id: expect.any(String), version: 1, title: expect.any(String) },
      needs: 1,
      due: expect.any(String),
    });
    for (const value of Object.values(applicant.fields)) expect(JSON.stringify(seen)).not.toContain(value);
    expect(leftAbout('dwp', queryId)).toEqual([]);
    expect(await decide(person('dwp'), queryId, approve)).toBe(204);
    expect(await isAsked('council', queryId)).toMatchObject({ needs: 2 });
    expect(await decide(person('council'), queryId, approve)).toBe(204);
    expect(await isAsked('council', queryId)).toMatchObject({ needs: 1 });
    expect(await decide(person('council'), queryId, approve)).toBe(409);
    expect(leftAbout('council', queryId)).toEqual([]);
    expect(await decide(person('council', 'second'), queryId, approve)).toBe(204);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
    expect(await mesh.explain(applicant, reference)).toMatchObject({ holders: applicant.concerns });
    for (const who of ['first', 'second'] as const) {
      expect(await decide(person('council', who), queryId, approve)).toBe(404);
      expect(await decide(person('council', who), queryId, refuse)).toBe(404);
    }
    const decided = rowsOf(mesh.dir, 'council', 'select decision from query_decisions where query_id = ?', queryId);
    expect(decided).toEqual([{ decision: 'approve' }, { decision: 'approve' }]);
  }, 60_000);

  it('is refused by one no, with a reason that stays here, and never evaluated', async () => {
    const { queryId } = await mesh.ask(applicant);
    await isAsked('council', queryId);
    expect(await decide(person('council'), queryId, { decision: 'refuse' })).toBe(400);
    expect(await decide(person('council'), queryId, { decision: 'refuse', reason: ' ' })).toBe(400);
    expect(await decide(person('council'), queryId, approve)).toBe(204);
    expect(await decide(person('council', 'second'), queryId, refuse)).toBe(204);
    expect(stateAt('council', queryId)).toMatchObject({ state: 'refused', code: 'not-approved' });
    expect(leftAbout('council', queryId)).toEqual(['refusal']);
    await isAsked('dwp', queryId);
    expect(await decide(person('dwp'), queryId, approve)).toBe(204);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused', answered: 2 });
    for (const party of ['council', 'aggregator', 'coordinator', 'immigration'])
      expect(JSON.stringify(await logOf(mesh, party))).not.toContain(refuse.reason);
  }, 60_000);

  it('of which nobody decides in time is refused, and who comes too late decides nothing', async () => {
    const { queryId } = await mesh.ask(applicant);
    await isAsked('dwp', queryId);
    await isAsked('council', queryId);
    expect(await decide(person('council'), queryId, approve)).toBe(204);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused', answered: 1 });
    for (const holder of asking) {
      expect(stateAt(holder, queryId)).toMatchObject({ state: 'refused', code: 'not-approved' });
      expect(await decide(person(holder, 'second'), queryId, approve)).toBe(404);
    }
  }, 60_000);

  it('waits through a restart of the holder, and is then approved', async () => {
    const { queryId } = await mesh.ask(applicant);
    await isAsked('dwp', queryId);
    await isAsked('council', queryId);
    expect(await decide(person('council'), queryId, approve)).toBe(204);
    await mesh.child('council').kill();
    await mesh.restart('council');
    expect(await isAsked('council', queryId)).toMatchObject({ needs: 1 });
    expect(await decide(person('council'), queryId, approve)).toBe(409);
    expect(await decide(person('dwp'), queryId, approve)).toBe(204);
    expect(await decide(person('council', 'second'), queryId, approve)).toBe(204);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  }, 60_000);

  it('that is taken back waits for nobody any more', async () => {
    const { queryId } = await mesh.ask(applicant);
    await isAsked('dwp', queryId);
    await mesh.caseworker.call('DELETE', `/api/v1/queries/${queryId}`);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'retracted' });
    await until('nobody is asked any more', async () => (await waitingAt('dwp', queryId)) === undefined);
    expect(await decide(person('dwp'), queryId, approve)).toBe(404);
    expect(stateAt('dwp', queryId)).toMatchObject({ state: 'retracted' });
    expect(leftAbout('dwp', queryId)).toEqual([]);
  }, 60_000);

  it('is decided by approvers alone, each at the own holder', async () => {
    const { queryId } = await mesh.ask(applicant);
    await isAsked('dwp', queryId);
    expect(await decide(await signIn(mesh, 'dwp', administrator), queryId, approve)).toBe(403);
    const hmrc = await signInApprover(mesh, 'hmrc');
    expect(await decide(hmrc, queryId, approve)).toBe(404);
    expect(stateAt('dwp', queryId)).toMatchObject({ state: 'open', needs: 1 });
  });
});
