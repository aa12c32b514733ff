# REQUIRES: onnx, x86-64-v3
# RUN: %python %s --families conv,matmul --count 30 --work %t.a
# RUN: %python %s --families elementwise,reduce,move,pool --count 40 --work %t.b
# Halo around a dimension of one; rows looked up by data with masks.
# RUN: %python %s --families mixed --count 60 --work %t.m
# RUN: %python %s --families conv --seed 5131 --count 1 --work %t.c
# Quantized; integer-networks.test runs more of them, on more machines.
# RUN: %python %s --families integer --count 25 --work %t.q
# The same in TFLite's rounding, and against its own formulas.
# RUN: %python %s --families fixed --count 25 --work %t.f
# RUN: %python %s --families resize --count 20 --work %t.r
# Seven dimensions.
# RUN: %python %s --families move --seed 60011 --count 1 --work %t.e
# RUN: %python %s --families move --seed 5149 --count 1 --cpus native,x86-64-v3 --work %t.d
"""Small random networks, compiled and run: the bits must be the interpreter's.

    random-networks.py [--families conv,...] [--count 20] [--seed 0] [--cpus x86-64-v3,native] [--work DIR]

Every network comes from its number alone, so a failure is repeated with `--seed N --count 1`.
"""

import argparse
import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np
import onnx
from nnctest import build, node, save, tensor
from onnx import numpy_helper
from tflite import evaluate


class Maker:
    """Grows a network from one input; values are named v0, v1, …"""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants, self.inputs, self.shapes, self.dtypes = [], {}, [], {}, {}
        self.count, self.opset = 0, 17
        self.profile = "ort"  # whose rounding: -exact

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def size(self, low, high):
        return int(self.random.integers(low, high + 1))

    def fresh(self, shape, dtype=np.float32):
        name = f"v{self.count}"
        self.count += 1
        self.shapes[name], self.dtypes[name] = list(map(int, shape)), np.dtype(dtype)
        return name

    def input(self, shape, dtype=np.float32):
        name = self.fresh(shape, dtype)
        self.inputs.append(name)
        return name

    def constant(self, array):
        array = np.asarray(array)
        name = self.fresh(array.shape, array.dtype)
        self.constants[name] = array
        return name

    def weights(self, *shape):
        return self.constant(self.random.normal(0, 0.5, shape).astype(np.float32))

    def op(self, kind, inputs, shape, dtype=np.float32, **attributes):
        name = self.fresh(shape, dtype)
        self.nodes.append(node(kind, " ".join(inputs), name, **attributes))
        return name

    def values(self, name):
        """An array for an input: mostly tame numbers, some of them special."""
        shape, dtype = self.shapes[name], self.dtypes[name]
        if dtype == np.bool_:
            return self.random.integers(0, 2, shape).astype(bool)
        if dtype.itemsize < 4 and dtype.kind in "iu":
            ends = np.iinfo(dtype)
            x = self.random.integers(ends.min, ends.max + 1, shape)
            end = self.random.choice([ends.min, ends.max], shape)
            return np.where(self.random.random(shape) < self.pick(0.05, 0.05, 1), end, x).astype(dtype)
        if dtype.kind == "i":
            return self.random.integers(-9, 9, shape).astype(dtype)
        x = self.random.normal(0, 2, shape).astype(dtype)
        special = np.array([0.0, -0.0, 1e-41, -1e-39, 1e-30, 3e-13, np.inf, -np.inf, np.nan, 88.9, -104.0, 1e30], dtype)
        where = self.random.random(shape) < 0.03
        return np.where(where, self.random.choice(special, shape), x).astype(dtype)

    def model(self, *outputs):
        group = lambda names: [tensor(n, self.shapes[n], self.dtypes[n]) for n in names]
        return build(self.nodes, group(self.inputs), group(outputs), self.constants, opset=self.opset)


# --- what may follow a contraction or a pooling


def epilogue(m, x):
    shape = m.shapes[x]
    for _ in range(m.size(0, 3)):
        kind = m.pick("Relu", "LeakyRelu", "Clip", "Sigmoid", "Add", "Mul", "Residual", "Channel")
        if kind == "LeakyRelu":
            x = m.op(kind, [x], shape, alpha=0.1)
        elif kind == "Clip":
            x = m.op(kind, [x, m.constant(np.float32(m.pick(0, -1))), m.constant(np.float32(6))], shape)
        elif kind in ("Add", "Mul"):
            x = m.op(kind, [x, m.constant(np.float32(1.5))], shape)
        elif kind == "Residual":
            x = m.op("Add", [x, m.input(shape)], shape)
        elif kind == "Channel":
            x = m.op("Mul", [x, m.weights(*([1, shape[1]] + [1] * (len(shape) - 2)))], shape)
        else:
            x = m.op(kind, [x], shape)
    return x


# --- families


