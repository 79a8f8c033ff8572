import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { signInApprover, type RunningMesh } from '@anonymesh/founding';
import { shortStatuses, standingsAt } from './agree-in-mesh.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { scrape } from '../operations/exported-metrics.js';

const deadlineSeconds = 60;
const prepare = shortStatuses({ renewEvery: 2000, goodFor: 10_000 });
let mesh: TestMesh;
let sets: SetMesh;
beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds }, approval: { council: 'each query' }, prepare });
  sets = await startSetMesh({ terms: { deadlineSeconds: 120 }, prepare });
}, 180_000);
afterAll(async () => {
  await mesh?.end();
  await sets?.end();
});

const metricAt = async (id: string, metric: string, label: string, at: RunningMesh = mesh) =>
  (await scrape(at.monitoring(id))).find(({ name, labels }) => name === metric && Object.values(labels).includes(label))
    ?.value;
/** Of that party's agreements. */
const countAt = (id: string, standing: string) => metricAt(id, 'anonymesh_agreements', standing);
const waitingFor = (id: string, party: string) => metricAt(id, 'anonymesh_agreements_waiting_for', party);

const partAt = (queryId: string) =>
  rowsOf(mesh.dir, 'council', 'select state, code from subqueries where query_id = ?', queryId);

/** Approved at council, where it waits, once the portal has been silent for so long that nobody runs the agreement. */
async function approvedInSilence(): Promise<string> {
  await until('the agreement is in force', async () => (await countAt('coordinator', 'in-force')) === 1);
  const { queryId } = await mesh.ask(applicant);
  await until('two have answered', async () => (await mesh.view(queryId)).answered === 2);
  await mesh.child('appeal-portal').kill();
  for (const id of ['council', 'coordinator'])
    await until(`it waits at ${id}`, async () => (await countAt(id, 'waiting')) === 1);
  const approver = await signInApprover(mesh, 'council');
  expect((await approver.send('POST', `/api/v1/approvals/${queryId}`, { decision: 'approve' })).ok).toBe(true);
  return queryId;
}

describe('a party whose node is silent', () => {
  it('keeps everybody from running the agreement, who say for whom they wait, until it speaks again', async () => {
    const queryId = await approvedInSilence();
    const question = { agreement: 'right-to-remain', subject: applicant.fields };
    const refused = await mesh.caseworker.send('POST', '/api/v1/queries', question);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'agreement-not-in-force' }),
    ]);
    expect(await standingsAt(mesh, 'council', 'right-to-remain')).toEqual({
      1: 'waiting for the node of Appeals Ombudsman to say that it is in force',
    });
    expect([await waitingFor('council', 'appeal-portal'), await waitingFor('council', 'dwp')]).toEqual([1, 0]);
    expect(partAt(queryId)).toEqual([{ state: 'open', code: null }]);
    expect((await mesh.view(queryId)).state).toBe('waiting');
    await mesh.restart('appeal-portal');
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  }, 120_000);

  it('makes it refer before the deadline where it does not', async () => {
    const queryId = await approvedInSilence();
    expect(await mesh.ended(queryId, 2 * deadlineSeconds)).toMatchObject({ outcome: 'refer', code: 'holder-refused' });
    expect(partAt(queryId)).toEqual([{ state: 'refused', code: 'agreement-not-in-force' }]);
    await mesh.restart('appeal-portal');
    await until('it is in force again', async () => (await countAt('council', 'in-force')) === 1);
  }, 180_000);

  it('keeps a set from being read until it speaks again', async () => {
    await sets.child('health-trust').kill();
    const queryId = await sets.ask();
    await sets.child('police').kill();
    await until(
      'it waits',
      async () => Number(await metricAt('coordinator', 'anonymesh_agreements', 'waiting', sets)) > 0,
    );
    await sets.restart('health-trust');
    const row = () =>
      rowsOf(sets.dir, 'health-trust', 'select state, reading from set_queries where query_id = ?', queryId)[0];
    await until('it is taken up', () => row() !== undefined);
    await wait(3000);
    expect(row()).toEqual({ state: 'open', reading: null });
    await sets.restart('police');
    expect(await sets.ended(queryId, 120)).toMatchObject({ outcome: 'released' });
  }, 180_000);
});
