import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { expectEachOnce, leftInOutboxes, type AskedAbout } from '../faults/expect-once.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { stopApp } from './stop-app.js';

let mesh: TestMesh;
beforeAll(async () => {
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

async function ask(index: number): Promise<AskedAbout[]> {
  const person = samples[index % samples.length] ?? applicant;
  const [asked] = await Promise.allSettled([mesh.ask(person)]);
  return asked.status === 'fulfilled' ? [{ ...asked.value, person }] : [];
}

describe('an app that is asked to end while queries are under way', () => {
  it.each(['coordinator', 'hmrc', 'dwp', 'aggregator', 'immigration', 'appeal-portal'])(
    '%s ends in order within ten seconds, and every query ends with its own outcome, once',
    async (name) => {
      const asking = Array.from({ length: 20 }, (_, index) => ask(index));
      await wait(60);
      const { took, said } = await stopApp(mesh, name);
      expect(said).toBe('closed');
      expect(took).toBeLessThan(10_000);
      await mesh.restart(name);
      const queries = (await Promise.all(asking)).flat();
      if (name !== 'immigration') expect(queries).toHaveLength(20);
      await expectEachOnce(mesh, queries);
      await until('nothing waits to be sent', () => leftInOutboxes(mesh) === 0);
    },
    120_000,
  );

  it.each(['coordinator', 'council', 'appeal-portal'])(
    '%s ends within ten seconds also while the broker is gone',
    async (name) => {
      await mesh.child('broker').kill();
      const { took } = await stopApp(mesh, name);
      expect(took).toBeLessThan(11_000);
      await mesh.restart('broker');
      await mesh.restart(name);
      const [query] = await ask(0);
      await expectEachOnce(mesh, query === undefined ? [] : [query]);
      expect(query).toBeDefined();
    },
    90_000,
  );
});
