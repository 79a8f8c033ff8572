// Inverses and square roots modulo p: fixed powers by the usual addition chain, and SQRT_RATIO_M1 of RFC 9496, section
// 4.2. All take the same steps whatever the element. A chain waits for each of its products, so roots are taken of two
// elements at once.
#pragma once
#include "element.h"

#define PAIR 2

typedef struct {
  element of[PAIR];
} pair;

INLINE pair multiply_pair(pair a, pair b) {
  for (int i = 0; i < PAIR; i++) a.of[i] = multiply(a.of[i], b.of[i]);
  return a;
}

/** a^(2^times) * b */
static __attribute__((noinline)) void extend(pair *out, const pair *a, int times, const pair *b) {
  pair work = *a;
  for (; times > 0; times--) {
    for (int i = 0; i < PAIR; i++) work.of[i] = square(work.of[i]);
  }
  *out = multiply_pair(work, *b);
}

/** z^(2^250 - 1), an exponent of 250 binary ones; and z^11. */
static void power250(pair *ones, pair *z11, const pair *z) {
  pair z2, z9, ones10, ones50;
  for (int i = 0; i < PAIR; i++) z2.of[i] = square(z->of[i]);
  extend(&z9, &z2, 2, z);
  *z11 = multiply_pair(z9, z2);
  extend(ones, z11, 1, &z9);  // 5 ones
  extend(&ones10, ones, 5, ones);
  extend(ones, &ones10, 10, &ones10);  // 20
  extend(ones, ones, 20, ones);        // 40
  extend(&ones50, ones, 10, &ones10);
  extend(ones, &ones50, 50, &ones50);  // 100
  extend(ones, ones, 100, ones);       // 200
  extend(ones, ones, 50, &ones50);     // 250
}

/** z^(p - 2): the inverses, and 0 for 0. */
static void invert(pair *out, const pair *z) {
  pair ones, z11;
  power250(&ones, &z11, z);
  extend(out, &ones, 5, &z11);
}

typedef struct {
  /** The non-negative root of u/v, or of sqrt(-1) * u/v where u/v is no square. */
  element root;
  vector is_square;
} ratio;

static void roots_of_ratios(ratio out[PAIR], const pair *u, const pair *v) {
  pair v3, base, ones, z11, root;
  for (int i = 0; i < PAIR; i++) {
    v3.of[i] = multiply(square(v->of[i]), v->of[i]);
    base.of[i] = multiply(multiply(square(v3.of[i]), v->of[i]), u->of[i]);
  }
  power250(&ones, &z11, &base);
  extend(&root, &ones, 2, &base);  // (u * v^7)^((p - 5) / 8)
  for (int i = 0; i < PAIR; i++) {
    const element r = multiply(multiply(root.of[i], v3.of[i]), u->of[i]);
    const element check = multiply(square(r), v->of[i]);
    const vector correct = is_zero(subtract(check, u->of[i]));
    const vector flipped = is_zero(add(check, u->of[i]));
    const vector flipped_by_root = is_zero(add(check, multiply(u->of[i], SQRT_M1)));
    out[i].root = non_negative(choose(flipped | flipped_by_root, multiply(r, SQRT_M1), r));
    out[i].is_square = correct | flipped;
  }
}
