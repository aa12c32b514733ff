/* Runs net_run_v on a painted stack, once for each way the caller may be aligned, and prints the deepest use in bytes,
   return address included. */
#include <stdio.h>
#include <string.h>

int net_run_v(const void *const *in, void *const *out, void *arena);

static unsigned char stack[1 << 16] __attribute__((aligned(4096)));
static float x[256], y[256], arena[1024] __attribute__((aligned(64)));

static long used(long slack) {
  const void *in[1] = {x};
  void *out[1] = {y};
  unsigned char *top = stack + sizeof stack - 1024 - slack;
  memset(stack, 0xA5, sizeof stack);
  const void *const *a = in;
  void *const *b = out;
  void *c = arena;
  asm volatile("mov %%rsp, %%rbx\n mov %[top], %%rsp\n call net_run_v\n mov %%rbx, %%rsp"
               : "+D"(a), "+S"(b), "+d"(c)
               : [top] "r"(top)
               : "rax", "rbx", "rcx", "r8", "r9", "r10", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
                 "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
  unsigned char *low = stack;
  while (*low == 0xA5)
    ++low;
  return top - low;
}

int main(void) {
  long deepest = 0;
  for (int i = 0; i < 256; ++i)
    x[i] = i * 0.37f - 20;
  for (long slack = 0; slack < 64; slack += 16)
    deepest = used(slack) > deepest ? used(slack) : deepest;
  printf("%ld\n", deepest);
  return 0;
}
