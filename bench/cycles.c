/* Counts cycles of short calls, and probes the peak of the machine in the same unit.
 *
 * The unit is a user cycle of this thread where the kernel lends a hardware counter; elsewhere it
 * is a tick of the time stamp counter, and the minimum over many short slices is what stands: a
 * slice that was disturbed is only ever longer. Ratios of two contenders, and shares of the peak,
 * mean the same in both. */
#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

static int counter = -1;

/* Opens the hardware counter for this thread. 1: it is there, 0: ticks are counted. */
int cycles_open(void) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_HARDWARE;
  attr.size = sizeof attr;
  attr.config = PERF_COUNT_HW_CPU_CYCLES;
  attr.exclude_kernel = attr.exclude_hv = 1;
  counter = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
  return counter >= 0;
}

static uint64_t now(void) {
  uint64_t value;
  if (counter >= 0 && read(counter, &value, sizeof value) == sizeof value)
    return value;
  _mm_lfence();
  value = __rdtsc();
  _mm_lfence();
  return value;
}

typedef intptr_t (*function)(void *, void *, void *);

/* Cycles of each of `slices` slices of `calls` calls f(a[0], a[1], a[2]). */
void cycles_slices(function f, void **a, long calls, long slices, double *cycles) {
  for (long s = 0; s < slices; s++) {
    uint64_t start = now();
    for (long i = 0; i < calls; i++)
      f(a[0], a[1], a[2]);
    cycles[s] = (double)(now() - start);
  }
}

/* --- The peak of fused multiply-adds: independent chains, `turns` turns of a loop. */

#define TIMES12(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11)
#define FMA(WIDTH, R) "vfmadd231ps %%" WIDTH "14, %%" WIDTH "15, %%" WIDTH #R "\n"
#define FMA_YMM(R) FMA("ymm", R)
#define FMA_ZMM(R) FMA("zmm", R)
#define CLEAR "vzeroall\n"

static intptr_t fma_ymm(void *turns, void *b, void *c) {
  (void)b, (void)c;
  __asm__ volatile(CLEAR "1: " TIMES12(FMA_YMM) "dec %0\n jnz 1b\n" CLEAR
                   : "+r"(turns)
                   :
                   : "memory");
  return 0;
}

static intptr_t fma_zmm(void *turns, void *b, void *c) {
  (void)b, (void)c;
  __asm__ volatile(CLEAR "1: " TIMES12(FMA_ZMM) "dec %0\n jnz 1b\n" CLEAR
                   : "+r"(turns)
                   :
                   : "memory");
  return 0;
}

/* Multiply-adds of float32 per cycle, the best of `slices` slices of about ten microseconds. */
double cycles_fma_peak(long slices) {
  int wide = __builtin_cpu_supports("avx512f");
  intptr_t turns = 2000;
  void *arguments[3] = {(void *)turns};
  double best = 0;
  for (long s = 0; s < slices; s++) {
    double cycles;
    cycles_slices(wide ? fma_zmm : fma_ymm, arguments, 1, 1, &cycles);
    double rate = (double)turns * 12 * (wide ? 16 : 8) / cycles;
    best = rate > best ? rate : best;
  }
  return best;
}
