// For valgrind: all secrets count as undefined, so that every branch and every address that depends on one is reported.
// Valgrind does not know AVX-512 IFMA: this is the same source, computed lane by lane. Prints the results.
#include <stdio.h>
#include <valgrind/memcheck.h>
#include "secrets.h"

int main(void) {
  static secrets s;
  draw(&s, 1);
  VALGRIND_MAKE_MEM_UNDEFINED(s.scalar, sizeof s.scalar);
  VALGRIND_MAKE_MEM_UNDEFINED(s.uniform, sizeof s.uniform);
  VALGRIND_MAKE_MEM_UNDEFINED(s.weights, sizeof s.weights);
  VALGRIND_MAKE_MEM_UNDEFINED(s.points, sizeof s.points);
  const int64_t bad = use(&s);
  VALGRIND_MAKE_MEM_DEFINED(&s, sizeof s);
  for (size_t at = 0; at < sizeof s; at++) printf("%02x", ((const uint8_t *)&s)[at]);
  printf("\n");
  return bad == -1 ? 0 : 1;
}
