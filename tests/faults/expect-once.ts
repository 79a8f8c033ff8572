// What must be true of a query that has ended well, whatever was killed on its way: each party has done its part once.
import { expect } from '@jest/globals';
import type { Sample } from '@anonymesh/examples';
import type { Asked } from '@anonymesh/founding';
import { leaving } from '../mesh/leaving.js';
import { rowsOf } from '../mesh/read-mesh.js';
import type { TestMesh } from '../mesh/start-test-mesh.js';

export interface AskedAbout extends Asked {
  readonly person: Sample;
}

/** Waits until every query has ended, with the outcome of its person, concluded once and told once. */
export async function expectEachOnce(mesh: TestMesh, queries: readonly AskedAbout[]): Promise<void> {
  for (const { queryId, person } of queries) {
    const view = await mesh.ended(queryId, 70);
    expect(view).toMatchObject({ state: 'decided', outcome: person.outcome, answered: 3, code: 'all-answered' });
    const [decided, ...more] = rowsOf(mesh.dir, 'aggregator', 'select * from queries where id = ?', queryId);
    const [told, ...others] = rowsOf(mesh.dir, 'immigration', 'select * from queries where id = ?', queryId);
    expect([more, others]).toEqual([[], []]);
    // One outcome was signed, and it is the one that the requester has: it was not concluded twice.
    expect(told?.['outcome_signed']).toBe(decided?.['outcome']);
    const words = rowsOf(mesh.dir, 'aggregator', 'select holder, kind from words where query_id = ?', queryId);
    expect(words.map(({ holder, kind }) => `${String(holder)} ${String(kind)}`).sort()).toEqual([
      'council answer',
      'dwp answer',
      'hmrc answer',
    ]);
    for (const holder of ['hmrc', 'dwp', 'council']) {
      const parts = rowsOf(mesh.dir, holder, 'select state, dispatched from subqueries where query_id = ?', queryId);
      expect(parts).toEqual([{ state: 'answered', dispatched: null }]);
    }
    const [coordinated] = rowsOf(mesh.dir, 'coordinator', 'select state from queries where id = ?', queryId);
    expect(coordinated).toEqual({ state: 'decided' });
  }
}

/** How many letters of queries wait to be sent. */
export function leftInOutboxes(mesh: TestMesh): number {
  const parties = ['immigration', 'coordinator', 'aggregator', 'hmrc', 'dwp', 'council'];
  return parties.reduce((sum, id) => sum + rowsOf(mesh.dir, id, leaving).length, 0);
}
