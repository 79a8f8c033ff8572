// The columns of a product, written out: column k adds up the low parts of all limb products a_i * b_j with i + j = k and
// the high parts of those with i + j = k - 1; column k + 5 is folded into column k. In this order, by rising k, few values
// are alive at once and stay in registers: another order takes a fifth longer. `origin` is a constant: CLEAN leaves the
// columns as they are, all else carries them, without a way through memory.
import { CLEAN, Limbs } from './limbs';

export abstract class Columns {
  @inline
  static ofProduct(out: usize, origin: usize, a: usize, b: usize): void {
    const a0 = v128.load(a, 0);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    const a3 = v128.load(a, 48);
    const a4 = v128.load(a, 64);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const b4 = v128.load(b, 64);
    let h: v128;
    h = Limbs.high(a0, b0);
    let c0 = Limbs.low(a0, b0, h);
    let c1 = h;
    h = Limbs.high(a0, b1);
    c1 = i64x2.add(c1, Limbs.low(a0, b1, h));
    let c2 = h;
    h = Limbs.high(a1, b0);
    c1 = i64x2.add(c1, Limbs.low(a1, b0, h));
    c2 = i64x2.add(c2, h);
    h = Limbs.high(a0, b2);
    c2 = i64x2.add(c2, Limbs.low(a0, b2, h));
    let c3 = h;
    h = Limbs.high(a1, b1);
    c2 = i64x2.add(c2, Limbs.low(a1, b1, h));
    c3 = i64x2.add(c3, h);
    h = Limbs.high(a2, b0);
    c2 = i64x2.add(c2, Limbs.low(a2, b0, h));
    c3 = i64x2.add(c3, h);
    h = Limbs.high(a0, b3);
    c3 = i64x2.add(c3, Limbs.low(a0, b3, h));
    let c4 = h;
    h = Limbs.high(a1, b2);
    c3 = i64x2.add(c3, Limbs.low(a1, b2, h));
    c4 = i64x2.add(c4, h);
    h = Limbs.high(a2, b1);
    c3 = i64x2.add(c3, Limbs.low(a2, b1, h));
    c4 = i64x2.add(c4, h);
    h = Limbs.high(a3, b0);
    c3 = i64x2.add(c3, Limbs.low(a3, b0, h));
    c4 = i64x2.add(c4, h);
    h = Limbs.high(a0, b4);
    c4 = i64x2.add(c4, Limbs.low(a0, b4, h));
    let c5 = h;
    h = Limbs.high(a1, b3);
    c4 = i64x2.add(c4, Limbs.low(a1, b3, h));
    c5 = i64x2.add(c5, h);
    h = Limbs.high(a2, b2);
    c4 = i64x2.add(c4, Limbs.low(a2, b2, h));
    c5 = i64x2.add(c5, h);
    h = Limbs.high(a3, b1);
    c4 = i64x2.add(c4, Limbs.low(a3, b1, h));
    c5 = i64x2.add(c5, h);
    h = Limbs.high(a4, b0);
    c4 = i64x2.add(c4, Limbs.low(a4, b0, h));
    c5 = i64x2.add(c5, h);
    h = Limbs.high(a1, b4);
    c5 = i64x2.add(c5, Limbs.low(a1, b4, h));
    let c6 = h;
    h = Limbs.high(a2, b3);
    c5 = i64x2.add(c5, Limbs.low(a2, b3, h));
    c6 = i64x2.add(c6, h);
    h = Limbs.high(a3, b2);
    c5 = i64x2.add(c5, Limbs.low(a3, b2, h));
    c6 = i64x2.add(c6, h);
    h = Limbs.high(a4, b1);
    c5 = i64x2.add(c5, Limbs.low(a4, b1, h));
    c6 = i64x2.add(c6, h);
    c0 = Limbs.fold(c0, c5);
    h = Limbs.high(a2, b4);
    c6 = i64x2.add(c6, Limbs.low(a2, b4, h));
    let c7 = h;
    h = Limbs.high(a3, b3);
    c6 = i64x2.add(c6, Limbs.low(a3, b3, h));
    c7 = i64x2.add(c7, h);
    h = Limbs.high(a4, b2);
    c6 = i64x2.add(c6, Limbs.low(a4, b2, h));
    c7 = i64x2.add(c7, h);
    c1 = Limbs.fold(c1, c6);
    h = Limbs.high(a3, b4);
    c7 = i64x2.add(c7, Limbs.low(a3, b4, h));
    let c8 = h;
    h = Limbs.high(a4, b3);
    c7 = i64x2.add(c7, Limbs.low(a4, b3, h));
    c8 = i64x2.add(c8, h);
    c2 = Limbs.fold(c2, c7);
    h = Limbs.high(a4, b4);
    c8 = i64x2.add(c8, Limbs.low(a4, b4, h));
    let c9 = h;
    c3 = Limbs.fold(c3, c8);
    c4 = Limbs.fold(c4, c9);
    Columns.leave(out, origin, c0, c1, c2, c3, c4);
  }

