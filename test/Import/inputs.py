"""Open dimensions: a lone batch is 1 with a remark, others need -shape; -const turns an input into a constant."""
# RUN: %python %s %t
# REQUIRES: onnx
import sys

import numpy as np
from importing import check, constants, imported, ops, refused, run
from nnctest import build, node, tensor
from onnx import numpy_helper

relu = build([node("Relu", "x", "y")], {"x": ["N", 4]}, {"y": ["N", 4]})
check(imported(relu), "tensor<1x4xf32> {nn.name")
check(run(relu).stderr, "remark: batch dimension of input 'x' is 1 (-shape=N=SIZE chooses another)")
check(imported(relu, "-shape=N=3"), "tensor<3x4xf32> {nn.name")
check(imported(relu, "-shape=x:5x4"), "tensor<5x4xf32> {nn.name")
assert "remark" not in run(relu, "-shape=x:5x4").stderr

check(refused(relu, "-shape=x:5x3"), "-shape of input 'x' contradicts the shape in the model")
check(refused(relu, "-shape=x:5"), "-shape of input 'x' contradicts")
check(refused(relu, "-shape=z:5x4"), "the model has no input 'z'")
check(refused(relu, "-shape=M=5"), "no input has a dimension called 'M'")
check(refused(relu, "-shape=x:9223372036854775807x4"), "has more than 2147483648 elements")
for text in ("-shape=x:axb", "-shape=N=many", "-shape=x:-3x4", "-const==1"):
    check(refused(relu, text, code=2), "expected")

for open_shape in (["N", "T"], [2, "T"]):
    model = build([node("Relu", "x", "y")], {"x": open_shape}, {"y": open_shape})
    check(refused(model), "input 'x' has ", "unknown dimension", "1 ('T')", "help: -shape=")
    check(imported(model, "-shape=x:2x7"), "tensor<2x7xf32> {nn.name")

# Every unknown dimension of every input is named at once, with what to say about it.
several = build([node("Relu", "x", "y"), node("Relu", "z", "w")], {"x": ["N", "T", "T", None], "z": [3, "U"]}, {"y": None, "w": None})
check(
    refused(several), "input 'x' has unknown dimensions 0 ('N'), 1 ('T'), 2 ('T'), 3", "help: -shape=x:1x…",
    "input 'z' has an unknown dimension 1 ('U')", "help: -shape=U=SIZE or -shape=z:1x…",
)
named = build([node("Relu", "x", "y")], {"x": ["N", "T", "T"]}, {"y": None})
check(refused(named), "help: -shape=N=SIZE -shape=T=SIZE or -shape=x:1x…")

# What contradicts itself is refused: one option two others, or two of a kind; the same twice is no harm.
check(refused(relu, "-shape=x:2x4", "-shape=N=3"), "-shape of input 'x' contradicts -shape=N=3")
check(imported(relu, "-shape=x:3x4", "-shape=N=3"), "tensor<3x4xf32> {nn.name")
check(refused(relu, "-shape=N=2", "-shape=N=3", code=2), "-shape=N=3: 'N' has another value already")
check(refused(relu, "-shape=x:2x4", "-shape=x:3x4", code=2), "-shape=x:3x4: 'x' has another value already")
check(imported(relu, "-shape=N=3", "-shape=N=3"), "tensor<3x4xf32> {nn.name")
check(refused(relu, "-const=x=1", "-const=x=2", code=2), "-const=x=2: 'x' has another value already")

# Models that state another output than they have are many: the right one is compiled, and it is said.
lie = build([node("Relu", "x", "y"), node("Relu", "y", "z")], {"x": [3]}, {"y": [4], "z": [3]})
check(imported(lie), "-> (tensor<3xf32> {nn.name = \"y\"}")
check(run(lie).stderr, "remark: output 'y' is declared [4], computed [3]")
assert "'z'" not in run(lie).stderr and not run(lie, "-q").stderr
assert "declared" not in run(build([node("Relu", "x", "y")], {"x": [3]}, {"y": ["N"]})).stderr
check(run(build([node("Relu", "x", "y")], {"x": [3]}, {"y": ["N", 3]})).stderr, "is declared [N,3], computed [3]")

scalar = build([node("Relu", "a:b", "y")], {"a:b": []}, {"y": []})
check(imported(scalar, "-shape=a:b:"), "tensor<f32> {nn.name")

# Initializers that are listed as inputs are constants, in every version of the format.
both = build([node("Add", "x w", "y")], {"x": [2], "w": [2]}, {"y": [2]}, {"w": np.array([1, 2], np.float32)})
assert imported(both)[0].count("nn.name") == 2
check(constants(both, "-const=w"), "dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>")
check(constants(both, "-const=w=3"), "dense<3.000000e+00> : tensor<2xf32>")

# A number that its type cannot hold is none; infinity is a number.
for text in "1e39", "-1e39", "1e400", "0x1p+128":
    check(refused(both, f"-const=w={text}"), f"-const=w: '{text}' is not a number of the input's type")
