"""What nothing reads is no obstacle: a result that only has a name, a node or initializer that no output needs. What is
read is one; and a file that is malformed where nobody reads is refused all the same."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, ops, refused
from nnctest import build, node, tensor
from onnx import TensorProto

image, statistics = {"x": [1, 2, 4]}, {k: np.ones(2, np.float32) for k in ("scale", "bias", "mean", "variance")}

# Results: the node, the opset, what is read if only its first result is, and the complaint when another one is.
for step, opset, op, complaint in (
    (node("Dropout", "x", "a mask"), 7, None, "the mask of this opset is not supported"),
    (node("Dropout", "x", "a mask"), 9, None, "the mask of this opset is not supported"),
    (node("MaxPool", "x", "a mask", kernel_shape=[2]), 11, "nn.max_pool", "output 1 ('mask') is not supported"),
    (node("BatchNormalization", "x scale bias mean variance", "a mask b c d"), 7, "nn.batch_norm", "output 1 ('mask')"),
    (node("BatchNormalization", "x scale bias mean variance", "a mask b c d"), 9, "nn.batch_norm", "output 1 ('mask')"),
):
    first = build([step, node("Neg", "a", "y")], image, [], statistics, opset)
    first.graph.output.add(name="y")
    assert [line.split()[0] for line in ops(first)] == [*[op] * bool(op), "nn.neg"], ops(first)
    # A node that no output needs is no reader; an output, or a node that one needs, is.
    first.graph.node.append(node("Frobnicate", "mask", "nowhere"))
    assert ops(first), step
    for reader in ("mask", "nowhere"):
        check(refused(first, f"-outputs=y,{reader}"), complaint)
    first.graph.output.add(name="mask")
    check(refused(first), complaint)
# From opset 10 on the mask is all true.
mask = build([node("Dropout", "x", "a mask")], image, [tensor("mask", [1, 2, 4], bool)], opset=10)
assert ops(mask) == [], ops(mask)
# A result that -inputs gives is not computed once more.
cut = build([node("Split", "x", "a b", axis=2), node("Add", "a b", "y")], image, {"y": [1, 2, 2]}, opset=13)
assert [line.split()[0] for line in ops(cut, "-inputs=x,a", "-shape=a:1x2x2")] == ["nn.slice", "nn.add"]

# Nodes and initializers.
x, y = {"x": [4]}, {"y": [4]}


def beside(*nodes, initializer=None):
    model = build([node("Relu", "x", "y"), *nodes], x, y)
    if initializer is not None:
        model.graph.initializer.append(initializer)
    return model


def data(kind, count, size):
    return TensorProto(name="w", data_type=kind, dims=[count], raw_data=bytes(size))


check(ops(beside(node("Conv", "x x", "z", auto_pad="NO"))), "nn.relu")
check(ops(beside(initializer=data(TensorProto.FLOAT8E4M3FN, 4, 4))), "nn.relu")
check(ops(beside(initializer=data(TensorProto.FLOAT, 4, 16))), "nn.relu")
check(ops(beside(initializer=TensorProto(name="w", data_type=TensorProto.INT8, dims=[2], int32_data=[1, -1]))), "nn.relu")
for broken, why in (
    (beside(node("Neg", "", "z")), "'Neg_z' Neg-13: input 0 is missing"),
    (beside(node("Neg", "x x", "z")), "'Neg_z' Neg-13: takes at most 1 inputs, has 2"),
    (beside(node("Neg", "nowhere", "z")), "the value 'nowhere' is computed by no node"),
    (beside(initializer=data(TensorProto.FLOAT, 4, 15)), "initializer 'w': tensor f32[4] needs 16 bytes, the model has 15"),
    (beside(initializer=TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2], float_data=[1])), "needs 8 bytes, the model has 4"),
    (beside(initializer=TensorProto(name="w", data_type=TensorProto.INT8, dims=[1], int32_data=[300])), "holds 300, which is no int8"),
):
    check(refused(broken), why)
