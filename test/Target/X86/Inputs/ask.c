// Prints what the network says about this processor: cpu_ok and selftest.
#include NETWORK_H
#include <stdio.h>

static _Alignas(64) unsigned char arena[ARENA_BYTES + 1];

int main(void) {
  printf("cpu_ok %d selftest %d\n", CPU_OK(), SELFTEST(arena));
  return 0;
}
