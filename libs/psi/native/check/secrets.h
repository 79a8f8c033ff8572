// Calls everything that the kernel does, on secrets that come from a number: for checks of what they can tell.
#pragma once
#include <stdint.h>
#include <string.h>
#include "kernel.h"

/** One vector of them unless more are asked for: all lanes do the same. */
#ifndef ITEMS
#define ITEMS 1
#endif

typedef struct {
  uint8_t scalar[32], uniform[ITEMS * 64], weights[ITEMS * 2], points[ITEMS * 32], products[(ITEMS + 1) * 32],
    hashed[(ITEMS + 1) * 32], sum[32], digests[ITEMS * 64];
} secrets;

static void draw(secrets *out, uint64_t seed) {
  uint8_t *bytes[] = {out->scalar, out->uniform, out->weights};
  const size_t lengths[] = {32, sizeof out->uniform, sizeof out->weights};
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  for (int array = 0; array < 3; array++) {
    for (size_t at = 0; at < lengths[array]; at++) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      bytes[array][at] = (uint8_t)(state >> 32);
    }
  }
  out->scalar[31] &= 15;
  // Digits of all kinds: zeros, the most, the least.
  memset(out->scalar + 4 + seed % 4, 0, 3);
  memset(out->scalar + 12 + seed % 4, 0x88, 3);
  memset(out->scalar + 20 + seed % 4, 0x77, 3);
  memset(out->weights, seed % 2 ? 0xff : 0, 2);
  // Not secret yet: valid points to begin with.
  kernel_hash(out->points, out->uniform, ITEMS);
}

static int64_t use_in_hash(secrets *s) {
  kernel_hash(s->hashed, s->uniform, ITEMS);
  return -1;
}

static int64_t use_in_products(secrets *s) { return kernel_multiply(s->products, s->points, ITEMS, s->scalar, s->weights); }

static int64_t use_in_both(secrets *s) {
  return kernel_hash_and_multiply(s->hashed, s->uniform, ITEMS, s->scalar, s->weights);
}

static int64_t use_in_sum(secrets *s) { return kernel_sum(s->sum, s->points, s->weights, ITEMS); }

static int64_t use_in_digests(secrets *s) {
  uint32_t ends[ITEMS];
  for (uint32_t item = 0; item < ITEMS; item++) ends[item] = (item + 1) * 64;
  kernel_digests(s->digests, s->scalar, 32, s->uniform, (const uint8_t *)ends, ITEMS, s->scalar, 32);
  return -1;
}

#define USES 5
static int64_t (*const uses[USES])(secrets *) = {use_in_hash, use_in_products, use_in_both, use_in_sum, use_in_digests};

/** Nothing of this may depend on them. */
static int64_t use(secrets *s) {
  int64_t bad = -1;
  for (int each = 0; each < USES; each++) bad &= uses[each](s);
  return bad;
}
