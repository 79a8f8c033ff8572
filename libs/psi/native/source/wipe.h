// Overwrites what a call leaves behind: its memory, the stack below it, and the processor's vectors.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static void wipe(void *secret, size_t bytes) {
  memset(secret, 0, bytes);
  // The compiler must believe that somebody reads it.
  __asm__ volatile("" : : "r"(secret) : "memory");
}

/** Of a function that spills secrets: its frame is below that of whoever calls it and then `wipe_stack`. */
#define BELOW __attribute__((noinline))

/** More than the frames of any call inside the kernel take. */
static BELOW void wipe_stack(void) {
  uint8_t below[64 * 1024];
  wipe(below, sizeof below);
#ifdef __AVX512IFMA__
  // The first sixteen vectors; the others one by one.
  __asm__ volatile(
    "vzeroall\n"
    "vpxorq %%zmm16, %%zmm16, %%zmm16\n"
    "vpxorq %%zmm17, %%zmm17, %%zmm17\n"
    "vpxorq %%zmm18, %%zmm18, %%zmm18\n"
    "vpxorq %%zmm19, %%zmm19, %%zmm19\n"
    "vpxorq %%zmm20, %%zmm20, %%zmm20\n"
    "vpxorq %%zmm21, %%zmm21, %%zmm21\n"
    "vpxorq %%zmm22, %%zmm22, %%zmm22\n"
    "vpxorq %%zmm23, %%zmm23, %%zmm23\n"
    "vpxorq %%zmm24, %%zmm24, %%zmm24\n"
    "vpxorq %%zmm25, %%zmm25, %%zmm25\n"
    "vpxorq %%zmm26, %%zmm26, %%zmm26\n"
    "vpxorq %%zmm27, %%zmm27, %%zmm27\n"
    "vpxorq %%zmm28, %%zmm28, %%zmm28\n"
    "vpxorq %%zmm29, %%zmm29, %%zmm29\n"
    "vpxorq %%zmm30, %%zmm30, %%zmm30\n"
    "vpxorq %%zmm31, %%zmm31, %%zmm31\n"
    :
    :
    : "memory");
#endif
}
