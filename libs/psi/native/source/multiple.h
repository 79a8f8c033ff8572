// Half the scalar times eight points: 64 windows of four bits. Each window does the same work on the same addresses:
// neither time nor cache tells the scalar.
#pragma once
#include "point.h"
#include "scalar.h"

#define ENTRIES 8
#define VECTORS_OF_ADDEND (int)(sizeof(addend) / sizeof(vector))

/** 1 to 8 times the point. */
static void fill_table(addend table[ENTRIES], const point *p) {
  spread multiple = spread_of(p);
  table[0] = addend_of(&multiple);
  for (int entry = 1; entry < ENTRIES; entry++) {
    const raw sum = added(&multiple, &table[0]);
    finish_spread(&multiple, &sum);
    table[entry] = addend_of(&multiple);
  }
}

/** digit * point: reads the whole table, whatever the digit is. */
INLINE void select_multiple(addend *out, const addend *table, int64_t digit) {
  const vector sign = hidden(in_all_lanes((uint64_t)(digit >> 63)));
  const vector size = (in_all_lanes((uint64_t)digit) ^ sign) - sign;
  vector is_entry[ENTRIES];
  for (int entry = 0; entry < ENTRIES; entry++) is_entry[entry] = mask_of_zero(size ^ in_all_lanes((uint64_t)entry + 1));
  addend chosen;
  vector *to = (vector *)&chosen;
  for (int at = 0; at < VECTORS_OF_ADDEND; at++) {
    vector limb = {0};
    for (int entry = 0; entry < ENTRIES; entry++) limb |= ((const vector *)&table[entry])[at] & is_entry[entry];
    to[at] = limb;
  }
  // Nothing times the point: Y - X = Y + X = Z = 1.
  const vector one = mask_of_zero(size) & 1;
  chosen.minus.limb[0] |= one;
  chosen.plus.limb[0] |= one;
  chosen.z.limb[0] |= one;
  *out = negate_addend_where(sign, chosen);
}

/** In place. */
static void multiply_by_half(point *p, const digits *half) {
  addend table[ENTRIES];
  fill_table(table, p);
  spread at = identity();
  addend next;
  select_multiple(&next, table, half->of[DIGITS - 1]);
  raw sum = added(&at, &next);
  for (int index = DIGITS - 2; index >= 0; index--) {
    finish(p, &sum);
    for (int times = 0; times < 3; times++) {
      sum = doubled(p);
      finish(p, &sum);
    }
    sum = doubled(p);
    finish_spread(&at, &sum);
    select_multiple(&next, table, half->of[index]);
    sum = added(&at, &next);
  }
  finish_with_t(p, &sum);
}
