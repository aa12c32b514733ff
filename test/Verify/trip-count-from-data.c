// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}instruction_trace: {{.*}}branches on data
#include "net.h"

static void kernel(const float *x, float *y, float *arena) {
#ifdef BAD
  int n = ((const int *)x)[0] & 63;
#else
  int n = 64;
#endif
  for (int i = 0; i < n; ++i)
    y[i] = x[i] + 1;
}
