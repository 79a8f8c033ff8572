import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { expectEachOnce, leftInOutboxes, type AskedAbout } from '../faults/expect-once.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

let mesh: TestMesh;
beforeAll(async () => {
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

/** Asks it to end, as a service manager does; the milliseconds that it took, and what it said last. */
async function stop(name: string): Promise<{ took: number; said: string }> {
  const child = mesh.child(name);
  const began = performance.now();
  process.kill(child.pid ?? NaN, 'SIGTERM');
  await until(`${name} has ended`, () => !isThere(child.pid), 12);
  const lines = (await readFile(placesOf(mesh.dir, name).log, 'utf8')).trim().split('\n');
  return { took: performance.now() - began, said: (JSON.parse(lines.at(-1) ?? '{}') as { event: string }).event };
}

function isThere(pid = NaN): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

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
      const { took, said } = await stop(name);
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
      const { took } = await stop(name);
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
