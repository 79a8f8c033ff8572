// Weighted sums, a part of the kernel that is also compiled by itself without relaxed SIMD, for engines that have none of
// their own.
import { addAll, decodeAll, inputs, outputs, points } from './batch';
import { prepareCurve } from './curve';
import { readBoth, write } from './element';
import { encode } from './encode';
import { prepare } from './limbs';
import { multiply, squareTimes } from './product';
import { tighten } from './roots';
import { startSums, totalOf } from './weighted';

export { capacity, input, output, weights } from './batch';

prepare();
prepareCurve();

/** Begins a sum of any number of points. */
export function startSum(): void {
  startSums();
}

/** Adds `count` points, each times its weight. The index of the first bad one, or -1. */
export function addToSum(count: i32): i32 {
  const bad = decodeAll(count);
  if (bad < 0) addAll(count);
  return bad;
}

/** Leaves the sum as one point. */
export function finishSum(): void {
  totalOf(points);
  encode(outputs, points);
}

/** For tests: of `count` pairs of field elements, 32 bytes each, the product and the square of the first. */
export function multiplyFieldElements(count: i32): void {
  const a = points;
  const b = points + 80;
  for (let index = 0; index < count; index++) {
    readBoth(a, inputs + index * 64);
    readBoth(b, inputs + index * 64 + 32);
    tighten(a, a);
    multiply(b, a, b);
    squareTimes(a, a, 1);
    write(outputs + index * 64, b, index & 1);
    write(outputs + index * 64 + 32, a, index & 1);
  }
}
