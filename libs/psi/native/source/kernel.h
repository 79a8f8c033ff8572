// The kernel: multiplies, derives, encodes and adds up points of ristretto255 (RFC 9496), and hashes messages, eight at a
// time. Thread-safe: nothing is kept between calls. Points take 32 bytes, uniform bytes 64 an item, scalars 32 (little-endian, below the
// order of the group), weights 2 (little-endian). Neither branch nor address depends on scalars, weights or points,
// except on which of the points are bad.
#pragma once
#include <stddef.h>
#include <stdint.h>

/** The index of the first point that is no canonical encoding, or is the identity; or -1. Then results are complete. */
typedef int64_t first_bad;

/**
 * With `weights`, which may be NULL, one more point follows the products: the sum of all inputs, each times its weight,
 * for a fraction of what it takes by itself. It may be the identity.
 */
first_bad kernel_multiply(uint8_t *out, const uint8_t *points, int64_t count, const uint8_t *scalar,
                          const uint8_t *weights);

void kernel_hash(uint8_t *out, const uint8_t *uniform, int64_t count);

/** As `kernel_hash`, then `kernel_multiply`, without an encoding in between. */
first_bad kernel_hash_and_multiply(uint8_t *out, const uint8_t *uniform, int64_t count, const uint8_t *scalar,
                                   const uint8_t *weights);

/** One point, which may be the identity: the sum of all, each times its weight. */
first_bad kernel_sum(uint8_t *out, const uint8_t *points, const uint8_t *weights, int64_t count);

/**
 * SHA-512 of so many messages, 64 bytes each: `before`, then the item, then `after`. Item i ends where `ends` says (4
 * bytes, little-endian) and begins where the one before it ends. Only lengths decide branches and addresses.
 */
void kernel_digests(uint8_t *out, const uint8_t *before, size_t before_length, const uint8_t *items, const uint8_t *ends,
                    int64_t count, const uint8_t *after, size_t after_length);

/** For tests: of `count` pairs of field elements, 32 bytes each, the product and the square of the first. */
void kernel_multiply_elements(uint8_t *out, const uint8_t *pairs, int64_t count);
