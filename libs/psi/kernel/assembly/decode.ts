// From bytes to points: decoding (RFC 9496, section 4.3.1) and the map from uniform bytes (section 4.3.4).
import { add, multiply, squareTimes, subtract } from './product';
import { d, dMinusOneSquare, one, oneMinusDSquare, rootADMinusOne, sqrtMinusOne } from './curve';
import { assign, isNegative, isZero, makeNonNegative, negate, read } from './element';
import { X, Y, Z, T, finishWithT, prepareAddend, spreadOf, sum } from './point';
import { rootOfRatio, tighten } from './roots';

const s: usize = memory.data(80, 16);
const u1: usize = memory.data(80, 16);
const u2: usize = memory.data(80, 16);
const v: usize = memory.data(80, 16);
const w: usize = memory.data(80, 16);
const root: usize = memory.data(80, 16);

/** Two points of 32 bytes. All ones in the lanes whose bytes are no canonical encoding, or the identity. */
export function decode(out: usize, first: usize, second: usize): v128 {
  read(s, 0, first);
  read(s, 1, second);
  tighten(s, s);
  squareTimes(w, s, 1);
  subtract(u1, one, w);
  tighten(u1, u1);
  add(u2, one, w);
  tighten(u2, u2);

  // v = -d * u1^2 - u2^2
  squareTimes(v, u1, 1);
  multiply(v, v, d);
  squareTimes(w, u2, 1);
  add(v, v, w);
  tighten(v, v);
  negate(v, i64x2.splat(-1));

  multiply(w, w, v);
  const isSquare = rootOfRatio(root, one, w);
  multiply(w, root, u2); // den_x
  multiply(root, root, w);
  multiply(root, root, v); // den_y

  add(s, s, s);
  multiply(out + X, w, s);
  makeNonNegative(out + X);
  multiply(out + Y, u1, root);
  memory.copy(out + Z, one, 80);
  multiply(out + T, out + X, out + Y);
  const isWrong = v128.or(isNegative(out + T), isZero(out + Y));
  const isBad = i64x2.replace_lane(i64x2.splat(badBytes(first)), 1, badBytes(second));
  return v128.or(v128.or(v128.not(isSquare), isWrong), isBad);
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

const t: usize = memory.data(80, 16);
const r: usize = memory.data(80, 16);
const c: usize = memory.data(80, 16);
const n: usize = memory.data(80, 16);
const other: usize = memory.data(320, 16);
const spread: usize = memory.data(320, 16);
const addend: usize = memory.data(320, 16);

/** Two times 64 uniform bytes, of which each half is mapped to a point and the two are added. */
export function derive(out: usize, first: usize, second: usize): void {
  map(out, first, second);
  map(other, first + 32, second + 32);
  spreadOf(spread, other);
  prepareAddend(addend, spread);
  spreadOf(spread, out);
  sum(spread, addend);
  finishWithT(out);
}

// The MAP of section 4.3.4 (Elligator 2).
function map(out: usize, first: usize, second: usize): void {
  read(t, 0, first);
  read(t, 1, second);
  tighten(t, t);
  squareTimes(r, t, 1);
  multiply(r, r, sqrtMinusOne);

  // u = (r + 1) * (1 - d^2), v = (-1 - r * d) * (r + d)
  add(w, r, one);
  multiply(u1, oneMinusDSquare, w);
  multiply(v, r, d);
  add(v, v, one);
  tighten(v, v);
  negate(v, i64x2.splat(-1));
  add(w, r, d);
  multiply(v, v, w);

  const isSquare = rootOfRatio(s, u1, v);
  const isOther = v128.not(isSquare);
  multiply(w, s, t);
  makeNonNegative(w);
  negate(w, i64x2.splat(-1));
  assign(s, w, isOther);
  memory.copy(c, one, 80);
  negate(c, i64x2.splat(-1));
  assign(c, r, isOther);

  // n = c * (r - 1) * (d - 1)^2 - v
  subtract(w, r, one);
  multiply(n, c, w);
  multiply(n, n, dMinusOneSquare);
  subtract(n, n, v);

  // w0 = 2 * s * v, w1 = n * root, w2 = 1 - s^2, w3 = 1 + s^2
  add(u1, s, s);
  multiply(u1, v, u1);
  multiply(u2, rootADMinusOne, n);
  squareTimes(w, s, 1);
  subtract(s, one, w);
  tighten(s, s);
  add(w, w, one);
  multiply(out + X, u1, w);
  multiply(out + Y, u2, s);
  multiply(out + Z, u2, w);
  multiply(out + T, u1, s);
}
