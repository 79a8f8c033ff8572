import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../../tests/mesh/until.js';
import { allTold, combine } from '../fixtures/combined.js';
import { child, makeSetMesh, type Child, type SetMesh } from '../fixtures/set-mesh.js';
import { startSets, type RunningSets } from '../fixtures/running-sets.js';
import type { Source } from '../sources/source.js';

let running: RunningSets;
afterEach(() => running.stop());

/** The holder's database is an outside system: here it has these rows. */
function sourceOf(rows: readonly Child[]): Source {
  return {
    run: () => Promise.reject(new Error('no check')),
    async *stream() {
      if (rows.length > 0) yield rows.map((row) => ({ ...row }));
    },
    close: async () => undefined,
  };
}

async function start(mesh: SetMesh, sets: Readonly<Record<string, readonly Child[]>>) {
  running = await startSets(mesh);
  return Promise.all(Object.entries(sets).map(([id, rows]) => running.holder(id, sourceOf(rows))));
}

const isTold = (mesh: SetMesh, queryId: string) =>
  until('all holders have told', () => allTold(mesh, running.recorded, queryId), 20);

describe('holders of a set query', () => {
  it('release what they have in common, and nothing else', async () => {
    const mesh = await makeSetMesh(['health-trust', 'police'], { release: 'on-match' });
    const both = [3, 5, 8];
    await start(mesh, {
      'health-trust': [1, 2, ...both].map((n) => child(n, 'nurse')),
      police: [...both, 11, 12, 13].map((n) => child(n, 'officer')),
    });
    const queryId = await running.dispatch(mesh.ask());
    await isTold(mesh, queryId);
    const { people, opened } = await combine(mesh, running.recorded, queryId);
    expect(people).toBe(3);
    const names = both.map((n) => child(n, '').surname).sort();
    for (const holder of ['health-trust', 'police'])
      expect(
        opened
          .filter((each) => each.holder === holder)
          .map(({ record }) => record['surname'])
          .sort(),
      ).toEqual(names);
  }, 60_000);
});
