/* More live vectors than registers, so that the lowest slot of the frame is used, below two levels of calls. */
#include "net.h"

NOINLINE static void wide(const float *x, float *y, float *arena) {
  typedef float v8 __attribute__((vector_size(32), aligned(4)));
  v8 a[24];
#pragma clang loop unroll(full)
  for (int i = 0; i < 24; ++i)
    a[i] = *(const v8 *)(x + 8 * i);
  for (int k = 0; k < 16; ++k) {
    v8 w = *(const v8 *)(arena + 8 * k);
#pragma clang loop unroll(full)
    for (int i = 0; i < 24; ++i)
      a[i] = a[i] * w + a[(i + 7) % 24];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 24; ++i)
    *(v8 *)(y + 8 * i) = a[i];
}

NOINLINE static void middle(const float *x, float *y, float *arena) {
  wide(x, y, arena);
  y[200] = arena[0];
}

static void kernel(const float *x, float *y, float *arena) {
  for (int i = 0; i < 128; ++i)
    arena[i] = x[i];
  middle(x, y, arena);
}
