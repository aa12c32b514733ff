# RUN: rm -rf %t
# RUN: %python %s --count 40 --work %t
# REQUIRES: onnx, amx
"""Random contractions of bytes in matrix registers (AMX): the bits must be the interpreter's.

    matrix-registers.py [--count 40] [--seed 0] [--work DIR]

All sign mixes, windows of one and two dimensions, groups, strides, dilations, borders, batches, biases, and what may
follow: requantization, residual sums, functions. Every network comes from its number alone, so a failure is repeated
with `--seed N --count 1`.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import build, node, save, tensor

CPU = "-cpu=sapphirerapids+amx"


class Maker:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants, self.inputs = [], {}, []

    def size(self, low, high):
        return int(self.random.integers(low, high + 1))

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def bytes(self, shape, dtype):
        ends = np.iinfo(dtype)
        values = self.random.integers(ends.min, ends.max + 1, shape)
        return np.where(self.random.random(shape) < 0.1, self.pick(ends.min, ends.max), values).astype(dtype)

    def constant(self, name, array):
        self.constants[name] = np.asarray(array)
        return name

    def add(self, kind, inputs, output, **attributes):
        self.nodes.append(node(kind, inputs, output, **attributes))
        return output

    def input(self, name, shape, dtype):
        self.inputs.append(tensor(name, shape, dtype))
        return name

    def model(self, outputs):
        return build(self.nodes, self.inputs, outputs, self.constants)


def window(m, groups):
    """Attributes of a convolution, its input's shape and its filter's, result sizes in mind."""
    rank = m.pick(1, 2, 2)
    channels, filters = m.pick(4, 16, 32, 60, 64, 68, 128), m.size(3, 70)
    kernel = [m.pick(1, 1, 2, 3) for _ in range(rank)]
    pads = [m.size(0, k - 1) for k in kernel] + [m.size(0, k - 1) for k in kernel]
    attributes = {"kernel_shape": kernel, "group": groups, "pads": pads,
                  "strides": [m.pick(1, 1, 2) for _ in kernel], "dilations": [m.pick(1, 1, 2) for _ in kernel]}
    spread = [(k - 1) * d + 1 for k, d in zip(kernel, attributes["dilations"])]
    sizes = [s + m.size(2, 30) for s in spread]
    out = [(s + pads[i] + pads[i + rank] - spread[i]) // attributes["strides"][i] + 1 for i, s in enumerate(sizes)]
    batch = m.size(1, 2)
    return (attributes, [batch, channels * groups, *sizes], [filters * groups, channels, *kernel],
            [batch, filters * groups, *out])


def product(m):
    """Shapes of a matrix product: batches on both sides or on the left only."""
    rows, depth, columns = m.size(1, 70), 4 * m.pick(3, 8, 10, 16, 30, 48, 58), m.size(1, 70)
    batch = m.pick([], [], [m.size(2, 4)])
    shared = m.pick(True, False)
    return [*batch, rows, depth], [*([] if shared else batch), depth, columns], [*batch, rows, columns]


def sums(m):
    """Integers leave as they were summed: every mix of signs, with zero points."""
    lhs, rhs = m.pick(np.uint8, np.int8), m.pick(np.uint8, np.int8)
    if m.pick(True, False):
        attributes, shape, weights, out = window(m, m.pick(1, 1, 2, 3))
        kind = "ConvInteger"
    else:
        (shape, weights, out), attributes, kind = product(m), {}, "MatMulInteger"
    m.input("x", shape, lhs)
    m.constant("w", m.bytes(weights, rhs))
    zeros = ""
    if m.pick(True, False):
        zeros = f" {m.constant('zx', lhs(m.size(0, 9)))} {m.constant('zw', rhs(m.pick(0, 0, 5)))}"
    m.add(kind, "x w" + zeros, "y", **attributes)
    return m.model([tensor("y", out, np.int32)])


def quantized(m):
    """A float contraction between quantizers, with a scale for each channel, and what may follow it."""
    lhs, last = m.pick(np.uint8, np.int8), m.pick(np.uint8, np.int8)
    conv = m.pick(True, True, False)
    if conv:
        attributes, shape, weights, out = window(m, m.pick(1, 1, 2, 3))
    else:
        (shape, weights, out), attributes = product(m), {}
    axis, columns = (0, weights[0]) if conv else (len(weights) - 1, weights[-1])
    m.input("x", shape, lhs)
    m.constant("sx", np.float32(0.02))
    m.constant("zx", lhs(m.size(0, 5)))
    m.constant("w", m.bytes(weights, np.int8))
    m.constant("sw", m.random.uniform(0.001, 0.01, columns).astype(np.float32))
    m.add("DequantizeLinear", "x sx zx", "xf")
    m.add("DequantizeLinear", "w sw", "wf", axis=axis)
    if conv:
        bias = ""
        if m.pick(True, False):
            m.constant("b", m.random.normal(0, 1, columns).astype(np.float32))
            bias = " b"
        y = m.add("Conv", "xf wf" + bias, "c", **attributes)
    else:
        y = m.add("MatMul", "xf wf", "c")
        if m.pick(True, False):
            m.constant("b", m.random.normal(0, 1, columns).astype(np.float32))
            y = m.add("Add", f"{y} b", "cb")
    if m.pick(True, False):
        y = m.add(m.pick("Relu", "Sigmoid", "HardSwish"), y, "f")
    if m.pick(True, False):
        m.input("r", out, last)
        m.add("DequantizeLinear", "r sx", "rf")
        m.constant("so", np.float32(0.03))
        m.constant("zo", last(3))
        m.add("QuantizeLinear", f"{y} so zo", "q")
        m.add("DequantizeLinear", "q so zo", "qf")
        y = m.add("Add", "qf rf", "s")
    m.constant("sy", np.float32(m.pick(0.04, 0.11, 0.5)))
    m.constant("zy", last(m.size(0, 7)))
    m.add("QuantizeLinear", f"{y} sy zy", "y")
    return m.model([tensor("y", out, last)])


def run(seed, work):
    """Whether matrix registers were used; raises where bits differ."""
    m = Maker(seed)
    path = save(m.pick(sums, quantized)(m), pathlib.Path(work) / f"{seed}.onnx")
    again = f"(matrix-registers.py --seed {seed} --count 1)"
    done = subprocess.run(["nn-run", path, "--compare", CPU], capture_output=True, text=True)
    assert done.returncode == 0, f"{again}\n{done.stderr}"
    folder = path.with_suffix("")
    done = subprocess.run(["nn-compile", path, "-target=x86", CPU, "-emit=obj", "-q", "-name=net", "-o", folder],
                          capture_output=True, text=True)
    assert done.returncode == 0, f"{again}\n{done.stderr}"
    description = json.loads((folder / "net.json").read_text())
    return any(step["algorithm"] == "matrix.packed" for step in description["steps"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", default="matrix-registers")
    options = parser.parse_args()
    used = sum(run(options.seed + i, options.work) for i in range(options.count))
    print(f"{options.count} networks agree, {used} use matrix registers")
    assert options.count < 10 or 3 * used >= options.count, "more should use them"


if __name__ == "__main__":
    sys.exit(main())
