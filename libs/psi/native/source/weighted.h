// Sums of points, each with a weight of 16 bits. Each lane adds up its own points, and for each two bits of the weights
// separately: eight places with digits from -1 to 2, and one more for what is carried. Only at the end are places and
// lanes put together. Weights are secret: every place adds something to every point, if only the identity.
#pragma once
#include "point.h"

#define PLACES 9

typedef struct {
  spread of[PLACES];
} sums;

static void no_sums(sums *out) {
  for (int place = 0; place < PLACES; place++) out->of[place] = identity();
}

static void add_weighted(sums *to, const point *p, vector weight) {
  const spread once = spread_of(p);
  const addend one = addend_of(&once);
  const raw double_of_p = doubled(p);
  spread both;
  finish_spread(&both, &double_of_p);
  const addend two = addend_of(&both);
  vector carried = {0};
  for (int place = 0; place < PLACES; place++) {
    // From 0 to 4: 3 is -1, and 4 is 0, with one for the next place.
    const vector value = ((weight >> (2 * place)) & 3) + carried;
    carried = (value + 1) >> 2;
    const vector is_two = mask_of_zero(value ^ 2);
    const vector is_minus = mask_of_zero(value ^ 3);
    const vector is_one = mask_of_zero(value ^ 1) | is_minus;
    addend next = choose_addend(is_one, one, choose_addend(is_two, two, no_addend()));
    next = negate_addend_where(is_minus, next);
    const raw sum = added(&to->of[place], &next);
    finish_spread(&to->of[place], &sum);
  }
}

/** From Y - X and Y + X twice X and Y; so Z and T are doubled too. */
INLINE point point_of(const spread *s) {
  return (point){subtract(s->plus, s->minus), add(s->plus, s->minus), add(s->z, s->z), add(s->t, s->t)};
}

INLINE element rotated(element a, int by) {
  for (int k = 0; k < 5; k++) {
    uint64_t twice[2 * LANES];
    memcpy(twice, &a.limb[k], sizeof a.limb[k]);
    memcpy(twice + LANES, &a.limb[k], sizeof a.limb[k]);
    memcpy(&a.limb[k], twice + by, sizeof a.limb[k]);
  }
  return a;
}

/** The sum of all lanes and places, in every lane. */
static void total_of(point *out, const sums *from) {
  spread all = from->of[PLACES - 1];
  raw r;
  for (int place = PLACES - 2; place >= 0; place--) {
    *out = point_of(&all);
    r = doubled(out);
    finish(out, &r);
    r = doubled(out);
    finish_spread(&all, &r);
    const addend next = addend_of(&from->of[place]);
    r = added(&all, &next);
    finish_spread(&all, &r);
  }
  for (int by = LANES / 2; by > 0; by /= 2) {
    const spread other = {rotated(all.minus, by), rotated(all.plus, by), rotated(all.z, by), rotated(all.t, by)};
    const addend next = addend_of(&other);
    r = added(&all, &next);
    finish_spread(&all, &r);
  }
  *out = point_of(&all);
}
