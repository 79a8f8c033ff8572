import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../../tests/mesh/until.js';
import type { SetQuery } from '../../store/set-queries.js';
import { csrfOf, expectInert, startStaffedTown, type StaffedTown } from '../../fixtures/staffed-town.js';

let staffed: StaffedTown;
beforeAll(async () => {
  staffed = await startStaffedTown();
}, 90_000);
afterAll(() => staffed.stop());

/** A query that two people of the police must approve. */
async function asked(): Promise<string> {
  const { agreement, town } = staffed;
  const { holders, release, limits, purpose } = agreement.content;
  const approval = 'each query by two people' as const;
  const asking = holders.map((holder) => (holder.id === 'police' ? { ...holder, approval } : holder));
  const names = holders.map(({ id }) => id);
  const queryId = await town.ask(await town.mesh.agree({ release, limits, purpose, holders: asking }, names));
  const { knex } = staffed.node('police').lqi.node.courier.store;
  await until('it waits', () => knex('set_queries').where({ query_id: queryId }).where('needs', '>', 0).first());
  return queryId;
}

async function needs(queryId: string): Promise<object | undefined> {
  const { knex } = staffed.node('police').lqi.node.courier.store;
  const [row] = await knex<SetQuery>('set_queries').where({ query_id: queryId });
  return row;
}

it('a query is approved by two people at their pages, each once, and then evaluated', async () => {
  const queryId = await asked();
  const path = `/approvals/queries/${queryId}`;
  const one = await staffed.signedIn('approver');
  const list = await one.open('/approvals');
  expect(list.text).toContain(`href="${path}"`);
  expect(list.text).not.toContain('Nothing waits');
  const form = await one.open(path);
  expect(form.text).toContain('2 people');
  expectInert(form);
  expect((await one.submit(form, path)).text).toContain('Select approve or refuse');
  expect((await one.submit(form, path, { decision: 'approve' })).text).toContain('The query was approved');
  expect(await needs(queryId)).toMatchObject({ needs: 1, state: 'open' });
  const twice = await one.submit(form, path, { decision: 'approve' });
  expect([twice.status, twice.text.includes('somebody else must')]).toEqual([409, true]);
  const other = await staffed.signedIn('approver', 'police', 'staff-2');
  await other.submit(await other.open(path), path, { decision: 'approve' });
  expect(await needs(queryId)).toMatchObject({ needs: 0 });
  expect((await other.open(path)).status).toBe(404);
}, 60_000);

it('a query is refused with a reason, and by nobody without the role or a form of their own', async () => {
  const queryId = await asked();
  const path = `/approvals/queries/${queryId}`;
  for (const role of ['viewer', 'administrator']) {
    const visitor = await staffed.signedIn(role);
    expect((await visitor.open(path)).status).toBe(403);
    const _csrf = csrfOf(await visitor.open('/'));
    expect((await visitor.post(path, { _csrf, decision: 'approve' })).status).toBe(403);
  }
  const approver = await staffed.signedIn('approver');
  expect((await approver.post(path, { decision: 'approve' })).status).toBe(403);
  const form = await approver.open(path);
  expect((await approver.submit(form, path, { decision: 'refuse' })).text).toContain('Enter why it is refused');
  expect(await needs(queryId)).toMatchObject({ needs: 2, state: 'open' });
  const refused = await approver.submit(form, path, { decision: 'refuse', reason: 'Not what was agreed.' });
  expect(refused.text).toContain('The query was refused');
  expect(await needs(queryId)).toMatchObject({ state: 'refused', code: 'not-approved' });
  expect((await approver.open('/approvals/queries/none')).status).toBe(404);
}, 60_000);
