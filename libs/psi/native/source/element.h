// Field elements between bytes and limbs, and the questions that need the one canonical form of an element: is it
// negative, is it zero. Answers are masks, so that no branch tells them.
#pragma once
#include <string.h>
#include "curve.h"

typedef struct {
  vector word[4];
} words;

/** 32 bytes of each of eight items, `stride` bytes apart. */
INLINE words read_words(const uint8_t *from, size_t stride) {
  uint64_t of[4][LANES] __attribute__((aligned(64)));
  for (int lane = 0; lane < LANES; lane++) {
    for (int word = 0; word < 4; word++) memcpy(&of[word][lane], from + lane * stride + 8 * word, 8);
  }
  words out;
  memcpy(&out, of, sizeof of);
  return out;
}

INLINE void write_words(uint8_t *to, words w) {
  uint64_t of[4][LANES] __attribute__((aligned(64)));
  memcpy(of, &w, sizeof of);
  for (int lane = 0; lane < LANES; lane++) {
    for (int word = 0; word < 4; word++) memcpy(to + 32 * lane + 8 * word, &of[word][lane], 8);
  }
}

/** The top bit is ignored; what is p or more is taken modulo p. */
INLINE element element_of(words w) {
  const vector mask = in_all_lanes(LIMB_MASK);
  return (element){{
    w.word[0] & mask,
    ((w.word[0] >> 51) | (w.word[1] << 13)) & mask,
    ((w.word[1] >> 38) | (w.word[2] << 26)) & mask,
    ((w.word[2] >> 25) | (w.word[3] << 39)) & mask,
    (w.word[3] >> 12) & mask,
  }};
}

/** 1 where the element is p or more: where 19 more overflow. It is below 2 * p. */
INLINE vector overflow_of(element a) {
  vector more = (a.limb[0] + 19) >> 51;
  for (int k = 1; k < 5; k++) more = (a.limb[k] + more) >> 51;
  return more;
}

/** The element from 0 to p - 1, in limbs of exactly 51 bits. */
INLINE element canonical(element a) {
  const vector mask = in_all_lanes(LIMB_MASK);
  vector more = fold((vector){0}, overflow_of(a));
  for (int k = 0; k < 5; k++) {
    const vector limb = a.limb[k] + more;
    a.limb[k] = limb & mask;
    more = limb >> 51;
  }
  return a;
}

INLINE words words_of(element a) {
  const element c = canonical(a);
  return (words){{
    c.limb[0] | (c.limb[1] << 51),
    (c.limb[1] >> 13) | (c.limb[2] << 38),
    (c.limb[2] >> 26) | (c.limb[3] << 25),
    (c.limb[3] >> 39) | (c.limb[4] << 12),
  }};
}

/** Where the canonical form is odd (RFC 9496, section 4.1). p is odd: taking it away changes the lowest bit. */
INLINE vector is_negative(element a) { return mask_of_bit(a.limb[0] + overflow_of(a)); }

INLINE vector is_zero(element a) {
  const element c = canonical(a);
  return mask_of_zero(c.limb[0] | c.limb[1] | c.limb[2] | c.limb[3] | c.limb[4]);
}

INLINE element negate(element a) { return subtract(ZERO, a); }

/** Changes the sign where the mask is set. */
INLINE element negate_where(vector mask, element a) { return choose(mask, negate(a), a); }

/** CT_ABS of RFC 9496, section 4.1. */
INLINE element non_negative(element a) { return negate_where(is_negative(a), a); }
