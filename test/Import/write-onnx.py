"""What -emit=onnx writes is ONNX that its checker accepts, and reading it back gives the same bits: every operator that a float network can
hold after import, among quantized ones and alone."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import pathlib
import sys

import numpy as np
import onnx
from nnctest import Network, build, compile_model, node, nn_compile, same_bits, save

work = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(11)


def floats(*shape):
    return (rng.standard_normal(shape) / 2).astype(np.float32)


def integers(*values):
    return np.array(values, np.int64)


constants = {
    "w1": floats(8, 4, 3, 3), "b1": floats(8), "w2": floats(8, 1, 3, 3), "scale": np.abs(floats(8)) + 1, "shift": floats(8),
    "mean": floats(8), "variance": np.abs(floats(8)) + 1, "low": np.float32(0), "high": np.float32(6), "pads": integers(0, 0, 1, 1, 0, 0, 1, 1),
    "starts": integers(-1, 0), "ends": integers(-9, 4), "axes": integers(3, 2), "steps": integers(-1, 2), "w3": floats(8, 6), "b3": floats(6),
    "rows": integers(1, 0, -1), "one": np.ones(1, np.float32), "shape": integers(3, 2, 6), "last": integers(-1), "flag": np.array([[True], [False], [True]]),
    "ln": floats(6), "lnb": floats(6), "w4": floats(6, 6), "b4": floats(6), "three": np.float32(3), "tall": integers(4, 8),
    "stack": floats(3, 6, 6),
}
nodes = [
    node("Conv", "x w1 b1", "c", strides=[1, 1], pads=[1, 1, 1, 1]),
    node("BatchNormalization", "c scale shift mean variance", "n"),
    node("Clip", "n low high", "n6"),
    node("Conv", "n6 w2", "d", group=8, pads=[0, 1, 2, 1], strides=[1, 1]),
    node("Relu", "d", "r"),
    node("MaxPool", "r", "p", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
    node("AveragePool", "r", "a", kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0], count_include_pad=1),
    node("Concat", "p a", "both", axis=1),
    node("Pad", "both pads", "wide"),
    node("Slice", "wide starts ends axes steps", "cut"),
    node("GlobalAveragePool", "cut", "g"),
    node("Reshape", "g tall", "t"),
    node("LeakyRelu", "t", "l", alpha=0.1),
    node("Sigmoid", "l", "s"),
    node("Mul", "l s", "swish"),
    node("Gemm", "swish w3 b3", "m", alpha=1.0),
    node("Gather", "m rows", "picked", axis=0),
    node("Tanh", "picked", "th"),
    node("Where", "flag th picked", "chosen"),
    node("Softmax", "chosen", "soft", axis=-1),
    node("LayerNormalization", "picked ln lnb", "normal", axis=-1),
    node("Add", "soft normal", "sum"),
    node("Unsqueeze", "sum one_axis", "lifted"),
    node("Expand", "lifted shape", "many"),
    node("MatMul", "many w4", "product"),
    node("Add", "product b4", "biased"),
    node("Transpose", "biased", "turned", perm=[0, 2, 1]),
    node("MatMul", "turned biased", "squares"),
    node("MatMul", "squares stack", "stacked"),
    node("Add", "stacked b4", "each"),
    node("ReduceMean", "squares", "means", axes=[1], keepdims=0),
    node("ReduceMax", "squares", "tops", axes=[2], keepdims=1),
    node("ReduceSum", "squares last", "sums", keepdims=0),
    node("Sub", "means sums", "difference"),
    node("Erf", "difference", "erf"),
    node("Exp", "erf", "exp"),
    node("Sqrt", "exp", "root"),
    node("Log", "root", "log"),
    node("Neg", "log", "neg"),
    node("Max", "neg three", "most"),
    node("Min", "most erf", "y"),
]
constants["one_axis"] = integers(1)
model = build(nodes, {"x": [2, 4, 8, 8]}, {"y": [3, 6], "tops": [3, 6, 1], "each": [3, 6, 6]}, {k: np.asarray(v) for k, v in constants.items()})
path = save(model, work / "net.onnx")
samples = rng.standard_normal((20, 2, 4, 8, 8)).astype(np.float32)
np.savez(work / "data.npz", x=samples)

for scheme in "int8", "int6", "int4", "int8w":
    folder = work / scheme
    done = nn_compile(path, "-target=x86", f"-quantize={scheme}", f"-calibrate={work}/data.npz", "-emit=obj,so,onnx", "-o", folder)
    assert done.returncode == 0, done.stderr
    written = onnx.load(folder / f"net_{scheme}.onnx")
    onnx.checker.check_model(written, full_check=True)
    kinds = {n.op_type for n in written.graph.node}
    assert ("QuantizeLinear" in kinds) == (scheme != "int8w") and "BatchNormalization" not in kinds, kinds
    names = [n.name for n in written.graph.node]
    assert len(set(names)) == len(names)
    network, again = Network(folder / "net.json"), compile_model(folder / f"net_{scheme}.onnx", work / f"{scheme}-again", name="net")
    for x in samples:
        for got, expected in zip(again(x), network(x), strict=True):
            assert same_bits(got, expected), scheme
