// How many points of the group this machine multiplies a second, all cores at work: what everything else rests on.
import { randomBytes } from 'node:crypto';
import { deriveScalars, uniformBytes, type Pool } from '@anonymesh/psi';

const points = 8_192;
const milliseconds = 1_500;

/** Of one core, while all others do the same. */
export async function multiplicationRate(pool: Pool): Promise<number> {
  const { key, blind } = deriveScalars(randomBytes(32), randomBytes(16).toString('hex'));
  const batch = await pool.hashAndMultiply(randomBytes(points * uniformBytes), blind);
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < milliseconds) {
    await pool.multiply(batch, key);
    done += points;
  }
  return done / ((performance.now() - began) / 1000) / pool.threads;
}
