/* Fills the input from a file, marks it undefined for memcheck if told, runs the network once under
 * `measured`, and writes the output. Compiled with -DNETWORK=name -DNETWORK_H="name.h" and the
 * sizes in bytes. */
#include NETWORK_H
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#define JOIN_(A, B) A##B
#define JOIN(A, B) JOIN_(A, B)

static _Alignas(64) unsigned char arena[ARENA_BYTES + 1], input[INPUT_BYTES], output[OUTPUT_BYTES];

__attribute__((noinline)) int measured(void) {
  const void *const inputs[] = {input};
  void *const outputs[] = {output};
  return JOIN(NETWORK, _run_v)(inputs, outputs, arena);
}

int main(int argc, char **argv) {
  FILE *file = fopen(argv[1], "rb");
  if (!file || fread(input, 1, sizeof input, file) != sizeof input)
    return 2;
  if (argc > 2 && !strcmp(argv[2], "undefined")) {
    VALGRIND_MAKE_MEM_UNDEFINED(input, sizeof input);
    VALGRIND_MAKE_MEM_UNDEFINED(arena, sizeof arena);
  }
  return measured();
}
