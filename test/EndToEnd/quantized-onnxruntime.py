# RUN: %python %s --count 60 --work %t
# REQUIRES: onnx, onnxruntime, x86-64-v3, vnni
"""Integer contractions and averages answer as ONNX Runtime does where it computes them in integers, bit for bit.

    quantized-onnxruntime.py [--count 60] [--seed 0] [--cpu x86-64-v3] [--work DIR]

Without VNNI, ONNX Runtime's sums of products saturate. Each network comes from its number alone.
"""

import argparse
import pathlib
import sys

import numpy as np
import onnxruntime
from nnctest import build, compile_model, node, tensor


class Network:
    """One operator in one of its spellings, on a grid of its own for each tensor."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants = [], {}
        # The mixes of signs that ONNX Runtime knows: those of the right operand are signed, or as the left one's.
        self.x, self.w = self.pick((np.uint8, np.int8), (np.int8, np.int8), (np.uint8, np.uint8))
        kind = self.pick(self.conv, self.conv, self.conv, self.matmul, self.matmul, self.gemm, self.pool)
        self.shape, self.result = kind()

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def size(self, low, high):
        return int(self.random.integers(low, high + 1))

    def constant(self, name, value, dtype):
        self.constants[name] = np.asarray(value, dtype)
        return name

    def stored(self, shape, dtype):
        ends = np.iinfo(dtype)
        return self.random.integers(ends.min, ends.max + 1, shape)

    def grid(self, name, dtype, scale, zero=None):
        """Constants of a scale and a zero point, as two words."""
        if zero is None:
            ends = np.iinfo(dtype)
            zero = self.pick(0, ends.min, ends.max, self.size(ends.min, ends.max))
        scale = self.constant(f"{name}_scale", self.pick(scale, 2.0 ** np.round(np.log2(scale))), np.float32)
        return f"{scale} {self.constant(f'{name}_zero', np.full(np.shape(self.constants[scale]), zero), dtype)}"

    def weights(self, shape, channels, fan):
        """Words of constant weights; one scale, or one per channel. Sets what a result's scale should be about."""
        self.several = self.size(0, 1)
        scale = np.exp(self.random.normal(-4, 0.4, [channels] if self.several else []))
        ends = np.iinfo(self.w)
        values = self.stored(shape, self.w) if self.size(0, 4) else np.full(shape, self.pick(ends.min, ends.max))
        self.constant("w", values, self.w)
        # ONNX Runtime wants one zero point for all channels.
        words = "w " + self.grid("w", self.w, scale, self.pick(0, 0, self.size(0, 90)) if self.w == np.int8 else None)
        zero = self.constants["w_zero"].reshape(-1)[0]
        self.spread = np.mean(self.constants["w_scale"]) * (np.std(self.constants["w"].astype(float) - zero) + 1) * 74 * np.sqrt(fan)
        return words

    def bias(self, channels):
        self.constant("b", self.random.integers(-9000, 9000, channels), np.int32)
        self.constant("b_scale", self.constants["x_scale"] * self.constants["w_scale"], np.float32)
        self.constant("b_zero", np.zeros(np.shape(self.constants["b_scale"])), np.int32)
        return "b b_scale b_zero"

    def dequantize(self, words, out, axis=0):
        axis = {"axis": axis} if self.constants[words.split()[1]].ndim else {}
        self.nodes.append(node("DequantizeLinear", words, out, **axis))
        return out

    def finish(self, floats, activation=True):
        """From floats to the result's integers, perhaps by way of a ReLU or Clip."""
        kind = self.pick("", "", "Relu", "Clip") if activation else ""
        if kind:
            limits = " low high" if kind == "Clip" else ""
            if limits:
                self.constant("low", 0, np.float32), self.constant("high", 6, np.float32)
            self.nodes.append(node(kind, floats + limits, "activated"))
            floats = "activated"
        self.nodes.append(node("QuantizeLinear", f"{floats} {self.y}", "y"))

    def conv(self):
        rank, groups = self.pick(1, 2, 2), 1
        channels, outputs = self.size(1, 40), self.size(1, 40)
        if self.size(0, 2) == 0:
            groups = channels = self.size(1, 40)
            outputs = groups * self.pick(1, 1, 2)
        space, kernel = [self.size(3, 9) for _ in range(rank)], [self.size(1, 3) for _ in range(rank)]
        strides, dilations = [self.size(1, 2) for _ in space], [self.pick(1, 1, 2) for _ in space]
        pads = [self.size(0, 2) for _ in range(2 * rank)]
        for i in range(rank):
            pads[rank + i] += max(0, (kernel[i] - 1) * dilations[i] + 1 - space[i] - pads[i] - pads[rank + i])
        x = "x " + self.grid("x", self.x, 0.02)
        w = self.weights([outputs, channels // groups, *kernel], outputs, channels // groups * int(np.prod(kernel)))
        self.y = self.grid("y", self.x, self.spread * 0.02 / 45 * self.pick(1, 1, 0.1))
        geometry = dict(kernel_shape=kernel, strides=strides, dilations=dilations, pads=pads, group=groups)
        bias = self.bias(outputs) if self.size(0, 1) else ""
        if self.size(0, 1):
            self.nodes.append(node("QLinearConv", f"{x} {w} {self.y} {bias[:1]}", "y", **geometry))
        else:
            operands = [self.dequantize(x, "xf"), self.dequantize(w, "wf")] + ([self.dequantize(bias, "bf")] if bias else [])
            self.nodes.append(node("Conv", " ".join(operands), "floats", **geometry))
            self.finish("floats")
        return [self.size(1, 2), channels, *space], self.x

    def matmul(self):
        rows, inner, columns = self.pick(1, 2, 7), self.size(1, 70), self.size(1, 70)
        batch = self.pick([], [], [3])
        x = "x " + self.grid("x", self.x, 0.02)
        w = self.weights([inner, columns], columns, inner)
        self.y = self.grid("y", self.x, self.spread * 0.02 / 45)
        if self.size(0, 1):
            self.nodes.append(node("QLinearMatMul", f"{x} {w} {self.y}", "y"))
        else:
            self.nodes.append(node("MatMul", f"{self.dequantize(x, 'xf')} {self.dequantize(w, 'wf', 1)}", "floats"))
            self.finish("floats", activation=False)
        return [*batch, rows, inner], self.x

    def gemm(self):
        rows, inner, columns, turned = self.size(1, 7), self.size(1, 70), self.size(1, 70), self.size(0, 1)
        x = "x " + self.grid("x", self.x, 0.02)
        w = self.weights([columns, inner] if turned else [inner, columns], columns, inner)
        self.y = self.grid("y", self.x, self.spread * 0.02 / 45)
        operands = [self.dequantize(x, "xf"), self.dequantize(w, "wf", 0 if turned else 1)]
        operands += [self.dequantize(self.bias(columns), "bf")] if self.size(0, 3) else []
        self.nodes.append(node("Gemm", " ".join(operands), "floats", transB=turned))
        self.finish("floats", activation=False)
        return [rows, inner], self.x

    def pool(self):
        shape = [self.size(1, 2), self.size(1, 40), self.size(2, 8), self.size(2, 8)]
        if self.size(0, 1):
            kind, window, scale, zero = "GlobalAveragePool", {}, 0.02, None
        else:
            # ONNX Runtime averages floats here, and adds the zero point before it rounds: on scales that are powers
            # of two and even zero points both are the same.
            kind, window, scale = "AveragePool", dict(kernel_shape=[2, 2], strides=[self.size(1, 2)] * 2), 2.0**-6
            ends = np.iinfo(self.x)
            zero = 2 * self.size(ends.min // 2, ends.max // 2)
        x = self.dequantize("x " + self.grid("x", self.x, scale), "xf")
        self.y = self.grid("y", self.x, self.pick(scale, scale / 2), zero)
        self.nodes.append(node(kind, x, "floats", **window))
        self.finish("floats", activation=False)
        return shape, self.x

    def model(self):
        return build(self.nodes, [tensor("x", self.shape, self.x)], [tensor("y", [None] * len(self.shape), self.result)], self.constants, opset=13)

    def inputs(self):
        """Random, at both ends, and mixtures."""
        ends = np.iinfo(self.x)
        yield from (self.stored(self.shape, self.x) for _ in range(4))
        yield from (np.full(self.shape, end) for end in (ends.min, ends.max))
        yield from (self.random.choice([ends.min, ends.max], self.shape) for _ in range(2))


def reference(model):
    """ONNX Runtime as it computes quantized groups in integers."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.qdqisint8allowed", "1")
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def check(seed, o):
    """None if all bits agree."""
    network = Network(seed)
    model = network.model()
    session = reference(model)
    ours = compile_model(model, pathlib.Path(o.work) / str(seed), f"-cpu={o.cpu}", name=f"network{seed}")
    for i, x in enumerate(network.inputs()):
        x = x.astype(network.x)
        (theirs,), (y,) = session.run(None, {"x": x}), ours(x)
        if not np.array_equal(y, theirs):
            different = np.flatnonzero(y.ravel() != theirs.ravel())
            first = different[0]
            kinds = " ".join(n.op_type for n in model.graph.node)
            return f"{kinds}, input {i}: {different.size} of {y.size} differ, first {first}: {y.ravel()[first]}, ONNX Runtime {theirs.ravel()[first]}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cpu", default="x86-64-v3")
    parser.add_argument("--work", default="quantized-onnxruntime")
    o = parser.parse_args()
    failed = 0
    for seed in range(o.seed, o.seed + o.count):
        if words := check(seed, o):
            failed += 1
            print(f"{seed}: {words}", flush=True)
    print(f"{failed} of {o.count} networks failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
