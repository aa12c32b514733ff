"""Pixels of uint8 that the network normalises and quantizes are one step from bytes to bytes: for every value of every channel the
integer is that of the float operators in their order, divisions not replaced by reciprocals, whatever the layout."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import subprocess
import sys

import numpy as np
from nnctest import build, compile_model, node, save, tensor
from onnx import TensorProto

out = sys.argv[1]
f32 = np.float32
rng = np.random.default_rng(4)
MEAN, STD = f32([0.485, 0.456, 0.406]), f32([0.229, 0.224, 0.225])
FLOAT = {"Sub": np.subtract, "Mul": np.multiply, "Div": np.divide, "Add": np.add}
# Operators and constants, for all or per channel; scale and zero point.
CHAINS = {
    "imagenet": ([("Div", f32(255)), ("Sub", MEAN), ("Div", STD)], f32(0.0186), np.uint8(114)),
    "reciprocal": ([("Mul", f32(1 / 255)), ("Sub", MEAN), ("Div", STD)], f32(0.0186), np.int8(-14)),
    "caffe": ([("Sub", f32([103.94, 116.78, 123.68])), ("Mul", f32(0.017))], f32(0.0207), np.int8(-3)),
    "symmetric": ([("Sub", f32(127.5)), ("Div", f32(127.5))], f32(1 / 127.5), np.uint8(127)),
    "unit": ([("Div", f32(255))], f32(1 / 255), np.uint8(0)),
    "ties": ([("Div", f32([10, 6, 14])), ("Add", f32([0.5, 1.5, 2.5]))], f32(1), np.int8(-100)),
    "plain": ([], f32(1), np.int8(-128)),
    "wide": ([("Div", f32([3, 7, 11]))], f32(0.001), np.int16(-5)),
}


def literal(x, chain, scale, zero):
    """As ONNX has it, in float32, channels last."""
    y = x.astype(f32)
    for op, constant in chain:
        y = FLOAT[op](y, constant, dtype=f32)
    limits = np.iinfo(zero.dtype)
    return np.clip(np.rint(np.divide(y, scale, dtype=f32)).astype(np.int64) + int(zero), limits.min, limits.max).astype(zero.dtype)


def network(shape, chain, scale, zero, order):
    """NHWC pixels; `order`: what stands where the transposition to NCHW does."""
    constants, nodes, value, last = {"s": scale, "z": zero}, [node("Cast", "x", "f", to=TensorProto.FLOAT)], "f", True
    for i, step in enumerate([*chain, None][: len(chain) + (order == "last")] if order != "first" else [None, *chain]):
        if step is None:
            nodes.append(node("Transpose", value, "t", perm=[0, 3, 1, 2]))
            value, last = "t", False
            continue
        op, constant = step
        constants[f"c{i}"] = constant if last or constant.ndim == 0 else constant.reshape(-1, 1, 1)
        nodes.append(node(op, f"{value} c{i}", f"p{i}"))
        value = f"p{i}"
    nodes.append(node("QuantizeLinear", f"{value} s z", "q"))
    n, h, w, c = shape
    return build(nodes, [tensor("x", shape, np.uint8)], [tensor("q", [n, c, h, w] if not last else shape, zero.dtype)], constants, 21)


# All 256 values in each of three channels, and shapes whose rows end within a vector.
every = np.stack([rng.permutation(256) for _ in range(3)], axis=1).astype(np.uint8).reshape(1, 16, 16, 3)
odd = rng.integers(0, 256, (2, 5, 7, 3)).astype(np.uint8)
for name, (chain, scale, zero) in CHAINS.items():
    for order in "never", "first", "last":
        for x in every, odd:
            for cpu in "x86-64-v3", "native":
                folder = f"{out}/{name}-{order}-{x.shape[0]}-{cpu}"
                model = save(network(x.shape, chain, scale, zero, order), f"{folder}/model.onnx")
                compiled = compile_model(model, folder, f"-cpu={cpu}")
                (got,) = compiled(x)
                right = literal(x, chain, scale, zero)
                right = right if order == "never" else right.transpose(0, 3, 1, 2)
                assert np.array_equal(got, right), (name, order, x.shape, cpu, np.argwhere(got != right)[:4])
                steps = [s for s in compiled.json["steps"] if s["ops"]]
                assert len(steps) == 1 and steps[0]["ops"][0] == "cast" and steps[0]["ops"][-1] == "quantize", (name, order, compiled.json["steps"])
                assert compiled.json["arena_bytes"] <= x.size * zero.itemsize + 128, (name, order, compiled.json["arena_bytes"])
            done = subprocess.run(["nn-run", model, "--compare"], capture_output=True, text=True)
            assert done.returncode == 0, (name, order, done.stderr)
