import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { expectEachOnce, leftInOutboxes, type AskedAbout } from './expect-once.js';
import { openMoments } from './moments.js';

const { seed, next } = openMoments();
let mesh: TestMesh;

beforeAll(async () => {
  process.stdout.write(`moments from MOMENTS_SEED=${seed}\n`);
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

/** One of them, or undefined where the requester was killed before it could say that it has the question. */
async function ask(person = applicant): Promise<AskedAbout | undefined> {
  const [asked] = await Promise.allSettled([mesh.ask(person)]);
  return asked.status === 'fulfilled' ? { ...asked.value, person } : undefined;
}

/** Every query that the requester has in its store, answered or not to who asked, and that was there only now. */
function kept(before: readonly string[]): string[] {
  const ids = rowsOf(mesh.dir, 'immigration', 'select id from queries').map(({ id }) => String(id));
  return ids.filter((id) => !before.includes(id));
}

describe('a query during which something is killed', () => {
  const everything = ['coordinator', 'hmrc', 'dwp', 'council', 'aggregator', 'broker', 'appeal-portal', 'immigration'];

  it.each(everything)(
    '%s: ends with its own outcome, concluded and told once',
    async (name) => {
      const before = kept([]);
      const asking = [];
      for (const moment of [next(30), next(200)]) {
        const [one = applicant, two = applicant] = [
          samples[next(samples.length - 1)],
          samples[next(samples.length - 1)],
        ];
        asking.push(ask(one), ask(two));
        await wait(moment);
        await mesh.child(name).kill();
        await mesh.restart(name);
      }
      const queries = (await Promise.all(asking)).filter((each) => each !== undefined);
      await expectEachOnce(mesh, queries);
      // What the requester had written down and could not say any more is not lost either.
      for (const id of kept(before))
        expect(await mesh.ended(id)).toMatchObject({ state: 'decided', code: 'all-answered' });
      if (name !== 'immigration') expect(queries.length).toBeGreaterThan(0);
    },
    120_000,
  );

  it('is explained once the portal is back', async () => {
    const asked = await mesh.ask(applicant);
    await mesh.ended(asked.queryId);
    await mesh.child('appeal-portal').kill();
    await mesh.restart('appeal-portal');
    expect(await mesh.explain(applicant, asked.reference)).toMatchObject({ holders: ['hmrc'] });
  }, 60_000);
});

describe('fifty queries in flight', () => {
  it.each([
    ['an aggregator and a holder', ['aggregator', 'dwp']],
    ['the broker and the coordinator', ['broker', 'coordinator']],
  ])(
    'while %s are killed: none is lost, doubled or changed',
    async (_, names) => {
      const people = Array.from({ length: 50 }, (__, index) => samples[index % samples.length] ?? applicant);
      const asking = people.map((person) => ask(person));
      await wait(next(300));
      await Promise.all(names.map((name) => mesh.child(name).kill()));
      for (const name of names) await mesh.restart(name);
      const queries = (await Promise.all(asking)).filter((each) => each !== undefined);
      expect(queries).toHaveLength(50);
      await expectEachOnce(mesh, queries);
      await until('nothing waits to be sent', () => leftInOutboxes(mesh) === 0);
    },
    150_000,
  );
});
