// From points to bytes. The usual encoding (RFC 9496, section 4.3.2) takes a square root for each point. That of twice a
// point takes an inverse, and a batch shares one: so a multiplication takes half the scalar, and the encoding doubles.
// The algorithm is that of `double_and_compress_batch` in curve25519-dalek.
import { ELEMENT } from './limbs';
import { add, multiply, squareTimes, subtract } from './product';
import { d, inverseRootAMinusD, one, sqrtMinusOne, zero } from './curve';
import { assign, copy, isNegative, isZero, makeNonNegative, negate, write } from './element';
import { POINT, X, Y, Z, T } from './point';
import { invert, rootsOfRatios, tighten } from './roots';

/** The most pairs that one batch takes. */
export const PAIRS: i32 = 64;

// For each pair: E, F, G, H of twice the point, E*G, F*H, and the product of all E*F*G*H before it.
const STATE: usize = 8 * ELEMENT;
const E: usize = 0;
const F: usize = 80;
const G: usize = 160;
const H: usize = 240;
const EG: usize = 320;
const FH: usize = 400;
const ALL: usize = 480;
const BEFORE: usize = 560;
const states: usize = memory.data(64 * 640, 16);

const w: usize = memory.data(80, 16);
const x: usize = memory.data(80, 16);
const y: usize = memory.data(80, 16);
const inverse: usize = memory.data(80, 16);

/** Encodes twice each of the points, 32 bytes each. */
export function encodeDoubled(to: usize, points: usize, pairs: i32): void {
  copy(inverse, one);
  for (let pair = 0; pair < pairs; pair++) {
    const state = states + pair * STATE;
    prepareState(state, points + pair * POINT);
    copy(state + BEFORE, inverse);
    multiply(inverse, inverse, state + ALL);
  }
  invert(inverse, inverse);
  for (let pair = pairs - 1; pair >= 0; pair--) {
    const state = states + pair * STATE;
    multiply(state + BEFORE, state + BEFORE, inverse); // 1 / (E*F*G*H)
    multiply(inverse, inverse, state + ALL);
    encodeState(to + pair * 64, state);
  }
}

function prepareState(state: usize, point: usize): void {
  // E = 2*X*Y, F = Z^2 + d*T^2, G = Y^2 + X^2, H = Z^2 - d*T^2
  add(w, point + Y, point + Y);
  multiply(state + E, point + X, w);
  squareTimes(w, point + T, 1);
  multiply(w, w, d);
  squareTimes(x, point + Z, 1);
  add(y, x, w);
  tighten(state + F, y);
  subtract(y, x, w);
  tighten(state + H, y);
  squareTimes(x, point + X, 1);
  squareTimes(w, point + Y, 1);
  add(y, w, x);
  tighten(state + G, y);
  multiply(state + EG, state + E, state + G);
  multiply(state + FH, state + F, state + H);
  multiply(state + ALL, state + EG, state + FH);
  // Zero only if twice the point is the identity: then G = 0 makes the encoding 0, and the others keep their inverse.
  const isIdentity = isZero(state + ALL);
  assign(state + ALL, one, isIdentity);
  assign(state + G, zero, isIdentity);
}

function encodeState(to: usize, state: usize): void {
  const inverseOfAll = state + BEFORE;
  multiply(x, state + EG, inverseOfAll); // 1 / Z
  multiply(y, state + FH, inverseOfAll); // 1 / T
  multiply(w, state + EG, x);
  const rotate = isNegative(w);
  copy(w, state + E);
  assign(state + E, state + G, rotate);
  negate(w, rotate);
  assign(state + G, w, rotate);
  multiply(w, state + F, sqrtMinusOne);
  assign(state + H, w, rotate);

  multiply(w, state + H, state + E);
  multiply(w, w, x);
  negate(state + G, isNegative(w));
  copy(x, inverseRootAMinusD);
  assign(x, sqrtMinusOne, rotate);
  multiply(y, y, state + G);
  multiply(y, y, x);
  subtract(w, state + H, state + G);
  multiply(y, y, w);
  writeBoth(to, y);
}

function writeBoth(to: usize, s: usize): void {
  makeNonNegative(s);
  write(to, s, 0);
  write(to + 32, s, 1);
}

const u1: usize = memory.data(160, 16);
const u2: usize = memory.data(160, 16);
const ratio: usize = memory.data(160, 16);
const ones: usize = memory.data(160, 16);
const roots: usize = memory.data(160, 16);
const areSquares: usize = memory.data(32, 16);
const rotated: usize = memory.data(80, 16);
const den1: usize = memory.data(80, 16);

/** Encodes two pairs of points, one after the other, by section 4.3.2: 128 bytes. */
export function encode(to: usize, points: usize): void {
  startEncoding(0, points);
  startEncoding(ELEMENT, points + POINT);
  rootsOfRatios(roots, ones, ratio, areSquares);
  finishEncoding(to, 0, points);
  finishEncoding(to + 64, ELEMENT, points + POINT);
}

// u1 = Z^2 - Y^2, u2 = X*Y
function startEncoding(at: usize, point: usize): void {
  squareTimes(w, point + Z, 1);
  squareTimes(x, point + Y, 1);
  subtract(w, w, x);
  tighten(u1 + at, w);
  multiply(u2 + at, point + X, point + Y);
  squareTimes(w, u2 + at, 1);
  multiply(ratio + at, w, u1 + at);
  copy(ones + at, one);
}

function finishEncoding(to: usize, at: usize, point: usize): void {
  const den2 = u2 + at;
  multiply(den1, roots + at, u1 + at);
  multiply(den2, roots + at, den2);
  multiply(w, den1, den2);
  multiply(w, w, point + T); // 1 / Z
  multiply(x, point + T, w);
  const rotate = isNegative(x);

  copy(x, point + X);
  copy(y, point + Y);
  multiply(rotated, point + Y, sqrtMinusOne);
  assign(x, rotated, rotate);
  multiply(rotated, point + X, sqrtMinusOne);
  assign(y, rotated, rotate);
  multiply(rotated, den1, inverseRootAMinusD);
  assign(den2, rotated, rotate);

  multiply(w, w, x);
  negate(y, isNegative(w));
  subtract(w, point + Z, y);
  multiply(y, den2, w);
  writeBoth(to, y);
}
