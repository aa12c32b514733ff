"""Operators between DequantizeLinear and QuantizeLinear become hardware in both styles, bit for bit, or are refused with the reason."""
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
f32, i64 = np.float32, np.int64
SHAPE = [1, 3, 6, 6]
CHANNELS = f32([[[0.3]], [[0.5]], [[-0.7]]])
NORMALS = {"g": f32([1, 2, 0.5]), "b": f32([0, 0.1, 0.2]), "m": f32([0.1, 0, 0.3]), "v": f32([1, 2, 1])}
POOL = {"kernel_shape": [2, 2], "strides": [2, 2]}

# operator, operands (x0 and x1 are tensors), attributes, constants
FUNCTIONS = "Relu Sigmoid Tanh Exp Abs Neg Sqrt Erf Softplus Softsign HardSwish HardSigmoid Elu Selu LeakyRelu Reciprocal Log"
BOTH = [
    *((kind, "x0", {}, {}) for kind in FUNCTIONS.split()),
    ("Clip", "x0 lo hi", {}, {"lo": f32(-1), "hi": f32(2)}),
    ("PRelu", "x0 a", {}, {"a": f32([[[0.1]], [[0.2]], [[0.3]]])}),
    ("AveragePool", "x0", POOL, {}),
    ("AveragePool", "x0", {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}, {}),
    ("AveragePool", "x0", {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}, {}),  # borders have fewer elements
    ("MaxPool", "x0", POOL, {}),
    ("MaxPool", "x0", {"kernel_shape": [4, 4], "strides": [4, 4], "ceil_mode": 1}, {}),
    ("GlobalAveragePool", "x0", {}, {}),
    ("GlobalMaxPool", "x0", {}, {}),
    ("ReduceMean", "x0", {"axes": [2, 3], "keepdims": 0}, {}),
    ("ReduceMax", "x0", {"axes": [2, 3]}, {}),
    ("BatchNormalization", "x0 g b m v", {}, NORMALS),
    *((kind, "x0 c", {}, {"c": CHANNELS}) for kind in ("Add", "Sub", "Mul", "Div", "Max", "Min")),
    *((kind, "x0 x1", {}, {}) for kind in ("Add", "Sub", "Mul", "Max")),
    ("Mul", "x0 x0", {}, {}),
    ("Concat", "x0 x1", {"axis": 1}, {}),
    ("Concat", "x0 x1", {"axis": 2}, {}),
    ("Slice", "x0 from to", {}, {"from": i64([0, 0, 1, 1]), "to": i64([1, 3, 5, 6])}),
    ("Transpose", "x0", {"perm": [0, 2, 3, 1]}, {}),
    ("Flatten", "x0", {}, {}),
    ("SpaceToDepth", "x0", {"blocksize": 2}, {}),
]
# Constants that differ from pixel to pixel: the second style takes the pixels together.
UNROLLED = [(kind, "x0 c", {}, {"c": f32([[[0.3, 0.5, -0.7, 0.2, 1, 2]]])}) for kind in ("Add", "Mul")]
# What one style, or both, cannot do.
REFUSED = [
    ("Min", "x0 x1", {}, {}, {"sequencer": "no layer for 'nn.min'", "unrolled": "no engine for 'nn.min'"}),
    ("Resize", "x0 roi by", {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
     {"roi": f32([]), "by": f32([1, 1, 2, 2])}, {"unrolled": "no engine for 'nn.broadcast'"}),
    ("ReduceMean", "x0", {"axes": [1]}, {}, {"sequencer": "leaves more than one dimension", "unrolled": "other than those of a channel"}),
]  # fmt: skip


def branch(number, kind, operands, attributes, constants):
    """The operator's own nodes, named apart from all others'."""
    names = {name: f"{name}{number}" for name in constants}
    wired = [names.get(word, word) for word in operands.split()]
    nodes = [
        helper.make_node(kind, wired, [f"y{number}"], f"{kind}{number}", **attributes),
        helper.make_node("QuantizeLinear", [f"y{number}", "out_scale", "out_zero"], [f"q{number}"], f"q{number}"),
    ]
    return nodes, {names[name]: value for name, value in constants.items()}


def write(path, entries):
    """A network whose outputs are those of the operators; one tensor comes in, the other is made of it."""
    constants = {"scale": f32(0.0519), "zero": np.int8(3), "out_scale": f32(0.0733), "out_zero": np.int8(-5), "no_zero": np.int8(0)}
    constants |= {"weights": np.random.default_rng(1).normal(0, 0.4, [3, 3, 1, 1]).astype(f32), "step": f32(0.0137)}
    nodes = [
        helper.make_node("DequantizeLinear", ["x", "scale", "zero"], ["x0"], "in"),
        helper.make_node("QuantizeLinear", ["weights", "step", "no_zero"], ["wq"], "wq"),
        helper.make_node("DequantizeLinear", ["wq", "step", "no_zero"], ["w"], "w"),
        helper.make_node("Conv", ["x0", "w"], ["sum"], "conv"),
        helper.make_node("QuantizeLinear", ["sum", "scale", "zero"], ["xq"], "xq"),
        helper.make_node("DequantizeLinear", ["xq", "scale", "zero"], ["x1"], "x1"),
    ]
    for number, entry in enumerate(entries):
        own, more = branch(number, *entry)
        nodes += own
        constants |= more
    outputs = [helper.make_tensor_value_info(f"q{i}", TensorProto.INT8, None) for i in range(len(entries))]
    values = [numpy_helper.from_array(np.array(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.INT8, SHAPE)], outputs, values)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


for trial in range(4):
    os.makedirs(f"data/test_data_set_{trial}")
    x = numpy_helper.from_array(np.random.default_rng(trial).integers(-128, 128, SHAPE).astype(np.int8), "x")
    open(f"data/test_data_set_{trial}/input_0.pb", "wb").write(x.SerializeToString())
write("both.onnx", BOTH)
for style in "sequencer", "unrolled":
    done = nn_compile("both.onnx", "--via=verilog", "--data=data", "--compare", f"-style={style}", program="nn-run")
    assert done.returncode == 0, (style, done.stdout[-2000:], done.stderr)
write("unrolled.onnx", UNROLLED)
done = nn_compile("unrolled.onnx", "--via=verilog", "--data=data", "--compare", "-style=unrolled", program="nn-run")
assert done.returncode == 0, (done.stdout[-2000:], done.stderr)
for *entry, reasons in REFUSED:
    write("refused.onnx", [tuple(entry)])
    for style in "sequencer", "unrolled":
        done = nn_compile("refused.onnx", "-target=hls", f"-style={style}", "-stop-after=rtl")
        wanted, other = reasons.get(style), "unrolled" if style == "sequencer" else "sequencer"
        assert (done.returncode == 1 and wanted in done.stderr) if wanted else done.returncode == 0, (entry, style, done.stderr)
        is_advised = f"remark: -style={other} has an engine for each layer" in done.stderr
        assert is_advised == bool(wanted and other not in reasons), (entry, style, done.stderr)
