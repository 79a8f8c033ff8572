// Eight numbers of 64 bits side by side, one for each of eight points. With AVX-512 IFMA a product takes one instruction;
// built without (for valgrind, which does not know these), the same sources compute lane by lane.
#pragma once
#include <stdint.h>

#ifdef __AVX512IFMA__
#include <immintrin.h>
#endif

#define LANES 8

typedef uint64_t vector __attribute__((vector_size(8 * LANES)));

#define INLINE static inline __attribute__((always_inline))

/** sum + the low 52 bits of a * b. Of each factor only the low 52 bits count: nothing tells that there were more. */
INLINE vector add_low(vector sum, vector a, vector b) {
#ifdef __AVX512IFMA__
  return (vector)_mm512_madd52lo_epu64((__m512i)sum, (__m512i)a, (__m512i)b);
#else
  const uint64_t mask = ((uint64_t)1 << 52) - 1;
  for (int lane = 0; lane < LANES; lane++) sum[lane] += ((a[lane] & mask) * (b[lane] & mask)) & mask;
  return sum;
#endif
}

/** sum + the high 52 bits of a * b, likewise. */
INLINE vector add_high(vector sum, vector a, vector b) {
#ifdef __AVX512IFMA__
  return (vector)_mm512_madd52hi_epu64((__m512i)sum, (__m512i)a, (__m512i)b);
#else
  const uint64_t mask = ((uint64_t)1 << 52) - 1;
  for (int lane = 0; lane < LANES; lane++) {
    sum[lane] += (uint64_t)(((unsigned __int128)(a[lane] & mask) * (b[lane] & mask)) >> 52);
  }
  return sum;
#endif
}

INLINE vector in_all_lanes(uint64_t value) { return value - (vector){0}; }

/** The compiler must not know that a mask has only two values: it would make branches of them. */
INLINE vector hidden(vector mask) {
#ifdef __AVX512IFMA__
  __asm__("" : "+v"(mask));
#else
  for (int lane = 0; lane < LANES; lane++) {
    uint64_t one = mask[lane];
    __asm__("" : "+r"(one));
    mask[lane] = one;
  }
#endif
  return mask;
}

/** All ones in the lanes where the lowest bit is set. */
INLINE vector mask_of_bit(vector bit) { return hidden(-(bit & 1)); }

/** All ones in the lanes that are zero. */
INLINE vector mask_of_zero(vector value) { return hidden(((value | -value) >> 63) - 1); }

/** `yes` where the mask is all ones, `no` where it is zero. */
INLINE vector either(vector mask, vector yes, vector no) { return (mask & yes) | (~mask & no); }
