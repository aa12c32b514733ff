// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}instruction_trace: {{.*}}moves the stack pointer by a variable amount
#include "net.h"

NOINLINE static void use(const float *x, float *y, int n) {
#ifdef BAD
  volatile float *scratch = __builtin_alloca(n * 4);
#else
  volatile float scratch[8];
#endif
  scratch[0] = x[0];
  y[0] = scratch[0];
}
static void kernel(const float *x, float *y, float *arena) { use(x, y, ((const int *)x)[0] & 15); }
