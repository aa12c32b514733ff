// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}address_trace: {{.*}}the address depends on data
#include "net.h"

static const float table[256] = {1, 2, 3};
static void kernel(const float *x, float *y, float *arena) {
  for (int i = 0; i < 64; ++i) {
#ifdef BAD
    y[i] = table[((const unsigned char *)x)[i]];
#else
    y[i] = table[i];
#endif
  }
}
