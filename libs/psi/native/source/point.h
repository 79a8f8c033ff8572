// Points of the twisted Edwards curve -x^2 + y^2 = 1 + d*x^2*y^2 (that of ed25519), eight at a time. Formulas: "Twisted
// Edwards Curves Revisited" (Hisil, Wong, Carter, Dawson), sections 3.1 and 3.3; complete, so none has exceptions. Sums of
// products are carried once.
#pragma once
#include "element.h"

/** T = X * Y / Z */
typedef struct {
  element x, y, z, t;
} point;

/** What is kept of a point that is added to: Y - X and Y + X in the place of X and Y. */
typedef struct {
  element minus, plus, z, t;
} spread;

/** What is added: Y - X, Y + X, Z, 2*d*T. */
typedef struct {
  element minus, plus, z, t;
} addend;

/** The result of a doubling or a sum: X = E*F, Y = G*H, Z = F*G, T = E*H. */
typedef struct {
  element e, f, g, h;
} raw;

/** Of X, Y, Z. E, F, G, H all with the sign that saves work. E is 2XY: (X + Y)^2 would exceed the limbs. */
INLINE raw doubled(const point *p) {
  const columns xx = square_columns(&p->x);
  const columns yy = square_columns(&p->y);
  const columns zz = square_columns(&p->z);
  raw out;
  out.e = carry(twice(product(&p->x, &p->y)));
  out.h = carry(sum_of(xx, yy));
  out.g = carry(difference_of(yy, xx));
  out.f = carry(difference_of(sum_of(twice(zz), xx), yy));
  return out;
}

INLINE raw added(const spread *p, const addend *q) {
  const columns a = product(&p->minus, &q->minus);
  const columns b = product(&p->plus, &q->plus);
  const columns c = product(&p->t, &q->t);
  const columns d = twice(product(&p->z, &q->z));
  raw out;
  out.e = carry(difference_of(b, a));
  out.f = carry(difference_of(d, c));
  out.g = carry(sum_of(d, c));
  out.h = carry(sum_of(b, a));
  return out;
}

/** X, Y, Z: enough for a doubling. */
INLINE void finish(point *out, const raw *r) {
  out->x = multiply(r->e, r->f);
  out->y = multiply(r->g, r->h);
  out->z = multiply(r->f, r->g);
}

INLINE void finish_with_t(point *out, const raw *r) {
  finish(out, r);
  out->t = multiply(r->e, r->h);
}

INLINE void finish_spread(spread *out, const raw *r) {
  const columns x = product(&r->e, &r->f);
  const columns y = product(&r->g, &r->h);
  out->minus = carry(difference_of(y, x));
  out->plus = carry(sum_of(y, x));
  out->z = multiply(r->f, r->g);
  out->t = multiply(r->e, r->h);
}

INLINE spread spread_of(const point *p) {
  return (spread){subtract(p->y, p->x), add(p->y, p->x), p->z, p->t};
}

INLINE addend addend_of(const spread *p) { return (addend){p->minus, p->plus, p->z, multiply(p->t, TWO_D)}; }

INLINE addend no_addend(void) { return (addend){ONE, ONE, ONE, ZERO}; }

INLINE spread identity(void) { return (spread){ONE, ONE, ONE, ZERO}; }

INLINE addend choose_addend(vector mask, addend yes, addend no) {
  return (addend){
    choose(mask, yes.minus, no.minus),
    choose(mask, yes.plus, no.plus),
    choose(mask, yes.z, no.z),
    choose(mask, yes.t, no.t),
  };
}

/** The negative where the mask is set: Y - X and Y + X change places, T changes its sign. */
INLINE addend negate_addend_where(vector mask, addend a) {
  return (addend){choose(mask, a.plus, a.minus), choose(mask, a.minus, a.plus), a.z, negate_where(mask, a.t)};
}
