// SHA-512 (FIPS 180-4, section 6.4), block by block of two messages at a time, one in each lane. Neither a branch nor an
// address depends on what is hashed.

export const BLOCK: i32 = 128;

const initial: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1,
  0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);
const constants: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
  0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
  0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
  0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
  0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
  0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
  0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
  0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
  0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
  0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
  0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
  0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
  0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

const state: usize = memory.data(8 * 16, 16);
const kept: usize = memory.data(8 * 16, 16);
const schedule: usize = memory.data(80 * 16, 16);

/** Begins both messages. */
export function start(): void {
  for (let word: usize = 0; word < 8; word++) v128.store(state + word * 16, v128.load64_splat(initial + word * 8));
}

/** Keeps what both have come to, for many messages that begin alike. */
export function keep(): void {
  memory.copy(kept, state, 8 * 16);
}

/** Goes on from where it was kept. */
export function resume(): void {
  memory.copy(state, kept, 8 * 16);
}

/** The digest of one lane, 64 bytes. */
export function write(to: usize, lane: usize): void {
  for (let word: usize = 0; word < 8; word++) {
    store<u64>(to + word * 8, bswap<u64>(load<u64>(state + word * 16 + lane * 8)));
  }
}

/** Takes a block of each message. */
export function takeBlocks(first: usize, second: usize): void {
  prepareSchedule(first, second);
  let a = v128.load(state, 0);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  let e = v128.load(state, 64);
  let f = v128.load(state, 80);
  let g = v128.load(state, 96);
  let h = v128.load(state, 112);
  // Eight rounds, after which each letter is where it was.
  for (let at: usize = 0; at < 80; at += 8) {
    h = i64x2.add(h, Round.lower(e, f, g, at, 0));
    d = i64x2.add(d, h);
    h = i64x2.add(h, Round.upper(a, b, c));
    g = i64x2.add(g, Round.lower(d, e, f, at, 1));
    c = i64x2.add(c, g);
    g = i64x2.add(g, Round.upper(h, a, b));
    f = i64x2.add(f, Round.lower(c, d, e, at, 2));
    b = i64x2.add(b, f);
    f = i64x2.add(f, Round.upper(g, h, a));
    e = i64x2.add(e, Round.lower(b, c, d, at, 3));
    a = i64x2.add(a, e);
    e = i64x2.add(e, Round.upper(f, g, h));
    d = i64x2.add(d, Round.lower(a, b, c, at, 4));
    h = i64x2.add(h, d);
    d = i64x2.add(d, Round.upper(e, f, g));
    c = i64x2.add(c, Round.lower(h, a, b, at, 5));
    g = i64x2.add(g, c);
    c = i64x2.add(c, Round.upper(d, e, f));
    b = i64x2.add(b, Round.lower(g, h, a, at, 6));
    f = i64x2.add(f, b);
    b = i64x2.add(b, Round.upper(c, d, e));
    a = i64x2.add(a, Round.lower(f, g, h, at, 7));
    e = i64x2.add(e, a);
    a = i64x2.add(a, Round.upper(b, c, d));
  }
  v128.store(state, i64x2.add(v128.load(state, 0), a), 0);
  v128.store(state, i64x2.add(v128.load(state, 16), b), 16);
  v128.store(state, i64x2.add(v128.load(state, 32), c), 32);
  v128.store(state, i64x2.add(v128.load(state, 48), d), 48);
  v128.store(state, i64x2.add(v128.load(state, 64), e), 64);
  v128.store(state, i64x2.add(v128.load(state, 80), f), 80);
  v128.store(state, i64x2.add(v128.load(state, 96), g), 96);
  v128.store(state, i64x2.add(v128.load(state, 112), h), 112);
}

/** The 16 words of the blocks, and the 64 that follow from them. */
function prepareSchedule(first: usize, second: usize): void {
  for (let word: usize = 0; word < 16; word++) {
    const both = v128.load64_lane(second + word * 8, v128.load64_zero(first + word * 8), 1);
    const turned = i8x16.shuffle(both, both, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
    v128.store(schedule + word * 16, turned);
  }
  for (let at = schedule; at < schedule + 64 * 16; at += 16) {
    const early = Round.spread(v128.load(at, 16), 1, 8, 7);
    const late = Round.spread(v128.load(at, 14 * 16), 19, 61, 6);
    const sum = i64x2.add(v128.load(at), v128.load(at, 9 * 16));
    v128.store(at, i64x2.add(sum, i64x2.add(early, late)), 16 * 16);
  }
}

abstract class Round {
  @inline
  static turned(word: v128, by: i32): v128 {
    return v128.or(i64x2.shr_u(word, by), i64x2.shl(word, 64 - by));
  }

  /** The small sigmas. */
  @inline
  static spread(word: v128, one: i32, other: i32, shift: i32): v128 {
    return v128.xor(v128.xor(Round.turned(word, one), Round.turned(word, other)), i64x2.shr_u(word, shift));
  }

  /** The large sigmas. */
  @inline
  static mixed(word: v128, one: i32, other: i32, third: i32): v128 {
    return v128.xor(v128.xor(Round.turned(word, one), Round.turned(word, other)), Round.turned(word, third));
  }

  @inline
  static lower(e: v128, f: v128, g: v128, at: usize, place: usize): v128 {
    const chosen = v128.xor(g, v128.and(e, v128.xor(f, g)));
    const constant = v128.load64_splat(constants + at * 8 + place * 8);
    const word = i64x2.add(constant, v128.load(schedule + at * 16 + place * 16));
    return i64x2.add(i64x2.add(word, chosen), Round.mixed(e, 14, 18, 41));
  }

  @inline
  static upper(a: v128, b: v128, c: v128): v128 {
    const most = v128.or(v128.and(a, b), v128.and(c, v128.or(a, b)));
    return i64x2.add(most, Round.mixed(a, 28, 34, 39));
  }
}