def conv(m):
    rank = m.pick(1, 2, 2, 2)
    group, per_in, per_out = m.pick((1, 3, 5), (1, 16, 32), (1, 1, 8), (1, 7, 40), (4, 2, 3), (8, 1, 1), (19, 1, 1), (5, 1, 2), (1, 35, 17))
    space = [m.size(1, 13) for _ in range(rank)]
    kernel = [m.size(1, min(4, s + 2)) for s in space]
    strides, dilations = [m.size(1, 3) for _ in space], [m.pick(1, 1, 1, 2) for _ in space]
    x = m.input([m.pick(1, 1, 2), group * per_in, *space])
    pads = [[m.size(0, 2) for _ in space] for _ in range(2)]
    out = []
    for i in range(rank):
        window = (kernel[i] - 1) * dilations[i] + 1
        pads[1][i] += max(0, window - space[i] - pads[0][i] - pads[1][i])
        out.append((space[i] + pads[0][i] + pads[1][i] - window) // strides[i] + 1)
    inputs = [x, m.weights(group * per_out, per_in, *kernel)] + ([m.weights(group * per_out)] if m.size(0, 1) else [])
    y = m.op("Conv", inputs, [m.shapes[x][0], group * per_out, *out], kernel_shape=kernel, strides=strides,
             dilations=dilations, pads=pads[0] + pads[1], group=group)
    y = epilogue(m, y)
    if m.size(0, 2) == 0:  # a second layer that needs a halo
        channels = m.size(1, 20)
        y = m.op("Conv", [y, m.weights(channels, group * per_out, *[3] * rank)], [m.shapes[x][0], channels, *out],
                 pads=[1] * (2 * rank), kernel_shape=[3] * rank)
        y = epilogue(m, y)
    return [y]


def matmul(m):
    batch = m.pick([], [], [2], [3, 2])
    rows, inner, columns = m.pick(1, 1, 2, 5, 14, 31), m.pick(1, 2, 3, 16, 37, 130), m.pick(1, 3, 10, 16, 33, 64, 100)
    a = m.input(batch + [rows, inner])
    kind = m.pick("constant", "constant", "input", "transposed")
    if kind == "constant":
        b = m.weights(inner, columns)
    elif kind == "input":
        b = m.input(m.pick(batch, []) + [inner, columns])
    else:
        t = m.input(batch + [columns, inner])
        order = list(range(len(batch))) + [len(batch) + 1, len(batch)]
        b = m.op("Transpose", [t], batch + [inner, columns], perm=order)
    y = m.op("MatMul", [a, b], batch + [rows, columns])
    if m.size(0, 1):
        y = m.op("Add", [y, m.weights(columns)], m.shapes[y])
    if m.size(0, 1):
        y = m.op(m.pick("Relu", "Tanh", "Erf", "Sigmoid"), [y], m.shapes[y])
    if m.size(0, 2) == 0:
        y = m.op("Softmax", [y], m.shapes[y], axis=-1)
    return [y]


def broadcastable(m, shape):
    shape = [1 if m.size(0, 2) == 0 else s for s in shape]
    return shape[m.size(0, len(shape)) if m.size(0, 2) == 0 else 0 :]


def elementwise(m):
    shape = [m.size(1, 9) for _ in range(m.size(0, 4))]
    pool = [m.input(shape)]
    for _ in range(m.size(1, 6)):
        kind = m.pick("Add", "Sub", "Mul", "Div", "Relu", "Tanh", "Exp", "Sqrt", "Erf", "Sigmoid", "Neg", "Pow", "Where", "Cast", "LeakyRelu", "Log", "Min", "Max")
        a = m.pick(*pool)
        if kind in ("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max"):
            other = m.input(broadcastable(m, shape)) if m.size(0, 1) else m.weights(*broadcastable(m, shape))
            y = m.op(kind, m.pick([a, other], [other, a]), shape)
        elif kind == "Where":
            y = m.op(kind, [m.input(broadcastable(m, shape), np.bool_), a, m.pick(*pool)], shape)
        elif kind == "Cast":
            whole = m.op(kind, [a], shape, np.int32, to=6)
            y = m.op(kind, [whole], shape, to=1)
        else:
            y = m.op(kind, [a], shape)
        pool.append(y)
    return pool[-2:]


def reduce(m):
    shape = [m.size(1, 7) for _ in range(m.size(1, 4))]
    if m.size(0, 1):
        shape[m.size(0, len(shape) - 1)] = m.pick(31, 32, 33, 64, 70, 200)
    x = m.input(shape)
    if m.size(0, 1):
        x = m.op("Add", [x, m.input(broadcastable(m, shape))], shape)
    kind = m.pick("ReduceMean", "ReduceMax", "ReduceSum", "Softmax", "LogSoftmax", "LayerNormalization", "GlobalAveragePool")
    if kind == "Softmax" or kind == "LogSoftmax":
        return [m.op(kind, [x], shape, axis=m.size(0, len(shape) - 1))]
    if kind == "LayerNormalization":
        axis = m.size(0, len(shape) - 1)
        return [m.op(kind, [x, m.weights(*shape[axis:]), m.weights(*shape[axis:])], shape, axis=axis)]
    if kind == "GlobalAveragePool":
        if len(shape) < 3:
            return [m.op("Relu", [x], shape)]
        return [m.op(kind, [x], shape[:2] + [1] * (len(shape) - 2))]
    axes = sorted({m.size(0, len(shape) - 1) for _ in range(m.size(1, 3))})
    keep = m.size(0, 1)
    out = [1 if i in axes else s for i, s in enumerate(shape) if keep or i not in axes]
    if kind == "ReduceSum":
        y = m.op(kind, [x, m.constant(np.array(axes, np.int64))], out, keepdims=keep)
    else:
        y = m.op(kind, [x], out, axes=axes, keepdims=keep)
    return [m.op("Relu", [y], out)] if m.size(0, 1) else [y]


MOVES = "Transpose", "Reshape", "Slice", "Concat", "Pad", "Gather", "Relu", "Unsqueeze", "Lookup"


def move_step(m, x, *kinds):
    shape, dtype = m.shapes[x], m.dtypes[x]
    rank = len(shape)
    kind = m.pick(*(kinds or MOVES))
    if kind == "Transpose" and rank:
        order = list(map(int, m.random.permutation(rank)))
        x = m.op(kind, [x], [shape[d] for d in order], dtype, perm=order)
    elif kind == "Reshape":
        total = int(np.prod(shape))
        divisors = [d for d in range(1, total + 1) if total % d == 0]
        first = m.pick(*divisors)
        target = m.pick([first, total // first], [total], [1, first, total // first])
        x = m.op(kind, [x, m.constant(np.array(target, np.int64))], target, dtype)
    elif kind == "Slice" and rank:
        axis = m.size(0, rank - 1)
        backwards = m.size(0, 2) == 0
        start = m.size(0, shape[axis] - 1)
        step = m.size(1, 2)
        picked = list(range(shape[axis]))[start::-step] if backwards else list(range(shape[axis]))[start::step]
        end = -(2**31) if backwards else 2**31 - 1
        numbers = [m.constant(np.array([v], np.int64)) for v in (start, end, axis, -step if backwards else step)]
        out = list(shape)
        out[axis] = len(picked)
        x = m.op(kind, [x, *numbers], out, dtype)
    elif kind == "Concat" and rank:
        axis = m.size(0, rank - 1)
        other = list(shape)
        other[axis] = m.size(1, 5)
        out = list(shape)
        out[axis] += other[axis]
        x = m.op(kind, m.pick([x, m.input(other, dtype)], [m.input(other, dtype), x]), out, dtype, axis=axis)
    elif kind == "Pad" and rank and dtype == np.float32:
        mode = m.pick("constant", "reflect", "edge")
        low = [m.size(0, 2 if mode != "reflect" else min(2, s - 1)) for s in shape]
        high = [m.size(0, 2 if mode != "reflect" else min(2, s - 1)) for s in shape]
        pads = m.constant(np.array(low + high, np.int64))
        x = m.op(kind, [x, pads], [a + s + b for a, s, b in zip(low, shape, high)], dtype, mode=mode)
    elif kind in ("Gather", "Lookup") and rank:
        axis = m.size(0, rank - 1)
        indices = m.random.integers(-shape[axis], shape[axis], [m.size(1, 3)] * m.size(0, 2)).astype(np.int64)
        index = m.constant(indices) if kind == "Gather" else m.input(indices.shape, np.int64)
        x = m.op("Gather", [x, index], shape[:axis] + list(indices.shape) + shape[axis + 1 :], dtype, axis=axis)
    elif kind == "Unsqueeze":
        x = m.op(kind, [x, m.constant(np.array([0], np.int64))], [1, *shape], dtype)
    elif kind == "Relu" and dtype == np.float32:
        x = m.op(kind, [x], shape, dtype)
    return x


def move(m):
    x = m.input([m.size(1, 6) for _ in range(m.size(1, 4))], m.pick(np.float32, np.float32, np.int64, np.bool_, np.int32))
    for _ in range(m.size(1, 4)):
        x = move_step(m, x)
    return [m.op("Identity", [x], m.shapes[x], m.dtypes[x])]


def pool(m):
    rank = m.pick(1, 2, 2)
    space = [m.size(2, 14) for _ in range(rank)]
    x = m.input([m.pick(1, 2), m.pick(1, 3, 16, 20), *space])
    if m.size(0, 1):
        channels = m.pick(4, 18)
        x = m.op("Conv", [x, m.weights(channels, m.shapes[x][1], *[1] * rank)], [m.shapes[x][0], channels, *space])
    kernel = [m.size(1, min(3, s)) for s in space]
    pads = [m.size(0, k - 1) for k in kernel]
    strides = [m.size(1, 3) for _ in space]
    out = [(s + 2 * p - k) // t + 1 for s, p, k, t in zip(space, pads, kernel, strides)]
    kind = m.pick("MaxPool", "AveragePool")
    extra = {"count_include_pad": m.size(0, 1)} if kind == "AveragePool" else {}
    y = m.op(kind, [x], m.shapes[x][:2] + out, kernel_shape=kernel, pads=pads + pads, strides=strides, **extra)
    return [epilogue(m, y)]


def compute_step(m, x, earlier):
    """One step of `mixed` that keeps x float."""
    shape = m.shapes[x]
    rank = len(shape)
    kind = m.pick("Unary", "Binary", "Same", "Where", "Cast", "Reduce", "Softmax", "Norm", "Conv", "Pool", "Global", "MatMul", "Gram")
    if kind == "Unary":
        return m.op(m.pick("Relu", "Tanh", "Exp", "Erf", "Sigmoid", "Neg", "LeakyRelu"), [x], shape)
    if kind == "Binary":
        other = m.input(broadcastable(m, shape)) if m.size(0, 1) else m.weights(*broadcastable(m, shape))
        return m.op(m.pick("Add", "Mul", "Max"), m.pick([x, other], [other, x]), shape)
    if kind == "Same":  # a residual: anything earlier of this shape, itself included
        return m.op("Add", [x, m.pick(*[e for e in earlier if m.shapes[e] == shape])], shape)
    if kind == "Where":
        return m.op(kind, [m.input(broadcastable(m, shape), np.bool_), x, m.input(broadcastable(m, shape))], shape)
    if kind == "Cast":
        whole = m.pick((np.int32, 6), (np.int64, 7), (np.bool_, 9))
        return m.op(kind, [m.op(kind, [x], shape, whole[0], to=whole[1])], shape, to=1)
    if kind == "Reduce" and rank:
        axes = sorted({m.size(0, rank - 1) for _ in range(m.size(1, 3))})
        out = [1 if i in axes else s for i, s in enumerate(shape)]
        return m.op(m.pick("ReduceMean", "ReduceMax"), [x], out, axes=axes, keepdims=1)
    if kind == "Softmax" and rank:
        return m.op(kind, [x], shape, axis=m.size(0, rank - 1))
    if kind == "Norm" and rank:
        axis = m.size(0, rank - 1)
        return m.op("LayerNormalization", [x, m.weights(*shape[axis:])], shape, axis=axis)
    if kind == "Conv" and rank in (3, 4):
        group = m.pick(1, 1, shape[1])
        channels = group * m.size(1, 9) if group == 1 else group
        weights = m.weights(channels, shape[1] // group, *[3] * (rank - 2))
        return m.op(kind, [x, weights], [shape[0], channels, *shape[2:]], pads=[1] * (2 * rank - 4), group=group)
    if kind == "Pool" and rank in (3, 4) and min(shape[2:]) > 1:
        out = shape[:2] + [s // 2 for s in shape[2:]]
        return m.op(m.pick("MaxPool", "AveragePool"), [x], out, kernel_shape=[2] * (rank - 2), strides=[2] * (rank - 2))
    if kind == "Global" and rank in (3, 4):
        return m.op(m.pick("GlobalAveragePool", "GlobalMaxPool"), [x], shape[:2] + [1] * (rank - 2))
    if kind == "MatMul" and rank >= 2:
        columns = m.size(1, 12)
        return m.op(kind, [x, m.weights(shape[-1], columns)], shape[:-1] + [columns])
    if kind == "Gram" and rank >= 2:
        order = list(range(rank - 2)) + [rank - 1, rank - 2]
        turned = m.op("Transpose", [x], [shape[d] for d in order], perm=order)
        if m.size(0, 1):
            return m.op("MatMul", [x, turned], shape[:-2] + [shape[-2]] * 2)
        return m.op("MatMul", [turned, x], shape[:-2] + [shape[-1]] * 2)
    return x


def mixed(m):
    """Ops of all families on each other's layouts, halos and views."""
    x = m.input([m.pick(1, 1, 2), m.pick(1, 3, 8, 17), *[m.pick(1, 2, 5, 6, 7) for _ in range(m.size(1, 2))]])
    earlier = [x]
    for _ in range(m.size(2, 8)):
        if np.prod(m.shapes[x]) > 5000:
            break
        x = compute_step(m, x, earlier) if m.size(0, 2) else move_step(m, x)
        earlier.append(x)
    return [m.op("Identity", [x], m.shapes[x], m.dtypes[x])]


# --- integers


class Grid:
    """What integers of a tensor stand for: names of its scale and zero point, and the scale's value."""

    def __init__(self, m, dtype, scale, zero=None):
        ends = np.iinfo(dtype)
        if zero is None:
            zero = m.pick(0, 0, ends.min, ends.max, m.random.integers(ends.min, ends.max + 1))
        scale = m.pick(scale, scale, 2.0 ** np.round(np.log2(scale)))  # powers of two make ties
        self.number, self.dtype = np.float32(scale), np.dtype(dtype)
        shape = m.pick([], [], [1])
        self.scale = m.constant(np.full(shape, self.number, np.float32))
        self.zero = m.constant(np.full(shape, zero, dtype))
        self.words = [self.scale, self.zero]


class Integers:
    """Grows a quantized network; `grids` says what each of its integer tensors stands for."""

    def __init__(self, m):
        self.m, self.grids = m, {}
        m.opset = m.pick(13, 17, 21)

    def byte(self):
        return self.m.pick(np.int8, np.uint8)

    def is_byte(self, q):
        return self.grids[q].dtype.itemsize == 1

    def stored_type(self):
        """A type of activations: now and then words, of which some operators of com.microsoft know nothing."""
        if self.m.opset == 21 and self.m.size(0, 7) == 0:
            return self.m.pick(np.int16, np.uint16)
        return self.byte()

    def grid(self, scale=None, dtype=None):
        m = self.m
        return Grid(m, dtype or self.stored_type(), scale or float(np.exp(m.random.normal(-3, 0.7))))

    def put(self, kind, inputs, shape, grid, **attributes):
        """An operator whose result are integers on `grid`."""
        name = self.m.op(kind, inputs, shape, grid.dtype, **attributes)
        self.grids[name] = grid
        return name

    def contrib(self, kind, inputs, shape, grid, **attributes):
        return self.put(kind, inputs, shape, grid, domain="com.microsoft", **attributes)

    def quantize(self, x, grid):
        return self.put("QuantizeLinear", [x, *grid.words], self.m.shapes[x], grid)

    def floats(self, q):
        return self.m.op("DequantizeLinear", [q, *self.grids[q].words], self.m.shapes[q])

    def words(self, q):
        return [q, *self.grids[q].words]

    def stored(self, shape, grid):
        """Constant integers on a grid."""
        ends = np.iinfo(grid.dtype)
        name = self.m.constant(self.m.random.integers(ends.min, ends.max + 1, shape).astype(grid.dtype))
        self.grids[name] = grid
        return name

    def activation(self, x):
        """ReLU, Clip or nothing on floats, as it stands before a QuantizeLinear."""
        m = self.m
        kind = m.pick("", "", "Relu", "Clip")
        if kind == "Clip":
            x = m.op(kind, [x, m.constant(np.float32(m.pick(0, -0.7))), m.constant(np.float32(m.pick(0.9, 6)))], m.shapes[x])
        elif kind:
            x = m.op(kind, [x], m.shapes[x])
        return x

    def weights(self, shape, channels, axis, fan, narrow=None):
        """Constant weights and their operands of a quantized operator; the scale is one or one per channel. `narrow`: a
        type below eight bits."""
        m = self.m
        dtype = narrow or self.byte()
        ends = ml_dtypes.iinfo(dtype) if narrow else np.iinfo(dtype)
        number = float(np.exp(m.random.normal(-4, 0.5)))
        values = m.random.integers(int(ends.min), int(ends.max) + 1, shape).astype(dtype)
        if m.size(0, 5) == 0:
            values = np.full(shape, m.pick(ends.min, ends.max), dtype)
        several = m.size(0, 1) and channels is not None
        size = [channels] if several else []
        scale = number * np.exp(m.random.normal(0, 0.3, size))
        zero = m.pick(0, 0, 128 if dtype == np.uint8 else 0, m.random.integers(int(ends.min), int(ends.max) + 1))
        zeros = np.full(size, zero)
        if several and m.size(0, 3) == 0:
            zeros = m.random.integers(int(ends.min), int(ends.max) + 1, size)
        names = [m.constant(values), m.constant(scale.astype(np.float32)), m.constant(zeros.astype(dtype))]
        wide = (values.astype(np.float64) - zeros.reshape(size + [1] * (len(shape) - 1 - axis) if several else [])).std() + 1
        attributes = {"axis": axis} if several else {}
        return names, scale.astype(np.float32), number * wide * np.sqrt(fan) * 74, attributes

    def narrow(self):
        m = self.m
        return m.pick(ml_dtypes.int4, ml_dtypes.uint4) if m.opset == 21 and m.size(0, 5) == 0 else None

    def blocks(self, inner, columns):
        """Floats of weights with a scale for some of their rows each."""
        m = self.m
        dtype, block = self.byte(), m.size(1, inner)
        shape = [-(-inner // block), columns]
        ends = np.iinfo(dtype)
        words = [m.constant(m.random.integers(ends.min, ends.max + 1, [inner, columns]).astype(dtype))]
        words.append(m.constant(np.exp(m.random.normal(-4, 0.5, shape)).astype(np.float32)))
        words.append(m.constant(m.random.integers(ends.min, ends.max + 1, shape).astype(dtype)))
        return m.op("DequantizeLinear", words, [inner, columns], axis=0, block_size=block)

    def bias(self, x, scale, channels):
        """An int32 bias and the scale that it counts in."""
        m = self.m
        count = m.constant(m.random.integers(-9000, 9000, [channels]).astype(np.int32))
        unit = (self.grids[x].number * scale).astype(np.float32)
        return count, m.constant(unit)

    def result(self, spread):
        """A grid on which most of what spreads so far finds room; now and then hardly any, or one step of it."""
        return self.grid(float(spread / 45 * self.m.pick(1, 1, 1, 0.03, 30) * np.exp(self.m.random.normal(0, 0.3))))

    # -- operators

    def conv(self, x):
        m, shape = self.m, self.m.shapes[x]
        space, channels = shape[2:], shape[1]
        groups = m.pick(1, 1, channels, *[g for g in (2, 3, 5) if channels % g == 0])
        outputs = groups * (m.size(1, 70 if groups == 1 else 2) if groups < 4 else m.pick(1, 1, 2))
        kernel, strides = [m.size(1, min(3, s + 1)) for s in space], [m.pick(1, 1, 2) for _ in space]
        dilations = [m.pick(1, 1, 2) for _ in space]
        low, high, out = [m.size(0, 2) for _ in space], [], []
        for i, s in enumerate(space):
            window = (kernel[i] - 1) * dilations[i] + 1
            high.append(m.size(0, 2) + max(0, window - s - low[i]))
            out.append((s + low[i] + high[i] - window) // strides[i] + 1)
        geometry = {"kernel_shape": kernel, "strides": strides, "dilations": dilations, "pads": low + high, "group": groups}
        fan = channels // groups * int(np.prod(kernel))
        filters = [outputs, channels // groups, *kernel]
        narrow = self.narrow()
        w, scale, spread, axis = self.weights(filters, outputs, 0, fan, narrow)
        y, out = self.result(spread * self.grids[x].number), [shape[0], outputs, *out]
        spelling = m.pick("QLinearConv", "QDQ", "QDQ", "ConvInteger") if not narrow and self.is_byte(x) and y.dtype.itemsize == 1 else "QDQ"
        count, unit = self.bias(x, scale, outputs)
        if spelling == "QLinearConv":
            return self.put(spelling, [*self.words(x), *w, *y.words] + m.pick([], [count]), out, y, **geometry)
        if spelling == "ConvInteger" and m.constants[w[2]].ndim == 0:
            sums = m.op(spelling, [x, w[0], self.grids[x].zero, w[2]], out, np.int32, **geometry)
            return self.counted(sums, y)
        other = m.pick([], [m.weights(outputs)], [self.several(count, unit, 0)], [self.several(count, unit, 0)])
        return self.quantize(self.activation(m.op("Conv", [self.floats(x), m.op("DequantizeLinear", w, filters, **axis), *other], out, **geometry)), y)

    def several(self, count, unit, axis):
        m = self.m
        attributes = {"axis": axis} if m.constants[unit].ndim else {}
        return m.op("DequantizeLinear", [count, unit], m.shapes[count], **attributes)

    def counted(self, sums, y):
        """Sums as int32 on a grid: as the float that they are times a factor."""
        m = self.m
        x = m.op("Cast", [sums], m.shapes[sums], to=1)
        x = m.op("Mul", [x, m.constant(np.float32(y.number / 200))], m.shapes[sums])
        return self.quantize(x, y)

    def matmul(self, x):
        m, shape = self.m, self.m.shapes[x]
        inner, columns = shape[-1], m.size(1, 70)
        out = shape[:-1] + [columns]
        spelling = m.pick("QLinearMatMul", "MatMul", "MatMul", "MatMulInteger", "Gemm", "QGemm")
        if len(shape) != 2 and "Gemm" in spelling:
            spelling = "MatMul"
        turned = "Gemm" in spelling and m.size(0, 1)
        size, axis = ([columns, inner], 0) if turned else ([inner, columns], 1)
        narrow = self.narrow()
        w, scale, spread, attributes = self.weights(size, columns, axis, inner, narrow)
        y = self.result(spread * self.grids[x].number)
        if narrow or not self.is_byte(x) or y.dtype.itemsize > 1:
            spelling = "Gemm" if turned else "MatMul"
        count, unit = self.bias(x, scale, columns)
        if spelling == "QLinearMatMul":
            return self.put(spelling, [*self.words(x), *w, *y.words], out, y)
        if spelling == "MatMulInteger":
            return self.counted(m.op(spelling, [x, w[0], self.grids[x].zero, w[2]], out, np.int32), y)
        if spelling == "QGemm":
            return self.contrib(spelling, [*self.words(x), *w, m.pick("-", count), *y.words], out, y, transB=int(turned))
        floats = [self.floats(x), m.op("DequantizeLinear", w, size, **attributes)]
        if spelling == "MatMul" and m.opset == 21 and inner > 1 and m.size(0, 3) == 0:
            floats[1] = self.blocks(inner, columns)
        if spelling == "MatMul":
            return self.quantize(self.activation(m.op(spelling, floats, out)), y)
        other = m.pick([], [m.weights(columns)], [self.several(count, unit, 0)])
        return self.quantize(self.activation(m.op(spelling, floats + other, out, transB=int(turned))), y)

    def gram(self, x):
        """The product of activations."""
        m, shape = self.m, self.m.shapes[x]
        order = list(range(len(shape) - 2)) + [len(shape) - 1, len(shape) - 2]
        turned = self.put("Transpose", [x], [shape[d] for d in order], self.grids[x], perm=order)
        out = shape[:-1] + [shape[-2]]
        y = self.result(self.grids[x].number ** 2 * 74 * 74 * np.sqrt(shape[-1]))
        if m.size(0, 1) and self.is_byte(x) and y.dtype.itemsize == 1:
            return self.put("QLinearMatMul", [*self.words(x), *self.words(turned), *y.words], out, y)
        return self.quantize(m.op("MatMul", [self.floats(x), self.floats(turned)], out), y)

    def binary(self, x):
        m, shape = self.m, self.m.shapes[x]
        kind = m.pick("Add", "Mul")
        same = [q for q in self.grids if m.shapes[q] == shape]
        other = m.pick(m.pick(*same), self.stored(broadcastable(m, shape), self.grid(dtype=self.grids[x].dtype)))
        a, b = self.grids[x].number, self.grids[other].number
        y = self.result(100 * (a + b) if kind == "Add" else 5000 * a * b)
        operands = m.pick([x, other], [other, x])
        if m.size(0, 1) and self.is_byte(x) and len({self.grids[x].dtype, self.grids[other].dtype, y.dtype}) == 1:
            return self.contrib("QLinear" + kind, [*self.words(operands[0]), *self.words(operands[1]), *y.words], shape, y)
        return self.quantize(self.activation(m.op(kind, [self.floats(q) for q in operands], shape)), y)

    def unary(self, x):
        m, shape = self.m, self.m.shapes[x]
        kind = m.pick("Relu", "Clip", "Sigmoid", "LeakyRelu", "Softmax", "Regrid")
        y = self.grid(1 / 256 if kind in ("Sigmoid", "Softmax") else self.grids[x].number)
        if kind in ("Sigmoid", "LeakyRelu", "Softmax") and m.size(0, 1) and self.is_byte(x) and y.dtype == self.grids[x].dtype:
            attributes = {"Sigmoid": {}, "LeakyRelu": {"alpha": 0.1}, "Softmax": {"axis": len(shape) - 1, "opset": 13}}[kind]
            return self.contrib("QLinear" + kind, [*self.words(x), *y.words], shape, y, **attributes)
        f = self.floats(x)
        if kind == "Clip":
            f = m.op(kind, [f, m.constant(np.float32(-1)), m.constant(np.float32(2))], shape)
        elif kind != "Regrid":
            f = m.op(kind, [f], shape, **({"axis": -1} if kind == "Softmax" else {}))
        return self.quantize(f, y)

    def concat(self, x):
        m, shape = self.m, self.m.shapes[x]
        axis, grid = m.size(0, len(shape) - 1), self.grids[x]
        other = list(shape)
        other[axis] = m.size(1, 5)
        part = self.stored(other, m.pick(grid, self.grid(dtype=grid.dtype)))
        out = list(shape)
        out[axis] += other[axis]
        parts, y = m.pick([x, part], [part, x]), m.pick(grid, self.grid(grid.number, grid.dtype))
        if m.size(0, 1) and self.is_byte(x):
            return self.contrib("QLinearConcat", [*y.words, *self.words(parts[0]), *self.words(parts[1])], out, y, axis=axis)
        return self.quantize(m.op("Concat", [self.floats(q) for q in parts], out, axis=axis), y)

    def pool(self, x):
        m, shape = self.m, self.m.shapes[x]
        space, grid = shape[2:], self.grids[x]
        kind = m.pick("MaxPool", "AveragePool", "GlobalAveragePool")
        spelling = m.pick("QDQ", "integers") if self.is_byte(x) else "QDQ"
        if kind == "GlobalAveragePool":
            out, attributes = shape[:2] + [1] * len(space), {}
        else:
            kernel, strides = [m.size(1, min(3, s)) for s in space], [m.size(1, 2) for _ in space]
            low, high = ([m.size(0, k - 1) for k in kernel] for _ in range(2))
            out = shape[:2] + [(s + a + b - k) // t + 1 for s, a, b, k, t in zip(space, low, high, kernel, strides)]
            attributes = {"kernel_shape": kernel, "strides": strides, "pads": low + high}
            if m.size(0, 3) == 0:  # a last window may reach past the padding, if it begins before
                attributes["ceil_mode"] = 1
                for i, (s, a, b, k, t) in enumerate(zip(space, low, high, kernel, strides)):
                    count = -(-(s + a + b - k) // t) + 1
                    out[2 + i] = count - ((count - 1) * t >= s + a)
            if kind == "AveragePool":
                attributes["count_include_pad"] = m.size(0, 1)
        if kind == "MaxPool" and spelling == "integers":
            return self.put(kind, [x], out, grid, **attributes)
        y = m.pick(grid, self.grid(grid.number, grid.dtype))
        if spelling == "integers":
            return self.contrib("QLinear" + kind, [*self.words(x), *y.words], out, y, **attributes)
        return self.quantize(m.op(kind, [self.floats(x)], out, **attributes), y)

    def move(self, x):
        m, grid = self.m, self.grids[x]
        if m.size(0, 1):  # on the integers themselves
            y = move_step(m, x, "Transpose", "Reshape", "Slice")
            self.grids[y] = grid
            return y
        return self.quantize(move_step(m, self.floats(x), "Transpose", "Reshape", "Slice", "Pad", "Gather"), m.pick(grid, self.grid(grid.number)))

    def start(self, shape):
        m = self.m
        kind = m.pick("integers", "integers", "floats", "dynamic")
        if kind == "integers":
            grid = self.grid()
            x = m.input(shape, grid.dtype)
            self.grids[x] = grid
            return x
        if kind == "floats":
            return self.quantize(m.input(shape), self.grid())
        return self.dynamic(m.input(shape))

    def dynamic(self, x):
        """Floats, quantized by their own range, times weights, and back."""
        m, shape = self.m, self.m.shapes[x]
        q, scale, zero = m.fresh(shape, np.uint8), m.fresh([]), m.fresh([], np.uint8)
        m.nodes.append(node("DynamicQuantizeLinear", x, f"{q} {scale} {zero}"))
        columns = m.size(1, 40)
        w, number, _, _ = self.weights([shape[-1], columns], columns, 1, 1)
        out = shape[:-1] + [columns]
        sums = m.op("Cast", [m.op("MatMulInteger", [q, w[0], zero, w[2]], out, np.int32)], out, to=1)
        factor = m.op("Mul", [scale, w[1]], list(number.shape))
        return self.quantize(m.op("Mul", [sums, factor], out), self.grid(0.3))


def integer(m):
    g = Integers(m)
    x = g.start([m.pick(1, 1, 2), m.pick(1, 3, 4, 8, 17, 33, m.size(1, 70)), *[m.size(1, 8) for _ in range(m.pick(0, 1, 2, 2))]])
    for _ in range(m.size(1, 6)):
        rank = len(m.shapes[x])
        kinds = [g.unary, g.binary, g.move]
        if rank:
            kinds += [g.concat]
        if rank >= 2:
            kinds += [g.matmul] * 3 + [g.gram]
        if rank in (3, 4):
            kinds += [g.conv] * 6 + [g.pool] * 2
        x = m.pick(*kinds)(x)
        if np.prod(m.shapes[x]) > 4000:
            break
    return [m.pick(x, g.floats(x))]


class FixedPoint(Integers):
    """Networks that all of TFLite's rounding profiles can say how to round: int32 biases, one scale per activation."""

    def __init__(self, m):
        super().__init__(m)
        m.opset = 17

    def stored_type(self):
        return self.byte()

    def conv(self, x):
        m, shape = self.m, self.m.shapes[x]
        channels, space = shape[1], shape[2:]
        groups = m.pick(1, 1, channels)
        outputs = m.size(1, 40) if groups == 1 else channels
        kernel = [m.size(1, min(3, s)) for s in space]
        pads = [m.size(0, 1) for _ in range(2 * len(space))]
        filters = [outputs, channels // groups, *kernel]
        w, scale, spread, axis = self.weights(filters, outputs, 0, int(np.prod(filters[1:])))
        y = self.result(spread * self.grids[x].number)
        out = [shape[0], outputs, *[s + a + b - k + 1 for s, k, a, b in zip(space, kernel, pads, pads[len(space) :])]]
        floats = [self.floats(x), m.op("DequantizeLinear", w, filters, **axis), self.several(*self.bias(x, scale, outputs), 0)]
        geometry = {"kernel_shape": kernel, "pads": pads, "group": groups}
        return self.quantize(self.activation(m.op("Conv", floats, out, **geometry)), y)

    def matmul(self, x):
        m, shape = self.m, self.m.shapes[x]
        inner, columns = shape[-1], m.size(1, 70)
        kind = m.pick("MatMul", "Gemm") if len(shape) == 2 else "MatMul"
        w, scale, spread, axis = self.weights([inner, columns], columns, 1, inner)
        y = self.result(spread * self.grids[x].number)
        floats = [self.floats(x), m.op("DequantizeLinear", w, [inner, columns], **axis)]
        if kind == "Gemm":
            floats.append(self.several(*self.bias(x, scale, columns), 0))
        return self.quantize(self.activation(m.op(kind, floats, shape[:-1] + [columns])), y)

    def binary(self, x):
        m, shape = self.m, self.m.shapes[x]
        same = [q for q in self.grids if m.shapes[q] == shape]
        other = m.pick(m.pick(*same), self.stored(broadcastable(m, shape), self.grid()))
        y = self.result(100 * (self.grids[x].number + self.grids[other].number))
        operands = [self.floats(q) for q in m.pick([x, other], [other, x])]
        return self.quantize(self.activation(m.op(m.pick("Add", "Add", "Sub"), operands, shape)), y)

    def unary(self, x):
        m, shape = self.m, self.m.shapes[x]
        f = self.floats(x)
        if m.size(0, 1) and shape:
            dtype = self.byte()
            y = Grid(m, dtype, 1 / 256, np.iinfo(dtype).min)
            return self.quantize(m.op("Softmax", [f], shape, axis=-1), y)
        return self.quantize(self.activation(f), self.grid(self.grids[x].number))

    def pool(self, x):
        m, shape = self.m, self.m.shapes[x]
        space, grid = shape[2:], self.grids[x]
        kernel, strides = [m.size(1, min(4, s)) for s in space], [m.size(1, 2) for _ in space]
        pads = [m.size(0, k - 1) for k in kernel + kernel]
        out = shape[:2] + [(s + a + b - k) // t + 1 for s, a, b, k, t in zip(space, pads, pads[len(space) :], kernel, strides)]
        attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads}
        return self.quantize(m.op(m.pick("MaxPool", "AveragePool"), [self.floats(x)], out, **attributes), grid)

    def move(self, x):
        y = move_step(self.m, x, "Transpose", "Reshape")
        self.grids[y] = self.grids[x]
        return y

    def start(self, shape):
        grid = self.grid()
        if self.m.size(0, 1):
            return self.quantize(self.m.input(shape), grid)
        x = self.m.input(shape, grid.dtype)
        self.grids[x] = grid
        return x


def fixed(m):
    """Rounded as TFLite does: `profile` says which of its ways."""
    m.profile = m.pick("tflite-double", "tflm-double", "tflite-single")
    g = FixedPoint(m)
    x = g.start([m.pick(1, 1, 2), m.pick(1, 3, 4, 8, 17, 33, m.size(1, 70)), *[m.size(1, 8) for _ in range(m.pick(0, 1, 2, 2))]])
    for _ in range(m.size(1, 6)):
        rank = len(m.shapes[x])
        kinds = [g.unary, g.unary, g.binary, g.binary, g.move]
        if rank >= 2:
            kinds += [g.matmul] * 3
        if rank in (3, 4):
            kinds += [g.conv] * 6 + [g.pool] * 2
        x = m.pick(*kinds)(x)
        if np.prod(m.shapes[x]) > 4000:
            break
    return [m.pick(x, g.floats(x))]


def resize_step(m, x):
    """Larger or smaller in any of its dimensions, but for batch and channels."""
    shape = m.shapes[x]
    scales = np.array([1, 1] + [m.pick(1, 2, 3, 1.5, 0.5, 2.2, 0.8) for _ in shape[2:]], np.float32)
    scales = np.where(np.float32(shape) * scales < 1, np.float32(2), scales)
    out = [int(np.float32(s) * scale) for s, scale in zip(shape, scales)]
    mode = m.pick("nearest", "linear", "cubic")
    coordinates = m.pick("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel")
    return m.op("Resize", [x, "-", m.constant(scales)], out, mode=mode, coordinate_transformation_mode=coordinates,
                nearest_mode=m.pick("floor", "ceil", "round_prefer_floor"), exclude_outside=m.size(0, 1))


def resize(m):
    """Images of floats or of integers, resized between convolutions."""
    shape = [m.pick(1, 2), m.pick(1, 3, 8, 17), *[m.size(1, 9) for _ in range(m.pick(1, 2, 2))]]
    if m.size(0, 1):
        g = Integers(m)
        x = m.pick(g.conv, g.move, g.pool)(g.start(shape))
        y = resize_step(m, g.floats(x)) if len(m.shapes[x]) > 2 else g.floats(x)
        y = g.quantize(y, m.pick(g.grids[x], g.grid()))
        return [m.pick(y, g.floats(g.unary(y)))]
    x = m.input(shape)
    layer = lambda x: m.op("Conv", [x, m.weights(5, m.shapes[x][1], *[1] * (len(shape) - 2))], [m.shapes[x][0], 5, *m.shapes[x][2:]])
    x = resize_step(m, layer(x) if m.size(0, 1) else x)
    return [epilogue(m, m.pick(layer, lambda x: resize_step(m, x))(x))]


FAMILIES = {f.__name__: f for f in (mixed, conv, matmul, elementwise, reduce, move, pool, integer, fixed, resize)}


def check(seed, family, o):
    """None if the bits agree, else what nn-run said."""
    m = Maker([seed, list(FAMILIES).index(family)])
    folder = pathlib.Path(o.work) / f"{family}-{seed}"
    path = save(m.model(*FAMILIES[family](m)), folder / "model.onnx")
    data = folder / "test_data_set_0"
    data.mkdir(exist_ok=True)
    arrays = {name: m.values(name) for name in m.inputs}
    for i, name in enumerate(m.inputs):
        (data / f"input_{i}.pb").write_bytes(numpy_helper.from_array(arrays[name], name).SerializeToString())
    if m.profile != "ort":
        expected = evaluate(onnx.load(path), arrays, m.profile)
        for i, array in enumerate(expected):
            (data / f"output_{i}.pb").write_bytes(numpy_helper.from_array(array).SerializeToString())
    for cpu in o.cpus.split(","):
        command = ["nn-run", str(path), f"--data={data}", "--via=native", "--compare", f"-cpu={cpu}", f"-exact={m.profile}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if "multiplies floats, which takes fused multiply-add" in done.stderr and cpu in ("x86-64", "x86-64-v2"):
            continue
        if done.returncode:
            return f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-600:]}{done.stderr[-1200:]}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cpus", default="x86-64-v3,native")
    parser.add_argument("--work", default="random-networks")
    o = parser.parse_args()
    failed = 0
    for family in o.families.split(","):
        for seed in range(o.seed, o.seed + o.count):
            if words := check(seed, family, o):
                failed += 1
                print(f"{family} {seed}: {words}", flush=True)
    print(f"{failed} of {o.count * len(o.families.split(','))} networks failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
