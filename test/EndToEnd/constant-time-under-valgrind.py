# REQUIRES: onnx, valgrind, x86-64-v3
# RUN: %python %s --cc %cc --work %t
"""Constant time, seen from outside: under callgrind every class of inputs executes the same number of instructions, and
under memcheck no branch and no address depends on an input that was never written. A network that looks rows up by a
run-time index is the twin that memcheck must object to."""

import argparse
import pathlib
import re
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

DRIVER = """
#include "net.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(64) unsigned char arena[NET_ARENA_BYTES + 1];

/* `driver FILE` reads the input's bytes; `driver` alone leaves them as malloc gave them. */
int main(int argc, char **argv) {
  const void *inputs[1];
  void *outputs[1];
  void *in = malloc(INPUT_BYTES), *out = malloc(OUTPUT_BYTES);
  if (argc > 1) {
    FILE *f = fopen(argv[1], "rb");
    if (!f || fread(in, 1, INPUT_BYTES, f) != INPUT_BYTES)
      return 2;
    fclose(f);
  }
  inputs[0] = in;
  outputs[0] = out;
  return net_run_v(inputs, outputs, arena);
}
"""


def convolutional(random):
    weights = lambda *shape: random.normal(0, 0.5, shape).astype(np.float32)
    nodes = [
        node("Conv", "x w1 b1", "c", pads=[1, 1, 1, 1]),
        node("Clip", "c low high", "r"),
        node("Conv", "r w2", "d", pads=[1, 1, 1, 1], group=8),
        node("MaxPool", "d", "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("GlobalAveragePool", "p", "g"),
        node("Flatten", "g", "f"),
        node("Gemm", "f w3 b3", "l"),
        node("Tanh", "l", "t"),
        node("Softmax", "t", "y"),
    ]
    constants = {"w1": weights(8, 3, 3, 3), "b1": weights(8), "w2": weights(8, 1, 3, 3), "w3": weights(8, 10),
                 "b3": weights(10), "low": np.float32(0), "high": np.float32(6)}
    return build(nodes, {"x": [1, 3, 8, 8]}, {"y": [1, 10]}, constants, name="net"), [1, 3, 8, 8], np.float32


def lookup(random):
    """A table of more rows than are scanned: its address depends on the index, as NAME.json says."""
    from nnctest import tensor
    table = random.normal(0, 1, [300, 4]).astype(np.float32)
    nodes = [node("Gather", "table i", "y")]
    return build(nodes, [tensor("i", [2], np.int64)], {"y": [2, 4]}, {"table": table}, name="net"), [2], np.int64


def classes(shape, dtype, random):
    if dtype == np.int64:
        return {"zeros": np.zeros(shape, dtype), "extremes": np.full(shape, 2**62, dtype)}
    fill = lambda value: np.full(shape, value, dtype)
    return {"zeros": fill(0), "largest": fill(3e38), "negative": fill(-3e38), "subnormal": fill(1e-41), "infinite": fill(np.inf),
            "nan": fill(np.nan), "random": random.normal(0, 1, shape).astype(dtype),
            "mixed": random.choice([0, 1e-41, np.inf, -np.inf, np.nan, 1.5, -3e38], shape).astype(dtype)}


def compile_driver(model, shape, dtype, outputs, folder, cc):
    folder.mkdir(parents=True, exist_ok=True)
    path = save(model, folder / "net.onnx")
    done = nn_compile(path, "-target=x86", "-cpu=x86-64-v3", "-o", folder / "net")
    if done.returncode:
        sys.exit(done.stderr)
    (folder / "driver.c").write_text(DRIVER)
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    subprocess.run([cc, "-O1", "-std=c11", f"-DINPUT_BYTES={size}", f"-DOUTPUT_BYTES={outputs * 4}", f"-I{folder / 'net'}",
                    str(folder / "driver.c"), str(folder / "net" / "libnet.a"), "-o", str(folder / "driver")], check=True)
    return folder / "driver"


def instructions(driver, data):
    """Executed in net_run_v and below, so that what the C library does does not count."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=net_run_v",
                           str(driver), str(data)], capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def depends_on_input(driver):
    done = subprocess.run(["valgrind", "--error-exitcode=9", "-q", str(driver)], capture_output=True, text=True)
    if done.returncode not in (0, 9):
        sys.exit(f"{driver} left with {done.returncode}: {done.stderr}")
    return done.returncode == 9


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--work", default="constant-time")
    o = parser.parse_args()
    work, random = pathlib.Path(o.work), np.random.default_rng(1)

    model, shape, dtype = convolutional(random)
    driver = compile_driver(model, shape, dtype, 10, work / "conv", o.cc)
    counts = {}
    for name, data in classes(shape, dtype, random).items():
        path = work / f"{name}.bin"
        data.tofile(path)
        counts[name] = instructions(driver, path)
    print(counts)
    if len(set(counts.values())) != 1 or min(counts.values()) < 1000:
        sys.exit("the number of instructions depends on the input")
    if depends_on_input(driver):
        sys.exit("memcheck: a branch or an address depends on the input")

    model, shape, dtype = lookup(random)
    driver = compile_driver(model, shape, dtype, 8, work / "lookup", o.cc)
    if not depends_on_input(driver):
        sys.exit("memcheck does not see the run-time look-up, so it sees nothing")


if __name__ == "__main__":
    main()
