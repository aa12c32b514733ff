"""QuantizeLinear and DequantizeLinear take one scale, one per slice or one per block; scales and zero points that do not fit are refused."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, imported, one, ops, refused
from onnx import helper

f32 = np.float32
HALF, Z = f32(0.5), np.uint8(3)


def quantize(opset=21, kind="QuantizeLinear", shape=(2, 4), scale=HALF, zero=Z, **attributes):
    constants = {"s": np.asarray(scale)} | ({} if zero is None else {"z": np.asarray(zero)})
    return one(kind, [list(shape)], constants, opset, **attributes)


def dequantize(stored, opset=21, scale=HALF, zero=None, kind="DequantizeLinear", **attributes):
    constants = {"q": np.asarray(stored), "s": np.asarray(scale)} | ({} if zero is None else {"z": np.asarray(zero)})
    return one(kind, [], constants, opset, **attributes)


def lines(model):
    return "\n".join(imported(model))


# --- One scale. Without a zero point the result is uint8 and its zero point 0.
for opset in (10, 13, 19, 21, 23, 24, 25):
    check(ops(quantize(opset)), "nn.quantize : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>")
    check(ops(dequantize(np.int8([1, 2]), opset)), "nn.dequantize : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>")
check(lines(quantize(13, zero=None)), "nn.constant dense<0> : tensor<ui8>", "-> tensor<2x4xui8>")
for number, text in ((2, "ui8"), (3, "i8"), (4, "ui16"), (5, "i16")):
    check(ops(quantize(25, zero=None, output_dtype=number)), f"tensor<f32>, tensor<{text}>) -> tensor<2x4x{text}>")
for number, text, name in ((21, "ui4", "uint4"), (22, "i4", "int4"), (25, "ui2", "uint2"), (26, "i2", "int2")):
    narrow = quantize(25, zero=None, output_dtype=number)
    bytes_ = {"4": 4, "2": 2}[name[-1]]
    check(lines(narrow), f"tensor<{bytes_}xui8> {{nn.name = \"y\", nn.packed = tensor<2x4x{text}>}}")
    check(ops(narrow), f"nn.reshape : tensor<2x4x{text}> to tensor<8x{text}>", f"nn.pack : tensor<8x{text}> to tensor<{bytes_}xui8>")
    narrow.graph.node.append(helper.make_node("DequantizeLinear", ["y", "s"], ["f"], name="back"))
    narrow.graph.output[0].name = "f"
    check(ops(narrow), f"-> tensor<2x4x{text}>", f"nn.dequantize : (tensor<2x4x{text}>, tensor<f32>, tensor<{text}>)")
for dtype, text in ((np.int8, "i8"), (np.uint8, "ui8"), (np.int16, "i16"), (np.uint16, "ui16")):
    check(ops(quantize(21, zero=dtype(7))), f"tensor<{text}>) -> tensor<2x4x{text}>")
    check(ops(dequantize(np.ones([2, 2], dtype), zero=dtype(7))), f"nn.dequantize : (tensor<2x2x{text}>, tensor<f32>, tensor<{text}>)")
check(ops(dequantize(np.int32([1, -1]))), "nn.dequantize : (tensor<2xi32>, tensor<f32>, tensor<i32>) -> tensor<2xf32>")

# Scales of one element are scalars, be they vectors in the file; the axis then means nothing.
for scale, zero in ((f32([0.5]), np.uint8([3])), (f32([0.5]), Z), (HALF, np.uint8([3]))):
    check(ops(quantize(scale=scale, zero=zero, axis=7)), "(tensor<2x4xf32>, tensor<f32>, tensor<ui8>)")
check(ops(quantize(scale=f32([0.5]), zero=np.uint8([3]), shape=[])), "(tensor<f32>, tensor<f32>, tensor<ui8>) -> tensor<ui8>")

# --- One per slice of the axis: the last one by itself, others as a column; negative ones count from the end.
check(ops(quantize(13, scale=f32([1, 2, 3, 4]), zero=np.uint8([1, 2, 3, 4]))), "tensor<4xf32>, tensor<4xui8>)")
for axis in (0, -2):
    found = lines(quantize(13, scale=f32([1, 2]), zero=np.uint8([3, 4]), axis=axis))
    check(found, "nn.reshape %0 : tensor<2xf32> to tensor<2x1xf32>", "dense<[[3], [4]]> : tensor<2x1xui8>", "tensor<2x1xf32>, tensor<2x1xui8>)")
check(ops(dequantize(np.ones([2, 3, 4], np.int8), scale=f32([1, 2, 3]))), "(tensor<2x3x4xi8>, tensor<3x1xf32>, tensor<i8>)")

# --- One per block; the last block may be shorter.
blocks = f32([[0.5, 1], [2, 4]])
found = lines(quantize(21, scale=blocks, zero=np.int8([[1, 2], [3, 4]]), axis=1, block_size=2))
check(found, "dense<[[1, 1, 2, 2], [3, 3, 4, 4]]> : tensor<2x4xi8>", "(tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xi8>)")
found = lines(dequantize(np.ones([2, 3], np.int8), scale=blocks, zero=np.int8([[1, 2], [3, 4]]), axis=1, block_size=2))
check(found, "dense<[[1, 1, 2], [3, 3, 4]]> : tensor<2x3xi8>")
found = lines(dequantize(np.ones([3, 2], np.int8), scale=blocks, zero=np.int8([[1, 2], [3, 4]]), axis=0, block_size=2))
check(found, "dense<[[1, 2], [1, 2], [3, 4]]> : tensor<3x2xi8>")

# --- Those of com.microsoft say the same.
check(ops(quantize(13, domain="com.microsoft")), "nn.quantize : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>)")
check(ops(quantize(13, zero=np.int16(0), domain="com.microsoft")), "-> tensor<2x4xi16>")
check(ops(dequantize(np.uint16([1]), 13, zero=np.uint16(9), domain="com.microsoft")), "(tensor<1xui16>, tensor<f32>, tensor<ui16>)")


# --- Refused, each with its reason and the node's name.
def check_refused(model, *words):
    check(refused(model), "step", *words)


for bad, why in ((0, "the scale 0 is zero"), (-0.0, "zero"), (-1, "-1 is negative"), (np.nan, "no number"), (np.inf, "infinite"), (-np.inf, "negative"), (1e-40, "9.99995e-41 is subnormal"), (1.2e-38, "less than 2^-125")):
    for make in (quantize, lambda **a: dequantize(np.uint8([1, 2]), **a)):
        check_refused(make(scale=f32(bad)), why, "a scale is a number from 2^-125 on")
check_refused(quantize(scale=f32([1, 2, 0, 4]), zero=np.uint8([0] * 4)), "zero")  # one of several
check_refused(dequantize(np.ones([2, 2], np.int8), scale=f32([[1, 1], [1, -1]]), axis=1, block_size=1), "negative")
check_refused(quantize(scale=np.int32(1)), "the scale is i32[], supported: float32")

# Zero points of another type or shape.
check_refused(dequantize(np.int8([1, 2]), zero=np.uint8(0)), "the zero point is ui8[], the tensor's type is i8[2]")
check_refused(quantize(zero=np.uint8(0), output_dtype=3), "the zero point is ui8[], the tensor's type is i8[2,4]")
check_refused(quantize(zero=np.int32(0)), "the result's type is i32[], expected an integer of at most 16 bits")
check_refused(quantize(zero=np.bool_(0)), "the result's type is", "expected an integer of at most 16 bits")
check_refused(quantize(scale=f32([1, 2, 3, 4]), zero=np.uint8([0, 0])), "scale and zero point have different shapes: f32[4] and ui8[2]")
check_refused(quantize(scale=f32([1, 2, 3, 4]), zero=Z), "scale and zero point have different shapes")
check_refused(quantize(zero=None, output_dtype=1), "expected an integer of at most 16 bits")
check_refused(quantize(zero=None, output_dtype=17), "output_dtype is", "which is not supported")
check_refused(dequantize(np.int8([1]), 25, output_dtype=10), "output_dtype is float16, which is not supported")
check_refused(quantize(23, precision=10), "precision is float16, supported: float32")
check_refused(dequantize(np.int8([1]), 25, output_dtype=2), "output_dtype is uint8, supported: float32")

# An axis that is none; scales that do not fit it.
for axis in (2, -3):
    check_refused(quantize(scale=f32([1, 2]), zero=np.uint8([0, 0]), axis=axis), f"axis {axis}" if axis > 0 else "axis -3")
check_refused(quantize(scale=f32([1, 2, 3]), zero=np.uint8([0] * 3)), "the scale f32[3] does not fit the axis of the tensor")
check_refused(quantize(scale=f32([[1, 2, 3, 4]]), zero=np.uint8([[0] * 4])), "the scale f32[1,4] has neither one element nor one per slice of the axis")

# Blocks that do not fit.
check_refused(quantize(scale=blocks, zero=np.int8([[0, 0], [0, 0]]), axis=1, block_size=3, shape=[2, 9]), "the scale f32[2,2] does not fit the blocks of the tensor")
check_refused(quantize(scale=blocks, zero=np.int8([[0, 0], [0, 0]]), axis=0, block_size=2), "the scale f32[2,2] does not fit the blocks of the tensor")
check_refused(quantize(scale=HALF, axis=1, block_size=2), "does not fit the blocks of the tensor")
check_refused(quantize(scale=blocks, zero=np.int8([[0, 0], [0, 0]]), axis=1, block_size=-2), "block_size is -2, expected 0, for none, to 2147483648")
check_refused(quantize(scale=blocks, zero=np.int8([[0, 0], [0, 0]]), axis=1, block_size=1 << 62), "block_size is 4611686018427387904")
