/* Constants that carry the name of a compiled network's, and one in the code's own read-only data. */
#include "net.h"

static const float weights[64] __asm__("net.rom") __attribute__((aligned(64), used)) = {1, -2, 3, 0.25f};

NOINLINE static void kernel(const float *x, float *y, float *arena) {
  const float *w = weights;
  __asm__("" : "+r"(w)); /* not to be folded */
  for (int i = 0; i < 64; ++i)
    y[i] = x[i] * w[i] + 0.61237f;
}
