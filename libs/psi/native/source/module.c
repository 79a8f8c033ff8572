// What Node loads: checks what it is given, and calls the kernel. Built without AVX-512, so that it loads everywhere.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <string.h>
#include "kernel.h"

/** How the arrays of a call must fit together. */
typedef struct {
  /** Bytes of one item of the input. */
  size_t width;
  /** Of the result: 0 if it is one point for the whole batch. */
  size_t out_width;
  /** Of the third array; 0 if it is one scalar. */
  size_t third_width;
  /** A fourth array may follow, of weights; then the result has one point more. */
  bool may_weigh;
} shape;

typedef struct {
  uint8_t *out, *in, *third, *weights;
  /** Items of the input; -1 if the arrays do not fit together, and a JavaScript RangeError is thrown. */
  int64_t count;
} batch;

typedef struct {
  uint8_t *bytes;
  size_t length;
} array;

static bool array_of(napi_env env, napi_value value, array *out) {
  napi_typedarray_type type;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &out->length, &data, NULL, NULL) != napi_ok) return false;
  out->bytes = data;
  return type == napi_uint8_array;
}

static bool fits(napi_env env, napi_callback_info info, shape s, batch *out) {
  size_t given = 4;
  napi_value values[4];
  array of[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
  if (napi_get_cb_info(env, info, &given, values, NULL, NULL) != napi_ok || given < 3 || given > 4) return false;
  for (size_t at = 0; at < given; at++) {
    if (!array_of(env, values[at], &of[at])) return false;
  }
  const bool weighed = given == 4;
  const size_t count = of[1].length / s.width;
  *out = (batch){of[0].bytes, of[1].bytes, of[2].bytes, weighed ? of[3].bytes : NULL, (int64_t)count};
  return of[1].length == count * s.width &&
         of[0].length == (s.out_width == 0 ? 32 : (count + (weighed ? 1 : 0)) * s.out_width) &&
         of[2].length == (s.third_width == 0 ? 32 : count * s.third_width) &&
         (!weighed || (s.may_weigh && of[3].length == count * 2));
}

static batch batch_of(napi_env env, napi_callback_info info, shape s) {
  batch b;
  if (fits(env, info, s, &b)) return b;
  napi_throw_range_error(env, NULL, "the kernel takes arrays of bytes that fit together");
  b.count = -1;
  return b;
}

static napi_value number(napi_env env, int64_t value) {
  napi_value out;
  return napi_create_int64(env, value, &out) == napi_ok ? out : NULL;
}

/** (out, points, scalar, weights?) → first bad */
static napi_value multiply(napi_env env, napi_callback_info info) {
  const batch b = batch_of(env, info, (shape){32, 32, 0, true});
  return b.count < 0 ? NULL : number(env, kernel_multiply(b.out, b.in, b.count, b.third, b.weights));
}

/** (out, uniform, scalar, weights?) → first that derives the identity */
static napi_value hash_and_multiply(napi_env env, napi_callback_info info) {
  const batch b = batch_of(env, info, (shape){64, 32, 0, true});
  return b.count < 0 ? NULL : number(env, kernel_hash_and_multiply(b.out, b.in, b.count, b.third, b.weights));
}

/** (out, uniform, uniform): the same array twice, so that all calls look alike. */
static napi_value hash(napi_env env, napi_callback_info info) {
  const batch b = batch_of(env, info, (shape){64, 32, 64, false});
  if (b.count >= 0) kernel_hash(b.out, b.in, b.count);
  return NULL;
}

/** (out, points, weights) → first bad */
static napi_value sum(napi_env env, napi_callback_info info) {
  const batch b = batch_of(env, info, (shape){32, 0, 2, false});
  return b.count < 0 ? NULL : number(env, kernel_sum(b.out, b.in, b.third, b.count));
}

/** Whether items end one after another, and the last with the bytes. */
static bool ends_fit(array items, array ends) {
  uint32_t before = 0, end = 0;
  if (ends.length % 4 != 0) return false;
  for (size_t at = 0; at < ends.length; at += 4, before = end) {
    memcpy(&end, ends.bytes + at, 4);
    if (end < before) return false;
  }
  return end == items.length;
}

/** (out, before, items, ends, after): SHA-512 of each item between the other two. */
static napi_value digests(napi_env env, napi_callback_info info) {
  size_t given = 5;
  napi_value values[5];
  array of[5];
  bool fit = napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given == 5;
  for (size_t at = 0; fit && at < given; at++) fit = array_of(env, values[at], &of[at]);
  if (fit && of[0].length == of[3].length * 16 && ends_fit(of[2], of[3])) {
    kernel_digests(of[0].bytes, of[1].bytes, of[1].length, of[2].bytes, of[3].bytes, of[3].length / 4, of[4].bytes,
                   of[4].length);
  } else napi_throw_range_error(env, NULL, "the kernel takes arrays of bytes that fit together");
  return NULL;
}

/** (out, pairs, pairs): products and squares of field elements, for tests. */
static napi_value multiply_elements(napi_env env, napi_callback_info info) {
  const batch b = batch_of(env, info, (shape){64, 64, 64, false});
  if (b.count >= 0) kernel_multiply_elements(b.out, b.in, b.count);
  return NULL;
}

/** Whether processor and operating system have what the kernel is compiled for. */
static napi_value is_supported(napi_env env, napi_callback_info info) {
  (void)info;
  __builtin_cpu_init();
  const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512ifma");
  napi_value out;
  return napi_get_boolean(env, has, &out) == napi_ok ? out : NULL;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor calls[] = {
    {"isSupported", NULL, is_supported, NULL, NULL, NULL, napi_enumerable, NULL},
    {"hash", NULL, hash, NULL, NULL, NULL, napi_enumerable, NULL},
    {"multiply", NULL, multiply, NULL, NULL, NULL, napi_enumerable, NULL},
    {"hashAndMultiply", NULL, hash_and_multiply, NULL, NULL, NULL, napi_enumerable, NULL},
    {"sum", NULL, sum, NULL, NULL, NULL, napi_enumerable, NULL},
    {"digests", NULL, digests, NULL, NULL, NULL, napi_enumerable, NULL},
    {"multiplyElements", NULL, multiply_elements, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  return napi_define_properties(env, exports, sizeof calls / sizeof *calls, calls) == napi_ok ? exports : NULL;
}
