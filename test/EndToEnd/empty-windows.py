"""A mean over a window that holds no element of the input is +0, in code as in the interpreter, for floats and integers; at
short borders, where the count is known when we compile, and at long ones."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import subprocess
import sys

import numpy as np
from nnctest import build, compile_model, node, same_bits, save


def network(size, dilation, quantized):
    attributes = dict(kernel_shape=[2, 1], dilations=[dilation, 1], pads=[dilation, 0, dilation, 0])
    pool = [node("AveragePool", "x", "y", **attributes)]
    if quantized:
        pool = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "r"),
                node("AveragePool", "r", "m", **attributes),
                node("QuantizeLinear", "m s z", "n"), node("DequantizeLinear", "n s z", "y")]
    constants = {"s": np.float32(0.25), "z": np.int8(3)} if quantized else {}
    return build(pool, {"x": [1, 3, size, 2]}, {"y": [1, 3, size + dilation, 2]}, constants, opset=19)


for number, (size, dilation, quantized) in enumerate([(1, 2, False), (3, 9, False), (1, 2, True), (3, 9, True)]):
    folder = f"{sys.argv[1]}/{number}"
    model = network(size, dilation, quantized)
    x = np.round(np.random.default_rng(number).uniform(-8, 8, (1, 3, size, 2)) * 4).astype(np.float32) / 4
    (y,) = compile_model(model, folder, "-cpu=x86-64-v3")(x)
    expected = np.zeros_like(y)
    expected[:, :, :size] = x
    expected[:, :, dilation:] += x
    assert same_bits(y, expected), (size, dilation, quantized, y, expected)
    np.savez(f"{folder}/data.npz", x=x)
    path = save(model, f"{folder}/model.onnx")
    subprocess.run(["nn-run", path, f"-data={folder}/data.npz", "-via=native", "-compare", "-cpu=x86-64-v3"], check=True)
