// How many points of the group this machine multiplies a second, all cores at work: what everything else rests on.
import { randomBytes } from 'node:crypto';
import { deriveScalars, openPool, uniformBytes, type Pool } from '@anonymesh/psi';

const milliseconds = 1_500;
/** Of one call: many times the way to the threads and back. */
const longEnough = 50;

/** Of one core, while all others do the same. */
export async function multiplicationRate(pool: Pool): Promise<number> {
  const { key, blind } = deriveScalars(randomBytes(32), randomBytes(16).toString('hex'));
  const make = (points: number) => pool.hashAndMultiply(randomBytes(points * uniformBytes), blind);
  let batch = await make(128 * pool.threads);
  const multiply = async () => {
    const began = performance.now();
    await pool.multiply(batch, key);
    return performance.now() - began;
  };
  // Compiles what is compiled, and finds the size: engines differ by a hundred times.
  while ((await multiply()) < longEnough) batch = await make((batch.length / 32) * 2);
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < milliseconds) {
    await multiply();
    done += batch.length / 32;
  }
  return done / ((performance.now() - began) / 1000) / pool.threads;
}

/** The same of each engine by its name. */
export async function ratesOf(engines: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const rates: Record<string, number> = {};
  for (const engine of engines) {
    const pool = await openPool({ engine });
    rates[engine] = Math.round(await multiplicationRate(pool));
    await pool.close();
  }
  return rates;
}
