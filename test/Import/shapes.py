"""Reshape's 0 and -1, Squeeze and Unsqueeze, Flatten; a graph that computes a shape folds to numbers while it is read."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, constants, imported, one, ops, refused
from nnctest import build, node

x = [2, 3, 4]


def reshape(shape, **attributes):
    return one("Reshape", [x], {"s": np.array(shape, np.int64)}, **attributes)


for shape, result in (([0, -1], "2x12"), ([-1], "24"), ([4, 0, 2], "4x3x2"), ([2, -1, 2, 3], "2x2x2x3")):
    check(ops(reshape(shape)), f"to tensor<{result}xf32>")
check(refused(reshape([0, -1], allowzero=1)), "24 elements do not divide into rows of 0")
check(refused(reshape([-1, -1])), "more than one entry of -1")
check(refused(reshape([5])), "shape has 5 elements, the input 24")
check(refused(reshape([2, 3, 4, 0])), "copies dimension 3")

for axis, result in ((0, "1x24"), (1, "2x12"), (-1, "6x4"), (3, "24x1")):
    check(ops(one("Flatten", [x], axis=axis)), f"to tensor<{result}xf32>")
axes = {"axes": np.array([-1, 0], np.int64)}
check(ops(one("Unsqueeze", [x], axes)), "to tensor<1x2x3x4x1xf32>")
check(ops(one("Unsqueeze", [x], opset=11, axes=[1])), "to tensor<2x1x3x4xf32>")
check(ops(one("Squeeze", [[1, 2, 1]])), "to tensor<2xf32>")
check(ops(one("Squeeze", [[1, 2, 1]], {"axes": np.array([-1], np.int64)})), "to tensor<1x2xf32>")
check(refused(one("Squeeze", [[1, 2, 1]], {"axes": np.array([1], np.int64)})), "dimension 1 has 2 elements, expected 1")
check(ops(one("Transpose", [x])), "permutation = array<i64: 2, 1, 0>")
check(refused(one("Transpose", [x], perm=[0, 0, 1])), "permutation must name each of the 3 dimensions once")

check(constants(one("Shape", [x])), "dense<[2, 3, 4]> : tensor<3xi64>")
check(constants(one("Shape", [x], start=-2, end=2)), "dense<3> : tensor<1xi64>")
check(constants(one("Size", [x])), "dense<24> : tensor<i64>")

# x.reshape(x.shape[0], -1), as exporters write it, through floats for good measure.
flattened = build(
    [
        node("Shape", "x", "shape"),
        node("Gather", "shape zero", "batch"),
        node("Cast", "batch", "float", to=1),
        node("Min", "float float", "least"),
        node("Cast", "least", "whole", to=7),
        node("Unsqueeze", "whole axis", "row"),
        node("Concat", "row rest", "target", axis=0),
        node("Reshape", "x target", "y"),
    ],
    {"x": [2, 3, 4]},
    {"y": [2, 12]},
    {"zero": np.int64(0), "axis": np.array([0]), "rest": np.array([-1])},
)
assert len(imported(flattened)) == 3, imported(flattened)
check(ops(flattened), "nn.reshape : tensor<2x3x4xf32> to tensor<2x12xf32>")
check(refused(one("Reshape", [x, [2]], operands="x0 x1")), "shape is f32[2], expected int64 or int32")
