// Inverses and square roots modulo p: fixed powers by the usual addition chain, and SQRT_RATIO_M1 of RFC 9496, section
// 4.2. All take the same steps whatever the element. Two elements, one after the other, take them side by side.
import { assign, copy, isZero, makeNonNegative } from './element';
import { ELEMENT } from './limbs';
import { add, multiply, squareBothTimes, squareTimes, subtract } from './product';
import { one, sqrtMinusOne } from './curve';

const work: usize = memory.data(160, 16);
const z2: usize = memory.data(160, 16);
const z9: usize = memory.data(160, 16);
const z11: usize = memory.data(160, 16);
const ones10: usize = memory.data(160, 16);
const ones50: usize = memory.data(160, 16);
const ones: usize = memory.data(160, 16);

/** out = a * 1: makes a loose element tight. */
export function tighten(out: usize, a: usize): void {
  multiply(out, one, a);
}

// out = a^(2^times) * b, of two.
function extend(out: usize, a: usize, times: i32, b: usize): void {
  squareBothTimes(work, a, times);
  multiplyBoth(out, work, b);
}

function multiplyBoth(out: usize, a: usize, b: usize): void {
  multiply(out, a, b);
  multiply(out + ELEMENT, a + ELEMENT, b + ELEMENT);
}

// ones = z^(2^250 - 1), an exponent of 250 binary ones, and z11 = z^11, of two; both of `z` are tight.
function power250(z: usize): void {
  squareBothTimes(z2, z, 1);
  extend(z9, z2, 2, z);
  multiplyBoth(z11, z9, z2);
  extend(ones, z11, 1, z9); // 5 ones
  extend(ones10, ones, 5, ones);
  extend(ones, ones10, 10, ones10); // 20
  extend(ones, ones, 20, ones); // 40
  extend(ones50, ones, 10, ones10);
  extend(ones, ones50, 50, ones50); // 100
  extend(ones, ones, 100, ones); // 200
  extend(ones, ones, 50, ones50); // 250
}

const base: usize = memory.data(160, 16);
const v3: usize = memory.data(160, 16);

/** out = z^(p - 2): the inverse, and 0 for 0; `z` is tight. Of one only: the second is whatever was there before. */
export function invert(out: usize, z: usize): void {
  copy(base, z);
  power250(base);
  extend(ones, ones, 5, z11);
  copy(out, ones);
}

/**
 * out = the non-negative root of u/v, or of sqrt(-1)*u/v in lanes where u/v is no square, of two. `areSquares`: 16 bytes
 * for each, all ones in the lanes where it is a square.
 */
export function rootsOfRatios(out: usize, u: usize, v: usize, areSquares: usize): void {
  for (let at: usize = 0; at < 2 * ELEMENT; at += ELEMENT) {
    squareTimes(work, v + at, 1);
    multiply(v3 + at, work, v + at);
    squareTimes(work, v3 + at, 1);
    multiply(work, work, v + at); // v^7
    multiply(base + at, work, u + at);
  }
  power250(base);
  extend(out, ones, 2, base); // (u * v^7)^((p - 5) / 8)
  multiplyBoth(out, out, v3);
  multiplyBoth(out, out, u);
  v128.store(areSquares, chooseRoot(out, u, v));
  v128.store(areSquares, chooseRoot(out + ELEMENT, u + ELEMENT, v + ELEMENT), 16);
}

const check: usize = memory.data(80, 16);
const other: usize = memory.data(80, 16);

// Tells where it is a square.
function chooseRoot(out: usize, u: usize, v: usize): v128 {
  squareTimes(work, out, 1);
  multiply(check, work, v);
  subtract(other, check, u);
  const correct = isZero(other);
  add(other, check, u);
  const flipped = isZero(other);
  multiply(work, sqrtMinusOne, u);
  add(other, check, work);
  const flippedByRoot = isZero(other);

  multiply(work, out, sqrtMinusOne);
  assign(out, work, v128.or(flipped, flippedByRoot));
  makeNonNegative(out);
  return v128.or(correct, flipped);
}
