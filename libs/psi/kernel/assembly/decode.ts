// From bytes to points: decoding (RFC 9496, section 4.3.1) and the map from uniform bytes (section 4.3.4).
import { add, multiply, squareTimes, subtract } from './product';
import { d, dMinusOneSquare, one, oneMinusDSquare, rootADMinusOne, sqrtMinusOne } from './curve';
import { assign, copy, isNegative, isZero, makeNonNegative, negate, read } from './element';
import { ELEMENT } from './limbs';
import { POINT, X, Y, Z, T, finishWithT, prepareAddend, spreadOf, sum } from './point';
import { rootsOfRatios, tighten } from './roots';

// Two pairs of points at once: each of these holds an element for either.
const s: usize = memory.data(160, 16);
const u1: usize = memory.data(160, 16);
const u2: usize = memory.data(160, 16);
const v: usize = memory.data(160, 16);
const w: usize = memory.data(160, 16);
const root: usize = memory.data(160, 16);
const areSquares: usize = memory.data(32, 16);
const ones: usize = memory.data(160, 16);

/** Four points of 32 bytes, to two pairs. A bit for each whose bytes are no canonical encoding, or the identity. */
export function decode(out: usize, first: usize, second: usize, third: usize, fourth: usize): i32 {
  startDecoding(0, first, second);
  startDecoding(ELEMENT, third, fourth);
  rootsOfRatios(root, ones, w, areSquares);
  const bad = finishDecoding(out, 0, v128.load(areSquares), first, second);
  return bad | (finishDecoding(out + POINT, ELEMENT, v128.load(areSquares, 16), third, fourth) << 2);
}

function startDecoding(at: usize, first: usize, second: usize): void {
  read(s + at, 0, first);
  read(s + at, 1, second);
  tighten(s + at, s + at);
  squareTimes(w + at, s + at, 1);
  subtract(u1 + at, one, w + at);
  tighten(u1 + at, u1 + at);
  add(u2 + at, one, w + at);
  tighten(u2 + at, u2 + at);

  // v = -d * u1^2 - u2^2
  squareTimes(v + at, u1 + at, 1);
  multiply(v + at, v + at, d);
  squareTimes(w + at, u2 + at, 1);
  add(v + at, v + at, w + at);
  tighten(v + at, v + at);
  negate(v + at, i64x2.splat(-1));

  multiply(w + at, w + at, v + at);
  copy(ones + at, one);
}

function finishDecoding(out: usize, at: usize, isSquare: v128, first: usize, second: usize): i32 {
  const x = w + at;
  const y = root + at;
  multiply(x, root + at, u2 + at); // den_x
  multiply(y, y, x);
  multiply(y, y, v + at); // den_y

  add(s + at, s + at, s + at);
  multiply(out + X, x, s + at);
  makeNonNegative(out + X);
  multiply(out + Y, u1 + at, y);
  copy(out + Z, one);
  multiply(out + T, out + X, out + Y);
  const isWrong = v128.or(isNegative(out + T), isZero(out + Y));
  const isBad = i64x2.replace_lane(i64x2.splat(badBytes(first)), 1, badBytes(second));
  return i64x2.bitmask(v128.or(v128.or(v128.not(isSquare), isWrong), isBad));
}

// -1 for bytes that are zero, odd, or not below p.
function badBytes(from: usize): i64 {
  const w0 = load<u64>(from, 0);
  const w1 = load<u64>(from, 8);
  const w2 = load<u64>(from, 16);
  const w3 = load<u64>(from, 24);
  const isIdentity = (w0 | w1 | w2 | w3) === 0;
  const isLarge = w3 > 0x7fffffffffffffff;
  const isPOrMore = (w1 & w2) === 0xffffffffffffffff && w3 === 0x7fffffffffffffff && w0 >= 0xffffffffffffffed;
  return isIdentity || isLarge || isPOrMore || (w0 & 1) === 1 ? -1 : 0;
}

const t: usize = memory.data(160, 16);
const r: usize = memory.data(160, 16);
const c: usize = memory.data(80, 16);
const n: usize = memory.data(80, 16);
const halves: usize = memory.data(640, 16);
const spread: usize = memory.data(320, 16);
const addend: usize = memory.data(320, 16);

/** Two times 64 uniform bytes, of which each half is mapped to a point and the two are added. */
export function derive(out: usize, first: usize, second: usize): void {
  startMapping(0, first, second);
  startMapping(ELEMENT, first + 32, second + 32);
  rootsOfRatios(s, u1, v, areSquares);
  finishMapping(halves, 0, v128.load(areSquares));
  finishMapping(halves + POINT, ELEMENT, v128.load(areSquares, 16));
  spreadOf(spread, halves + POINT);
  prepareAddend(addend, spread);
  spreadOf(spread, halves);
  sum(spread, addend);
  finishWithT(out);
}

// The MAP of section 4.3.4 (Elligator 2), before its root.
function startMapping(at: usize, first: usize, second: usize): void {
  read(t + at, 0, first);
  read(t + at, 1, second);
  tighten(t + at, t + at);
  squareTimes(r + at, t + at, 1);
  multiply(r + at, r + at, sqrtMinusOne);

  // u = (r + 1) * (1 - d^2), v = (-1 - r * d) * (r + d)
  add(w, r + at, one);
  multiply(u1 + at, oneMinusDSquare, w);
  multiply(v + at, r + at, d);
  add(v + at, v + at, one);
  tighten(v + at, v + at);
  negate(v + at, i64x2.splat(-1));
  add(w, r + at, d);
  multiply(v + at, v + at, w);
}

// And after it.
function finishMapping(out: usize, at: usize, isSquare: v128): void {
  const isOther = v128.not(isSquare);
  multiply(w, s + at, t + at);
  makeNonNegative(w);
  negate(w, i64x2.splat(-1));
  assign(s + at, w, isOther);
  copy(c, one);
  negate(c, i64x2.splat(-1));
  assign(c, r + at, isOther);

  // n = c * (r - 1) * (d - 1)^2 - v
  subtract(w, r + at, one);
  multiply(n, c, w);
  multiply(n, n, dMinusOneSquare);
  subtract(n, n, v + at);

  // w0 = 2 * s * v, w1 = n * root, w2 = 1 - s^2, w3 = 1 + s^2
  add(u1, s + at, s + at);
  multiply(u1, v + at, u1);
  multiply(u2, rootADMinusOne, n);
  squareTimes(w, s + at, 1);
  subtract(s + at, one, w);
  tighten(s + at, s + at);
  add(w, w, one);
  multiply(out + X, u1, w);
  multiply(out + Y, u2, s + at);
  multiply(out + Z, u2, w);
  multiply(out + T, u1, s + at);
}
