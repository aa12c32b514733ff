/* Reads a handwritten digit from a file and says which one it is. */
#include "digits.h" /* written by nn-compile */
#include <stdio.h>
#include <time.h>

static _Alignas(DIGITS_ARENA_ALIGN) unsigned char arena[DIGITS_ARENA_BYTES];

int main(int argc, char **argv) {
  float image[64], scores[10];
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  int pixels = 0, best = 0, failed = 0, runs = 1000;
  if (file && fscanf(file, "P2 8 8 %*d") == 0)
    for (unsigned grey; pixels < 64 && fscanf(file, "%u", &grey) == 1;)
      image[pixels++] = (float)grey / 16;
  if (pixels < 64)
    return fprintf(stderr, "usage: recognise IMAGE.pgm (P2, 8 by 8, grey levels 0 to 16)\n"), 2;
  if (digits_selftest(arena))
    return fprintf(stderr, "this processor cannot run the network\n"), 1;

  clock_t start = clock();
  for (int i = 0; i < runs; i++)
    failed |= digits_run(image, scores, arena);
  double microseconds = (double)(clock() - start) / CLOCKS_PER_SEC * 1e6 / runs;

  for (int digit = 1; digit < 10; digit++)
    if (scores[digit] > scores[best])
      best = digit;
  printf("%d\n", best);
  printf("%u bytes of memory, %u of constants, %.2f microseconds\n", (unsigned)DIGITS_ARENA_BYTES,
         (unsigned)DIGITS_ROM_BYTES, microseconds);
  return failed;
}
