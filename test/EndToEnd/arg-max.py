"""ArgMax of integers, and of floats that stand for integers, gives what numpy says, as code and as hardware, where int64 indices are few
bits. Other floats are refused."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3, verilator
import os
import sys

import numpy as np
import onnx
from nnctest import compile_model, nn_compile
from onnx import TensorProto, helper, numpy_helper

os.chdir(sys.argv[1])
SHAPE = [1, 5, 3, 4]


def write(path, axis, keepdims, last, stored=TensorProto.INT8):
    node = helper.make_node("ArgMax", ["y"], ["index"], "which", axis=axis, keepdims=keepdims, select_last_index=last)
    nodes = [helper.make_node("DequantizeLinear", ["x", "scale"], ["y"], "in"), node]
    if stored == TensorProto.FLOAT:
        nodes = [helper.make_node("Relu", ["x"], ["y"], "relu"), node]
    inputs = [helper.make_tensor_value_info("x", stored, SHAPE)]
    outputs = [helper.make_tensor_value_info("index", TensorProto.INT64, None)]
    graph = helper.make_graph(nodes, "g", inputs, outputs, [numpy_helper.from_array(np.float32(0.1), "scale")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


rng = np.random.default_rng(1)
frames = [rng.integers(-2, 3, SHAPE).astype(np.int8) for _ in range(20)]  # most are equal
frames += [np.full(SHAPE, -128, np.int8), np.tile(np.array([[[-128]], [[127]], [[-128]], [[127]], [[0]]], np.int8), (1, 1, 3, 4))]
for i, frame in enumerate(frames):
    os.makedirs(f"data/test_data_set_{i}")
    open(f"data/test_data_set_{i}/input_0.pb", "wb").write(numpy_helper.from_array(frame, "x").SerializeToString())
for axis, keepdims, last in (1, 0, 0), (1, 1, 1), (-1, 1, 0), (2, 0, 1):
    path = f"net{axis % 4}{last}.onnx"
    write(path, axis, keepdims, last)
    network = compile_model(path, f"compiled{axis % 4}{last}")
    for frame in frames:
        found = SHAPE[axis] - 1 - np.flip(frame, axis).argmax(axis) if last else frame.argmax(axis)
        (got,) = network(frame)
        assert got.dtype == np.int64 and (got == (np.expand_dims(found, axis) if keepdims else found)).all(), (axis, last)

for style in "sequencer", "unrolled":
    done = nn_compile("net11.onnx", "--via=verilog", "--data=data", "--compare", f"-style={style}", program="nn-run")
    assert done.returncode == 0 and done.stdout.count("tensor<1x1x3x4xi64>") == len(frames), (done.stdout, done.stderr)
    done = nn_compile("net11.onnx", "-target=hls", f"-style={style}", "-o", style)
    assert done.returncode == 0, done.stderr
    header = open(f"{style}/net11_pack.h").read()
    assert "NET11_OUT_LANE_BITS 3U" in header and "int64_t index[12]" in header, header

write("floats.onnx", 1, 0, 0, TensorProto.FLOAT)
hint = "comes as floats, and hardware takes integers: 'relu' reads it as it is; let the network quantize it first, or say -input-format=x:BITS.FRACTION"
for options, reason in (["-target=x86"], "'which' ArgMax of floats has no kernel"), (["-target=hls"], hint), (["-target=hls", "-style=sequencer"], hint):
    done = nn_compile("floats.onnx", *options)
    assert done.returncode == 1 and reason in done.stderr and not os.path.exists("floats"), done.stderr
