// SHA-512 (FIPS 180-4) of eight messages side by side, a message in each lane.
#pragma once
#include <stddef.h>
#include <string.h>
#include "vector.h"
#include "wipe.h"

#define DIGEST_BLOCK 128

typedef struct {
  vector word[8];
} digest;

static const uint64_t digest_start[8] = {
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint64_t digest_rounds[80] = {
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
  0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
  0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
  0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
  0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
  0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
  0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
  0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
  0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
  0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
  0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
  0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
  0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

INLINE vector turned(vector value, int by) { return (value >> by) | (value << (64 - by)); }

/** Takes one block of each message into its digest (section 6.4.2). */
static void take_block(digest *to, const uint8_t blocks[LANES][DIGEST_BLOCK]) {
  vector w[16], h[8];
  for (int word = 0; word < 16; word++) {
    for (int lane = 0; lane < LANES; lane++) {
      uint64_t one;
      memcpy(&one, blocks[lane] + 8 * word, 8);
      w[word][lane] = __builtin_bswap64(one);
    }
  }
  memcpy(h, to->word, sizeof h);
  for (int first = 0; first < 80; first += 16) {
    for (int t = 0; t < 16; t++) {
      if (first > 0) {
        const vector a = w[(t + 1) & 15], b = w[(t + 14) & 15];
        w[t] += (turned(a, 1) ^ turned(a, 8) ^ (a >> 7)) + w[(t + 9) & 15] + (turned(b, 19) ^ turned(b, 61) ^ (b >> 6));
      }
      const vector a = h[0], e = h[4];
      const vector chosen = h[6] ^ (e & (h[5] ^ h[6]));
      const vector most = (a & h[1]) | (h[2] & (a | h[1]));
      const vector one =
        h[7] + (turned(e, 14) ^ turned(e, 18) ^ turned(e, 41)) + chosen + in_all_lanes(digest_rounds[first + t]) + w[t];
      const vector two = (turned(a, 28) ^ turned(a, 34) ^ turned(a, 39)) + most;
      for (int place = 7; place > 0; place--) h[place] = h[place - 1];
      h[4] += one;
      h[0] = one + two;
    }
  }
  for (int word = 0; word < 8; word++) to->word[word] += h[word];
}

/** A message in three pieces: what all begin with, the item, what all end with. */
typedef struct {
  const uint8_t *piece[3];
  size_t length[3];
} message;

static size_t bytes_of(const message *m) { return m->length[0] + m->length[1] + m->length[2]; }

/** With the bit and the length that follow the message. */
static size_t blocks_of(const message *m) { return (bytes_of(m) + 1 + 16 + DIGEST_BLOCK - 1) / DIGEST_BLOCK; }

/** What of the padded message stands in that block. */
static void fill_block(uint8_t block[DIGEST_BLOCK], const message *m, size_t index) {
  const size_t from = index * DIGEST_BLOCK, bytes = bytes_of(m);
  size_t at = 0;
  memset(block, 0, DIGEST_BLOCK);
  for (int piece = 0; piece < 3; piece++) {
    const size_t end = at + m->length[piece];
    const size_t first = at > from ? at : from;
    const size_t last = end < from + DIGEST_BLOCK ? end : from + DIGEST_BLOCK;
    if (first < last) memcpy(block + (first - from), m->piece[piece] + (first - at), last - first);
    at = end;
  }
  if (bytes >= from && bytes < from + DIGEST_BLOCK) block[bytes - from] = 0x80;
  if (index == blocks_of(m) - 1) {
    const uint64_t bits = __builtin_bswap64((uint64_t)bytes * 8);
    memcpy(block + DIGEST_BLOCK - 8, &bits, 8);
  }
}

/** What one call works with: its memory holds all that is secret. */
typedef struct {
  message common;
  /** Whole blocks that all messages begin with, and the digest of these. */
  size_t begun_blocks;
  digest begun, now;
  uint8_t blocks[LANES][DIGEST_BLOCK];
} hashing;

static BELOW void begin_digests(hashing *h, const uint8_t *before, size_t before_length, const uint8_t *after,
                          size_t after_length) {
  h->common = (message){{before, NULL, after}, {before_length, 0, after_length}};
  h->begun_blocks = before_length / DIGEST_BLOCK;
  for (int word = 0; word < 8; word++) h->begun.word[word] = in_all_lanes(digest_start[word]);
  for (size_t block = 0; block < h->begun_blocks; block++) {
    for (int lane = 0; lane < LANES; lane++) memcpy(h->blocks[lane], before + block * DIGEST_BLOCK, DIGEST_BLOCK);
    take_block(&h->begun, h->blocks);
  }
}

static size_t end_at(const uint8_t *ends) {
  uint32_t end;
  memcpy(&end, ends, 4);
  return end;
}

/** Of up to eight items, of which the first ends at the first of `ends`, and begins at 0 if it is the first of all. */
static BELOW void digests_of(hashing *h, uint8_t *out, const uint8_t *items, const uint8_t *ends, int is_first, int count) {
  message m[LANES];
  size_t most = 0;
  for (int lane = 0; lane < count; lane++) {
    const size_t start = lane == 0 && is_first ? 0 : end_at(ends + 4 * lane - 4);
    m[lane] = h->common;
    m[lane].piece[1] = items + start;
    m[lane].length[1] = end_at(ends + 4 * lane) - start;
    if (blocks_of(&m[lane]) > most) most = blocks_of(&m[lane]);
  }
  h->now = h->begun;
  for (size_t block = h->begun_blocks; block < most; block++) {
    const digest before = h->now;
    vector is_over = {0};
    for (int lane = 0; lane < count; lane++) {
      if (block < blocks_of(&m[lane])) fill_block(h->blocks[lane], &m[lane], block);
      else is_over[lane] = ~(uint64_t)0;
    }
    take_block(&h->now, h->blocks);
    for (int word = 0; word < 8; word++) h->now.word[word] = either(is_over, before.word[word], h->now.word[word]);
  }
  for (int lane = 0; lane < count; lane++) {
    for (int word = 0; word < 8; word++) {
      const uint64_t one = __builtin_bswap64(h->now.word[word][lane]);
      memcpy(out + 64 * lane + 8 * word, &one, 8);
    }
  }
}
