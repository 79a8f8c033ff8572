// Field elements between bytes and limbs, one lane at a time, and the questions that need the one canonical form of an
// element: is it negative, is it zero. Answers are lane masks, so that no branch tells them.
import { ELEMENT } from './limbs';

const MASK: u64 = 0x7ffffffffffff;
// 4 * p in limbs: makes every loose limb positive.
const FOUR_P0: i64 = 0x1fffffffffffb4;
const FOUR_P: i64 = 0x1ffffffffffffc;

const words: usize = memory.data(2 * 32, 16);

/** 32 bytes, little-endian, into one lane. The top bit is ignored. Loose. */
export function read(out: usize, lane: usize, from: usize): void {
  const w0 = load<u64>(from);
  const w1 = load<u64>(from, 8);
  const w2 = load<u64>(from, 16);
  const w3 = load<u64>(from, 24);
  const to = out + lane * 8;
  store<f64>(to, <f64>(<i64>(w0 & MASK)), 0);
  store<f64>(to, <f64>(<i64>(((w0 >> 51) | (w1 << 13)) & MASK)), 16);
  store<f64>(to, <f64>(<i64>(((w1 >> 38) | (w2 << 26)) & MASK)), 32);
  store<f64>(to, <f64>(<i64>(((w2 >> 25) | (w3 << 39)) & MASK)), 48);
  store<f64>(to, <f64>(<i64>((w3 >> 12) & MASK)), 64);
}

/** The same 32 bytes into both lanes. */
export function readBoth(out: usize, from: usize): void {
  read(out, 0, from);
  read(out, 1, from);
}

/** The canonical 32 bytes, little-endian, of one lane of a loose element. */
export function write(to: usize, element: usize, lane: usize): void {
  const from = element + lane * 8;
  let t0: u64 = <i64>load<f64>(from, 0) + FOUR_P0;
  let t1: u64 = <i64>load<f64>(from, 16) + FOUR_P;
  let t2: u64 = <i64>load<f64>(from, 32) + FOUR_P;
  let t3: u64 = <i64>load<f64>(from, 48) + FOUR_P;
  let t4: u64 = <i64>load<f64>(from, 64) + FOUR_P;
  // Twice around, and what is left is below 2^255. Then 19 more overflow exactly if it is not below p.
  let more: u64 = 0;
  for (let round = 0; round < 3; round++) {
    t0 += more;
    t1 += t0 >> 51;
    t2 += t1 >> 51;
    t3 += t2 >> 51;
    t4 += t3 >> 51;
    more = 19 * (t4 >> 51);
    t0 &= MASK;
    t1 &= MASK;
    t2 &= MASK;
    t3 &= MASK;
    t4 &= MASK;
  }
  t0 += more;
  more = (t0 + 19) >> 51;
  more = (t1 + more) >> 51;
  more = (t2 + more) >> 51;
  more = (t3 + more) >> 51;
  more = (t4 + more) >> 51;
  t0 += 19 * more;
  t1 += t0 >> 51;
  t2 += t1 >> 51;
  t3 += t2 >> 51;
  t4 += t3 >> 51;
  t0 &= MASK;
  t1 &= MASK;
  t2 &= MASK;
  t3 &= MASK;
  t4 &= MASK;
  store<u64>(to, t0 | (t1 << 51), 0);
  store<u64>(to, (t1 >> 13) | (t2 << 38), 8);
  store<u64>(to, (t2 >> 26) | (t3 << 25), 16);
  store<u64>(to, (t3 >> 39) | (t4 << 12), 24);
}

/** All ones in the lanes where the element is negative: where its canonical form is odd (RFC 9496, section 4.1). */
export function isNegative(element: usize): v128 {
  write(words, element, 0);
  write(words + 32, element, 1);
  return lanes(0 - (load<u64>(words) & 1), 0 - (load<u64>(words + 32) & 1));
}

export function isZero(element: usize): v128 {
  write(words, element, 0);
  write(words + 32, element, 1);
  const low = load<u64>(words, 0) | load<u64>(words, 8) | load<u64>(words, 16) | load<u64>(words, 24);
  const high = load<u64>(words, 32) | load<u64>(words, 40) | load<u64>(words, 48) | load<u64>(words, 56);
  return lanes(zeroMask(low), zeroMask(high));
}

function zeroMask(word: u64): u64 {
  return ((word | (0 - word)) >> 63) - 1;
}

function lanes(first: u64, second: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(first), 1, second);
}

export function copy(out: usize, element: usize): void {
  memory.copy(out, element, ELEMENT);
}

/** out = `element` in the lanes of the mask; the others stay as they are. */
export function assign(out: usize, element: usize, mask: v128): void {
  for (let at: usize = 0; at < ELEMENT; at += 16) {
    v128.store(out + at, v128.bitselect(v128.load(element + at), v128.load(out + at), mask));
  }
}

/** Changes the sign in the lanes of the mask. */
export function negate(out: usize, mask: v128): void {
  const sign = v128.and(mask, f64x2.splat(-0.0));
  for (let at: usize = 0; at < ELEMENT; at += 16) {
    v128.store(out + at, v128.xor(v128.load(out + at), sign));
  }
}

/** CT_ABS of RFC 9496, section 4.1. */
export function makeNonNegative(element: usize): void {
  negate(element, isNegative(element));
}
