// The arithmetic of one limb. A field element (modulo p = 2^255 - 19) is five limbs of 51 bits, and each limb a vector of
// two doubles: two points are computed side by side, one in each lane.
//
// Bounds that the whole kernel keeps:
//   tight   |limb| <= 2^50 + 2^14, what `carry` leaves;
//   loose   |limb| <= 2^51 + 2^15, the sum or the difference of two tight elements, or 51 bits read from bytes;
//   column  |column| < 2^57.6, an integer: what the products of one tight and one loose element add up to.

/** Bytes of an element: five limbs of two doubles. */
export const ELEMENT: usize = 80;

// 1.5 * 2^103 and 1.5 * (2^103 + 2^52). Doubles between 2^103 and 2^104 are 2^51 apart, and between 2^52 and 2^53 they
// are 1 apart: a double in there is an integer, which its bits count up from the bits of the lower end.
// The vectors stand in memory because V8 builds a vector constant anew at each use: that takes twice the time.
const HIGH_OFFSET: u64 = 0x4668000000000000;
const LOW_OFFSET: u64 = 0x4338000000000000;
const highOffset: usize = memory.data<u64>([0x4668000000000000, 0x4668000000000000], 16);
const bothOffsets: usize = memory.data<u64>([0x4668000000000003, 0x4668000000000003], 16);

const MASK: u64 = 0x7ffffffffffff;
const mask: usize = memory.data<u64>([0x7ffffffffffff, 0x7ffffffffffff], 16);
// 1.5 * 2^78: doubles there are 2^26 apart.
const splitOffset: usize = memory.data<u64>([0x44d8000000000000, 0x44d8000000000000], 16);
const two52: usize = memory.data<u64>([0x4330000000000000, 0x4330000000000000], 16);
// 2^52 + 2^50
const center: usize = memory.data<u64>([0x4334000000000000, 0x4334000000000000], 16);

// What `carry` adds to columns, five vectors each: see `prepare`.
const BALANCES: usize = memory.data(5 * 80, 16);

/** What the columns given to `carry` are made of, as far as it is not cancelled by a difference. */
export const CLEAN: usize = 0;
export const ONE_PRODUCT: usize = 80;
export const TWO_PRODUCTS: usize = 160;
export const ONE_SQUARE: usize = 240;
export const TWO_SQUARES: usize = 320;

/** Fills the table of what `carry` adds. Has to be called once, before everything else. */
export function prepare(): void {
  for (let k: u64 = 0; k < 5; k++) {
    // A column holds the offsets of the parts that were added to it, 19 times those from five columns above.
    const product = (77 - 18 * k) * LOW_OFFSET + (95 - 18 * k) * HIGH_OFFSET;
    const square = squareOffset(<i32>k);
    const at = BALANCES + <usize>k * 16;
    // 2^9 * p makes every sum of up to four columns positive; with 2^50 more, `carry` leaves balanced limbs.
    const balance = ((k == 0 ? MASK - 18 : MASK) << 9) + ((<u64>1) << 50);
    v128.store(at, i64x2.splat(balance), CLEAN);
    v128.store(at, i64x2.splat(balance - product), ONE_PRODUCT);
    v128.store(at, i64x2.splat(balance - 2 * product), TWO_PRODUCTS);
    v128.store(at, i64x2.splat(balance - square), ONE_SQUARE);
    v128.store(at, i64x2.splat(balance - 2 * square), TWO_SQUARES);
  }
}

// A square has (i, j) and (j, i) as one doubled product: `pairs` counts those with i + j = k.
function squareOffset(k: i32): u64 {
  return (pairs(k) + 19 * pairs(k + 5)) * LOW_OFFSET + (pairs(k - 1) + 19 * pairs(k + 4)) * HIGH_OFFSET;
}

function pairs(k: i32): u64 {
  return k < 0 || k > 8 ? 0 : k < 5 ? k / 2 + 1 : (8 - k) / 2 + 1;
}