for text, value in ("3e38", "3.000000e+38"), ("inf", "0x7F800000"), ("-inf", "0xFF800000"), ("1e-60", "0.000000e+00"):
    check(constants(both, f"-const=w={text}"), f"dense<{value}> : tensor<2xf32>")

# One number fills the input, however large it is; several must be as many as it has.
wide = build([node("Add", "x k", "y")], {"x": [30, 40], "k": [30, 40]}, {"y": [30, 40]})
assert constants(wide, "-const=k=0.5")[0].endswith(": tensor<30x40xf32>") and '"k"' not in imported(wide, "-const=k=0.5")[0]
huge = build([node("Add", "x k", "y")], {"x": [], "k": ["N", "M"]}, {"y": ["N", "M"]})
check(constants(huge, "-const=k=0.5", "-shape=k:40000x40000"), "dense<5.000000e-01> : tensor<f32>")
check(ops(huge, "-const=k=0.5", "-shape=k:40000x40000"), "nn.broadcast")
check(refused(wide, "-const=k=1,2"), "-const=k: has 2 numbers, the input is f32[30,40]")
open_k = build([node("Add", "x k", "y")], {"x": ["N", 4], "k": ["N", 4]}, {"y": ["N", 4]})
check(constants(open_k, "-const=k=3", "-shape=N=2"), "dense<3.000000e+00> : tensor<2x4xf32>")
check(constants(open_k, "-const=k=3", "-shape=k:5x4", "-shape=x:5x4"), "dense<3.000000e+00> : tensor<5x4xf32>")
check(constants(open_k, "-const=k=3"), "dense<3.000000e+00> : tensor<1x4xf32>")
check(constants(build([node("Add", "x k", "y")], {"x": [3], "k": ["K"]}, {"y": [3]}), "-const=k=3", "-shape=K=3"), "dense<3.000000e+00> : tensor<3xf32>")

reshape = build([node("Reshape", "x s", "y")], [tensor("x", [6]), tensor("s", [2], np.int64)], {"y": [2, 3]})
check(refused(reshape), "shape ('s') must be known when we compile", "help: make it a constant: -const=s=VALUE")
np.save(f"{sys.argv[1]}/s.npy", np.array([3, 2]))
with open(f"{sys.argv[1]}/s.pb", "wb") as file:
    file.write(numpy_helper.from_array(np.array([3, 2])).SerializeToString())
for text in ("3,2", f"{sys.argv[1]}/s.npy", f"{sys.argv[1]}/s.pb"):
    check(ops(reshape, f"-const=s={text}"), "to tensor<3x2xf32>")
    assert '"s"' not in imported(reshape, f"-const=s={text}")[0]
# numpy writes some arrays column by column; the numbers are the same.
cube = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
add = build([node("Add", "x k", "y")], {"x": [2, 3, 4], "k": [2, 3, 4]}, {"y": [2, 3, 4]})
for name, array in ("rows", cube), ("columns", np.asfortranarray(cube)):
    np.save(f"{sys.argv[1]}/{name}.npy", array)
rows, columns = (constants(add, f"-const=k={sys.argv[1]}/{name}.npy") for name in ("rows", "columns"))
assert rows == columns and "[0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00]" in rows[0], (rows, columns)
np.save(f"{sys.argv[1]}/f.npy", np.array([3, 2], np.float32))
check(refused(reshape, f"-const=s={sys.argv[1]}/f.npy"), "the value f32[2] contradicts the type in the model")
check(refused(reshape, "-const=s=two"), "'two' is not a number of the input's type")
check(refused(reshape, "-const=s"), "the model holds no value for this input")
check(refused(reshape, "-const=s=none.npy"), "cannot read 'none.npy'")
with open(f"{sys.argv[1]}/d.pb", "wb") as file:
    file.write(numpy_helper.from_array(np.array([3.0, 2.0])).SerializeToString())
check(refused(reshape, f"-const=s={sys.argv[1]}/d.pb"), "d.pb': element type float64 is not supported")

# Each input and output is a parameter of a C function, and its name stands in NAME.json.
for count, accepted in ((1023, True), (1024, False)):
    names = [f"x{i}" for i in range(count)]
    model = build([node("Sum", " ".join(names), "y")], {name: [1] for name in names}, {"y": [1]})
    if accepted:
        assert len(ops(model)) == count - 1
    else:
        check(refused(model), "the network has 1025 inputs and outputs, at most 1024 make a C function", "help: ")
for old, what in ((b"first", "input"), (b"final", "output")):
    path = f"{sys.argv[1]}/bytes.onnx"
    data = build([node("Relu", "first", "final")], {"first": [1]}, {"final": [1]}).SerializeToString()
    with open(path, "wb") as file:
        file.write(data.replace(old, b"\xff\xfe\xc0\x80a"))
    check(refused(path), f"{what} '\\FF\\FE\\C0\\80a': the name is not UTF-8, as ONNX demands")
