// What the three parts of the ring have in common: each does one step after another while the query is open.
import { loggable } from '@anonymesh/runtime';
import { BadPoint } from '@anonymesh/psi';
import type { SetQuery } from '../../store/set-queries.js';
import { lookEvery, stillOpen, type ReadCourse } from '../course.js';

/** Of the exchanging stage, how much is the ring; the rest is telling. */
export const ringShare = 80;

/**
 * `step` resolves to whether there was something to do: if not, it is called again when something is new. A point that
 * nobody must send ends the query.
 */
export async function untilEnded(course: ReadCourse, step: (row: SetQuery) => Promise<boolean>): Promise<void> {
  const { changes, node, query, refuse } = course;
  try {
    for (;;) {
      const seen = changes.seen();
      const row = await stillOpen(course);
      if (row === undefined) return;
      if (!(await step(row))) await changes.after(seen, lookEvery);
    }
  } catch (cause) {
    if (!(cause instanceof BadPoint)) throw cause;
    node.log.warn('set.bad-point', { query: loggable.queryId(query.query_id) });
    await refuse('bad-point');
  }
}
