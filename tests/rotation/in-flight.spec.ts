// Every party's keys are rotated while queries are open, and processes are killed meanwhile: none is lost, doubled or
// changed, and what comes after is under the new keys.
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, expectedMatches, samples } from '@anonymesh/examples';
import { signInApprover } from '@anonymesh/founding';
import { expectEachOnce, leftInOutboxes, type AskedAbout } from '../faults/expect-once.js';
import { logOf, rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { directoryOn, distribute, rotateKeys } from './rotate-keys.js';

const secondsAhead = 25;

/** Rotates the keys of all, and resolves when the new ones are in force. */
async function rotateAll(mesh: TestMesh | SetMesh, meanwhile: () => Promise<void>): Promise<void> {
  const from = Date.now() + secondsAhead * 1000;
  await rotateKeys(
    mesh,
    mesh.parties.map(({ id }) => id),
    '--from',
    new Date(from).toISOString(),
  );
  await distribute(mesh);
  expect(Date.now()).toBeLessThan(from);
  await meanwhile();
  await wait(Math.max(0, from - Date.now()) + 100);
}

const kidOf = (jws: unknown) =>
  (JSON.parse(Buffer.from(String(jws).split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

describe('checks that are open while all keys are rotated', () => {
  let mesh: TestMesh;
  beforeAll(async () => {
    mesh = await startTestMesh({ terms: { deadlineSeconds: 240 }, approval: { council: 'each query' } });
  }, 90_000);
  afterAll(() => mesh?.end());

  const ask = (count: number): Promise<AskedAbout[]> =>
    Promise.all(
      samples.slice(0, count).map(async (person) => ({ ...(await mesh.ask(person)), person: person ?? applicant })),
    );

  /** Nothing is evaluated at the council before people there have said yes. */
  async function approveAtCouncil(queries: readonly AskedAbout[]): Promise<void> {
    const approver = await signInApprover(mesh, 'council');
    for (const { queryId } of queries)
      await until('it is approved', async () => {
        const { status } = await approver.send('POST', `/api/v1/approvals/${queryId}`, { decision: 'approve' });
        return status === 204;
      });
  }

  it('end with their own outcome, once, also where processes are killed; later ones are under the new keys', async () => {
    const before = await directoryOn(mesh);
    const open = await ask(4);
    await until('the others have answered', () => {
      const words = rowsOf(mesh.dir, 'aggregator', 'select holder from words');
      return words.length === 8;
    });
    await mesh.child('aggregator').kill();
    const shortlyBefore = await ask(3);
    await rotateAll(mesh, async () => {
      await Promise.all(['hmrc', 'coordinator'].map((name) => mesh.child(name).kill()));
      for (const name of ['hmrc', 'coordinator']) await mesh.restart(name);
    });
    const after = await ask(3);
    await Promise.all(['council', 'immigration'].map((name) => mesh.child(name).kill()));
    for (const name of ['aggregator', 'council', 'immigration']) await mesh.restart(name);
    const all = [...open, ...shortlyBefore, ...after];
    await approveAtCouncil(all);
    await expectEachOnce(mesh, all);
    await until('nothing waits to be sent', () => leftInOutboxes(mesh) === 0);
    const now = await directoryOn(mesh);
    for (const holder of ['hmrc', 'dwp', 'council']) {
      const [old, next] = [before, now].map((each) => each.parties.get(holder)?.signing[0]?.kid);
      expect(next).not.toBe(old);
      const signedBy = (queries: readonly AskedAbout[]) =>
        queries.map(({ queryId }) =>
          kidOf(
            rowsOf(
              mesh.dir,
              'aggregator',
              `select signed from words where query_id = ? and holder = '${holder}'`,
              queryId,
            )[0]?.['signed'],
          ),
        );
      if (holder !== 'council') expect(new Set(signedBy(open))).toEqual(new Set([old]));
      expect(new Set(signedBy(after))).toEqual(new Set([next]));
    }
    for (const { id } of mesh.parties) {
      const events = (await logOf(mesh, id)).map(({ event }) => String(event));
      if (['dwp', 'appeal-portal'].includes(id)) expect(events).toContain('directory.taken'); // they ran all the time
      expect([id, events.filter((event) => /refused|not-taken|not-watched/.test(event))]).toEqual([id, []]);
    }
    const [first] = open;
    if (first !== undefined)
      expect(await mesh.explain(first.person, first.reference)).toMatchObject({ holders: first.person.concerns });
  }, 240_000);
});

describe('a set query that is open while all keys are rotated', () => {
  const sizes = { healthTrust: 600, police: 600, schools: 0, common: 20 };
  let mesh: SetMesh;
  beforeAll(async () => {
    const limits = { records: { most: 1000 }, matches: { least: 1, most: 100 } };
    mesh = await startSetMesh({ sizes, terms: { limits, deadlineSeconds: 240 }, variants: {} });
  }, 120_000);
  afterAll(() => mesh?.end());

  it('releases what it must, opened by the keys of then; so does the next one', async () => {
    const { people } = expectedMatches(sizes);
    await mesh.child('aggregator').kill();
    const open = await mesh.ask();
    await until('a holder has begun', () => rowsOf(mesh.dir, 'police', 'select * from set_queries').length === 1);
    await rotateAll(mesh, async () => {
      await mesh.child('police').kill();
      await mesh.restart('police');
    });
    await mesh.restart('aggregator');
    for (const queryId of [open, await mesh.ask()]) {
      expect(await mesh.ended(queryId, 90)).toMatchObject({ outcome: 'released', code: 'all-answered', people });
      expect(await mesh.records(queryId)).toMatchObject({ unreadable: 0, people });
    }
  }, 240_000);
});
