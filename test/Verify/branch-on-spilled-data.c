// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: not %nn-verify %t.bad.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=BAD
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: error: {{.*}}instruction_trace: {{.*}}branches on data
#include "net.h"

/* The value goes to the stack and comes back before anybody looks at it. */
static void kernel(const float *x, float *y, float *arena) {
  int v = ((const int *)x)[5];
  volatile int slot = v;
  asm volatile("" ::: "rbx", "r12", "r13", "r14", "r15", "memory");
#ifdef BAD
  v = slot;
#else
  v = 7;
#endif
  if (v > 3)
    y[0] = 1;
  else
    y[1] = 2;
}