export abstract class Limbs {
  /**
   * The high part of the product of two limbs: round(a * b / 2^51), plus the offset. For |a * b| <= 2^102. Without
   * relaxed SIMD it is rounded twice, first to a double, which moves it by 1 where a * b is close to the middle.
   */
  @inline
  static high(a: v128, b: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, v128.load(highOffset));
    return f64x2.add(f64x2.mul(a, b), v128.load(highOffset));
  }

  /**
   * The low part: a * b - 2^51 * high, plus the offset; at most 2^50 from it, or 2^50 + 2^48 where high was rounded twice.
   * Exact if multiply-add is fused, and without it by Dekker's method: the four products of both halves of the limbs, of
   * 26 bits at most, are exact, and so are their sums in this order.
   */
  @inline
  static low(a: v128, b: v128, high: v128): v128 {
    const rest = f64x2.sub(v128.load(bothOffsets), high);
    if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, rest);
    const upperA = Limbs.upper(a);
    const upperB = Limbs.upper(b);
    const lowerA = f64x2.sub(a, upperA);
    const lowerB = f64x2.sub(b, upperB);
    const crosswise = f64x2.add(f64x2.mul(upperA, lowerB), f64x2.mul(lowerA, upperB));
    return f64x2.add(f64x2.add(f64x2.add(f64x2.mul(upperA, upperB), rest), crosswise), f64x2.mul(lowerA, lowerB));
  }

  // The nearest multiple of 2^26.
  @inline
  static upper(limb: v128): v128 {
    return f64x2.sub(f64x2.add(limb, v128.load(splitOffset)), v128.load(splitOffset));
  }

  /** column + 19 * above: 2^255 is 19 modulo p. */
  @inline
  static fold(column: v128, above: v128): v128 {
    const five = i64x2.add(i64x2.shl(above, 2), above);
    return i64x2.add(column, i64x2.sub(i64x2.shl(five, 2), above));
  }

  /** Columns to a tight element. `origin`: what they are made of. All columns at once hand 13 bits to the next. */
  @inline
  static carry(out: usize, origin: usize, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128): void {
    c0 = i64x2.add(c0, v128.load(BALANCES + origin, 0));
    c1 = i64x2.add(c1, v128.load(BALANCES + origin, 16));
    c2 = i64x2.add(c2, v128.load(BALANCES + origin, 32));
    c3 = i64x2.add(c3, v128.load(BALANCES + origin, 48));
    c4 = i64x2.add(c4, v128.load(BALANCES + origin, 64));
    // Here three registers are free for what stands in memory.
    const low = v128.load(mask);
    const base = v128.load(two52);
    const middle = v128.load(center);
    v128.store(out, Limbs.balanced(c0, Limbs.fold(base, i64x2.shr_u(c4, 51)), low, middle), 0);
    v128.store(out, Limbs.balanced(c1, i64x2.add(base, i64x2.shr_u(c0, 51)), low, middle), 16);
    v128.store(out, Limbs.balanced(c2, i64x2.add(base, i64x2.shr_u(c1, 51)), low, middle), 32);
    v128.store(out, Limbs.balanced(c3, i64x2.add(base, i64x2.shr_u(c2, 51)), low, middle), 48);
    v128.store(out, Limbs.balanced(c4, i64x2.add(base, i64x2.shr_u(c3, 51)), low, middle), 64);
  }

  // The sum stays below 2^52: as the bits of a double it is 2^52 too much, and 2^50 as balanced.
  @inline
  static balanced(column: v128, received: v128, low: v128, middle: v128): v128 {
    return f64x2.sub(i64x2.add(v128.and(column, low), received), middle);
  }

  /** 2 * a - b + c, of columns. */
  @inline
  static twiceLess(a: v128, b: v128, c: v128): v128 {
    return i64x2.add(i64x2.sub(i64x2.add(a, a), b), c);
  }

  /** Of each lane one of two, by a mask of all bits or none: for these, what relaxed SIMD leaves open is the same. */
  @inline
  static either(zero: v128, one: v128, mask: v128): v128 {
    return i64x2.relaxed_laneselect(one, zero, mask);
  }
}
