// The kernel: multiplies, derives and encodes points of ristretto255 (RFC 9496), two at a time, all by one scalar, and
// adds them up. Whoever calls it writes into its memory what `input` and `scalar` point to, calls, and reads what `output`
// points to.
import { addAll, decodeAll, inputs, orLast, outputs, pointOf, points } from './batch';
import { derive } from './decode';
import { encode, encodeDoubled } from './encode';
import { multiplyByHalf } from './multiple';
import { prepareDigits, scalar as scalarAt } from './scalar';

export * from './sums';

/** Where the scalar is put: 32 bytes, little-endian, from 1 to the order less 1. */
export function scalar(): usize {
  return scalarAt;
}

/** False on machines that round between multiplication and addition: there the kernel is of no use. */
export function isFused(): bool {
  // (2^51 - 1)^2 = 2^52 * (2^50 - 1) + 1: rounded before the addition, it loses the 1.
  const a = f64x2.splat(2251799813685247);
  const rest = f64x2.relaxed_madd(a, a, f64x2.splat(-4503599627370496.0 * 1125899906842623.0));
  return f64x2.extract_lane(rest, 0) === 1 && f64x2.extract_lane(rest, 1) === 1;
}

/**
 * Multiplies `count` points. The index of the first that is no canonical encoding or the identity, or -1. Where they are
 * `weighed`, they are also added to the sum that was begun, before they are multiplied.
 */
export function multiply(count: i32, weighed: bool): i32 {
  const bad = decodeAll(count);
  if (bad >= 0) return bad;
  if (weighed) addAll(count);
  multiplyAll(count);
  return -1;
}

/** Derives `count` points from 64 uniform bytes each. */
export function hash(count: i32): void {
  deriveAll(count);
  for (let index = 0; index < count; index += 4) encode(outputs + index * 32, pointOf(index));
}

/** `hash`, then `multiply`, without an encoding in between. */
export function hashAndMultiply(count: i32, weighed: bool): void {
  deriveAll(count);
  if (weighed) addAll(count);
  multiplyAll(count);
}

function deriveAll(count: i32): void {
  for (let index = 0; index < count; index += 2) {
    derive(pointOf(index), inputs + index * 64, inputs + orLast(index + 1, count) * 64);
  }
}

function multiplyAll(count: i32): void {
  prepareDigits();
  for (let index = 0; index < count; index += 2) multiplyByHalf(pointOf(index));
  encodeDoubled(outputs, points, (count + 1) >> 1);
}
