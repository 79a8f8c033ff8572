// Field elements modulo p = 2^255 - 19: five limbs of 51 bits, each a vector. Products are left as columns of 64 bits,
// which are added and subtracted before one carry makes limbs of them again.
//
// Bounds that the whole kernel keeps:
//   limb    < 2^51 + 2^16: what `carry` leaves. Two of them added may exceed the 52 bits that a product takes;
//   column  < 124.5 * 2^52 in each product, and below 2^62 in what is carried.
#pragma once
#include "vector.h"

typedef struct {
  vector limb[5];
} element;

typedef struct {
  vector column[5];
} columns;

#define LIMB_MASK (((uint64_t)1 << 51) - 1)

/** The limbs of `times` * p, which make a difference positive: 2^8 those of a product, 4 those of an element. */
INLINE vector multiple_of_p(uint64_t times, int limb) {
  return in_all_lanes(times * (limb == 0 ? LIMB_MASK - 18 : LIMB_MASK));
}

/** column + 19 * above: 2^255 is 19 modulo p. */
INLINE vector fold(vector column, vector above) { return column + above + (above + above) + (above << 4); }

/** All columns at once hand what is above 51 bits to the next. The last one's is below 2^11: 19 times it is one product. */
INLINE element carry(columns c) {
  const vector mask = in_all_lanes(LIMB_MASK);
  element out;
  out.limb[0] = add_low(c.column[0] & mask, c.column[4] >> 51, in_all_lanes(19));
  out.limb[1] = (c.column[1] & mask) + (c.column[0] >> 51);
  out.limb[2] = (c.column[2] & mask) + (c.column[1] >> 51);
  out.limb[3] = (c.column[3] & mask) + (c.column[2] >> 51);
  out.limb[4] = (c.column[4] & mask) + (c.column[3] >> 51);
  return out;
}

/**
 * l_k adds up the low halves of all a_i * b_j with i + j = k, h_k the high ones. A half is 52 bits and a limb 51, so
 * column k is l_k + 2 * h_(k-1); column k + 5 is folded into column k.
 */
INLINE columns product(const element *a, const element *b) {
  const vector a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2], a3 = a->limb[3], a4 = a->limb[4];
  const vector b0 = b->limb[0], b1 = b->limb[1], b2 = b->limb[2], b3 = b->limb[3], b4 = b->limb[4];
  const vector none = {0};
  const vector h0 = add_high(none, a0, b0);
  const vector h1 = add_high(add_high(none, a0, b1), a1, b0);
  const vector h2 = add_high(add_high(add_high(none, a0, b2), a1, b1), a2, b0);
  const vector h3 = add_high(add_high(add_high(add_high(none, a0, b3), a1, b2), a2, b1), a3, b0);
  const vector h4 = add_high(add_high(add_high(add_high(add_high(none, a0, b4), a1, b3), a2, b2), a3, b1), a4, b0);
  const vector h5 = add_high(add_high(add_high(add_high(none, a1, b4), a2, b3), a3, b2), a4, b1);
  const vector h6 = add_high(add_high(add_high(none, a2, b4), a3, b3), a4, b2);
  const vector h7 = add_high(add_high(none, a3, b4), a4, b3);
  const vector h8 = add_high(none, a4, b4);
  const vector l0 = add_low(none, a0, b0);
  const vector l1 = add_low(add_low(h0 + h0, a0, b1), a1, b0);
  const vector l2 = add_low(add_low(add_low(h1 + h1, a0, b2), a1, b1), a2, b0);
  const vector l3 = add_low(add_low(add_low(add_low(h2 + h2, a0, b3), a1, b2), a2, b1), a3, b0);
  const vector l4 = add_low(add_low(add_low(add_low(add_low(h3 + h3, a0, b4), a1, b3), a2, b2), a3, b1), a4, b0);
  const vector l5 = add_low(add_low(add_low(add_low(h4 + h4, a1, b4), a2, b3), a3, b2), a4, b1);
  const vector l6 = add_low(add_low(add_low(h5 + h5, a2, b4), a3, b3), a4, b2);
  const vector l7 = add_low(add_low(h6 + h6, a3, b4), a4, b3);
  const vector l8 = add_low(h7 + h7, a4, b4);
  return (columns){{fold(l0, l5), fold(l1, l6), fold(l2, l7), fold(l3, l8), fold(l4, h8 + h8)}};
}

/** Products of two different limbs count twice: their sums are doubled before the squares of single limbs are added. */
INLINE columns square_columns(const element *a) {
  const vector a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2], a3 = a->limb[3], a4 = a->limb[4];
  const vector none = {0};
  const vector h0 = add_high(none, a0, a0);
  vector h1 = add_high(none, a0, a1);
  vector h2 = add_high(none, a0, a2);
  vector h3 = add_high(add_high(none, a0, a3), a1, a2);
  vector h4 = add_high(add_high(none, a0, a4), a1, a3);
  vector h5 = add_high(add_high(none, a1, a4), a2, a3);
  vector h6 = add_high(none, a2, a4);
  vector h7 = add_high(none, a3, a4);
  const vector h8 = add_high(none, a4, a4);
  h1 += h1;
  h2 = add_high(h2 + h2, a1, a1);
  h3 += h3;
  h4 = add_high(h4 + h4, a2, a2);
  h5 += h5;
  h6 = add_high(h6 + h6, a3, a3);
  h7 += h7;
  const vector l0 = add_low(none, a0, a0);
  vector l1 = add_low(h0, a0, a1);
  vector l2 = add_low(h1, a0, a2);
  vector l3 = add_low(add_low(h2, a0, a3), a1, a2);
  vector l4 = add_low(add_low(h3, a0, a4), a1, a3);
  vector l5 = add_low(add_low(h4, a1, a4), a2, a3);
  vector l6 = add_low(h5, a2, a4);
  vector l7 = add_low(h6, a3, a4);
  l1 += l1;
  l2 = add_low(l2 + l2, a1, a1);
  l3 += l3;
  l4 = add_low(l4 + l4, a2, a2);
  l5 += l5;
  l6 = add_low(l6 + l6, a3, a3);
  l7 += l7;
  const vector l8 = add_low(h7 + h7, a4, a4);
  return (columns){{fold(l0, l5), fold(l1, l6), fold(l2, l7), fold(l3, l8), fold(l4, h8 + h8)}};
}

INLINE columns sum_of(columns a, columns b) {
  for (int k = 0; k < 5; k++) a.column[k] += b.column[k];
  return a;
}

/** a - b + 2^8 * p; `b` is of one product. */
INLINE columns difference_of(columns a, columns b) {
  for (int k = 0; k < 5; k++) a.column[k] += multiple_of_p(1 << 8, k) - b.column[k];
  return a;
}

INLINE columns twice(columns a) { return sum_of(a, a); }

INLINE element multiply(element a, element b) { return carry(product(&a, &b)); }

INLINE element square(element a) { return carry(square_columns(&a)); }

INLINE columns columns_of(element a) {
  return (columns){{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}

INLINE element add(element a, element b) { return carry(sum_of(columns_of(a), columns_of(b))); }

INLINE element subtract(element a, element b) {
  columns c;
  for (int k = 0; k < 5; k++) c.column[k] = a.limb[k] + multiple_of_p(4, k) - b.limb[k];
  return carry(c);
}

INLINE element choose(vector mask, element yes, element no) {
  for (int k = 0; k < 5; k++) no.limb[k] = either(mask, yes.limb[k], no.limb[k]);
  return no;
}
