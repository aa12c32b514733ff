"""Random QONNX networks. With scales that are powers of two all of their numbers are floats, so the answer must be that of real numbers,
bit for bit, though products are sums of integers; with other scales compiled code has the interpreter's bits."""
# RUN: %python %s 40 %t
# REQUIRES: onnx, x86-64-v3
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from nnctest import build, save
from onnx import helper
from qonnx import GENERAL, LAST, MODES, f32, multithreshold, rounded

count, work = int(sys.argv[1]), pathlib.Path(sys.argv[2])


def convolved(x, w, bias, pads, stride, group):
    """Sums of products in doubles; N x C x H x W."""
    x = np.pad(x.astype(np.float64), [(0, 0), (0, 0), (pads, pads), (pads, pads)])
    n, c, h, width = x.shape
    o, per, kh, kw = w.shape
    out = np.zeros((n, o, (h - kh) // stride + 1, (width - kw) // stride + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            for g in range(group):
                to = slice(g * o // group, (g + 1) * o // group)
                out[:, to, i, j] = np.einsum("nchw,ochw->no", window[:, g * per : (g + 1) * per], w[to].astype(np.float64))
    return out if bias is None else out + bias.reshape(1, -1, 1, 1)


class Maker:
    """Grows a network from one input and knows the real number of each element."""

    def __init__(self, seed, powers):
        self.random, self.powers = np.random.default_rng(seed), powers
        self.nodes, self.constants, self.numbers = [], {}, {}

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def name(self, value):
        name = f"v{len(self.numbers)}"
        self.numbers[name] = np.asarray(value)
        return name

    def constant(self, value):
        name = self.name(value)
        self.constants[name] = np.asarray(value)
        return name

    def add(self, kind, inputs, value, domain="", **attributes):
        name = self.name(value)
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"{kind}_{name}", domain=domain, **attributes))
        return name

    def scale(self, low, high, shape=()):
        powers = 2.0 ** self.random.integers(low, high + 1, shape)
        return f32(powers if self.powers else powers * self.random.uniform(0.7, 1.4, shape))

    def quant(self, name, scale, bits, signed=1, narrow=0, mode="ROUND"):
        x, half = self.numbers[name].astype(np.float64), 2 ** (bits - 1)
        low, high = (narrow - half, half - 1) if signed else (0, 2 * half - 1 - narrow)
        value = rounded(np.clip(x / scale, low, high), mode) * np.float64(scale)
        if bits == 1 and signed:
            value = np.where(x >= 0, 1.0, -1.0) * np.float64(scale)
        operands = [name, self.constant(scale), self.constant(f32(0)), self.constant(f32(bits))]
        kind, domain = self.pick(("Quant", "onnx.brevitas"), ("IntQuant", GENERAL), ("Quant", "finn.custom_op.general"))
        return self.add(kind, operands, value, domain, signed=signed, narrow=narrow, rounding_mode=mode)

    def activation(self, name):
        if self.pick(*range(6)) == 0:
            unit = f32(1)
            value = np.where(self.numbers[name] >= 0, 1.0, -1.0)
            return self.add("BipolarQuant", [name, self.constant(unit)], value, GENERAL)
        return self.quant(name, self.scale(-5, -1), self.pick(2, 3, 4, 4, 6, 8), self.pick(0, 1), self.pick(0, 1), self.pick("ROUND", "ROUND", *MODES))

    def weights(self, shape, channel):
        each = [1] * len(shape)
        if self.pick(0, 1):
            each[channel] = shape[channel]
        raw = self.constant(self.random.normal(0, 0.5, shape).astype(f32))
        if self.powers and self.pick(*range(6)) == 0:  # whole numbers, as FINN has them, or with a power of two
            return self.constant(np.rint(self.numbers[raw] * 8).astype(f32) * f32(self.pick(1, 0.125)))
        if self.pick(*range(6)) == 0:
            scale = self.constant(self.scale(-3, 0, each))
            return self.add("BipolarQuant", [raw, scale], np.where(self.numbers[raw] >= 0, 1.0, -1.0) * self.numbers[scale], GENERAL)
        return self.quant(raw, self.scale(-5, -2, each), self.pick(1, 2, 3, 4, 4, 6, 8), self.pick(0, 1, 1), self.pick(0, 1))

    def product(self, name):
        """A convolution, its channels in front or behind, or a product of matrices; perhaps with a bias."""
        x = self.numbers[name].astype(np.float64)
        outputs = self.pick(1, 5, 16, 19)
        if x.ndim == 2:
            w = self.weights((x.shape[1], outputs), 1)
            return self.add("MatMul", [name, w], x @ self.numbers[w].astype(np.float64))
        last = self.pick(0, 1)
        group = self.pick(1, 1, x.shape[1])
        outputs = outputs if group == 1 else group * self.pick(1, 2)
        size, pads, stride = self.pick((1, 0, 1), (3, 1, 1), (3, 1, 2), (2, 0, 1))
        attributes = {"kernel_shape": [size, size], "pads": [pads] * 4, "strides": [stride, stride], "dilations": [1, 1], "group": group}
        shape = (outputs, x.shape[1] // group, size, size)
        if not last:
            w = self.weights(shape, 0)
            operands, bias = [name, w], None
            if self.pick(0, 1):
                operands.append(self.bias(outputs))
                bias = self.numbers[operands[-1]]
            return self.add("Conv", operands, convolved(x, self.numbers[w], bias, pads, stride, group), **attributes)
        behind = self.add("Transpose", [name], np.moveaxis(x, 1, -1), perm=[0, 2, 3, 1])
        w = self.weights((shape[0], size, size, shape[1]), 0)
        value = np.moveaxis(convolved(x, np.moveaxis(self.numbers[w], -1, 1), None, pads, stride, group), 1, -1)
        y = self.add("Conv", [behind, w], value, LAST, **attributes)
        return self.add("Transpose", [y], np.moveaxis(value, -1, 1), perm=[0, 3, 1, 2])

    def bias(self, outputs):
        raw = self.constant(self.random.normal(0, 1, outputs).astype(f32))
        return self.quant(raw, self.scale(-4, -1), 6) if self.pick(0, 1) else self.constant((np.rint(self.numbers[raw] * 16) / 16).astype(f32))

    def behind(self, name):
        """Bias, batch normalisation and what else stands between sums and their quantization."""
        for kind in self.pick([], ["bias"], ["norm"], ["bias", "norm"], ["norm", "relu"], ["bias", "relu"], ["relu"], ["norm", "leaky"]):
            x = self.numbers[name]
            channels = x.shape[1]
            along = (channels,) if x.ndim == 2 else (1, channels, 1, 1)
            if kind == "bias":
                b = self.bias(channels)
                if x.ndim > 2:
                    b = self.add("Reshape", [b, self.constant(np.array(along))], self.numbers[b].reshape(along))
                name = self.add("Add", self.pick([name, b], [b, name]), x + self.numbers[b])
            elif kind == "norm":
                gamma = f32(2.0 ** self.random.integers(-2, 2, channels) * self.random.choice([1, 1, 1, -1], channels))
                beta, mean = (f32(self.random.integers(-8, 9, channels) / 4) for _ in range(2))
                operands = [self.constant(v) for v in (gamma, beta, mean, f32(np.full(channels, 1 - 2.0**-10)))]
                value = (x - mean.reshape(along)) * gamma.reshape(along) + beta.reshape(along)
                name = self.add("BatchNormalization", [name, *operands], value, epsilon=2.0**-10)
            elif kind == "leaky":
                name = self.add("LeakyRelu", [name], np.where(x < 0, x * 0.25, x), alpha=0.25)
            else:
                name = self.add("Relu", [name], np.maximum(x, 0))
        return name

    def end(self, name):
        x, kind = self.numbers[name], self.pick("floats", "quant", "steps")
        if kind == "quant":
            return self.activation(name)
        if kind == "floats":
            return name
        t = np.sort(self.random.integers(-20, 20, (self.pick(1, x.shape[1]), self.pick(1, 3, 7))) / f32(4)).astype(f32)
        value = multithreshold(x, t.astype(np.float64), 0.5, -1.0)
        return self.add("MultiThreshold", [name, self.constant(t)], value, GENERAL, out_dtype="INT8", out_scale=0.5, out_bias=-1.0)


def network(seed, powers):
    m = Maker([seed, powers], powers)
    shape = m.pick((3, 20), (1, 33), (1, 4, 7, 6), (2, 3, 5, 5), (1, 16, 6, 6))
    x = m.name((m.random.normal(0, 2, shape)).astype(f32))
    y = x
    for _ in range(m.pick(1, 2, 3)):
        y = m.behind(m.product(m.activation(y)))
    y = m.end(y)
    return m, x, y


for seed in range(count):
    for powers in (True, False):
        m, x, y = network(seed, powers)
        folder = work / f"{seed}-{powers}"
        # Constants that only told the numbers of others are no operands.
        read = {name for n in m.nodes for name in n.input}
        model = build(m.nodes, {x: list(m.numbers[x].shape)}, {y: list(m.numbers[y].shape)}, {k: v for k, v in m.constants.items() if k in read})
        path = save(model, folder / "model.onnx")
        np.savez(folder / "x.npz", **{x: m.numbers[x]})
        for cpu in ("x86-64-v3", "native"):
            done = subprocess.run(["nn-run", path, f"--data={folder}/x.npz", "--compare", f"--save={folder}", f"-cpu={cpu}"], capture_output=True, text=True)
            assert done.returncode == 0, (seed, powers, cpu, done.stdout[-500:], done.stderr[-800:])
        got = onnx.numpy_helper.to_array(onnx.TensorProto.FromString((folder / "output_0.pb").read_bytes()))
        expected = m.numbers[y]
        if powers:
            assert np.array_equal(got, expected.astype(f32)), (seed, np.abs(got - expected).max(), got.ravel()[:5], expected.ravel()[:5])
        text = subprocess.run(["nn-compile", path, "-target=x86", "-stop-after=graph"], capture_output=True, text=True).stdout
        floats = [line for line in text.splitlines() if ("nn.conv" in line or "nn.matmul" in line) and "xi32>" not in line.split("->")[-1]]
        assert not floats, (seed, powers, floats)
