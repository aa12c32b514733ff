"""Slices are clamped as ONNX says, negative pads are slices, Split is slices, Gather's constant indices are checked."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, one, ops, refused
from nnctest import build, node, tensor

most, least = np.iinfo(np.int64).max, np.iinfo(np.int64).min


def cut(start, end, step=1, opset=13):
    lists = {"s": [start], "e": [end], "a": [0], "p": [step]}
    return one("Slice", [[5]], {k: np.array(v, np.int64) for k, v in lists.items()}, opset)


for arguments, start, step, size in (
    ((1, most), 1, 1, 4),
    ((-2, 99), 3, 1, 2),
    ((least, -1), 0, 1, 4),
    ((4, least, -2), 4, -2, 3),
    ((most, 0, -1), 4, -1, 4),
    ((0, 5, most), 0, 6, 1),
):
    check(ops(cut(*arguments)), f"starts = array<i64: {start}>, steps = array<i64: {step}>", f"to tensor<{size}xf32>")
check(ops(one("Slice", [[5, 4]], opset=9, starts=[1], ends=[-1], axes=[1])), "starts = array<i64: 0, 1>", "tensor<5x2xf32>")
check(refused(cut(0, 5, 0)), "has a step of 0")
check(refused(cut(3, 3)), "output 'y' has no elements")


def pad(pads, constants=None, **attributes):
    return one("Pad", [[3, 4]], {"p": np.array(pads, np.int64)} | (constants or {}), opset=18, **attributes)


check(ops(pad([0, 1, 2, 0])), "high = array<i64: 2, 0>, low = array<i64: 0, 1>, mode = 0 : i64", "tensor<5x5xf32>")
check(ops(pad([-1, 1, 0, 0])), "nn.slice {starts = array<i64: 1, 0>", "-> tensor<2x5xf32>")
check(ops(pad([1, 2], {"v": np.float32(7), "a": np.array([-1])})), "low = array<i64: 0, 1>", "value = 7.000000e+00")
check(ops(pad([0, 3, 0, 0], mode="reflect")), "mode = 1 : i64")
check(ops(one("Pad", [[3, 4]], opset=10, pads=[0, 1, 0, 0], mode="edge")), "mode = 2 : i64", "tensor<3x5xf32>")
check(refused(pad([0, 4, 0, 0], mode="reflect")), "out of range for the mode")
check(refused(pad([-4, 0, 0, 0])), "remove more than the 3 elements")
check(refused(pad([0, 1 << 40, 0, 0])), "out of range")


# What quantizers make of the value: DequantizeLinear of an initializer, or of QuantizeLinear of one. NumericSpec section 9 counts.
def quantized_pad(*first, opset=21, **constants):
    nodes = [*first, node("DequantizeLinear", "q s z", "v"), node("Pad", "x p v", "y")]
    zero = constants.setdefault("z", np.uint8(3))
    constants = {"p": np.array([0, 1, 0, 1]), "s": np.float32(0.1)} | constants
    inputs = [tensor("x", [3, 4])] + [tensor("q", [], zero.dtype)] * (not first and "q" not in constants)
    return build(nodes, inputs, [tensor("y", [3, 6])], constants, opset=opset)


step = node("QuantizeLinear", "r s z", "q")
for model, value in (
    (quantized_pad(q=np.uint8(255)), np.float32(252) * np.float32(0.1)),
    (quantized_pad(q=np.uint8(3)), 0),
    (quantized_pad(q=np.int8([-128]), z=np.int8(127)), np.float32(-255) * np.float32(0.1)),
    (quantized_pad(q=np.int32(-(2**31)), z=np.int32(0), s=np.float32(1)), -(2.0**31)),
    (quantized_pad(q=np.uint8(4), s=np.float32(2.0**-125)), 2.0**-125),
    (quantized_pad(step, r=np.float32(0.25)), np.float32(2) * np.float32(0.1)),  # 2.5 steps
    (quantized_pad(step, r=np.float32(1e9)), np.float32(252) * np.float32(0.1)),
    (quantized_pad(step, r=np.float32(np.nan)), np.float32(-3) * np.float32(0.1)),
):
    (line,) = [line for line in ops(model) if "nn.pad" in line]
    found = np.float32(line.split("value = ")[1].split(" : f32")[0])
    assert found == np.float32(value), (line, value)
check(refused(quantized_pad()), "constant_value must be known when we compile")
check(refused(quantized_pad(q=np.uint8([1, 2]))), "constant_value must be a scalar of the input's type")

split = ops(one("Split", [[7, 2]], outputs=3, opset=18, num_outputs=3))
check(split, "array<i64: 0, 0>", "to tensor<3x2xf32>", "array<i64: 6, 0>", "to tensor<1x2xf32>")
check(ops(one("Split", [[7, 2]], outputs=2, opset=11, split=[3, 4])), "to tensor<4x2xf32>")
check(refused(one("Split", [[7, 2]], outputs=2, opset=18)), "has neither sizes nor num_outputs")
check(refused(one("Split", [[7, 2]], outputs=3, opset=13)), "7 elements do not split into 3 equal parts")
check(refused(one("Split", [[7, 2]], {"s": np.array([3, 3])}, outputs=2, opset=13)), "the sizes add up to 6")

check(ops(one("Gather", [[5, 2]], {"i": np.array([[0, -1]])})), "axis = 0 : i64", "-> tensor<1x2x2xf32>")
check(refused(one("Gather", [[5, 2]], {"i": np.array([5])})), "index 5 is outside of the 5 elements of axis 0")
check(ops(one("Expand", [[3, 1]], {"s": np.array([2, 1, 4])})), "nn.broadcast", "to tensor<2x3x4xf32>")
# An empty operand adds nothing to a concatenation.
check(ops(one("Concat", [[2, 3], [1, 3]], {"w": np.zeros((0, 3), np.float32)}, axis=-2)), "(tensor<2x3xf32>, tensor<1x3xf32>)")
# Scalars have no axis.
for shapes in [[]], [[], []]:
    check(refused(one("Concat", shapes, axis=0)), "axis 0 is no dimension of rank 0")


# --- Channels become pixels of a block, either way of counting, and back.
check(ops(one("DepthToSpace", [[1, 8, 2, 3]], blocksize=2)), "tensor<1x2x2x2x2x3xf32>", "permutation = array<i64: 0, 3, 4, 1, 5, 2>", "to tensor<1x2x4x6xf32>")
check(ops(one("DepthToSpace", [[1, 8, 2, 3]], blocksize=2, mode="CRD")), "permutation = array<i64: 0, 1, 4, 2, 5, 3>", "to tensor<1x2x4x6xf32>")
check(ops(one("SpaceToDepth", [[1, 2, 4, 6]], blocksize=2)), "to tensor<1x2x2x2x3x2xf32>", "permutation = array<i64: 0, 3, 5, 1, 2, 4>", "to tensor<1x8x2x3xf32>")
check(refused(one("DepthToSpace", [[1, 6, 2, 3]], blocksize=2)), "6 channels are no multiple of 4")
check(refused(one("DepthToSpace", [[1, 8, 2, 3]], blocksize=2, mode="RCD")), "mode is 'RCD', expected DCR or CRD")
check(refused(one("DepthToSpace", [[8, 2, 3]], blocksize=2)), "expected rank 4")
check(refused(one("DepthToSpace", [[1, 8, 2, 3]])), "blocksize is 0, expected 1 or more")
check(refused(one("SpaceToDepth", [[1, 2, 5, 6]], blocksize=2)), "the image is no multiple of blocksize")
