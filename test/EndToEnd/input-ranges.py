"""Inputs of fewer integers than a lane of the bus holds: narrow ones, and those that share a bus with wider ones. What is beyond their ends
comes as these, in frames of tensors and by NAME_pack.h."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc
# REQUIRES: onnx, iverilog
import json
import os
import subprocess
import sys

import numpy as np
from hlspackage import icarus, passes, sources
from nnctest import build, nn_compile, node, save
from qonnx import ends, f32, qnode

os.chdir(sys.argv[1])
cc = sys.argv[2]
rng = np.random.default_rng(3)
x = np.concatenate([rng.normal(0, 9, (20, 8)), rng.choice([-1e6, 1e6], (8, 8))]).astype(f32)

PROGRAM = """#include "net_pack.h"
#include <stdio.h>
int main(void) {
  static const float far[8] = {-1e6f, -1e6f, -1e6f, -1e6f, 1e6f, 1e6f, 1e6f, 1e6f};
  uint8_t frame[NET_IN_BYTES];
  (void)net_unpack;
  net_pack(far, far, frame);
  printf("%d %d %d %d\\n", net_quantize_a(far[0]), net_quantize_a(far[7]), net_quantize_b(far[0]), net_quantize_b(far[7]));
  return 0;
}
"""


def network(first, second):
    """Two inputs, (bits, signed, narrow) each, and their sum; int8."""
    constants = {"step": f32(0.25), "zero": f32(0), "eight": f32(8)}
    nodes = []
    for name, (bits, signed, narrow) in zip("ab", (first, second)):
        constants[f"{name}_bits"] = f32(bits)
        attributes = {"signed": signed, "narrow": narrow, "rounding_mode": "ROUND"}
        nodes.append(qnode("Quant", f"{name} step zero {name}_bits", f"q{name}", **attributes))
    nodes += [node("Sub", "qa qb", "s"), qnode("Quant", "s step zero eight", "y", signed=1, narrow=0, rounding_mode="ROUND")]
    save(build(nodes, {"a": [1, 8], "b": [1, 8]}, {"y": [1, 8]}, constants), "net.onnx")


# Where both fill the lanes nothing is said of ranges.
for first, second, is_said in [((3, 1, 0), (7, 1, 0), True), ((6, 1, 1), (6, 1, 1), True), ((2, 0, 1), (5, 1, 0), True), ((5, 1, 0), (5, 1, 0), False)]:
    network(first, second)
    np.savez("frames.npz", a=x, b=x[::-1])
    for style in "unrolled", "sequencer":
        options = (f"-style={style}", "-emit=verilog", "-emit=test", "-vectors=frames.npz")
        done = nn_compile("net.onnx", "-target=hls", "-o", "out", *options)
        assert done.returncode == 0, done.stderr
        done = icarus("out", "net", sources("out", "net"))
        assert passes(done), (first, second, style, done.stdout[-500:])
        with open("out/net.json") as file:
            bus = json.load(file)["bus"]["in"]
        wanted = [*ends(*first), *ends(*second)]
        assert bus.get("ranges") == ([wanted[:2], wanted[2:]] if is_said else None), (bus, wanted)
        with open("out/main.c", "w") as file:
            file.write(PROGRAM)
        subprocess.run([cc, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "main.c", "-o", "main"], cwd="out", check=True)
        printed = subprocess.run(["out/main"], capture_output=True, text=True, check=True).stdout
        assert [int(n) for n in printed.split()] == wanted, (printed, wanted)
