// Field elements: products, with their carry or as columns, sums and differences. Columns of several products are added
// up first and carried once, which saves a fourth of a point's work.
import { Columns } from './columns';
import { Limbs, ONE_PRODUCT, ONE_SQUARE } from './limbs';

/** out = a * b, tight. One factor is tight, the other may be loose. */
export function multiply(out: usize, a: usize, b: usize): void {
  Columns.ofProduct(out, a, b);
  carryColumns(out, ONE_PRODUCT);
}

/** out = a^(2^times), tight; `a` is tight, `times` at least 1. */
export function squareTimes(out: usize, a: usize, times: i32): void {
  for (let from = a; times > 0; times--) {
    Columns.ofSquare(out, from);
    carryColumns(out, ONE_SQUARE);
    from = out;
  }
}

/** The columns of a * b. One factor is tight, the other may be loose. */
export function productColumns(out: usize, a: usize, b: usize): void {
  Columns.ofProduct(out, a, b);
}

/** The columns of a * a; `a` is tight. */
export function squareColumns(out: usize, a: usize): void {
  Columns.ofSquare(out, a);
}

function carryColumns(at: usize, origin: usize): void {
  const c0 = v128.load(at, 0);
  const c1 = v128.load(at, 16);
  const c2 = v128.load(at, 32);
  const c3 = v128.load(at, 48);
  const c4 = v128.load(at, 64);
  Limbs.carry(at, origin, c0, c1, c2, c3, c4);
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
