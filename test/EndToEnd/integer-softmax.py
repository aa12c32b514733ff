# REQUIRES: onnx, x86-64-v3
# RUN: %python %s %t x86-64-v3
# RUN: %python %s %t native
"""A quantized softmax is what its definition says, in exact arithmetic: products of exponentials to the nearest integer, their
sum, and the quotient rounded half to even. Every distance from the greatest byte occurs, and ties do."""

import sys
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
from nnctest import build, compile_model, node, tensor

getcontext().prec = 60
folder, cpu = sys.argv[1:]
random = np.random.default_rng(7)


def exponentials(scale, bits):
    one = lambda i: int((Decimal(2) ** bits * (-i * Decimal(float(scale))).exp()).to_integral_value("ROUND_HALF_EVEN"))
    coarse, fine = [one(16 * i) for i in range(16)], [one(j) for j in range(16)]
    return [(a * b + (1 << (bits - 1))) >> bits for a in coarse for b in fine]


def expected(rows, scale, result, zero, dtype):
    elements = rows.shape[-1]
    number = Fraction(float(result))  # m / 2^k
    m, k = number.numerator, number.denominator.bit_length() - 1
    table = exponentials(scale, min(30, 61 - elements.bit_length() - m.bit_length()))
    ends = np.iinfo(dtype)
    out = np.empty(rows.shape, dtype)
    for row, codes in zip(rows, out):
        powers = [table[int(row.max()) - int(q)] for q in row]
        total = sum(powers) * m
        codes[:] = [min(max(round(Fraction(p << k, total)) + zero, ends.min), ends.max) for p in powers]
    return out


def rows_of(count, elements, dtype):
    ends = np.iinfo(dtype)
    x = random.integers(ends.min, ends.max + 1, (count, elements))
    spread = random.integers(1, 256, (count, 1))
    x = np.where(np.arange(count)[:, None] % 2, x, ends.max - (x - ends.min) % spread)
    x[0] = ends.max  # all alike: of 2^n elements a tie
    x[1] = ends.min
    x[1, 0] = ends.max
    x[2] = np.resize(np.arange(ends.min, ends.max + 1), elements)
    return x.astype(dtype)


cases = [  # elements, scale, result's scale and zero point, types
    (10, 0.1, 1 / 256, -128, np.int8, np.int8),
    (512, 0.02, 1 / 256, 0, np.uint8, np.uint8),
    (128, 1 / 3, 1 / 255, 3, np.int8, np.uint8),
    (1, 2.0, 1 / 256, -128, np.int8, np.int8),
    (300, 1e-6, 1 / 512, -100, np.uint8, np.int8),
    (33, 40.0, 0.0041, 0, np.uint8, np.uint8),
    (1000, 0.06, 1 / 256, -128, np.int8, np.int8),
]
for i, (elements, scale, result, zero, source, stored) in enumerate(cases):
    count = 24
    constants = {"s": np.float32(scale), "z": source(5), "sy": np.float32(result), "zy": stored(zero)}
    nodes = [node("DequantizeLinear", "q s z", "x"), node("Softmax", "x", "p", axis=-1), node("QuantizeLinear", "p sy zy", "y")]
    model = build(nodes, [tensor("q", [count, elements], source)], [tensor("y", [count, elements], stored)], constants)
    network = compile_model(model, f"{folder}/{cpu}/{i}", f"-cpu={cpu}", name=f"softmax{i}")
    ops = [op for step in network.json["steps"] for op in step["ops"]]
    assert "proportion" in ops and "dequantize" not in ops, ops
    rows = rows_of(count, elements, source)
    (y,) = network(rows)
    want = expected(rows, constants["s"], constants["sy"], zero, stored)
    assert np.array_equal(y, want), (elements, scale, result, np.argwhere(y != want)[:5], y[y != want][:5], want[y != want][:5])

# Where there is no such form it is floats, of whole rows: to a result that is too fine, behind other functions, as a logarithm.
softmax = lambda x: np.exp(x - x.max(-1, keepdims=True)) / np.exp(x - x.max(-1, keepdims=True)).sum(-1, keepdims=True)
islands = {
    "fine": ([node("Softmax", "x", "p", axis=-1)], 0.001, 0, softmax),
    "behind": ([node("Exp", "x", "e"), node("Softmax", "e", "p", axis=-1)], 1 / 256, 0, lambda x: softmax(np.exp(x))),
    "logarithm": ([node("LogSoftmax", "x", "p", axis=-1)], 0.04, 255, lambda x: np.log(softmax(x))),
    "before": ([node("LogSoftmax", "x", "l", axis=-1), node("Neg", "l", "p")], 0.04, 0, lambda x: -np.log(softmax(x))),
}
for name, (between, result, zero, function) in islands.items():
    constants = {"s": np.float32(0.02), "z": np.uint8(100), "sy": np.float32(result), "zy": np.uint8(zero)}
    nodes = [node("DequantizeLinear", "q s z", "x"), *between, node("QuantizeLinear", "p sy zy", "y")]
    model = build(nodes, [tensor("q", [24, 9], np.uint8)], [tensor("y", [24, 9], np.uint8)], constants)
    rows = rows_of(24, 9, np.uint8)
    (y,) = compile_model(model, f"{folder}/{cpu}/{name}", f"-cpu={cpu}", name=name)(rows)
    want = np.clip(np.rint(function((rows.astype(float) - 100) * 0.02) / result) + zero, 0, 255)
    assert np.abs(y - want).max() <= 1, (name, y[:3], want[:3])
