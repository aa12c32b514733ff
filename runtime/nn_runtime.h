/* nn_runtime.h - what every network compiled by nn-compile shares.
 * SPDX-License-Identifier: 0BSD
 *
 * C99 and C++, freestanding: no library, no allocation, no global state. */
#ifndef NN_RUNTIME_H
#define NN_RUNTIME_H

#include <float.h>
#include <stdint.h>

/* Layout of the structs below. A header of another version says so. */
#define NN_RUNTIME_ABI 1

/* What a call returns. Anything but NN_OK: the outputs are undefined. */
#define NN_OK 0
#define NN_ERR_NULL 1 /* a pointer is null */
#define NN_ERR_ALIGN                                                                               \
  2 /* an input or output is not aligned to its element, or the arena to _ARENA_ALIGN */
#define NN_ERR_CPU 3      /* this processor lacks instructions that the network was compiled for */
#define NN_ERR_STEP 4     /* not 0 <= first <= end <= _STEPS */
#define NN_ERR_SELFTEST 6 /* constants or code do not give the known answer */
#define NN_ERR_DEVICE 7   /* the accelerator failed */

/* Element types, numbered as in ONNX. bool is one byte, 0 or 1. Of 4 bits two elements share a
 * byte, of 2 bits four, the first in the lowest bits. */
#define NN_FLOAT32 1
#define NN_UINT8 2
#define NN_INT8 3
#define NN_UINT16 4
#define NN_INT16 5
#define NN_INT32 6
#define NN_INT64 7
#define NN_BOOL 9
#define NN_FLOAT64 11
#define NN_UINT32 12
#define NN_UINT64 13
#define NN_UINT4 21
#define NN_INT4 22
#define NN_UINT2 25
#define NN_INT2 26

#ifdef __cplusplus
extern "C" {
#endif

/* An input or output: row-major, without gaps. */
typedef struct nn_tensor {
  const char *name;     /* as in the model */
  const int64_t *shape; /* `rank` numbers */
  uint64_t count;       /* elements */
  uint64_t bytes;
  uint32_t rank;
  uint32_t dtype; /* NN_FLOAT32, ... */
  float scale;    /* integers q stand for (q - zero_point) * scale, which floats are rounded to
                     first or come from last; 0: not quantized, or not by one scale */
  int32_t zero_point;
} nn_tensor;

/* A compiled network as read-only data, for programs that take any network. */
typedef struct nn_model {
  uint32_t abi;      /* NN_RUNTIME_ABI */
  uint32_t build_id; /* fingerprint of code, constants and options */
  const char *name;
  const char *target;
  const char *cpu;
  const char *numeric_spec;
  const char *compiler;
  const nn_tensor *inputs;
  const nn_tensor *outputs;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t steps;
  uint32_t arena_align;
  uint64_t arena_bytes;
  uint64_t stack_bytes; /* deepest use, the return address of the caller's call included */
  uint64_t state_bytes;
  uint64_t rom_bytes;
  uint64_t code_bytes;
  int (*run_v)(const void *const inputs[], void *const outputs[], void *arena);
  int (*run_steps)(const void *const inputs[], void *const outputs[], void *arena, uint16_t first,
                   uint16_t end);
  int (*selftest)(void *arena);
  int (*cpu_ok)(void);
} nn_model;

/* The integer that stands for x: x / scale rounded half to even, plus zero_point, within [least,
 * most]; NaN gives the least. These are the bits of ONNX's QuantizeLinear for integers of up to 16
 * bits and scales of 2^-124 and more, if the compiler keeps to IEEE 754 in round-to-nearest mode
 * (subnormal numbers may be flushed). -ffast-math and its parts do not: there is no such function
 * then. Constant time where division is. */
#if !defined(__FAST_MATH__) && !defined(__RECIPROCAL_MATH__) && !defined(__ASSOCIATIVE_MATH__) &&  \
    !(defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#define NN_QUANTIZE 1

/* x as 32 bits, where registers are wider and compilers keep what they hold. */
static inline float nn_rounded(float x) {
#if FLT_EVAL_METHOD == 0
  return x;
#else
  volatile float stored = x;
  return stored;
#endif
}

static inline int32_t nn_quantize(float x, float scale, int32_t zero_point, int32_t least,
                                  int32_t most) {
  float t = nn_rounded((float)(x / scale));
  const float low = (float)(least - zero_point), high = (float)(most - zero_point);
  int32_t whole;
  float rest;
  t = t > low ? t : low;
  t = high > t ? t : high;
  whole = (int32_t)t;
  rest = (float)(t - (float)whole); /* exact */
  whole += (rest > 0.5f) | ((rest >= 0.5f) & (whole & 1));
  whole -= (rest < -0.5f) | ((rest <= -0.5f) & (whole & 1));
  return whole + zero_point;
}

/* What the integer q stands for: the bits of ONNX's DequantizeLinear. */
static inline float nn_dequantize(int32_t q, float scale, int32_t zero_point) {
  return nn_rounded((float)(nn_rounded((float)(q - zero_point)) * scale));
}
#endif

#ifdef __cplusplus
}
#endif

#endif
