"""Sums, differences and products of two tensors of more than 8 bits become hardware where their scales are powers of two, bit for bit; where
floats would be rounded on the way, they are refused with the reason. What neither rises nor falls with one such tensor is a table."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, verilator
import os
import sys

import numpy as np
from nnctest import build, nn_compile, node, save
from qonnx import f32, qnode

os.chdir(sys.argv[1])
rng = np.random.default_rng(11)


def network(operator, bits, scales, relu=False):
    """Two branches of `bits` bits, on scales of their own, and what the operator makes of them in 10 bits."""
    constants = {f"w{i}": rng.integers(-3, 4, (6, 5)).astype(f32) for i in (0, 1)}
    constants |= {"zero": f32(0), "one": f32(1), "three": f32(3), "bits": f32(bits), "ten": f32(10)}
    constants |= {f"s{i}": f32(scale) for i, scale in enumerate(scales)}
    nodes = [qnode("Quant", "x s0 zero bits", "q", signed=1, narrow=0, rounding_mode="ROUND")]
    for i in (0, 1):
        nodes.append(qnode("Quant", f"w{i} one zero three", f"v{i}", signed=1, narrow=0, rounding_mode="ROUND"))
        nodes.append(node("MatMul", f"q v{i}", f"m{i}"))
        nodes.append(qnode("Quant", f"m{i} s{i} zero bits", f"a{i}", signed=1, narrow=0, rounding_mode="ROUND"))
    nodes.append(node(operator, "a0" if operator == "Abs" else "a0 a1", "c"))
    nodes += [node("Relu", "c", "r")] if relu else []
    nodes.append(qnode("Quant", "r s2 zero ten" if relu else "c s2 zero ten", "y", signed=1, narrow=0, rounding_mode="ROUND"))
    save(build(nodes, {"x": [1, 6]}, {"y": [1, 5]}, constants), "net.onnx")


def runs(style):
    x = np.concatenate([rng.normal(0, 20, (30, 6)), rng.normal(0, 1, (20, 6)), rng.choice([-1e6, 1e6], (6, 6))]).astype(f32)
    np.savez("frames.npz", x=x)
    done = nn_compile("net.onnx", "--via=verilog", "--compare", f"-style={style}", "--data=frames.npz", program="nn-run")
    assert done.returncode == 0, (done.stdout[-500:], done.stderr[-500:])
    assert "frames.npz[55]: " in done.stdout, done.stdout[-500:]


for operator, bits, scales, relu in [
    ("Add", 12, (1 / 16, 1 / 32, 1 / 4), False),
    ("Sub", 16, (1 / 64, 1 / 16, 1), True),
    ("Mul", 11, (1 / 16, 1 / 8, 4), False),
]:
    network(operator, bits, scales, relu)
    runs("unrolled")
    if operator != "Mul":
        runs("sequencer")

# |c| of 11 bits: 2048 words of a memory.
network("Abs", 11, (1 / 16, 1 / 8, 1 / 4))
runs("sequencer")

# A product has no layer in a sequencer; a scale with all its digits has floats that are rounded.
network("Mul", 11, (1 / 16, 1 / 8, 4))
done = nn_compile("net.onnx", "-target=hls", "-style=sequencer", "-o", "out")
assert done.returncode == 1 and "a product of two tensors" in done.stderr and "-style=unrolled" in done.stderr, done.stderr
network("Add", 12, (1 / 16, 0.03, 1 / 4))
for style in "unrolled", "sequencer":
    done = nn_compile("net.onnx", "-target=hls", f"-style={style}", "-o", "out")
    assert done.returncode == 1 and "floats are rounded on the way" in done.stderr and not os.path.exists("out"), done.stderr
