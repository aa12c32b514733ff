// What a constant-time kernel looks like is proved, at both vector widths: register tiles, masks, selects, reductions.
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector -I%S/Inputs -c %s -o %t.v3.o
// RUN: %nn-verify %t.v3.o -manifest=%S/Inputs/net.json | FileCheck %s
// RUN: %clang -O2 -march=x86-64-v4 -mprefer-vector-width=512 -ffreestanding -fno-stack-protector -I%S/Inputs -c %s -o %t.v4.o
// RUN: %nn-verify %t.v4.o -manifest=%S/Inputs/net.json | FileCheck %s
// CHECK: instruction trace: proved
// CHECK: address trace: proved
// CHECK: memory: proved
#include "net.h"

static const float weights[16 * 16] __attribute__((aligned(64))) = {1, -2, 3};

/* x: [16][16] pixels and channels, w: [16][16], four pixels at a time with their sums in registers. */
NOINLINE static void conv1x1(const float *x, const float *w, float *y, long pixels, long k) {
  for (long p = 0; p < pixels; p += 4)
    for (int o = 0; o < 16; ++o) {
      float a0 = 0, a1 = 0, a2 = 0, a3 = 0;
      for (long i = 0; i < k; ++i) {
        a0 += x[(p + 0) * k + i] * w[i * 16 + o];
        a1 += x[(p + 1) * k + i] * w[i * 16 + o];
        a2 += x[(p + 2) * k + i] * w[i * 16 + o];
        a3 += x[(p + 3) * k + i] * w[i * 16 + o];
      }
      y[p * 16 + o] = a0, y[p * 16 + 16 + o] = a1, y[p * 16 + 32 + o] = a2, y[p * 16 + 48 + o] = a3;
    }
}

NOINLINE static void clamp(const float *x, float *y, long n) {
  for (long i = 0; i < n; ++i) {
    float v = x[i];
    v = 0 > v ? 0 : v;
    y[i] = v > 6 ? 6 : v;
  }
}

NOINLINE static void softmaxLike(const float *x, float *y, long rows, long n) {
  for (long r = 0; r < rows; ++r) {
    float max = -1e30f, sum = 0;
    for (long i = 0; i < n; ++i)
      max = x[r * n + i] > max ? x[r * n + i] : max;
    for (long i = 0; i < n; ++i) {
      float d = x[r * n + i] - max;
      y[r * n + i] = 1 + d * (1 + d * (0.5f + d * 0.16666f));
      sum += y[r * n + i];
    }
    float inverse = 1 / sum;
    for (long i = 0; i < n; ++i)
      y[r * n + i] *= inverse;
  }
}

static void kernel(const float *x, float *y, float *arena) {
  conv1x1(x, weights, arena, 16, 16);
  clamp(arena, arena + 256, 256);
  softmaxLike(arena + 256, y, 16, 16);
}
