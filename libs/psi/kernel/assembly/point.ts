// Points of the twisted Edwards curve -x^2 + y^2 = 1 + d*x^2*y^2 (that of ed25519), two at a time. Formulas: "Twisted
// Edwards Curves Revisited" (Hisil, Wong, Carter, Dawson), sections 3.1 and 3.3; complete, so none has exceptions. Sums of
// products are carried once.
import { ELEMENT, CLEAN, Limbs, TWO_PRODUCTS, TWO_SQUARES } from './limbs';
import { add, multiply, productColumns, squareColumns } from './product';
import { one, twoD } from './curve';

/** Bytes of a point: X, Y, Z, T = X*Y/Z, all tight. Its spread form: Y - X, Y + X, Z, T. */
export const POINT: usize = 4 * ELEMENT;
export const X: usize = 0;
export const Y: usize = ELEMENT;
export const Z: usize = 2 * ELEMENT;
export const T: usize = 3 * ELEMENT;

const columnsA: usize = memory.data(80, 16);
const columnsB: usize = memory.data(80, 16);
const columnsC: usize = memory.data(80, 16);
const columnsD: usize = memory.data(80, 16);

// A doubling or a sum leaves its result as E, F, G, H: X = E*F, Y = G*H, Z = F*G, T = E*H.
const e: usize = memory.data(80, 16);
const f: usize = memory.data(80, 16);
const g: usize = memory.data(80, 16);
const h: usize = memory.data(80, 16);

/** Twice the point, of which T is not needed. All four of E, F, G, H with the sign that saves work. */
export function double(point: usize): void {
  squareColumns(columnsA, point + X);
  squareColumns(columnsB, point + Y);
  squareColumns(columnsC, point + Z);
  productColumns(columnsD, point + X, point + Y);
  carrySum(e, TWO_PRODUCTS, columnsD, columnsD);
  carrySum(h, TWO_SQUARES, columnsA, columnsB);
  carryDifference(g, columnsB, columnsA);
  carryTwiceLess(f, columnsC, columnsB, columnsA);
}

/** A point in spread form, and one as `prepareAddend` leaves it. */
export function sum(spread: usize, addend: usize): void {
  productColumns(columnsA, spread + X, addend + X);
  productColumns(columnsB, spread + Y, addend + Y);
  productColumns(columnsC, spread + T, addend + T);
  productColumns(columnsD, spread + Z, addend + Z);
  carryDifference(e, columnsB, columnsA);
  carryDifference(f, columnsD, columnsC);
  carrySum(g, TWO_PRODUCTS, columnsD, columnsC);
  carrySum(h, TWO_PRODUCTS, columnsB, columnsA);
}

/** The result as X, Y, Z: enough for a doubling. */
export function finish(out: usize): void {
  multiply(out + X, e, f);
  multiply(out + Y, g, h);
  multiply(out + Z, f, g);
}

export function finishWithT(out: usize): void {
  finish(out);
  multiply(out + T, e, h);
}

/** The result in spread form. */
export function finishSpread(out: usize): void {
  productColumns(columnsA, e, f);
  productColumns(columnsB, g, h);
  carryDifference(out + X, columnsB, columnsA);
  carrySum(out + Y, TWO_PRODUCTS, columnsB, columnsA);
  multiply(out + Z, f, g);
  multiply(out + T, e, h);
}

/** From the spread form what `sum` wants: Y - X, Y + X, 2*Z, 2*d*T. */
export function prepareAddend(out: usize, spread: usize): void {
  memory.copy(out, spread, 2 * ELEMENT);
  add(out + Z, spread + Z, spread + Z);
  multiply(out + T, spread + T, twoD);
}

/** The spread form of a point of which X, Y, Z, T are known. */
export function spreadOf(out: usize, point: usize): void {
  productColumns(columnsA, point + X, one);
  productColumns(columnsB, point + Y, one);
  carryDifference(out + X, columnsB, columnsA);
  carrySum(out + Y, TWO_PRODUCTS, columnsB, columnsA);
  memory.copy(out + Z, point + Z, 2 * ELEMENT);
}

function carrySum(out: usize, origin: usize, a: usize, b: usize): void {
  Limbs.carry(
    out,
    origin,
    i64x2.add(v128.load(a, 0), v128.load(b, 0)),
    i64x2.add(v128.load(a, 16), v128.load(b, 16)),
    i64x2.add(v128.load(a, 32), v128.load(b, 32)),
    i64x2.add(v128.load(a, 48), v128.load(b, 48)),
    i64x2.add(v128.load(a, 64), v128.load(b, 64)),
  );
}

function carryDifference(out: usize, a: usize, b: usize): void {
  Limbs.carry(
    out,
    CLEAN,
    i64x2.sub(v128.load(a, 0), v128.load(b, 0)),
    i64x2.sub(v128.load(a, 16), v128.load(b, 16)),
    i64x2.sub(v128.load(a, 32), v128.load(b, 32)),
    i64x2.sub(v128.load(a, 48), v128.load(b, 48)),
    i64x2.sub(v128.load(a, 64), v128.load(b, 64)),
  );
}

// 2a - b + c, all of squares.
function carryTwiceLess(out: usize, a: usize, b: usize, c: usize): void {
  Limbs.carry(
    out,
    TWO_SQUARES,
    Limbs.twiceLess(v128.load(a, 0), v128.load(b, 0), v128.load(c, 0)),
    Limbs.twiceLess(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16)),
    Limbs.twiceLess(v128.load(a, 32), v128.load(b, 32), v128.load(c, 32)),
    Limbs.twiceLess(v128.load(a, 48), v128.load(b, 48), v128.load(c, 48)),
    Limbs.twiceLess(v128.load(a, 64), v128.load(b, 64), v128.load(c, 64)),
  );
}
