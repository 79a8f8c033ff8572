// From bytes to points: decoding (RFC 9496, section 4.3.1) and the map from uniform bytes (section 4.3.4). Two vectors of
// points at a time, because of the roots.
#pragma once
#include "point.h"
#include "roots.h"

/** All ones for bytes that are zero, odd, or not below p. */
INLINE vector is_bad(words w) {
  const vector high = w.word[3];
  const vector none = mask_of_zero(w.word[0] | w.word[1] | w.word[2] | high);
  const vector is_odd = mask_of_bit(w.word[0]);
  const vector is_large = mask_of_bit(high >> 63);
  // p and more: all ones but for the lowest five bits, and these from 13 on.
  const vector ones = mask_of_zero(~(w.word[1] & w.word[2]) | (high ^ (~(uint64_t)0 >> 1)) | ~(w.word[0] | 31));
  const vector from_p = ones & mask_of_bit(((w.word[0] & 31) + 19) >> 5);
  return none | is_odd | is_large | from_p;
}

/** Two times eight points of 32 bytes. All ones in the lanes whose bytes are no canonical encoding, or the identity. */
static void decode(point *out[PAIR], vector bad[PAIR], const uint8_t *const from[PAIR]) {
  pair one, w, v, u1, u2, s;
  ratio r[PAIR];
  for (int i = 0; i < PAIR; i++) {
    const words bytes = read_words(from[i], 32);
    bad[i] = is_bad(bytes);
    s.of[i] = element_of(bytes);
    const element ss = square(s.of[i]);
    u1.of[i] = subtract(ONE, ss);
    u2.of[i] = add(ONE, ss);
    // v = -d * u1^2 - u2^2
    const element u22 = square(u2.of[i]);
    v.of[i] = subtract(multiply(square(u1.of[i]), MINUS_D), u22);
    w.of[i] = multiply(v.of[i], u22);
    one.of[i] = ONE;
  }
  roots_of_ratios(r, &one, &w);
  for (int i = 0; i < PAIR; i++) {
    const element den_x = multiply(r[i].root, u2.of[i]);
    const element den_y = multiply(multiply(r[i].root, den_x), v.of[i]);
    out[i]->x = non_negative(multiply(add(s.of[i], s.of[i]), den_x));
    out[i]->y = multiply(u1.of[i], den_y);
    out[i]->z = ONE;
    out[i]->t = multiply(out[i]->x, out[i]->y);
    bad[i] |= ~r[i].is_square | is_negative(out[i]->t) | is_zero(out[i]->y);
  }
}

/** The MAP of section 4.3.4 (Elligator 2), of 32 bytes of each lane. */
static void map(point *out[PAIR], const words bytes[PAIR]) {
  pair t, r, u, v;
  ratio root[PAIR];
  for (int i = 0; i < PAIR; i++) {
    t.of[i] = element_of(bytes[i]);
    r.of[i] = multiply(square(t.of[i]), SQRT_M1);
    u.of[i] = multiply(add(r.of[i], ONE), ONE_MINUS_D_SQ);
    // v = (-1 - r * d) * (r + d)
    v.of[i] = multiply(negate(add(multiply(r.of[i], D), ONE)), add(r.of[i], D));
  }
  roots_of_ratios(root, &u, &v);
  for (int i = 0; i < PAIR; i++) {
    const vector is_square = root[i].is_square;
    const element other = negate(non_negative(multiply(root[i].root, t.of[i])));
    const element s = choose(is_square, root[i].root, other);
    const element c = choose(is_square, negate(ONE), r.of[i]);
    const element n =
      subtract(multiply(multiply(c, subtract(r.of[i], ONE)), D_MINUS_ONE_SQ), v.of[i]);
    const element w0 = multiply(add(s, s), v.of[i]);
    const element w1 = multiply(n, SQRT_AD_MINUS_ONE);
    const element ss = square(s);
    const element w2 = subtract(ONE, ss);
    const element w3 = add(ONE, ss);
    out[i]->x = multiply(w0, w3);
    out[i]->y = multiply(w2, w1);
    out[i]->z = multiply(w1, w3);
    out[i]->t = multiply(w0, w2);
  }
}

/** Two times eight points from 64 uniform bytes each: each half is mapped to a point, and the two are added. */
static void derive(point *out[PAIR], const uint8_t *const from[PAIR]) {
  point other[PAIR];
  point *others[PAIR] = {&other[0], &other[1]};
  const words first[PAIR] = {read_words(from[0], 64), read_words(from[1], 64)};
  const words second[PAIR] = {read_words(from[0] + 32, 64), read_words(from[1] + 32, 64)};
  map(out, first);
  map(others, second);
  for (int i = 0; i < PAIR; i++) {
    const spread one = spread_of(out[i]);
    const spread two = spread_of(others[i]);
    const addend next = addend_of(&two);
    const raw sum = added(&one, &next);
    finish_with_t(out[i], &sum);
  }
}
