// What `kernel.h` promises: takes batches through the arithmetic, block by block.
#include "kernel.h"
#include "decode.h"
#include "digest.h"
#include "encode.h"
#include "multiple.h"
#include "weighted.h"
#include "wipe.h"

#ifdef CHECK_SECRETS
#include <valgrind/memcheck.h>
#define PUBLIC(value) VALGRIND_MAKE_MEM_DEFINED(&(value), sizeof(value))
#else
#define PUBLIC(value) ((void)0)
#endif

/** Vectors that share an inverse. */
#define VECTORS 16
#define BLOCK (VECTORS * LANES)

/** What one block needs, beside the stack of what it calls. */
typedef struct {
  point points[VECTORS];
  doubling doublings[VECTORS];
  uint8_t in[BLOCK * 64] __attribute__((aligned(64)));
  uint8_t out[BLOCK * 32] __attribute__((aligned(64)));
  vector bad[VECTORS];
  digits half;
  sums sum;
} block;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/** An even number: vectors are decoded in pairs. */
static int vectors_of(int64_t count) { return (int)((count + PAIR * LANES - 1) / (PAIR * LANES)) * PAIR; }

/** The last item is repeated to fill the last pair of vectors. */
static void take(block *b, const uint8_t *items, int64_t count, size_t width) {
  memcpy(b->in, items, count * width);
  for (int64_t at = count; at < vectors_of(count) * LANES; at++) memcpy(b->in + at * width, b->in + (count - 1) * width, width);
}

/** The place of the first bad lane, or -1: this much is told to whoever calls. */
static int64_t first_set(const vector *masks, int64_t count) {
  for (int64_t at = 0; at < count; at++) {
    uint64_t is_set = masks[at / LANES][at % LANES];
    PUBLIC(is_set);
    if (is_set) return at;
  }
  return -1;
}

static int64_t decode_block(block *b, const uint8_t *items, int64_t count) {
  take(b, items, count, 32);
  for (int at = 0; at < vectors_of(count); at += PAIR) {
    point *to[PAIR] = {&b->points[at], &b->points[at + 1]};
    const uint8_t *const from[PAIR] = {b->in + at * LANES * 32, b->in + (at + 1) * LANES * 32};
    decode(to, &b->bad[at], from);
  }
  return first_set(b->bad, count);
}

static void derive_block(block *b, const uint8_t *items, int64_t count) {
  take(b, items, count, 64);
  for (int at = 0; at < vectors_of(count); at += PAIR) {
    point *to[PAIR] = {&b->points[at], &b->points[at + 1]};
    const uint8_t *const from[PAIR] = {b->in + at * LANES * 64, b->in + (at + 1) * LANES * 64};
    derive(to, from);
  }
}

static void multiply_block(block *b, uint8_t *out, int64_t count) {
  const int vectors = (int)((count + LANES - 1) / LANES);
  for (int at = 0; at < vectors; at++) multiply_by_half(&b->points[at], &b->half);
  encode_doubled(b->out, b->points, vectors, b->doublings);
  memcpy(out, b->out, count * 32);
}

static void encode_block(block *b, uint8_t *out, int64_t count) {
  for (int at = 0; at < vectors_of(count); at += PAIR) {
    uint8_t *const to[PAIR] = {b->out + at * LANES * 32, b->out + (at + 1) * LANES * 32};
    const point *const from[PAIR] = {&b->points[at], &b->points[at + 1]};
    encode(to, from);
  }
  memcpy(out, b->out, count * 32);
}

static void close_block(block *b) {
  wipe(b, sizeof *b);
  wipe_stack();
}

/** Adds a block's points, which stay as they are, times their weights. */
static void add_block(block *b, const uint8_t *weights, int64_t count) {
  for (int64_t at = 0; at < count; at += LANES) {
    vector weight = {0};
    for (int64_t lane = 0; lane < least(LANES, count - at); lane++) {
      weight[lane] = (uint64_t)weights[2 * (at + lane)] | ((uint64_t)weights[2 * (at + lane) + 1] << 8);
    }
    add_weighted(&b->sum, &b->points[at / LANES], weight);
  }
}

static void encode_sum(block *b, uint8_t *out) {
  total_of(&b->points[0], &b->sum);
  b->points[1] = b->points[0];
  encode_block(b, out, 1);
}

