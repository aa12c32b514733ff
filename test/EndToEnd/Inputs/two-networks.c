/* Runs two compilations of one model side by side; includes each header twice, in both orders. */
#include "first.h"
#include "second.h"

#include "second.h"

#include "first.h"

#include <stdio.h>
#include <string.h>

static _Alignas(FIRST_ARENA_ALIGN) unsigned char arena1[FIRST_ARENA_BYTES];
static _Alignas(SECOND_ARENA_ALIGN) unsigned char arena2[SECOND_ARENA_BYTES];

int main(void) {
  float image[64], scores1[10], scores2[10], again[10];
  for (int i = 0; i < 64; i++)
    image[i] = (float)(i * 7 % 17) / 16;
  if (first_run(image, scores1, arena1) || second_run(image, scores2, arena2) ||
      first_run(image, again, arena1))
    return puts("a run failed"), 1;
  int same = !memcmp(scores1, scores2, sizeof scores1) && !memcmp(scores1, again, sizeof again);
  puts(same ? "the same bits" : "other bits");
  return !same;
}
