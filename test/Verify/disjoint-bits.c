// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -c %s -o %t.o
// RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
// RUN: %clang -O2 -march=x86-64-v3 -ffreestanding -fno-stack-protector  -I%S/Inputs -DBAD -c %s -o %t.bad.o
// RUN: %nn-verify %t.bad.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=BAD
// Row 0 to 3 times 65, as compilers write it: the bits of row and of 64 * row never meet.
// GOOD: instruction trace: proved
// GOOD: address trace: proved
// GOOD: memory: proved
// BAD: memory: not decided
#include "net.h"

#ifdef BAD
enum { lastRow = 7 };
#else
enum { lastRow = 3 };
#endif

static const volatile int rows[64] = {0, 2, 1, 3};
static void kernel(const float *x, float *y, float *arena) {
  for (int i = 0; i < 64; ++i) {
    long row = rows[i] & lastRow;
    long offset = row << 6;
    __asm__("or %1, %0" : "+r"(offset) : "r"(row));
    y[i] = x[60 + offset];
  }
}
