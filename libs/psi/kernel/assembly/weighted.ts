// Sums of points, each with a weight of 16 bits. Each lane adds up its own points, and for each two bits of the weights
// separately: eight places with digits from -1 to 2, and one more for what is carried. Only at the end are places and
// lanes put together. Weights are secret: every place adds something to every point, if only the identity.
import { add, subtract } from './product';
import { one, zero } from './curve';
import { assign, copy, negate } from './element';
import { ELEMENT } from './limbs';
import { POINT, X, Y, Z, T, double, finish, finishSpread, prepareAddend, spreadOf, sum } from './point';
import { tighten } from './roots';

const PLACES: i32 = 9;
const sums: usize = memory.data(9 * 320, 16);
const once: usize = memory.data(320, 16);
const twice: usize = memory.data(320, 16);
const addend: usize = memory.data(320, 16);
const spread: usize = memory.data(320, 16);

export function startSums(): void {
  for (let place = 0; place < PLACES; place++) setIdentity(sumOf(place));
}

/** A pair of points; `weights` has theirs, one in each lane. */
export function addWeighted(point: usize, weights: v128): void {
  spreadOf(spread, point);
  prepareAddend(once, spread);
  double(point);
  finishSpread(spread);
  prepareAddend(twice, spread);
  let carried = i64x2.splat(0);
  for (let place = 0; place < PLACES; place++) {
    // From 0 to 4: 3 is -1, and 4 is 0, with one for the next place.
    const value = i64x2.add(v128.and(i64x2.shr_u(weights, 2 * place), i64x2.splat(3)), carried);
    carried = i64x2.shr_u(i64x2.add(value, i64x2.splat(1)), 2);
    const isMinus = i64x2.eq(value, i64x2.splat(3));
    setNothing(addend);
    assignAll(addend, once, v128.or(i64x2.eq(value, i64x2.splat(1)), isMinus));
    assignAll(addend, twice, i64x2.eq(value, i64x2.splat(2)));
    changeSign(isMinus);
    sum(sumOf(place), addend);
    finishSpread(sumOf(place));
  }
}

/** The sum of all places and both lanes, in both lanes. */
export function totalOf(point: usize): void {
  memory.copy(spread, sumOf(PLACES - 1), POINT);
  for (let place = PLACES - 2; place >= 0; place--) {
    pointOf(point, spread);
    double(point);
    finish(point);
    double(point);
    finishSpread(spread);
    addSpread(sumOf(place));
  }
  for (let at: usize = 0; at < POINT; at += 16) {
    const both = v128.load(spread + at);
    v128.store(twice + at, v128.shuffle<f64>(both, both, 1, 0));
  }
  addSpread(twice);
  pointOf(point, spread);
}

function addSpread(other: usize): void {
  prepareAddend(addend, other);
  sum(spread, addend);
  finishSpread(spread);
}

// From Y - X and Y + X twice X and Y; so Z and T are doubled too.
function pointOf(point: usize, from: usize): void {
  subtract(point + X, from + Y, from + X);
  add(point + Y, from + Y, from + X);
  add(point + Z, from + Z, from + Z);
  add(point + T, from + T, from + T);
  for (let at: usize = 0; at < POINT; at += ELEMENT) tighten(point + at, point + at);
}

function setIdentity(at: usize): void {
  copy(at + X, one);
  copy(at + Y, one);
  copy(at + Z, one);
  copy(at + T, zero);
}

// What is added to change nothing has 2*Z.
function setNothing(at: usize): void {
  setIdentity(at);
  add(at + Z, one, one);
}

function assignAll(out: usize, from: usize, mask: v128): void {
  for (let at: usize = 0; at < POINT; at += ELEMENT) assign(out + at, from + at, mask);
}

function changeSign(mask: v128): void {
  for (let at: usize = 0; at < ELEMENT; at += 16) {
    const minus = v128.load(addend + at);
    const plus = v128.load(addend + at, 80);
    const change = v128.and(v128.xor(minus, plus), mask);
    v128.store(addend + at, v128.xor(minus, change));
    v128.store(addend + at, v128.xor(plus, change), 80);
  }
  negate(addend + T, mask);
}

function sumOf(place: i32): usize {
  return sums + <usize>place * POINT;
}
