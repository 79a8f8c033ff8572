// The scalar of a call: halved, because the encoding doubles (encode.h), and cut into signed digits of four bits. It is
// secret: no branch and no address depends on it.
#pragma once
#include <stdint.h>
#include <string.h>

/** A point is doubled four times between two digits. */
#define DIGITS 64

/** Of 16^0, 16^1, …: each from -8 to 7. */
typedef struct {
  int64_t of[DIGITS];
} digits;

/** An odd scalar becomes even by adding the order of the group, which is odd. */
static void halve(uint64_t half[5], const uint8_t scalar[32]) {
  static const uint64_t order[4] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};
  uint64_t word[4];
  memcpy(word, scalar, 32);
  uint64_t odd = -(word[0] & 1);
  __asm__("" : "+r"(odd));
  unsigned __int128 sum = 0;
  for (int k = 0; k < 4; k++) {
    sum += (unsigned __int128)word[k] + (order[k] & odd);
    half[k] = (uint64_t)sum;
    sum >>= 64;
  }
  half[4] = (uint64_t)sum;
  for (int k = 0; k < 4; k++) half[k] = (half[k] >> 1) | (half[k + 1] << 63);
  memset(word, 0, sizeof word);
  __asm__ volatile("" : : "r"(word) : "memory");
}

static void digits_of_half(digits *out, const uint8_t scalar[32]) {
  uint64_t half[5];
  halve(half, scalar);
  int64_t carried = 0;
  for (int index = 0; index < DIGITS; index++) {
    const int64_t value = (int64_t)((half[index >> 4] >> ((index & 15) * 4)) & 15) + carried;
    carried = (value + 8) >> 4;
    out->of[index] = value - carried * 16;
  }
  memset(half, 0, sizeof half);
  __asm__ volatile("" : : "r"(half) : "memory");
}
