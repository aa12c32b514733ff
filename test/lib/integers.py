"""Random networks of integers in dialect nn, as text, and what the interpreter makes of them."""

import pathlib
import re

import numpy as np
from verilog import checked

TYPES = {"i8": (-128, 127), "ui8": (0, 255), "i4": (-8, 7), "ui4": (0, 15), "i32": (-(2**31), 2**31 - 1)}


def literal(values):
    return str(np.asarray(values).tolist())


def tensor(shape, element):
    return f"tensor<{'x'.join(map(str, [*shape, element]))}>"


class Network:
    """One op after another; every value is (name, shape, element type)."""

    def __init__(self, seed, shape, element="i8"):
        self.rng, self.lines, self.count = np.random.default_rng(seed), [], 0
        self.input = self.last = ("%x", list(shape), element)
        self.outputs = None

    def emit(self, text, shape, element):
        self.count += 1
        name = f"%v{self.count}"
        self.lines.append(f'  {name} = {text} loc("node{self.count}")')
        self.last = (name, list(shape), element)
        return self.last

    def constant(self, values, shape, element):
        text = literal(np.reshape(values, shape)) if len(shape) else str(values)
        return self.emit(f"nn.constant dense<{text}> : {tensor(shape, element)}", shape, element)

    def random(self, shape, element, least, most):
        return self.constant(self.rng.integers(least, most + 1, shape), shape, element)

    def matmul(self, x, outputs, weights=(-8, 7), bias=True):
        _, shape, element = x
        w = self.random([shape[-1], outputs], "i8", *weights)
        terms = [x, w] + ([self.random([outputs], "i32", -900, 900)] if bias else [])
        return self.contraction("matmul", terms, "", [*shape[:-1], outputs])

    def contraction(self, kind, terms, attributes, shape):
        types = ", ".join(tensor(s, e) for _, s, e in terms)
        names = ", ".join(n for n, _, _ in terms)
        return self.emit(f"nn.{kind} {names} {attributes}: ({types}) -> {tensor(shape, 'i32')}", shape, "i32")

    def window(self, x, kernel, strides, dilations, pads):
        spatial, rank = x[1][2:], len(kernel)
        sizes = [
            (n + pads[d] + pads[rank + d] - (kernel[d] - 1) * dilations[d] - 1) // strides[d] + 1
            for d, n in enumerate(spatial)
        ]
        arrays = {"dilations": dilations, "pads": pads, "strides": strides}
        return sizes, ", ".join(f"{k} = array<i64: {', '.join(map(str, v))}>" for k, v in arrays.items())

    def conv(self, x, outputs, kernel, strides=None, dilations=None, pads=None, group=1, weights=(-8, 7), pad_value=0):
        rank = len(kernel)
        strides, dilations, pads = strides or [1] * rank, dilations or [1] * rank, pads or [0] * 2 * rank
        sizes, text = self.window(x, kernel, strides, dilations, pads)
        w = self.random([outputs, x[1][1] // group, *kernel], "i8", *weights)
        b = self.random([outputs], "i32", -500, 500)
        text += f", group = {group} : i64, pad_value = {pad_value} : i64"
        return self.contraction("conv", [x, w, b], f"{{{text}}} ", [1, outputs, *sizes])

    def max_pool(self, x, kernel, strides, pads=None):
        rank = len(kernel)
        sizes, text = self.window(x, kernel, strides, [1] * rank, pads or [0] * 2 * rank)
        text += f", kernel = array<i64: {', '.join(map(str, kernel))}>"
        shape = [1, x[1][1], *sizes]
        types = f"({tensor(x[1], x[2])}) -> {tensor(shape, x[2])}"
        return self.emit(f"nn.max_pool {x[0]} {{{text}}} : {types}", shape, x[2])

    def requantize(self, x, scale, zero=0, element="i8"):
        """`scale`: one number, or one for each channel."""
        _, shape, kind = x
        scales = np.asarray(scale, np.float32)
        own = [] if scales.ndim == 0 else [len(scales), *[1] * (len(shape) - 2)] if len(shape) > 2 else [len(scales)]
        text = [f"{s:.9e}" for s in scales.ravel()]
        for _ in own[1:]:
            text = [f"[{s}]" for s in text]
        text = "[" + ", ".join(text) + "]" if own else text[0]
        s = self.emit(f"nn.constant dense<{text}> : {tensor(own, 'f32')}", own, "f32")
        z = self.constant(zero, [], element)
        types = f"({tensor(shape, kind)}, {tensor(own, 'f32')}, {tensor([], element)}) -> {tensor(shape, element)}"
        return self.emit(f"nn.requantize {x[0]}, {s[0]}, {z[0]} : {types}", shape, element)

    def rescale(self, x, multiplier, shift, rounding, zero=0, element="i8"):
        m, s, z = self.constant(multiplier, [], "i32"), self.constant(shift, [], "i32"), self.constant(zero, [], element)
        types = f"({tensor(x[1], 'i32')}, tensor<i32>, tensor<i32>, {tensor([], element)}) -> {tensor(x[1], element)}"
        text = f"nn.rescale {x[0]}, {m[0]}, {s[0]}, {z[0]} {{rounding = {rounding} : i64}} : {types}"
        return self.emit(text, x[1], element)

    def threshold(self, x, rows, least, channel=1, element="i8"):
        """`rows`: ascending thresholds, one list for all channels or one for each."""
        t = self.constant(rows, np.shape(rows), x[2])
        types = f"({tensor(x[1], x[2])}, {tensor(t[1], x[2])}) -> {tensor(x[1], element)}"
        text = f"nn.threshold {x[0]}, {t[0]} {{channel = {channel} : i64, least = {least} : i64}} : {types}"
        return self.emit(text, x[1], element)

    def cast(self, x, element):
        return self.emit(f"nn.cast {x[0]} : {tensor(x[1], x[2])} to {tensor(x[1], element)}", x[1], element)

    def arithmetic(self, kind, x, values, left=False):
        """`mul`, `add` or `sub` with a constant, one number or one for each channel; `left`: the constant comes first."""
        own = [] if np.ndim(values) == 0 else [len(values), *[1] * (len(x[1]) - 2)]
        operands = [x, self.constant(values, own, x[2])]
        a, b = reversed(operands) if left else operands
        types = f"({tensor(a[1], x[2])}, {tensor(b[1], x[2])}) -> {tensor(x[1], x[2])}"
        return self.emit(f"nn.{kind} {a[0]}, {b[0]} : {types}", x[1], x[2])

    def reduce(self, kind, x, keepdims=True, axes=None):
        """Along the axes, or of all pixels."""
        axes = axes or range(2, len(x[1]))
        kept = [1 if d in axes else n for d, n in enumerate(x[1])]
        shape = kept if keepdims else [n for d, n in enumerate(x[1]) if d not in axes]
        attributes = f"{{axes = array<i64: {', '.join(map(str, axes))}>, keepdims = {str(keepdims).lower()}}}"
        return self.emit(f"nn.reduce_{kind} {x[0]} {attributes} : ({tensor(x[1], x[2])}) -> {tensor(shape, x[2])}", shape, x[2])

    def clip(self, x, least, most):
        text = f"nn.clip {x[0]} {{min = {least} : {x[2]}, max = {most} : {x[2]}}} : {tensor(x[1], x[2])}"
        return self.emit(text, x[1], x[2])

    def lookup(self, x, element="i8"):
        least, most = TYPES[element]
        table = ", ".join(map(str, self.rng.integers(least, most + 1, 256)))
        types = f"{tensor(x[1], x[2])} to {tensor(x[1], element)}"
        return self.emit(f"nn.lookup {x[0]} {{table = array<i32: {table}>}} : {types}", x[1], element)

    def reshape(self, x, shape):
        return self.emit(f"nn.reshape {x[0]} : {tensor(x[1], x[2])} to {tensor(shape, x[2])}", shape, x[2])

    def transpose(self, x, permutation):
        shape = [x[1][p] for p in permutation]
        text = f"nn.transpose {x[0]} {{permutation = array<i64: {', '.join(map(str, permutation))}>}}"
        return self.emit(f"{text} : ({tensor(x[1], x[2])}) -> {tensor(shape, x[2])}", shape, x[2])

    def pad(self, x, low, high, value):
        shape = [n + a + b for n, a, b in zip(x[1], low, high)]
        text = f"low = array<i64: {', '.join(map(str, low))}>, high = array<i64: {', '.join(map(str, high))}>"
        types = f"({tensor(x[1], x[2])}) -> {tensor(shape, x[2])}"
        return self.emit(f"nn.pad {x[0]} {{{text}, mode = 0 : i64, value = {value} : {x[2]}}} : {types}", shape, x[2])

    def broadcast(self, x, shape):
        return self.emit(f"nn.broadcast {x[0]} : {tensor(x[1], x[2])} to {tensor(shape, x[2])}", shape, x[2])

    def slice(self, x, starts, steps, shape):
        arrays = f"starts = array<i64: {', '.join(map(str, starts))}>, steps = array<i64: {', '.join(map(str, steps))}>"
        return self.emit(f"nn.slice {x[0]} {{{arrays}}} : {tensor(x[1], x[2])} to {tensor(shape, x[2])}", shape, x[2])

    def concat(self, values, axis):
        shape = list(values[0][1])
        shape[axis] = sum(v[1][axis] for v in values)
        names, types = ", ".join(v[0] for v in values), ", ".join(tensor(v[1], v[2]) for v in values)
        element = values[0][2]
        return self.emit(f"nn.concat {names} {{axis = {axis} : i64}} : ({types}) -> {tensor(shape, element)}", shape, element)

    def binary(self, kind, a, b):
        shape = np.broadcast_shapes(a[1], b[1])
        types = f"({tensor(a[1], a[2])}, {tensor(b[1], b[2])}) -> {tensor(shape, a[2])}"
        return self.emit(f"nn.{kind} {a[0]}, {b[0]} : {types}", shape, a[2])

    def softmax(self, x, axes, scale, bits=30, factor=1, shift=8, zero=-128, element="i8"):
        """A softmax of bytes in integers, as nn-resolve-softmax leaves it."""
        wide = self.cast(x, "i32")
        distance = self.binary("sub", self.reduce("max", wide, axes=axes), wide)
        table = ", ".join(str(round(2**bits * np.exp(-d * scale))) for d in range(256))
        shape = tensor(x[1], "i32")
        powers = self.emit(f"nn.lookup {distance[0]} {{table = array<i32: {table}>}} : {shape} to {shape}", x[1], "i32")
        total = self.reduce("sum", self.cast(powers, "i64"), axes=axes)
        if factor != 1:
            total = self.binary("mul", total, self.constant(factor, [], "i64"))
        z = self.constant(zero, [], element)
        types = f"({shape}, {tensor(total[1], 'i64')}, {tensor([], element)}) -> {tensor(x[1], element)}"
        text = f"nn.proportion {powers[0]}, {total[0]}, {z[0]} {{division = 0 : i64, shift = {shift} : i64}} : {types}"
        return self.emit(text, x[1], element)

    def arg_max(self, x, axis, keepdims=False, last=False):
        shape = [*x[1][:axis], *[1] * keepdims, *x[1][axis + 1 :]]
        flags = f"axis = {axis} : i64, keepdims = {str(keepdims).lower()}, last = {str(last).lower()}"
        return self.emit(f"nn.arg_max {x[0]} {{{flags}}} : ({tensor(x[1], x[2])}) -> {tensor(shape, 'i64')}", shape, "i64")

    def add(self, a, b, scales, zeros):
        """The quantized sum of two tensors, as ONNX has it."""
        return self.island("add", a, b, scales, zeros)

    def island(self, kind, a, b, scales, zeros, element="i8"):
        """Dequantized, added or multiplied as `kind` says, with broadcasting, and quantized."""
        floats, grids = [], []
        for scale, zero, kind_of in zip(scales, zeros, (a[2], b[2], element)):
            grids.append((self.emit(f"nn.constant dense<{scale:e}> : tensor<f32>", [], "f32"), self.constant(zero, [], kind_of)))
        for x, (s, z) in zip((a, b), grids):
            types = f"({tensor(x[1], x[2])}, tensor<f32>, {tensor([], x[2])}) -> {tensor(x[1], 'f32')}"
            floats.append(self.emit(f"nn.dequantize {x[0]}, {s[0]}, {z[0]} : {types}", x[1], "f32"))
        result = self.binary(kind, *floats)
        types = f"({tensor(result[1], 'f32')}, tensor<f32>, {tensor([], element)}) -> {tensor(result[1], element)}"
        (s, z) = grids[2]
        return self.emit(f"nn.quantize {result[0]}, {s[0]}, {z[0]} : {types}", result[1], element)

    def function(self, name, frame=None):
        """The network; or the network of one frame, without inputs."""
        outputs = self.outputs or [self.last]
        results = ", ".join(tensor(s, e) for _, s, e in outputs)
        source, shape, element = self.input
        argument, body = f"{source}: {tensor(shape, element)}", self.lines
        if frame is not None:
            text = f"  {source} = nn.constant dense<{literal(np.reshape(frame, shape))}> : {tensor(shape, element)}"
            argument, body = "", [text, *body]
        names = ", ".join(n for n, _, _ in outputs)
        body = "\n".join([*body, f"  return {names} : {results}"])
        return f"func.func @{name}({argument}) -> ({results}) {{\n{body}\n}}\n"

    def frames(self, count):
        """Random ones; among them the ends of the type."""
        _, shape, element = self.input
        least, most = TYPES[element]
        frames = [self.rng.integers(least, most + 1, shape) for _ in range(count)]
        return [f.ravel() for f in [np.full(shape, least), np.full(shape, most), *frames]]

    def answers(self, folder, frames):
        """Of each frame all outputs, one after another."""
        path = pathlib.Path(folder) / "frames.mlir"
        path.write_text("".join(self.function(f"run{i}", frame) for i, frame in enumerate(frames)))
        text = checked("nn-opt", path, "-nn-evaluate", "-o", "/dev/null").stdout
        found = {}
        for name, numbers in re.findall(r"^@(run\d+)[^=]*= (.*)$", text, re.M):
            found.setdefault(name, []).extend(int(n) for n in re.findall(r"-?\d+", numbers))
        return [found[f"run{i}"] for i in range(len(frames))]
