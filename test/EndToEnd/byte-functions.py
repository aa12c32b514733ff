"""Functions of one byte are tables, those of two have proved integer forms: both are what the floats in between give, for every byte and every
pair of bytes, on every core."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import itertools
import re
import subprocess
import sys

import numpy as np
from nnctest import build, compile_model, node, tensor

f32, i8, u8 = np.float32, np.int8, np.uint8
work = sys.argv[1]
CPUS = ("x86-64", "x86-64-v2", "x86-64-v3", "native")  # SSE with scanned tables, shuffles of 16 bytes, of 32, what this machine has
count = itertools.count()


def every(dtype):
    return np.arange(np.iinfo(dtype).min, np.iinfo(dtype).max + 1).astype(dtype)


def floats(q, scale, zero):
    return (q.astype(np.int32) - int(zero)).astype(f32) * f32(scale)


def quantized(x, scale, zero, dtype):
    """NumericSpec section 9."""
    ends = np.iinfo(dtype)
    t = np.where(np.isnan(x), f32(-np.inf), x / f32(scale))
    return (np.rint(np.clip(t, f32(ends.min) - f32(zero), f32(ends.max) - f32(zero))) + int(zero)).astype(dtype)


def between(nodes, inputs, result, shape, dtype):
    """A network of bytes: `inputs` (name, scale, zero) dequantized, `nodes`, "y" quantized to `result`."""
    constants = {}
    before = []
    for name, scale, zero in inputs:
        constants |= {f"{name}_s": f32(scale), f"{name}_z": dtype(zero)}
        before.append(node("DequantizeLinear", f"{name}_q {name}_s {name}_z", name))
    constants |= {"y_s": f32(result[0]), "y_z": result[2](result[1])}
    after = node("QuantizeLinear", "y y_s y_z", "y_q")
    return build([*before, *nodes, after], [tensor(f"{i[0]}_q", shape, dtype) for i in inputs], [tensor("y_q", shape, result[2])], constants, opset=21)


def compiled(model, cpu="x86-64-v3"):
    n = next(count)
    return compile_model(model, f"{work}/{n}", f"-cpu={cpu}", name=f"network{n}")


def check(found, wanted, what):
    where = np.flatnonzero(found.ravel() != wanted.ravel())
    assert found.dtype == wanted.dtype and not where.size, (what, where[:5], found.ravel()[where[:5]], wanted.ravel()[where[:5]])


# --- One byte. The float twin of each function, an independent network, says what the floats are.
unary = {
    "sigmoid": [node("Sigmoid", "x", "y")],
    "tanh": [node("Tanh", "x", "y")],
    "leaky": [node("LeakyRelu", "x", "y", alpha=0.1)],
    "hard-swish": [node("HardSwish", "x", "y")],
    "gelu": [node("Gelu", "x", "y")],
    "exp-neg": [node("Neg", "x", "n"), node("Exp", "n", "y")],
    "identity": [node("Identity", "x", "y")],
}
grids = [(0.043, 117, u8, 0.011, 13, u8), (0.021, -5, i8, 0.03, 2, i8), (0.3, 0, u8, 0.2, -128, i8)]
for name, nodes in unary.items():
    twin = compiled(build(nodes, [tensor("x", [256])], [tensor("y", [256])], {}, opset=21))
    for scale, zero, dtype, y_scale, y_zero, y_dtype in grids:
        with np.errstate(all="ignore"):
            wanted = quantized(twin(floats(every(dtype), scale, zero))[0], y_scale, y_zero, y_dtype)
        # 256 bytes fill registers; 261 leave a rest of every kind.
        for size in (256, 261):
            model = between(nodes, [("x", scale, zero)], (y_scale, y_zero, y_dtype), [size], dtype)
            for cpu in CPUS:
                run = compiled(model, cpu)
                assert [s["ops"] for s in run.json["steps"]] == [["lookup"]], run.json["steps"]
                check(run(np.resize(every(dtype), size))[0], np.resize(wanted, size), (name, cpu, dtype.__name__, size))

# --- Two bytes: all pairs, and the stated form by itself.
binary = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply}
pair_grids = [(0.04317, 117, 0.03131, 120, 0.05113, 77, u8), (0.5, 3, 0.25, -4, 2, 0, i8), (0.5, 3, 0.25, -4, 1, 5, i8), (1 / 255, 0, 0.02171, 128, 0.03013, 101, u8)]
# The form's first weight is that of the operand on the left, whatever the order of the inputs.
for (kind, function), turned, relu, (sa, za, sb, zb, sy, zy, dtype) in itertools.product(binary.items(), (False, True), (False, True), pair_grids):
    a, b = (x.ravel().astype(dtype) for x in np.meshgrid(every(dtype), every(dtype), indexing="ij"))
    x = function(floats(a, sa, za), floats(b, sb, zb))
    wanted = quantized(np.maximum(x, 0) if relu else x, sy, zy, dtype)
    nodes = [node(kind, "a b", "r"), node("Relu", "r", "y")] if relu else [node(kind, "a b", "y")]
    inputs, values = [("a", sa, za), ("b", sb, zb)], [a, b]
    if turned:
        inputs.reverse(), values.reverse()
    model = between(nodes, inputs, (sy, zy, dtype), [65536], dtype)
    for cpu in CPUS[-2:]:
        run = compiled(model, cpu)
        check(run(*values)[0], wanted, (kind, turned, relu, cpu))
    assert run.json["proofs"]["exact"]["bilinear"] == 1, run.json["proofs"]["exact"]
    text = subprocess.run(["nn-compile", run.folder.parent / f"{run.name}.onnx", "-target=x86", "-cpu=x86-64", "-stop-after=fusion"], capture_output=True, text=True, check=True).stdout
    left, right, product, offset, shift, least, most, ties = map(int, re.search(r"nn.bilinear = dense<\[(.*?)\]>", text)[1].split(","))
    a, b = a.astype(np.int64), b.astype(np.int64)
    total = a * left + b * right + a * b * product + offset
    total += (ties > 0) * ((1 << shift >> 1) - ((total >> shift & 1) == ties - 1))
    check(np.clip(total >> shift, least, most).astype(dtype), wanted, (kind, relu, "form"))

# --- What has no form says so in NAME.json: of the greater of two it is neither sum nor product.
nodes = [node("Max", "a b", "m"), node("Sigmoid", "m", "y")]
run = compiled(between(nodes, [("a", 0.04, 3), ("b", 0.05, 5)], (0.01, 0, u8), [8], u8))
obstacles = [o for step in run.json["steps"] for o in step.get("islands", {}).get("obstacles", [])]
assert obstacles == ["no weighted sum and no product gives all of its 65536 results"], obstacles
