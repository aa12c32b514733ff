# REQUIRES: onnx, x86-64-v3
# RUN: %python %s --families conv,matmul --count 30 --work %t.a
# RUN: %python %s --families elementwise,reduce,move,pool --count 40 --work %t.b
# Halo around a dimension of one; rows looked up by data with masks.
# RUN: %python %s --families mixed --count 60 --work %t.m
# RUN: %python %s --families conv --seed 5131 --count 1 --work %t.c
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

import numpy as np
from nnctest import build, node, save, tensor
from onnx import numpy_helper


class Maker:
    """Grows a network from one input; values are named v0, v1, …"""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants, self.inputs, self.shapes, self.dtypes = [], {}, [], {}, {}
        self.count = 0

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
        if dtype.kind == "i":
            return self.random.integers(-9, 9, shape).astype(dtype)
        x = self.random.normal(0, 2, shape).astype(dtype)
        special = np.array([0.0, -0.0, 1e-41, -1e-39, 1e-30, 3e-13, np.inf, -np.inf, np.nan, 88.9, -104.0, 1e30], dtype)
        where = self.random.random(shape) < 0.03
        return np.where(where, self.random.choice(special, shape), x).astype(dtype)

    def model(self, *outputs):
        group = lambda names: [tensor(n, self.shapes[n], self.dtypes[n]) for n in names]
        return build(self.nodes, group(self.inputs), group(outputs), self.constants, opset=17)


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


def move_step(m, x):
    shape, dtype = m.shapes[x], m.dtypes[x]
    rank = len(shape)
    kind = m.pick("Transpose", "Reshape", "Slice", "Concat", "Pad", "Gather", "Relu", "Unsqueeze", "Lookup")
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


FAMILIES = {f.__name__: f for f in (mixed, conv, matmul, elementwise, reduce, move, pool)}


def check(seed, family, o):
    """None if the bits agree, else what nn-run said."""
    m = Maker([seed, list(FAMILIES).index(family)])
    folder = pathlib.Path(o.work) / f"{family}-{seed}"
    path = save(m.model(*FAMILIES[family](m)), folder / "model.onnx")
    data = folder / "test_data_set_0"
    data.mkdir(exist_ok=True)
    for i, name in enumerate(m.inputs):
        (data / f"input_{i}.pb").write_bytes(numpy_helper.from_array(m.values(name), name).SerializeToString())
    for cpu in o.cpus.split(","):
        command = ["nn-run", str(path), f"--data={data}", "--via=native", "--compare", f"-cpu={cpu}"]
        done = subprocess.run(command, capture_output=True, text=True)
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
