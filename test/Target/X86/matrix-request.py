"""Who runs code in matrix registers (AMX) must ask Linux for them. The header says so and brings the call, the test program
makes it, NAME.json counts it among what is assumed; a network that has no such code has none of it on the same core."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %cxx
# REQUIRES: onnx, x86-64-v3
import json
import pathlib
import signal
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

out, cc, cxx = sys.argv[1:]
has_registers = {"amx_tile", "amx_int8"} <= set(open("/proc/cpuinfo").read().split())


def compiled(name, depth, cpu):
    """The folder of a product of bytes; one of few is left to vectors."""
    weights = np.arange(depth * 64).reshape(depth, 64).astype(np.int8)
    model = build([node("MatMulInteger", "x w", "y")], [tensor("x", [32, depth], np.uint8)],
                  [tensor("y", [32, 64], np.int32)], {"w": weights})
    folder = pathlib.Path(out) / name
    done = nn_compile(save(model, folder.with_suffix(".onnx")), "-target=x86", f"-cpu={cpu}", "-emit=obj,so,asm,test", "-name=net",
                      "-q", "-o", folder)
    assert done.returncode == 0, done.stderr
    return folder


def texts(folder):
    return {name: (folder / name).read_text() for name in ("net.h", "net_test.c", "net.json", "net.s")}


used = compiled("used", 256, "sapphirerapids+amx")
for name, text in texts(used).items():
    assert name == "net.s" or "net_request_matrices" in text, name
assert "tdpbusd" in texts(used)["net.s"]
for folder in compiled("few", 3, "sapphirerapids+amx"), compiled("vectors", 256, "sapphirerapids"):
    for name, text in texts(folder).items():
        assert "net_request_matrices" not in text and "tdpb" not in text, (folder, name)

# cpu_ok asks for the instructions, and whether the system keeps the registers (bits 17 and 18 of XCR0, with 0xe6).
assert str(0x600E6) in texts(used)["net.s"] and str(0x600E6) not in texts(folder)["net.s"]

PROGRAM = """#include "net.h"
static _Alignas(64) unsigned char arena[NET_ARENA_BYTES + 1];
static uint8_t x[32 * 256];
static int32_t y[32 * 64];
int main(int count, char **arguments) {
  (void)arguments;
  if (count > 1 && !net_request_matrices())
    return 2;
  return net_run(x, y, arena);
}
"""
source = used / "main.c"
source.write_text(PROGRAM)
strict = ["-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{used}"]
subprocess.run([cc, "-std=c11", *strict, source, used / "net.o", "-o", used / "program"], check=True)
include = dict(input='#include "net.h"\n', text=True, check=True)
subprocess.run([cc, "-std=c99", *strict, "-fsyntax-only", "-x", "c", "-"], **include)
subprocess.run([cxx, "-std=c++11", *strict, "-fsyntax-only", "-x", "c++", "-"], **include)
subprocess.run([cc, *strict, used / "net_test.c", used / "net.o", "-o", used / "test"], check=True)
if not has_registers:
    sys.exit()
assert subprocess.run([used / "program", "ask"]).returncode == 0
assert subprocess.run([used / "program"]).returncode == -signal.SIGILL
done = subprocess.run([used / "test"], capture_output=True, text=True)
assert done.returncode == 0 and "PASS" in done.stdout, done.stdout
done = subprocess.run(["nn-run", used], capture_output=True, text=True)
assert done.returncode == 0, done.stderr
