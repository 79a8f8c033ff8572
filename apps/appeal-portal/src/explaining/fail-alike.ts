// All failures look the same from outside: one problem, and never sooner than the floor. Which it was, we count and log
// by its code, without reference, person or query.
import { setTimeout as wait } from 'node:timers/promises';
import { loggable, type Log, type Metrics } from '@anonymesh/runtime';
import { Problem } from '@anonymesh/web';
import { failureCodes, type FailureCode } from './failure.js';

/** The result; throws the one problem where it is a failure, or where anything goes wrong. */
export type FailAlike = <Result extends object>(attempt: () => Promise<Result | FailureCode>) => Promise<Result>;

export function failAlike(floorMilliseconds: number, log: Log, metrics: Metrics): FailAlike {
  const count = metrics.counter({
    name: 'anonymesh_appeals_not_explained_total',
    help: 'Appeals that could not be explained, by code',
    labels: { code: failureCodes },
  });
  return async (attempt) => {
    const floor = wait(floorMilliseconds);
    const result = await attempt().catch((error: unknown) => {
      log.fault('appeal.failed', error);
      return 'unavailable' as const;
    });
    if (typeof result !== 'string') return result;
    count({ code: result });
    log.warn('appeal.not-explained', { code: loggable.code(result) });
    await floor;
    throw new Problem('not-explained', 404, 'There is nothing to explain under this reference for this person');
  };
}
