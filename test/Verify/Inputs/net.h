/* A network of one step around `kernel`, which each test defines: 256 floats in, 256 floats out, an arena of 4096
   bytes. Tests compile it with clang as -target=c's users would, good twin and bad twin (-DBAD). */
#ifndef NET_H
#define NET_H
typedef unsigned short u16;
typedef unsigned int u32;
#define NOINLINE __attribute__((noinline))

NOINLINE static void kernel(const float *x, float *y, float *arena);

int net_run_steps(const void *const *in, void *const *out, void *arena, u16 first, u16 end) {
  if (!in || !out || !arena || ((unsigned long)arena & 63))
    return 1;
  u32 mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(0x9fc0);
  if (first <= 0 && 0 < end)
    kernel(in[0], out[0], arena);
  __builtin_ia32_ldmxcsr(mode);
  return 0;
}

int net_run_v(const void *const *in, void *const *out, void *arena) {
  return net_run_steps(in, out, arena, 0, 1);
}

int net_run(const float *x, float *y, void *arena) {
  const void *in[1] = {x};
  void *out[1] = {y};
  return net_run_steps(in, out, arena, 0, 1);
}
#endif
