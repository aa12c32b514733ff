"""Scales that depend on many ops are evaluated op by op: doubling them forty times takes no 2^40 steps, a chain of thousands no stack. So
do thousands of limits behind a convolution, which are one limit."""
# RUN: %python %s %t
# REQUIRES: onnx
import subprocess
import sys

import numpy as np
from nnctest import build, node, save, tensor


def compiles(name, chain, scale):
    pairs = [node("QuantizeLinear", f"x {scale} z", "q0"), node("DequantizeLinear", f"q0 {scale} z", "d0"),
             node("QuantizeLinear", f"d0 {scale} z", "q1"), node("DequantizeLinear", f"q1 {scale} z", "y")]
    model = build(chain + pairs, [tensor("x", [1, 4], np.float32)], [tensor("y", [1, 4], np.float32)],
                  {"s0": np.array(0.99999, np.float32), "z": np.array(0, np.int8)})
    done = subprocess.run(["nn-run", save(model, f"{sys.argv[1]}/{name}.onnx"), "--compare"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (name, done.returncode, done.stderr)


compiles("doubled", [node("Mul", f"s{i} s{i}", f"s{i + 1}") for i in range(40)], "s3")
compiles("all-doubled", [node("Sqrt", f"s{i}", f"s{i + 1}") if i % 2 else node("Mul", f"s{i} s{i}", f"s{i + 1}") for i in range(80)], "s80")
compiles("deep", [node("Abs", f"s{i}", f"s{i + 1}") for i in range(20000)], "s20000")

limits = [node("DequantizeLinear", "x s z", "a"), node("DequantizeLinear", "w s z", "b"), node("Conv", "a b", "c0")]
limits += [node("Relu" if i % 2 else "Clip", f"c{i}" if i % 2 else f"c{i} low high", f"c{i + 1}") for i in range(3000)]
limits += [node("QuantizeLinear", "c3000 s z", "y")]
model = build(limits, [tensor("x", [1, 2, 4, 4], np.int8)], [tensor("y", [1, 3, 4, 4], np.int8)],
              {"s": np.array(0.25, np.float32), "z": np.array(-3, np.int8), "w": np.arange(6, dtype=np.int8).reshape(3, 2, 1, 1) - 2,
               "low": np.array(-1, np.float32), "high": np.array(6, np.float32)})
path = save(model, f"{sys.argv[1]}/limits.onnx")
text = subprocess.run(["nn-compile", path, "-stop-after=graph"], capture_output=True, text=True, check=True).stdout
assert text.count("nn.clip") == 1 and "max = 21 : i8, min = -3 : i8" in text, text[:2000]
done = subprocess.run(["nn-run", path, "--compare"], capture_output=True, text=True)
assert done.returncode == 0, done.stderr
