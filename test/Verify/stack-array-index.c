// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}instruction_trace: {{.*}}stack access at a variable offset
#include "net.h"

static void kernel(const float *x, float *y, float *arena) {
  volatile float scratch[16];
  for (int i = 0; i < 16; ++i)
#ifdef BAD
    scratch[((const int *)x)[i] & 15] = x[i];
#else
    y[i] = x[i];
#endif
  scratch[3] = 1;
  y[16] = scratch[3];
}
