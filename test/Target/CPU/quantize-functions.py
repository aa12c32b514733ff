"""NAME_quantize_INPUT() of the header gives the bits of ONNX's QuantizeLinear, and NAME_dequantize_OUTPUT() those of
DequantizeLinear, as the interpreter has them: C99 and C++11 without a warning, whatever the compiler, with extended
precision and flushed subnormals too. Under -ffast-math they are not there."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %cxx %clang
# REQUIRES: onnx
import shutil
import subprocess
import sys

import numpy as np
import onnx
from nnctest import build, nn_compile, node, same_bits, save, tensor
from onnx import TensorProto, helper, numpy_helper

out, cc, cxx, clang = sys.argv[1:]
rng = np.random.default_rng(5)
f32 = np.float32
WARN = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", f"-I{out}"]
TYPES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "uint16": (0, 65535),
         "int4": (-8, 7), "uint4": (0, 15), "int2": (-2, 1), "uint2": (0, 3)}
# Grids whose ties are exact, whose quotients round, of the least scale before floors count (NumericSpec 2), and of a great one.
GRIDS = [(0.5, 0), (1 / 3, 1), (0.0235294122, -1), (2.0**-124, 0), (1e30, 1), (1.0, 0)]


def floats(scale, least, most, zero):
    """Every tie of the type (at most 4,000 of them) with its neighbours, ends, special values, and random bits."""
    steps = np.arange(least, most + 1) if most - least < 4000 else rng.integers(least - 2, most + 3, 4000)
    ties = ((steps - zero).astype(np.float64) + 0.5) * scale
    ties = np.concatenate([ties, (steps - zero) * scale])
    near = f32(ties)
    near = np.concatenate([near, np.nextafter(near, f32(np.inf)), np.nextafter(near, f32(-np.inf))])
    special = f32([0, -0.0, np.nan, np.inf, -np.inf, 3.4e38, -3.4e38, 1e-45, -1e-40, 2.0**-126, 1.0, -1.0])
    return np.concatenate([near, special, rng.integers(0, 2**32, 20000, np.uint64).astype(np.uint32).view(f32)])


def network(dtype, scale, zero, count):
    """x is quantized, y is what that stands for."""
    kind = getattr(TensorProto, dtype.upper())
    model = build([node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "y")],
                  [tensor("x", [count])], [tensor("y", [count])], {"s": f32(scale)}, 25)
    model.graph.initializer.append(helper.make_tensor("z", kind, [], [zero]))
    return model


PROGRAM = """#include "net.h"
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  FILE *from = fopen(argv[1], "rb"), *to = fopen(argv[2], "wb");
  float x;
  (void)argc;
  if (!from || !to) return 1;
%s
  while (fread(&x, sizeof x, 1, from) == 1) {
    int32_t q = net_quantize_x(x);
    float y = net_dequantize_y(net_quantize_x(x));
    if (fwrite(&q, sizeof q, 1, to) != 1 || fwrite(&y, sizeof y, 1, to) != 1) return 1;
  }
  return fclose(from) || fclose(to);
}
"""
FLUSH = "  __builtin_ia32_ldmxcsr(0x9FC0);"
open(f"{out}/plain.c", "w").write(PROGRAM % "")
open(f"{out}/flush.c", "w").write(PROGRAM % FLUSH)
BUILDS = [[cc, "-std=c99", "-O0"], [cc, "-std=c99", "-O3"], [clang, "-std=c99", "-O2", "-ffp-eval-method=double"],
          [cxx, "-x", "c++", "-std=c++11", "-O2"]]
if gcc := shutil.which("gcc"):
    BUILDS += [[gcc, "-std=gnu99", "-O2", "-mfpmath=387"], [gcc, "-std=c99", "-O3", "-march=x86-64-v3"]]


def run(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"


def header(dtype, scale, zero, count):
    path = save(network(dtype, scale, zero, count), f"{out}/net.onnx")
    done = nn_compile(path, "-target=x86", "-io=native", "-name=net", "-emit=obj", "-q", "-o", out)
    assert done.returncode == 0, done.stderr
    return path


def check(dtype, scale, zero, builds):
    least, most = TYPES[dtype]
    x = floats(scale, least, most, zero)
    path = header(dtype, scale, zero, len(x))
    # The oracle: the model as it is, and its integers as an output.
    model = onnx.load(path)
    model.graph.output.append(helper.make_tensor_value_info("q", getattr(TensorProto, dtype.upper()), [len(x)]))
    save(model, f"{out}/oracle.onnx")
    np.savez(f"{out}/x.npz", x=x)
    run(["nn-run", f"{out}/oracle.onnx", f"--data={out}/x.npz", f"--save={out}/right"])
    y, q = (numpy_helper.to_array(onnx.load_tensor(f"{out}/right/output_{j}.pb")) for j in range(2))
    x.tofile(f"{out}/x.bin")
    for command in builds:
        for source in "plain", "flush":
            run([*command, *WARN, f"{out}/{source}.c", "-o", f"{out}/program"])
            run([f"{out}/program", f"{out}/x.bin", f"{out}/got.bin"])
            got = np.fromfile(f"{out}/got.bin", [("q", np.int32), ("y", f32)])
            wrong = np.flatnonzero(got["q"] != q.astype(np.int32))
            assert not wrong.size, (dtype, scale, zero, command, [(x[i], got["q"][i], q[i]) for i in wrong[:3]])
            assert same_bits(got["y"].copy(), y), (dtype, scale, zero, command)


for n, dtype in enumerate(TYPES):
    for i, (scale, zero) in enumerate(GRIDS):
        zero = max(zero * 37, TYPES[dtype][0]) if zero < 0 else min(zero * 100, TYPES[dtype][1])
        check(dtype, scale, zero, BUILDS if (n, i) == (0, 1) else [BUILDS[(n + i) % len(BUILDS)]])

# Not there, and said so; the rest of the header is.
header("int8", 0.5, 0, 4)
open(f"{out}/fast.c", "w").write('#include "net.h"\nint fast(void);\nint fast(void) {\n#ifdef NN_QUANTIZE\n#error "there"\n#endif\n  return net_cpu_ok();\n}\n')
for compiler in cc, clang:
    run([compiler, "-std=c99", "-ffast-math", *WARN, "-fsyntax-only", f"{out}/fast.c"])
    plain = subprocess.run([compiler, "-std=c99", *WARN, "-fsyntax-only", f"{out}/fast.c"], capture_output=True, text=True)
    assert plain.returncode and "there" in plain.stderr
# Freestanding.
open(f"{out}/free.c", "w").write('#include "net.h"\nint8_t use(float x);\nint8_t use(float x) { return net_quantize_x(x); }\n')
run([cc, "-std=c99", "-ffreestanding", "-nostdlib", *WARN, "-c", f"{out}/free.c", "-o", f"{out}/free.o"])
run([cxx, "-x", "c++", "-std=c++11", "-ffreestanding", *WARN, "-c", f"{out}/free.c", "-o", f"{out}/free.o"])
