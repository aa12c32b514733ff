"""nn-run -via=verilog takes the options that say how a network becomes hardware, and compares the integers of the bus: an
input's format counts for the interpreter, too, and what is left to the caller for neither."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, verilator
import os
import sys

import numpy as np
import onnx
from nnctest import nn_compile
from onnx import TensorProto, helper, numpy_helper

os.chdir(sys.argv[1])
rng = np.random.default_rng(3)
constants = {"q": rng.integers(-3, 4, [6, 4]).astype(np.int8), "scale": np.float32(0.25)}
nodes = [
    helper.make_node("DequantizeLinear", ["q", "scale"], ["w"], "weights"),
    helper.make_node("MatMul", ["x", "w"], ["sum"], "dense"),
    helper.make_node("Softmax", ["sum"], ["y"], "softmax"),
]
graph = helper.make_graph(
    nodes,
    "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 6])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4])],
    [numpy_helper.from_array(np.array(value), name) for name, value in constants.items()],
)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "net.onnx")
for trial in range(4):
    os.makedirs(f"data/test_data_set_{trial}")
    x = rng.normal(0, 2, [1, 6]).astype(np.float32)  # some beyond the format
    open(f"data/test_data_set_{trial}/input_0.pb", "wb").write(numpy_helper.from_array(x, "x").SerializeToString())


def run(*options, code=0):
    done = nn_compile("net.onnx", *options, program="nn-run")
    assert done.returncode == code, (options, done.returncode, done.stdout, done.stderr)
    return done.stderr if code else done.stdout


style = ["-style=sequencer", "-lanes=3", "-input-format=x:6.3"]
text = run("--via=verilog", "--data=data", "--compare", *style)
assert text.count("y tensor<1x4xi32> = ") == 4, text
assert "it goes with -via=verilog" in run("-lanes=2", code=2)
assert "does nothing in -style=unrolled" in run("--via=verilog", "-lanes=2", code=2)
