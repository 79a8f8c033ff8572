// From points to bytes. The usual encoding (RFC 9496, section 4.3.2) takes a square root for each point. That of twice a
// point takes an inverse, and a batch shares one: so a multiplication takes half the scalar, and the encoding doubles.
// The algorithm is that of `double_and_compress_batch` in curve25519-dalek.
#pragma once
#include "point.h"
#include "roots.h"

/** Of twice a point E, F, G, H, then E*G, F*H, their product, and the product of all such before it. */
typedef struct {
  element e, f, g, h, eg, fh, all, before;
} doubling;

static void prepare_doubling(doubling *out, const point *p) {
  // E = 2*X*Y, F = Z^2 + d*T^2, G = Y^2 + X^2, H = Z^2 - d*T^2
  const element tt = square(p->t);
  const element d = D;
  const columns dtt = product(&tt, &d);
  const columns zz = square_columns(&p->z);
  out->e = carry(twice(product(&p->x, &p->y)));
  out->f = carry(sum_of(zz, dtt));
  out->g = carry(sum_of(square_columns(&p->x), square_columns(&p->y)));
  out->h = carry(difference_of(zz, dtt));
  out->eg = multiply(out->e, out->g);
  out->fh = multiply(out->f, out->h);
  out->all = multiply(out->eg, out->fh);
  // Zero only if twice the point is the identity: then G = 0 makes the encoding 0, and the others keep their inverse.
  const vector is_identity = is_zero(out->all);
  out->all = choose(is_identity, ONE, out->all);
  out->g = choose(is_identity, ZERO, out->g);
}

static words encoding_of(const doubling *p, const element inverse) {
  const element z = multiply(p->eg, inverse);  // 1 / Z
  const element t = multiply(p->fh, inverse);  // 1 / T
  const vector rotate = is_negative(multiply(p->eg, z));
  const element e = choose(rotate, p->g, p->e);
  const element rotated = choose(rotate, negate(p->e), p->g);
  const element h = choose(rotate, multiply(p->f, SQRT_M1), p->h);
  const element g = negate_where(is_negative(multiply(multiply(h, e), z)), rotated);
  const element magic = choose(rotate, SQRT_M1, INVSQRT_A_MINUS_D);
  return words_of(non_negative(multiply(multiply(multiply(t, g), magic), subtract(h, g))));
}

/** Twice each of the points, `count` vectors of them, 32 bytes a point. `work` is as long. */
static void encode_doubled(uint8_t *to, const point *points, int count, doubling *work) {
  pair inverse = {{ONE, ONE}};
  for (int at = 0; at < count; at++) {
    prepare_doubling(&work[at], &points[at]);
    work[at].before = inverse.of[0];
    inverse.of[0] = multiply(inverse.of[0], work[at].all);
  }
  invert(&inverse, &inverse);
  for (int at = count - 1; at >= 0; at--) {
    const element own = multiply(work[at].before, inverse.of[0]);  // 1 / (E*F*G*H)
    inverse.of[0] = multiply(inverse.of[0], work[at].all);
    write_words(to + 32 * LANES * at, encoding_of(&work[at], own));
  }
}

/** Two vectors of points, by section 4.3.2. */
static void encode(uint8_t *const to[PAIR], const point *const p[PAIR]) {
  pair one, u1, u2, w;
  ratio r[PAIR];
  for (int i = 0; i < PAIR; i++) {
    // u1 = Z^2 - Y^2, u2 = X*Y
    one.of[i] = ONE;
    u1.of[i] = carry(difference_of(square_columns(&p[i]->z), square_columns(&p[i]->y)));
    u2.of[i] = multiply(p[i]->x, p[i]->y);
    w.of[i] = multiply(square(u2.of[i]), u1.of[i]);
  }
  roots_of_ratios(r, &one, &w);
  for (int i = 0; i < PAIR; i++) {
    const element den1 = multiply(r[i].root, u1.of[i]);
    const element den2 = multiply(r[i].root, u2.of[i]);
    const element z = multiply(multiply(den1, den2), p[i]->t);  // 1 / Z
    const vector rotate = is_negative(multiply(p[i]->t, z));
    const element x = choose(rotate, multiply(p[i]->y, SQRT_M1), p[i]->x);
    const element turned = choose(rotate, multiply(p[i]->x, SQRT_M1), p[i]->y);
    const element den = choose(rotate, multiply(den1, INVSQRT_A_MINUS_D), den2);
    const element y = negate_where(is_negative(multiply(x, z)), turned);
    write_words(to[i], words_of(non_negative(multiply(den, subtract(p[i]->z, y)))));
  }
}
