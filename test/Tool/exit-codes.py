"""Status 1 and one reason on standard error for everything that cannot be compiled, and no file or folder is left; status 0
for the model beside it."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import os
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

os.chdir(sys.argv[1])
relu = build([node("Relu", "x", "y")], {"x": [4]}, {"y": [4]})
save(relu, "good.onnx")
save(build([node("Det", "x", "y")], {"x": [4, 4]}, {"y": []}), "operator.onnx")
save(build([node("Relu", "x", "y")], {"x": ["N", "T"]}, {"y": ["N", "T"]}), "open.onnx")
save(build([node("Gather", "t i", "y")], [tensor("t", [3000, 8]), tensor("i", [4], np.int64)], {"y": [4, 8]}), "lookup.onnx")
save(build([node("Gather", "t i", "y")], [tensor("t", [1000, 8]), tensor("i", [4], np.int64)], {"y": [4, 8]}), "scanned.onnx")
data = open("good.onnx", "rb").read()
open("cut.onnx", "wb").write(data[:-9])
open("empty.onnx", "wb").close()
open("text.onnx", "w").write("a text\n")
os.mkdir("folder.onnx")
open("broken.mlir", "w").write("func.func @net(%x: tensor<4xf32>) { nonsense }\n")

before = sorted(os.listdir("."))
for model, options, words in (
    ("operator.onnx", [], "'Det_y' Det-17: this operator is not supported"),
    ("open.onnx", [], "input 'x' has unknown dimensions 0 ('N'), 1 ('T')"),
    ("open.onnx", ["-shape=x:2x3x4"], "contradicts the shape in the model"),
    ("open.onnx", ["-shape=z:2"], "the model has no input 'z'"),
    ("good.onnx", ["-const=x=none.npy"], "cannot read 'none.npy'"),
    ("good.onnx", ["-outputs=nowhere"], "nowhere"),
    ("good.onnx", ["-inputs=nowhere"], "nowhere"),
    ("lookup.onnx", ["-constant-time=strict"], "-constant-time=strict: looks rows up in a table of"),
    ("good.onnx", ["-stack=1"], "-stack:"),
    ("cut.onnx", [], "the file is no ONNX model"),
    ("empty.onnx", [], "empty.onnx: error:"),
    ("text.onnx", [], "the file is no ONNX model"),
    ("folder.onnx", [], "not a regular file"),
    ("absent.onnx", [], "No such file"),
    ("broken.mlir", [], "broken.mlir:1:37: error:"),
    ("absent.mlir", [], "absent.mlir"),
):
    for target in ["-o", "out/put"], ["-stop-after=schedule"]:
        if "-s" in target[0] and ("-stack=1" in options or "-constant-time=strict" in options):
            continue
        done = nn_compile(model, "-target=x86", "-q", *options, *target)
        what = (model, options, target, done.returncode, done.stdout, done.stderr)
        assert done.returncode == 1 and not done.stdout, what
        assert words in done.stderr.replace("_", " ") or words in done.stderr, what
        assert 1 <= done.stderr.count("error:") <= 2 and "\n\n" not in done.stderr and "PLEASE submit" not in done.stderr, what
        assert sorted(os.listdir(".")) == before, what

# The same look-up without the demand, the same model with sizes.
for model, options in ("good.onnx", []), ("lookup.onnx", []), ("scanned.onnx", ["-constant-time=strict"]), ("open.onnx", ["-shape=x:2x3"]):
    done = nn_compile(model, "-target=x86", "-q", *options, "-o", "out")
    assert done.returncode == 0 and "error" not in done.stderr, (model, done.stderr)
