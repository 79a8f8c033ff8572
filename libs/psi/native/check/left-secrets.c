// What a call leaves behind of its secrets: makes each on an empty stack of its own, for two sets of secrets, and compares
// what then stands on that stack and in the processor's vectors. Exit code 0: the same. 1: something else, so a secret is
// left; says which call left it where.
#include <stdio.h>
#include <ucontext.h>
#include "secrets.h"

#define STACK (1 << 20)

typedef struct {
  uint8_t stack[STACK] __attribute__((aligned(4096)));
  uint8_t vectors[32 * 64];
} left_behind;

static left_behind now, before;
static ucontext_t caller, called;
static secrets s;
static int which;

static void store_vectors(uint8_t *to) {
#ifdef __AVX512F__
#define STORE(n) __asm__ volatile("vmovdqu64 %%zmm" #n ", %0" : "=m"(*(uint8_t(*)[64])(to + 64 * n)))
  STORE(0); STORE(1); STORE(2); STORE(3); STORE(4); STORE(5); STORE(6); STORE(7);
  STORE(8); STORE(9); STORE(10); STORE(11); STORE(12); STORE(13); STORE(14); STORE(15);
  STORE(16); STORE(17); STORE(18); STORE(19); STORE(20); STORE(21); STORE(22); STORE(23);
  STORE(24); STORE(25); STORE(26); STORE(27); STORE(28); STORE(29); STORE(30); STORE(31);
#else
  (void)to;
#endif
}

static void call(void) {
  uses[which](&s);
  store_vectors(now.vectors);
}

static void run(uint64_t seed) {
  draw(&s, seed);
  memset(&now, 0, sizeof now);
  getcontext(&called);
  called.uc_stack.ss_sp = now.stack;
  called.uc_stack.ss_size = STACK;
  called.uc_link = &caller;
  makecontext(&called, call, 0);
  swapcontext(&caller, &called);
}

static int differ(const char *what, const uint8_t *one, const uint8_t *other, size_t bytes) {
  size_t count = 0;
  for (size_t at = 0; at < bytes; at++) count += one[at] != other[at];
  if (count > 0) printf("call %d leaves %zu bytes in its %s\n", which, count, what);
  return count > 0;
}

int main(void) {
  int left = 0;
  for (which = 0; which < USES; which++) {
    run(1);
    before = now;
    run(2);
    left |= differ("stack", before.stack, now.stack, STACK);
    left |= differ("vectors", before.vectors, now.vectors, sizeof now.vectors);
  }
  return left;
}
