"""Axes of reductions are attributes or operands by opset; none means all, unless noop_with_empty_axes says otherwise."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, one, ops, refused
from nnctest import build, node, tensor

x, axes = [2, 3, 4], {"axes": np.array([-1, 0], np.int64)}
check(ops(one("ReduceMean", [x], opset=17, axes=[-1, 0])), "axes = array<i64: 0, 2>, keepdims = true")
check(ops(one("ReduceMean", [x], axes, opset=18, keepdims=0)), "axes = array<i64: 0, 2>, keepdims = false", "tensor<3xf32>")
check(ops(one("ReduceSum", [x], axes, opset=13)), "nn.reduce_sum", "axes = array<i64: 0, 2>")
check(ops(one("ReduceMax", [x], opset=17)), "axes = array<i64: 0, 1, 2>")
assert ops(one("ReduceSum", [x], opset=13, noop_with_empty_axes=1)) == []
# The least is minus the greatest of what is negated; truth is compared as 0 and 1, from opset 20 on.
assert [line.split()[0] for line in ops(one("ReduceMin", [x], opset=18))] == ["nn.neg", "nn.reduce_max", "nn.neg"]


def truth(kind, opset=20):
    return build([node(kind, "x", "y", keepdims=0)], [tensor("x", [2, 3], bool)], [tensor("y", [], bool)], opset=opset)


assert [line.split()[0] for line in ops(truth("ReduceMax"))] == ["nn.cast", "nn.reduce_max", "nn.cast"]
assert [line.split()[0] for line in ops(truth("ReduceMin"))] == ["nn.cast", "nn.neg", "nn.reduce_max", "nn.neg", "nn.cast"]
check(refused(truth("ReduceMax", 18)), "takes bool from opset 20 on")
check(refused(one("ReduceMean", [x], opset=17, axes=[0, -3])), "names an axis twice")
check(refused(one("ReduceMean", [x], axes, opset=17)), "attribute in this opset")
check(refused(one("ReduceMean", [x], opset=18, axes=[0])), "unknown attribute 'axes'")
# Where the greatest element is; which of equal ones counts is asked for from opset 12 on.
found = ops(one("ArgMax", [x], opset=13, axis=-1, keepdims=0, select_last_index=1))
check(found, "nn.arg_max", "axis = 2 : i64, keepdims = false, last = true", "tensor<2x3xi64>")
check(refused(one("ArgMax", [x], opset=11, axis=0, select_last_index=1)), "unknown attribute 'select_last_index'")