first_bad kernel_multiply(uint8_t *out, const uint8_t *points, int64_t count, const uint8_t *scalar,
                          const uint8_t *weights) {
  block b;
  int64_t bad = -1;
  digits_of_half(&b.half, scalar);
  no_sums(&b.sum);
  for (int64_t first = 0; first < count && bad < 0; first += BLOCK) {
    const int64_t length = least(BLOCK, count - first);
    const int64_t place = decode_block(&b, points + first * 32, length);
    if (place >= 0) {
      bad = first + place;
      break;
    }
    if (weights != NULL) add_block(&b, weights + 2 * first, length);
    multiply_block(&b, out + first * 32, length);
  }
  if (weights != NULL) encode_sum(&b, out + count * 32);
  close_block(&b);
  return bad;
}

void kernel_hash(uint8_t *out, const uint8_t *uniform, int64_t count) {
  block b;
  for (int64_t first = 0; first < count; first += BLOCK) {
    const int64_t length = least(BLOCK, count - first);
    derive_block(&b, uniform + first * 64, length);
    encode_block(&b, out + first * 32, length);
  }
  close_block(&b);
}

/** No product of a point that is not the identity is the identity; uniform bytes may be chosen to derive it. */
static int64_t identity_among(block *b, int64_t count) {
  for (int at = 0; at < vectors_of(count); at++) {
    const words w = read_words(b->out + at * LANES * 32, 32);
    b->bad[at] = mask_of_zero(w.word[0] | w.word[1] | w.word[2] | w.word[3]);
  }
  return first_set(b->bad, count);
}

first_bad kernel_hash_and_multiply(uint8_t *out, const uint8_t *uniform, int64_t count, const uint8_t *scalar,
                                   const uint8_t *weights) {
  block b;
  int64_t bad = -1;
  digits_of_half(&b.half, scalar);
  no_sums(&b.sum);
  for (int64_t first = 0; first < count && bad < 0; first += BLOCK) {
    const int64_t length = least(BLOCK, count - first);
    derive_block(&b, uniform + first * 64, length);
    if (weights != NULL) add_block(&b, weights + 2 * first, length);
    multiply_block(&b, out + first * 32, length);
    const int64_t place = identity_among(&b, length);
    if (place >= 0) bad = first + place;
  }
  if (weights != NULL) encode_sum(&b, out + count * 32);
  close_block(&b);
  return bad;
}

first_bad kernel_sum(uint8_t *out, const uint8_t *points, const uint8_t *weights, int64_t count) {
  block b;
  int64_t bad = -1;
  no_sums(&b.sum);
  for (int64_t first = 0; first < count && bad < 0; first += BLOCK) {
    const int64_t length = least(BLOCK, count - first);
    const int64_t place = decode_block(&b, points + first * 32, length);
    if (place >= 0) bad = first + place;
    else add_block(&b, weights + 2 * first, length);
  }
  encode_sum(&b, out);
  close_block(&b);
  return bad;
}

void kernel_digests(uint8_t *out, const uint8_t *before, size_t before_length, const uint8_t *items, const uint8_t *ends,
                    int64_t count, const uint8_t *after, size_t after_length) {
  hashing h;
  begin_digests(&h, before, before_length, after, after_length);
  for (int64_t first = 0; first < count; first += LANES) {
    digests_of(&h, out + first * 64, items, ends + 4 * first, first == 0, (int)least(LANES, count - first));
  }
  wipe(&h, sizeof h);
  wipe_stack();
}

void kernel_multiply_elements(uint8_t *out, const uint8_t *pairs, int64_t count) {
  uint8_t in[LANES * 64], results[2][LANES * 32];
  for (int64_t first = 0; first < count; first += LANES) {
    const int64_t length = least(LANES, count - first);
    memset(in, 0, sizeof in);
    memcpy(in, pairs + first * 64, length * 64);
    const element a = element_of(read_words(in, 64));
    const element b = element_of(read_words(in + 32, 64));
    write_words(results[0], words_of(multiply(a, b)));
    write_words(results[1], words_of(square(a)));
    for (int64_t lane = 0; lane < length; lane++) {
      memcpy(out + (first + lane) * 64, results[0] + lane * 32, 32);
      memcpy(out + (first + lane) * 64 + 32, results[1] + lane * 32, 32);
    }
  }
}
