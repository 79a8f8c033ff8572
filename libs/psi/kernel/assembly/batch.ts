// The points of one call, and where their bytes and weights are put.
import { decode } from './decode';
import { PAIRS } from './encode';
import { POINT } from './point';
import { addWeighted } from './weighted';

export const inputs: usize = memory.data(2 * 64 * 64, 16);
export const outputs: usize = memory.data(2 * 64 * 64, 16);
export const points: usize = memory.data(64 * 320, 16);
const weightsAt: usize = memory.data(2 * 64 * 2, 16);

/** Where the input of a call is put: up to `capacity` items of 32 bytes (points) or 64 (uniform). */
export function input(): usize {
  return inputs;
}

/** Where a call leaves its points, 32 bytes each. */
export function output(): usize {
  return outputs;
}

/** Where the weights of a call are put, two bytes each, little-endian. */
export function weights(): usize {
  return weightsAt;
}

/** The most items of a call. */
export function capacity(): i32 {
  return 2 * PAIRS;
}

/** The index of the first that is no canonical encoding or the identity, or -1. */
export function decodeAll(count: i32): i32 {
  for (let index = 0; index < count; index += 4) {
    const second = inputs + orLast(index + 1, count) * 32;
    const third = inputs + orLast(index + 2, count) * 32;
    const fourth = inputs + orLast(index + 3, count) * 32;
    const bad = decode(pointOf(index), inputs + index * 32, second, third, fourth);
    if (bad !== 0) return index + ctz(bad);
  }
  return -1;
}

/** Adds all of them, each times its weight, to the sum that was begun. */
export function addAll(count: i32): void {
  for (let index = 0; index < count; index += 2) {
    const second = index + 1 < count ? load<u16>(weightsAt + (index + 1) * 2) : 0;
    const first = i64x2.splat(load<u16>(weightsAt + index * 2));
    addWeighted(pointOf(index), i64x2.replace_lane(first, 1, second));
  }
}

export function pointOf(index: i32): usize {
  return points + <usize>(index >> 1) * POINT;
}

/** What is missing in the last pairs is the last point once more. */
export function orLast(index: i32, count: i32): i32 {
  return index < count ? index : count - 1;
}
