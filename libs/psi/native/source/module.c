// What Node loads: checks what it is given, and calls the kernel. Built without AVX-512, so that it loads everywhere.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include "kernel.h"

/** Bytes of one item of each argument; 0 for an array that must have exactly one item, of 32 bytes. */
typedef enum { ONE_ITEM = 0, WEIGHT = 2, POINT = 32, UNIFORM = 64 } width;

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

/** The three arrays of a call, and how many items they have; throws a JavaScript RangeError and is -1 if they do not fit. */
static int64_t arguments_of(napi_env env, napi_callback_info info, const width widths[3], array arrays[3]) {
  size_t given = 3;
  napi_value values[3];
  bool fit = napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given == 3;
  int64_t count = -1;
  for (int at = 0; fit && at < 3; at++) {
    fit = array_of(env, values[at], &arrays[at]);
    if (!fit) break;
    if (widths[at] == ONE_ITEM) {
      fit = arrays[at].length == 32;
    } else {
      const int64_t items = (int64_t)(arrays[at].length / widths[at]);
      fit = arrays[at].length % widths[at] == 0 && (count < 0 || items == count);
      count = items;
    }
  }
  if (fit) return count;
  napi_throw_range_error(env, NULL, "the kernel takes arrays of bytes that fit together");
  return -1;
}

static napi_value number(napi_env env, int64_t value) {
  napi_value out;
  return napi_create_int64(env, value, &out) == napi_ok ? out : NULL;
}

/** (out, points, scalar) → first bad */
static napi_value multiply(napi_env env, napi_callback_info info) {
  array of[3];
  const int64_t count = arguments_of(env, info, (width[]){POINT, POINT, ONE_ITEM}, of);
  return count < 0 ? NULL : number(env, kernel_multiply(of[0].bytes, of[1].bytes, count, of[2].bytes));
}

/** (out, uniform, scalar) → first that derives the identity */
static napi_value hash_and_multiply(napi_env env, napi_callback_info info) {
  array of[3];
  const int64_t count = arguments_of(env, info, (width[]){POINT, UNIFORM, ONE_ITEM}, of);
  return count < 0 ? NULL : number(env, kernel_hash_and_multiply(of[0].bytes, of[1].bytes, count, of[2].bytes));
}

/** (out, uniform, uniform): the same array twice, so that all calls look alike. */
static napi_value hash(napi_env env, napi_callback_info info) {
  array of[3];
  const int64_t count = arguments_of(env, info, (width[]){POINT, UNIFORM, UNIFORM}, of);
  if (count >= 0) kernel_hash(of[0].bytes, of[1].bytes, count);
  return NULL;
}

/** (out, points, weights) → first bad */
static napi_value sum(napi_env env, napi_callback_info info) {
  array of[3];
  const int64_t count = arguments_of(env, info, (width[]){ONE_ITEM, POINT, WEIGHT}, of);
  return count < 0 ? NULL : number(env, kernel_sum(of[0].bytes, of[1].bytes, of[2].bytes, count));
}

/** (out, pairs, pairs): products and squares of field elements, for tests. */
static napi_value multiply_elements(napi_env env, napi_callback_info info) {
  array of[3];
  const int64_t count = arguments_of(env, info, (width[]){UNIFORM, UNIFORM, UNIFORM}, of);
  if (count >= 0) kernel_multiply_elements(of[0].bytes, of[1].bytes, count);
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
    {"multiplyElements", NULL, multiply_elements, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  return napi_define_properties(env, exports, sizeof calls / sizeof *calls, calls) == napi_ok ? exports : NULL;
}
