// Moments at which something is killed: random, from a seed that is printed, so that a failure can be lived again.
import { randomInt } from 'node:crypto';

/** Milliseconds in 0…most, as drawn one after the other. */
export type Moments = (most: number) => number;

/** The seed of a failed run can be given by the environment. */
export function openMoments(): { readonly seed: number; readonly next: Moments } {
  const seed = Number(process.env['MOMENTS_SEED'] ?? randomInt(2 ** 31));
  let state = seed;
  // mulberry32
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next: (most) => Math.floor(roll() * (most + 1)) };
}
