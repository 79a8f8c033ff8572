// Counts the points that are computed for set queries, and the time that it takes. Lists are padded: their lengths say no
// more than the agreement does.
import type { Pool } from '@anonymesh/psi';
import type { Metrics } from '@anonymesh/runtime';

const pointBytes = 32;

export function measurePool(pool: Pool, metrics: Metrics): Pool {
  const count = metrics.counter({
    name: 'anonymesh_psi_elements_total',
    help: 'Points computed for set queries',
    labels: {},
  });
  const spend = metrics.counter({
    name: 'anonymesh_psi_seconds_total',
    help: 'Time in which points were computed, of all calculations that ran at once together',
    labels: {},
  });
  const measured = async (points: number, compute: () => Promise<Uint8Array>) => {
    const began = performance.now();
    const computed = await compute();
    count({}, points);
    spend({}, (performance.now() - began) / 1000);
    return computed;
  };
  return {
    engine: pool.engine,
    threads: pool.threads,
    digests: (...asked) => pool.digests(...asked),
    multiply: (points, scalar, weights) =>
      measured(points.length / pointBytes, () => pool.multiply(points, scalar, weights)),
    hashAndMultiply: (uniform, scalar, weights) =>
      measured(uniform.length / (2 * pointBytes), () => pool.hashAndMultiply(uniform, scalar, weights)),
    sum: (points, weights) => pool.sum(points, weights),
    run: (task, input, transfer) => pool.run(task, input, transfer),
    close: () => pool.close(),
  };
}
