// Calls the network in every floating-point mode that a caller may have and compares answers and modes.
#include NETWORK_H
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xmmintrin.h>

static _Alignas(64) unsigned char arena[ARENA_BYTES + 1];
static _Alignas(64) unsigned char input[INPUT_BYTES], first[OUTPUT_BYTES], output[OUTPUT_BYTES];

static uint16_t x87_mode(void) {
  uint16_t word;
  __asm__ volatile("fnstcw %0" : "=m"(word));
  return word;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : 0;
  // Rounding, flush-to-zero, denormals-are-zero, exceptions unmasked, flags that are up.
  static const unsigned modes[] = {0x1f80, 0x3f80, 0x5f80, 0x7f80, 0x9fc0, 0xffc0, 0x1fbf, 0x0000, 0x8000};
  const void *inputs[1] = {input};
  void *outputs[1] = {output};
  int wrong = 0;
  if (!file || fread(input, 1, sizeof input, file) != sizeof input)
    return 2;
  fclose(file);
  for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
    uint16_t x87 = x87_mode();
    int status, null;
    memset(output, 0xA5, sizeof output);
    _mm_setcsr(modes[i]);
    status = NETWORK_RUN_V(inputs, outputs, arena);
    unsigned after = _mm_getcsr();
    null = NETWORK_RUN_V(inputs, outputs, 0);
    unsigned after_error = _mm_getcsr();
    _mm_setcsr(0x1f80);
    if (i == 0)
      memcpy(first, output, sizeof first);
    wrong += status != NN_OK || null != NN_ERR_NULL;
    if (after != modes[i] || after_error != modes[i] || x87 != x87_mode())
      wrong += printf("mode %04x: %04x after a run, %04x after an error\n", modes[i], after, after_error);
    if (memcmp(first, output, sizeof first))
      wrong += printf("mode %04x: other bits\n", modes[i]);
  }
  return wrong != 0;
}
