// Field elements: products, with their carry or as columns, sums and differences. Columns of several products are added
// up first and carried once, which saves a fourth of a point's work.
import { Columns } from './columns';
import { CLEAN, ELEMENT, ONE_PRODUCT, ONE_SQUARE } from './limbs';

/** out = a * b, tight. One factor is tight, the other may be loose. */
export function multiply(out: usize, a: usize, b: usize): void {
  Columns.ofProduct(out, ONE_PRODUCT, a, b);
}

/** out = a^(2^times), tight; `a` is tight, `times` at least 1. */
export function squareTimes(out: usize, a: usize, times: i32): void {
  for (let from = a; times > 0; times--) {
    Columns.ofSquare(out, ONE_SQUARE, from);
    from = out;
  }
}

/**
 * The same for two elements that stand one after the other. A square has to wait for the one before it: of two chains, one
 * is computed while the other waits.
 */
export function squareBothTimes(out: usize, a: usize, times: i32): void {
  for (let from = a; times > 0; times--) {
    Columns.ofSquare(out, ONE_SQUARE, from);
    Columns.ofSquare(out + ELEMENT, ONE_SQUARE, from + ELEMENT);
    from = out;
  }
}

/** The columns of a * b. One factor is tight, the other may be loose. */
export function productColumns(out: usize, a: usize, b: usize): void {
  Columns.ofProduct(out, CLEAN, a, b);
}

/** The columns of a * a; `a` is tight. */
export function squareColumns(out: usize, a: usize): void {
  Columns.ofSquare(out, CLEAN, a);
}

/** The sum of two tight elements, loose. */
export function add(out: usize, a: usize, b: usize): void {
  v128.store(out, f64x2.add(v128.load(a, 0), v128.load(b, 0)), 0);
  v128.store(out, f64x2.add(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(out, f64x2.add(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(out, f64x2.add(v128.load(a, 48), v128.load(b, 48)), 48);
  v128.store(out, f64x2.add(v128.load(a, 64), v128.load(b, 64)), 64);
}

/** The difference of two tight elements, loose. */
export function subtract(out: usize, a: usize, b: usize): void {
  v128.store(out, f64x2.sub(v128.load(a, 0), v128.load(b, 0)), 0);
  v128.store(out, f64x2.sub(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(out, f64x2.sub(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(out, f64x2.sub(v128.load(a, 48), v128.load(b, 48)), 48);
  v128.store(out, f64x2.sub(v128.load(a, 64), v128.load(b, 64)), 64);
}
