"""Exporters that write a QuantizeLinear for each reader mean one: equal ones are one before integer forms are looked for, so that the text of
stage graph gives the same bits. Of two grids each is rounded from floats."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import os
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

os.chdir(sys.argv[1])
rng = np.random.default_rng(4)
f32 = np.float32


def network(kind, second, profile="ort"):
    """The text of stage graph where the result of `kind` has two quantizers, the other with scale `second`."""
    constants = {"s": f32(0.1), "t": np.array([second], f32), "z": np.uint8(3), "v": np.uint8(3)}
    nodes = [node("DequantizeLinear", "x s z", "f")]
    if kind == "Conv":
        constants |= {"w": rng.integers(-127, 128, (4, 3, 2, 2)).astype(np.int8), "sw": f32(0.01)}
        nodes += [node("DequantizeLinear", "w sw", "g"), node("Conv", "f g", "c")]
    else:
        nodes += [node("AveragePool", "f", "c", kernel_shape=[2, 2])]
    nodes += [node("QuantizeLinear", "c s z", "a"), node("QuantizeLinear", "c t v", "b")]
    nodes += [node("Transpose", "a", "y", perm=[0, 1, 3, 2]), node("MaxPool", "b", "u", kernel_shape=[2, 2])]
    shape = [1, 4 if kind == "Conv" else 3]
    inputs, outputs = [tensor("x", [1, 3, 7, 7], "uint8")], [tensor("y", shape + [6, 6], "uint8"), tensor("u", shape + [5, 5], "uint8")]
    save(build(nodes, inputs, outputs, constants), "net.onnx")
    done = nn_compile("net.onnx", "-target=x86", "-stop-after=graph", f"-exact={profile}")
    assert done.returncode == 0, done.stderr
    open("graph.mlir", "w").write(done.stdout)
    return done.stdout


np.savez("data.npz", x=rng.integers(0, 256, (8, 1, 3, 7, 7)).astype(np.uint8))
for kind in "Conv", "AveragePool":
    for second in 0.1, 0.07:
        text = network(kind, second)
        assert ("nn.requantize" in text) == (second == 0.1) and ("nn.quantize" in text) == (second == 0.07), (kind, second, text)
        lines = []
        for form in "net.onnx", "graph.mlir":
            done = nn_compile(form, "-data=data.npz", f"-save={form}.out", program="nn-run")
            assert done.returncode == 0, done.stderr
            lines.append([open(f"{form}.out/{folder}/{name}", "rb").read() for folder in sorted(os.listdir(f"{form}.out")) for name in ("output_0.pb", "output_1.pb")])
        assert lines[0] == lines[1] and len(lines[0]) == 16, (kind, second, len(lines[0]))
assert "nn.rescale" in network("Conv", 0.1, "tflite-double")
