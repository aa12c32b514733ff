// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}address_trace: {{.*}}which bytes are accessed depends on data
#include "net.h"

#include <immintrin.h>
/* A mask from data may choose between registers, not between bytes of memory. */
static void kernel(const float *x, float *y, float *arena) {
  __m256 v = _mm256_loadu_ps(x), zero = _mm256_setzero_ps();
  __m256 mask = _mm256_cmp_ps(v, zero, _CMP_GT_OQ);
#ifdef BAD
  _mm256_maskstore_ps(y, _mm256_castps_si256(mask), v);
#else
  _mm256_storeu_ps(y, _mm256_blendv_ps(zero, v, mask));
#endif
}
