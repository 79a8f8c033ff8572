// Half the scalar times a pair of points: 64 windows of four bits. Each window does the same work on the same addresses:
// neither time nor cache tells the scalar.
import { ELEMENT, Limbs } from './limbs';
import { POINT, X, Y, Z, T, double, finish, finishSpread, finishWithT, prepareAddend, spreadOf, sum } from './point';
import { one, zero } from './curve';
import { copy, negate } from './element';
import { DIGITS, digit } from './scalar';

// 1 to 8 times the point, as addends.
const table: usize = memory.data(8 * 320, 16);
const spread: usize = memory.data(320, 16);
const addend: usize = memory.data(320, 16);

/** In place; `prepareDigits` comes before. */
export function multiplyByHalf(point: usize): void {
  fillTable(point);
  copy(spread + X, one);
  copy(spread + Y, one);
  copy(spread + Z, one);
  copy(spread + T, zero);
  select(digit(DIGITS - 1));
  sum(spread, addend);
  for (let index = DIGITS - 2; index >= 0; index--) {
    finish(point);
    for (let times = 0; times < 3; times++) {
      double(point);
      finish(point);
    }
    double(point);
    finishSpread(spread);
    select(digit(index));
    sum(spread, addend);
  }
  finishWithT(point);
}

function fillTable(point: usize): void {
  spreadOf(spread, point);
  prepareAddend(table, spread);
  for (let entry: usize = 1; entry < 8; entry++) {
    sum(spread, table);
    finishSpread(spread);
    prepareAddend(table + entry * POINT, spread);
  }
}

// addend = value * point: reads the whole table, whatever the value is.
function select(value: i32): void {
  const sign = value >> 31;
  const size = (value ^ sign) - sign;
  // Halves of what is left of the table, by the bits of size - 1: three choices, each between all pairs.
  const bit0 = bitOf(size - 1, 0);
  const bit1 = bitOf(size - 1, 1);
  const bit2 = bitOf(size - 1, 2);
  const is0 = i64x2.splat(<i64>((size - 1) >> 31));
  for (let at: usize = 0; at < POINT; at += 16) {
    const from = table + at;
    const of12 = Limbs.either(v128.load(from), v128.load(from, 320), bit0);
    const of34 = Limbs.either(v128.load(from, 640), v128.load(from, 960), bit0);
    const of56 = Limbs.either(v128.load(from, 1280), v128.load(from, 1600), bit0);
    const of78 = Limbs.either(v128.load(from, 1920), v128.load(from, 2240), bit0);
    const chosen = Limbs.either(Limbs.either(of12, of34, bit1), Limbs.either(of56, of78, bit1), bit2);
    v128.store(addend + at, v128.andnot(chosen, is0));
  }
  // Zero times the point: Y - X = Y + X = 1 and 2*Z = 2.
  addTo(addend + X, v128.and(is0, f64x2.splat(1)));
  addTo(addend + Y, v128.and(is0, f64x2.splat(1)));
  addTo(addend + Z, v128.and(is0, f64x2.splat(2)));
  changeSign(i64x2.splat(<i64>sign));
}

// The negative of a point: Y - X and Y + X change places, T changes its sign.
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

function addTo(limb: usize, value: v128): void {
  v128.store(limb, f64x2.add(v128.load(limb), value));
}

function bitOf(value: i32, bit: i32): v128 {
  return i64x2.splat(0 - <i64>((value >> bit) & 1));
}
