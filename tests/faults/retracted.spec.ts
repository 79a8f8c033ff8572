import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { leftInOutboxes } from './expect-once.js';
import { openMoments } from './moments.js';

const { seed, next } = openMoments();
let mesh: TestMesh;

beforeAll(async () => {
  process.stdout.write(`moments from MOMENTS_SEED=${seed}\n`);
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

const holders = ['hmrc', 'dwp', 'council'];
const takeBack = (queryId: string) => mesh.caseworker.send('DELETE', `/api/v1/queries/${queryId}`);
const stateAt = (party: string, queryId: string) =>
  rowsOf(mesh.dir, party, `select state from queries where id = ?`, queryId).map(({ state }) => state);
const partAt = (holder: string, queryId: string) =>
  rowsOf(mesh.dir, holder, 'select state, dispatched from subqueries where query_id = ?', queryId);

/** Retracted everywhere, and nothing of what holders had said is left. `silent`: who had not answered. */
async function expectRetracted(queryId: string, silent: readonly string[]): Promise<void> {
  expect(await mesh.ended(queryId, 70)).toMatchObject({ outcome: 'retracted', code: 'retracted', answered: 0 });
  const [told] = rowsOf(mesh.dir, 'immigration', 'select outcome_signed from queries where id = ?', queryId);
  const [decided, ...more] = rowsOf(mesh.dir, 'aggregator', 'select * from queries where id = ?', queryId);
  expect(more).toEqual([]);
  expect(decided).toMatchObject({ state: 'retracted', outcome: told?.['outcome_signed'] });
  expect(rowsOf(mesh.dir, 'aggregator', 'select holder from words where query_id = ?', queryId)).toEqual([]);
  expect(stateAt('coordinator', queryId)).toEqual(['retracted']);
  for (const holder of holders) {
    const wanted = silent.includes(holder) ? 'retracted' : 'answered';
    await until(`${holder} has ${wanted}`, () => partAt(holder, queryId)[0]?.['state'] === wanted);
    expect(partAt(holder, queryId)).toEqual([{ state: wanted, dispatched: null }]);
  }
}

describe('a query that is taken back', () => {
  it('while a holder is down is over everywhere, and that holder does not begin it when it is back', async () => {
    await mesh.child('council').kill();
    const { queryId, reference } = await mesh.ask(applicant);
    await until('two have answered', async () => (await mesh.view(queryId)).answered === 2);
    expect((await takeBack(queryId)).status).toBe(202);
    await until('it has ended', async () => (await mesh.view(queryId)).outcome === 'retracted');
    expect((await takeBack(queryId)).status).toBe(202);
    await mesh.restart('council');
    await expectRetracted(queryId, ['council']);
    await expect(mesh.explain(applicant, reference)).rejects.toThrow();
  }, 60_000);

  it('once it is decided is not: the caseworker is told so', async () => {
    const { queryId } = await mesh.ask(applicant);
    await mesh.ended(queryId);
    const answer = await takeBack(queryId);
    expect([answer.status, await answer.json()]).toEqual([409, expect.objectContaining({ code: 'already-decided' })]);
    expect(await mesh.view(queryId)).toMatchObject({ outcome: 'concern' });
  });

  it('at the moment of its outcome ends as one or the other, for everybody alike', async () => {
    const asked = await Promise.all(Array.from({ length: 24 }, () => mesh.ask(applicant)));
    for (const { queryId } of asked) {
      await wait(next(8));
      await takeBack(queryId);
    }
    for (const { queryId } of asked) {
      const { outcome } = await mesh.ended(queryId);
      const at = stateAt('aggregator', queryId);
      expect([outcome, at]).toEqual(outcome === 'retracted' ? ['retracted', ['retracted']] : ['concern', ['decided']]);
    }
  }, 60_000);

  const everything = ['coordinator', 'dwp', 'council', 'aggregator', 'broker', 'immigration'];

  it.each(everything)(
    'while %s is killed is over everywhere, once',
    async (name) => {
      await mesh.child('hmrc').kill();
      const asked = await Promise.all([mesh.ask(applicant), mesh.ask(applicant)]);
      for (const { queryId } of asked)
        await until('two have answered', async () => (await mesh.view(queryId)).answered === 2);
      for (const { queryId } of asked) {
        const taking = takeBack(queryId).catch(() => undefined);
        await wait(next(30));
        await mesh.child(name).kill();
        await mesh.restart(name);
        // The requester may have been killed before it had written it down: then the caseworker tries again.
        if ((await taking)?.status !== 202) expect((await takeBack(queryId)).status).toBe(202);
      }
      // Whoever comes back before the mesh has heard of it may still answer, and then it is decided.
      for (const { queryId } of asked) await mesh.ended(queryId, 70);
      await mesh.restart('hmrc');
      for (const { queryId } of asked) await expectRetracted(queryId, ['hmrc']);
      await until('nothing waits to be sent', () => leftInOutboxes(mesh) === 0);
    },
    150_000,
  );
});
