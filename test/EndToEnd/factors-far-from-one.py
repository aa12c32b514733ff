"""Constants very far from one beside a contraction, and exponentials up to the largest floats: no floor and no flush takes
the answer away. Beside each the same with an ordinary constant."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import sys

import numpy as np
from nnctest import build, compile_model, node, tensor

random = np.random.default_rng(1)
count = 0


def normal(*shape):
    return random.normal(0, 1, shape).astype(np.float32)


def check(what, nodes, x, expected, constants):
    """`expected` is computed in double; all answers are close to it, each by its own magnitude or the largest's."""
    global count
    count += 1
    constants = {name: np.asarray(value, np.float32 if np.asarray(value).dtype.kind == "f" else None) for name, value in constants.items()}
    model = build(nodes, [tensor("x", list(x.shape))], {"y": list(expected.shape)}, constants, opset=13)
    (y,) = compile_model(model, f"{sys.argv[1]}/{count}", "-q")(x)
    error = np.abs(y - expected).max() / np.abs(expected).max()
    assert error < 1e-5, (what, error, y, expected)


w, b = normal(8, 4), normal(4)
wide = lambda a: np.asarray(a, np.float64)
for s in 1e-12, 1e-9, 0.5, 1e9, 1e14:
    x = (normal(3, 8) / np.float32(s)).astype(np.float32)
    product = wide(x) * s @ wide(w)
    check(f"* {s} before", [node("Mul", "x s", "t"), node("Gemm", "t w", "y")], x, product, {"s": s, "w": w})
    check(f"/ {1 / s} before", [node("Div", "x s", "t"), node("MatMul", "t w", "y")], x, product, {"s": 1 / s, "w": w})
    small = np.float32(1e-3) * w
    check(f"* {s} before small", [node("Mul", "x s", "t"), node("Gemm", "t w", "y")], x, product / 1e3, {"s": s, "w": small})
    x = normal(3, 8)
    scaled = [node("Gemm", "x w b", "t"), node("Mul", "t s", "u"), node("Mul", "u r", "y")]
    check(f"* {s} after", [*scaled[:2], node("Abs", "u", "v"), node("Mul", "v r", "y")], x, np.abs(wide(x) @ wide(w) + b), {"s": s, "r": 1 / s, "w": w, "b": b})
    image, filters = normal(1, 1, 6, 6) * np.float32(1 / s), normal(4, 1, 1, 1)
    statistics = {"a": normal(1), "c": [0.0], "m": [0.0], "v": np.float32([min(s**-2, 1e38)]), "w": filters}
    factor = wide(statistics["a"][0]) / np.sqrt(wide(statistics["v"][0]) + 1e-35)
    nodes = [node("BatchNormalization", "x a c m v", "t", epsilon=1e-35), node("Conv", "t w", "y")]
    check(f"variance {s**-2} before", nodes, image, wide(image) * factor * wide(filters)[None, :, 0, :, :], statistics)

for epsilon in 1e-20, 1e-13, 1e-6:
    nodes = [node("MatMul", "x w", "t"), node("Add", "t e", "u"), node("Log", "u", "y")]
    check(f"log(0 + {epsilon})", nodes, np.zeros((3, 8), np.float32), np.full((3, 4), np.log(epsilon)), {"w": w, "e": epsilon})

for x in [[87.5, 87.5, 87], [88, 1, 2], [1, 2, 3]], [[-60, -65, -66], [0, -90, 3], [0, 0, 0]]:
    x = np.array(x, np.float32)
    e = np.exp(wide(x))
    exponentials = [node("Exp", "x", "e"), node("ReduceSum", "e axis", "s"), node("Div", "e s", "y")]
    check("exp / sum", exponentials, x, e / e.sum(1, keepdims=True), {"axis": np.array([1])})
    shifted = [node("ReduceMax", "x", "m", axes=[1]), node("Sub", "x m", "d"), node("Exp", "d", "e"), *exponentials[1:]]
    check("softmax", shifted, x, e / e.sum(1, keepdims=True), {"axis": np.array([1])})
