// All failures look the same from outside: one problem, and never sooner than the floor, nor between its multiples. Which
// it was, we log by its code, without reference, person or query. Only that the mesh cannot be reached is told, for it is
// the same whatever the reference (docs/decisions/0016).
import { setTimeout as wait } from 'node:timers/promises';
import { loggable, type Log, type Metrics } from '@anonymesh/runtime';
import { Problem } from '@anonymesh/web';
import type { FailureCode } from './failure.js';

/** The result; throws the one problem where it is a failure, or where anything goes wrong. */
export type FailAlike = <Result extends object>(attempt: () => Promise<Result | FailureCode>) => Promise<Result>;

export function failAlike(floorMilliseconds: number, log: Log, metrics: Metrics): FailAlike {
  const count = metrics.counter({
    name: 'anonymesh_appeals_not_explained_total',
    help: 'Appeals that could not be explained, by what an operator has to mend',
    labels: { code: counted },
  });
  return async (attempt) => {
    const began = performance.now();
    const result = await attempt().catch((error: unknown) => {
      log.fault('appeal.failed', error);
      return 'faulty' as const;
    });
    if (typeof result !== 'string') return result;
    count({ code: counted.find((code) => code === result) ?? 'other' });
    log.warn('appeal.not-explained', { code: loggable.code(result) });
    await wait(untilNextBeat(performance.now() - began, floorMilliseconds));
    if (result === 'unavailable') throw new Problem('mesh-down', 503, 'The mesh cannot be reached at the moment');
    throw new Problem('not-explained', 404, 'There is nothing to explain under this reference for this person');
  };
}

/**
 * Whoever tries a reference and reads the count before and after it would learn from a finer one what the answer hides:
 * that a query lies under it, of somebody else.
 */
const counted = ['unavailable', 'faulty', 'other'] as const;

/** Milliseconds to wait: a failure that took a little longer than another must not be told by it. */
export function untilNextBeat(took: number, beat: number): number {
  return beat === 0 ? 0 : beat - (took % beat);
}
