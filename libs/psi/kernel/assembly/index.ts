// The kernel: multiplies, derives and encodes points of ristretto255 (RFC 9496), two at a time, all by one scalar. Whoever
// calls it writes into its memory what `input` and `scalar` point to, calls, and reads what `output` points to.
import { prepare } from './limbs';
import { prepareCurve } from './curve';
import { decode, derive } from './decode';
import { PAIRS, encode, encodeDoubled } from './encode';
import { readBoth, write } from './element';
import { POINT } from './point';
import { multiplyByHalf } from './multiple';
import { prepareDigits, scalar as scalarAt } from './scalar';
import { multiply as multiplyElements, squareTimes } from './product';
import { tighten } from './roots';
import { addWeighted, startSums, totalOf } from './weighted';

const inputs: usize = memory.data(2 * 64 * 64, 16);
const outputs: usize = memory.data(2 * 64 * 64, 16);
const weightsAt: usize = memory.data(2 * 64 * 2, 16);
const points: usize = memory.data(64 * 320, 16);

prepare();
prepareCurve();

/** Where the input of a call is put: up to `capacity` items of 32 bytes (points) or 64 (uniform). */
export function input(): usize {
  return inputs;
}

/** Where a call leaves its points, 32 bytes each. */
export function output(): usize {
  return outputs;
}

/** Where the scalar is put: 32 bytes, little-endian, from 1 to the order less 1. */
export function scalar(): usize {
  return scalarAt;
}

/** Where the weights of a call are put, two bytes each, little-endian. */
export function weights(): usize {
  return weightsAt;
}

/** The most items of a call. */
export function capacity(): i32 {
  return 2 * PAIRS;
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
  for (let index = 0; index < count; index += 2) encode(outputs + index * 32, pointOf(index));
}

/** `hash`, then `multiply`, without an encoding in between. */
export function hashAndMultiply(count: i32, weighed: bool): void {
  deriveAll(count);
  if (weighed) addAll(count);
  multiplyAll(count);
}

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
    multiplyElements(b, a, b);
    squareTimes(a, a, 1);
    write(outputs + index * 64, b, index & 1);
    write(outputs + index * 64 + 32, a, index & 1);
  }
}

function decodeAll(count: i32): i32 {
  for (let index = 0; index < count; index += 2) {
    const bad = decode(pointOf(index), inputs + index * 32, inputs + secondOf(index, count) * 32);
    if (i64x2.extract_lane(bad, 0) !== 0) return index;
    if (i64x2.extract_lane(bad, 1) !== 0) return index + 1;
  }
  return -1;
}

function deriveAll(count: i32): void {
  for (let index = 0; index < count; index += 2) {
    derive(pointOf(index), inputs + index * 64, inputs + secondOf(index, count) * 64);
  }
}

function addAll(count: i32): void {
  for (let index = 0; index < count; index += 2) {
    const second = index + 1 < count ? load<u16>(weightsAt + (index + 1) * 2) : 0;
    const first = i64x2.splat(load<u16>(weightsAt + index * 2));
    addWeighted(pointOf(index), i64x2.replace_lane(first, 1, second));
  }
}

function multiplyAll(count: i32): void {
  prepareDigits();
  for (let index = 0; index < count; index += 2) multiplyByHalf(pointOf(index));
  encodeDoubled(outputs, points, (count + 1) >> 1);
}

function pointOf(index: i32): usize {
  return points + <usize>(index >> 1) * POINT;
}

// The last of an odd number is computed twice.
function secondOf(index: i32, count: i32): i32 {
  return index + 1 < count ? index + 1 : index;
}
