# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %clang %nn-verify %S/Inputs %S %t
"""An object or library exports nothing but the network's interface, and no loader runs code or loads files for it, though
everything in it is read-only; what is hidden or local may have any name. Programs are their linkers' own."""

import pathlib
import subprocess
import sys

FLAGS = ["-O2", "-march=x86-64-v3", "-ffreestanding", "-fno-stack-protector", "-fPIC", "-c"]
EXPORTS, RUNS = "exports '{}', which is no name of the network's interface", "{} has loaders run code or load files before any call"
# (what, C beside the network, linker options, errors about the object, errors about the library)
CASES = [
    ("nothing", "", [], [], []),
    ("a local and a hidden constant",
     'static const int mine = 3; __attribute__((visibility("hidden"))) extern const int* const at; const int* const at = &mine;', [], [], []),
    ("a constant", "extern const int table[4]; const int table[4] = {1, 2, 3, 4};", [], *[[EXPORTS.format("table")]] * 2),
    ("a constant with an address", "extern void *const table; void *const table = (void *)&table;", [], *[[EXPORTS.format("table")]] * 2),
    ("an alias", 'void printf(void) __attribute__((alias("net_run")));', [], *[[EXPORTS.format("printf")]] * 2),
    ("an entry of another network", 'void nets_run(void) __attribute__((alias("net_run")));', [], *[[EXPORTS.format("nets_run")]] * 2),
    ("an indirect function", 'static void *choose(void) { return 0; } void printf(void) __attribute__((ifunc("choose")));', [],
     *[[EXPORTS.format("printf"), RUNS.format("indirect function printf")]] * 2),
    ("a constructor", '__attribute__((section(".init_array"), used)) static void *const first = (void *)&first;', [],
     *[[RUNS.format("section .init_array")]] * 2),
    ("an initial function", "", ["-Wl,-init=net_run"], [], [RUNS.format("entry DT_INIT")]),
    ("a final function", "", ["-Wl,-fini=net_run"], [], [RUNS.format("entry DT_FINI")]),
    ("a library that is needed", "", ["-Wl,--no-as-needed", "-lc"], [], [RUNS.format("entry DT_NEEDED")]),
]


def main():
    clang, verify, inputs, tests, work = sys.argv[1:]
    work, wrong = pathlib.Path(work), 0
    network = pathlib.Path(tests, "good-kernels.c").read_text()
    for what, more, options, *expected in CASES:
        source, obj, library = work / "net.c", work / "net.o", work / "net.so"
        source.write_text(f"{network}\n{more}\n")
        subprocess.run([clang, *FLAGS, f"-I{inputs}", source, "-o", obj], check=True)
        subprocess.run([clang, "-shared", "-nostdlib", *options, obj, "-o", library], check=True)
        for file, errors in zip((obj, library), expected):
            run = subprocess.run([verify, file, f"-manifest={inputs}/net.json"], capture_output=True, text=True)
            if run.returncode != bool(errors) or not all(error in run.stderr for error in errors):
                print(f"wrong: {what}: {file.name}: expected {errors}\n{run.stdout}{run.stderr}")
                wrong += 1
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
