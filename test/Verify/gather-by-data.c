// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}address_trace: {{.*}}the address depends on data
#include "net.h"

#include <immintrin.h>
static void kernel(const float *x, float *y, float *arena) {
#ifdef BAD
  __m256i index = _mm256_loadu_si256((const __m256i *)x);
  _mm256_storeu_ps(y, _mm256_i32gather_ps(arena, index, 4));
#else
  _mm256_storeu_ps(y, _mm256_loadu_ps(arena));
#endif
}