  /** Products of two different limbs count twice: one of the two is doubled before. */
  @inline
  static ofSquare(out: usize, origin: usize, a: usize): void {
    const a0 = v128.load(a, 0);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    const a3 = v128.load(a, 48);
    const a4 = v128.load(a, 64);
    const d0 = f64x2.add(a0, a0);
    const d1 = f64x2.add(a1, a1);
    const d2 = f64x2.add(a2, a2);
    const d3 = f64x2.add(a3, a3);
    let h: v128;
    h = Limbs.high(a0, a0);
    let c0 = Limbs.low(a0, a0, h);
    let c1 = h;
    h = Limbs.high(d0, a1);
    c1 = i64x2.add(c1, Limbs.low(d0, a1, h));
    let c2 = h;
    h = Limbs.high(d0, a2);
    c2 = i64x2.add(c2, Limbs.low(d0, a2, h));
    let c3 = h;
    h = Limbs.high(a1, a1);
    c2 = i64x2.add(c2, Limbs.low(a1, a1, h));
    c3 = i64x2.add(c3, h);
    h = Limbs.high(d0, a3);
    c3 = i64x2.add(c3, Limbs.low(d0, a3, h));
    let c4 = h;
    h = Limbs.high(d1, a2);
    c3 = i64x2.add(c3, Limbs.low(d1, a2, h));
    c4 = i64x2.add(c4, h);
    h = Limbs.high(d0, a4);
    c4 = i64x2.add(c4, Limbs.low(d0, a4, h));
    let c5 = h;
    h = Limbs.high(d1, a3);
    c4 = i64x2.add(c4, Limbs.low(d1, a3, h));
    c5 = i64x2.add(c5, h);
    h = Limbs.high(a2, a2);
    c4 = i64x2.add(c4, Limbs.low(a2, a2, h));
    c5 = i64x2.add(c5, h);
    h = Limbs.high(d1, a4);
    c5 = i64x2.add(c5, Limbs.low(d1, a4, h));
    let c6 = h;
    h = Limbs.high(d2, a3);
    c5 = i64x2.add(c5, Limbs.low(d2, a3, h));
    c6 = i64x2.add(c6, h);
    c0 = Limbs.fold(c0, c5);
    h = Limbs.high(d2, a4);
    c6 = i64x2.add(c6, Limbs.low(d2, a4, h));
    let c7 = h;
    h = Limbs.high(a3, a3);
    c6 = i64x2.add(c6, Limbs.low(a3, a3, h));
    c7 = i64x2.add(c7, h);
    c1 = Limbs.fold(c1, c6);
    h = Limbs.high(d3, a4);
    c7 = i64x2.add(c7, Limbs.low(d3, a4, h));
    let c8 = h;
    c2 = Limbs.fold(c2, c7);
    h = Limbs.high(a4, a4);
    c8 = i64x2.add(c8, Limbs.low(a4, a4, h));
    let c9 = h;
    c3 = Limbs.fold(c3, c8);
    c4 = Limbs.fold(c4, c9);
    Columns.leave(out, origin, c0, c1, c2, c3, c4);
  }

  @inline
  static leave(out: usize, origin: usize, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128): void {
    if (origin !== CLEAN) {
      Limbs.carry(out, origin, c0, c1, c2, c3, c4);
    } else {
      v128.store(out, c0, 0);
      v128.store(out, c1, 16);
      v128.store(out, c2, 32);
      v128.store(out, c3, 48);
      v128.store(out, c4, 64);
    }
  }
}
