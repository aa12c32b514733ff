// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}instruction_trace: {{.*}}transfers control to a place that the code does not state
#include "net.h"

NOINLINE static void one(const float *x, float *y) { y[0] = x[0]; }
#ifdef BAD
NOINLINE static void two(const float *x, float *y) { y[1] = x[1]; }
static void (*const table[2])(const float *, float *) = {one, two};
#endif
static void kernel(const float *x, float *y, float *arena) {
#ifdef BAD
  table[*(const volatile int *)x & 1](x, y);
#else
  one(x, y);
#endif
}
