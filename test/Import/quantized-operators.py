"""A quantized operator becomes the float operator between nn.dequantize and nn.quantize; one with integer results subtracts zero points."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, imported, one, ops, refused
from onnx import helper

f32, i8, u8, i32 = np.float32, np.int8, np.uint8, np.int32
MICROSOFT = {"domain": "com.microsoft"}


def make(kind, words, shapes, opset=21, **attributes):
    """A node whose operands are `words`: s… scales, z… and o… zero points (int8 and uint8), the rest weights; x… are inputs."""
    constants = {w: CONSTANTS[w] for w in words.split() if w in CONSTANTS}
    model = one(kind, shapes, constants, opset, operands=words, **attributes)
    for value, dtype in zip(model.graph.input, DTYPES.get(kind, "uu"), strict=False):
        value.type.tensor_type.elem_type = {"u": 2, "i": 3, "f": 1}[dtype]
    return model


DTYPES = {"DynamicQuantizeLinear": "f"}
CONSTANTS = {
    "s": f32(0.5), "s1": f32([0.25]), "t": f32(2), "z": i8(3), "z0": i8(0), "o": u8(128), "o1": u8([7]),
    "w": np.ones([2, 3, 2], i8), "ws": f32([0.5, 0.25]), "wz": i8([1, 2]), "v": np.ones([2, 3, 2], u8), "vz": u8([1, 2]),
    "m": np.ones([3, 2], i8), "mt": np.ones([2, 3], i8), "b": i32([5, -5]), "bf": f32([1, 2]), "b8": i8([1, 2]), "bb": i32([[1, 2]]), "b3": i32([1, 2, 3]),
    "zero": f32(0), "nan": f32(np.nan), "q": u8([[1, 2, 3]]), "s3": f32([1, 2, 3]), "z3": u8([1, 2, 3]), "w4": np.ones([2, 3], i8),
    "n3": i8([1, 2, 3]), "zi32": i32(0),
}  # fmt: skip
X = [[1, 3, 5]]


def steps(model):
    """The ops' names in order."""
    return " ".join(line.split(" = nn.")[1].split()[0] for line in imported(model) if " = nn." in line and "nn.constant" not in line)


def check_refused(model, *words):
    check(refused(model), "step", *words)


# --- QLinearConv: all mixes of signs, zero points of weights, one scale or one per filter, the bias counts in their product.
conv = make("QLinearConv", "x0 s o w ws wz t o b", X)
check(steps(conv), "dequantize reshape dequantize mul reshape dequantize conv quantize")
check(ops(conv), "nn.conv {dilations = array<i64: 1>, group = 1 : i64, pads = array<i64: 0, 0>", "-> tensor<1x2x4xui8>")
check(imported(conv), "tensor<2x1x1xf32>, tensor<2x1x1xi8>) -> tensor<2x3x2xf32>", "(tensor<2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<2xf32>")
check(imported(make("QLinearConv", "x0 s o w s z0 t o b", X)), "(tensor<2xi32>, tensor<f32>, tensor<i32>)")
check(ops(make("QLinearConv", "x0 s1 o1 w s1 z t z", X)), "nn.quantize", "tensor<i8>) -> tensor<1x2x4xi8>")
check(ops(make("QLinearConv", "x0 s o v ws vz t o", X, pads=[1, 1], strides=[2])), "nn.dequantize : (tensor<2x3x2xui8>", "pads = array<i64: 1, 1>, strides = array<i64: 2>")
check_refused(make("QLinearConv", "x0 s3 z3 w s z t o", X), "the scale of the input is f32[3], expected one number")
check_refused(make("QLinearConv", "x0 s o w4 s z0 t o", [[1, 3]]), "the filter is i8[2,3], expected rank 3 or 4")
check_refused(make("QLinearConv", "x0 s o w ws wz t o bf", X), "the bias is f32[2], expected int32 of rank 1")
check_refused(make("QLinearConv", "x0 s o w ws wz t o bb", X), "the bias is i32[1,2], expected int32 of rank 1")
check_refused(make("QLinearConv", "x0 s o w ws wz t o b3", X), "the bias has 3 elements, the filter 2 output channels")
check_refused(make("QLinearConv", "x0 s o w ws wz t zi32", X), "the zero point of the result is i32[], expected an integer of up to 16 bits")
check_refused(make("QLinearConv", "x0 s z w ws wz t o", X), "the zero point is i8[], the tensor's type is ui8[1,3,5]")
check_refused(make("QLinearConv", "x0 s o w s3 n3 t o", X), "the scale f32[3] does not fit the axis of the tensor")
check_refused(make("QLinearConv", "x0 s o w ws z t o", X), "scale and zero point have different shapes: f32[2] and i8[]")
for bad, why in ("zero", "zero"), ("nan", "no number"):
    for words in f"x0 {bad} o w ws wz t o", f"x0 s o w {bad} z t o", f"x0 s o w ws wz {bad} o":
        check_refused(make("QLinearConv", words, X), why, "a scale is a number from 2^-125 on")

# --- QLinearMatMul: scales of the left operand stand for its rows, those of the right one for its columns.
product = make("QLinearMatMul", "x0 s o m ws wz t o", [[4, 3]])
check(steps(product), "dequantize dequantize matmul quantize")
check(imported(product), "(tensor<3x2xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<3x2xf32>", "-> tensor<4x2xui8>")
check(imported(make("QLinearMatMul", "x0 s3 z3 m s z t o", [[3, 3]])), "(tensor<3x3xui8>, tensor<3x1xf32>, tensor<3x1xui8>)")
check(ops(make("QLinearMatMul", "x0 s o x1 s o t z", [[2, 4, 3], [3, 5]])), "tensor<i8>) -> tensor<2x4x5xi8>")
check(ops(make("QLinearMatMul", "x0 s o m s z t o", [[3]])), "-> tensor<2xui8>")  # a vector
check_refused(make("QLinearMatMul", "x0 s3 z3 m s z t o", [[4, 3]]), "does not fit the axis of the tensor")
check_refused(make("QLinearMatMul", "x0 s o m s o t o", [[4, 3]]), "the zero point is ui8[], the tensor's type is i8[3,2]")
check_refused(make("QLinearMatMul", "x0 s o m s z zero o", [[4, 3]]), "is zero")
# Messages list the operands of the node, not those of the float operator that it becomes.
check_refused(make("QLinearMatMul", "x0 s o m s z t o", [[4, 2]]), "QLinearMatMul-21, inputs ui8[4,2], f32[], ui8[], i8[3,2], f32[], i8[], f32[], ui8[]: lhs 4x2 and rhs 3x2")

# --- ConvInteger and MatMulInteger: int16 less a zero point, sums of int32.
sums = make("ConvInteger", "x0 w o z", X)
check(steps(sums), "cast sub conv")
check(ops(sums), "nn.sub : (tensor<1x3x5xi16>, tensor<i16>) -> tensor<1x3x5xi16>", "(tensor<1x3x5xi16>, tensor<2x3x2xi16>) -> tensor<1x2x4xi32>")
check(steps(make("ConvInteger", "x0 w", X)), "cast conv")
check(imported(make("ConvInteger", "x0 w - wz", X)), "dense<[[[0, 0], [0, 0], [0, 0]], [[-1, -1], [-1, -1], [-1, -1]]]> : tensor<2x3x2xi16>")
check_refused(make("ConvInteger", "x0 w z", X), "the zero point is i8[], the tensor ui8[1,3,5]")
check_refused(make("ConvInteger", "x0 w o n3", X), "the zero point i8[3] does not fit the axis of the tensor")
check_refused(make("ConvInteger", "x0 w4", [[1, 3]]), "the filter is i8[2,3], expected rank 3 or 4")
sums = make("MatMulInteger", "x0 m z3 wz", [[3, 3]])
check(imported(sums), "dense<[[1], [2], [3]]> : tensor<3x1xi16>", "dense<[[0, -1], [0, -1], [0, -1]]> : tensor<3x2xi16>", "-> tensor<3x2xi32>")
check(steps(make("MatMulInteger", "x0 m", [[4, 3]])), "cast matmul")
check_refused(make("MatMulInteger", "x0 m o o", [[4, 3]]), "the zero point is ui8[], the tensor i8[3,2]")
check_refused(make("MatMulInteger", "x0 m z3", [[4, 3]]), "the zero point ui8[3] does not fit the axis of the tensor")

# --- DynamicQuantizeLinear: the range reaches 0; scale and zero point are results.
dynamic = make("DynamicQuantizeLinear", "x0", [[2, 3]], outputs=3)
check(steps(dynamic), "reduce_max neg reduce_max max max add cast select div quantize quantize")
check(imported(dynamic)[-1], "tensor<2x3xui8>, tensor<f32>, tensor<ui8>")
check(steps(make("DynamicQuantizeLinear", "x0", [[2, 3]])), "quantize quantize")

# --- com.microsoft
check(steps(make("QLinearAdd", "x0 s o x1 t o1 t o", [[2, 3], [3]], **MICROSOFT)), "dequantize dequantize add quantize")
check(steps(make("QLinearMul", "x0 s o x1 t o t", [[2, 3], [2, 1]], **MICROSOFT)), "dequantize dequantize mul quantize")
check(ops(make("QLinearMul", "x0 s o x1 t o t", [[2, 3], [2, 1]], **MICROSOFT)), "-> tensor<2x3xui8>")
check(steps(make("QLinearSigmoid", "x0 s o t o", [[2, 3]], **MICROSOFT)), "dequantize sigmoid quantize")
check(ops(make("QLinearLeakyRelu", "x0 s o t o", [[2, 3]], alpha=0.25, **MICROSOFT)), "nn.leaky_relu {alpha = 2.500000e-01 : f32}")
# A zero point that is left out is 0, also where operands follow; a scale is needed.
check(steps(make("QLinearAdd", "x0 s - x1 t - t", [[2, 3], [3]], **MICROSOFT)), "dequantize dequantize add quantize")
check(imported(make("QLinearMul", "x0 s - x1 t o t", [[2, 3], [3]], **MICROSOFT)), "dense<0> : tensor<ui8>", "dense<128> : tensor<ui8>")
for kind in "QLinearSigmoid", "QLinearLeakyRelu", "QLinearSoftmax":
    check(imported(make(kind, "x0 s - t o", [[2, 3]], **MICROSOFT)), "dense<0> : tensor<ui8>", "dense<128> : tensor<ui8>")
    check_refused(make(kind, "x0 s o", [[2, 3]], **MICROSOFT), "input 3 is missing")
    check_refused(make(kind, "x0 s o - o", [[2, 3]], **MICROSOFT), "input 3 is missing")
    check_refused(make(kind, "x0", [[2, 3]], **MICROSOFT), "input 1 is missing")
check(steps(make("QLinearAveragePool", "x0 s - t o", [[1, 3, 4]], kernel_shape=[2], **MICROSOFT)), "dequantize average_pool quantize")
check_refused(make("QLinearAdd", "x0 s o", [[2, 3]], **MICROSOFT), "input 3 is missing")
check_refused(make("QLinearAdd", "x0 s o x1", [[2, 3], [3]], **MICROSOFT), "input 4 is missing")
check_refused(make("QLinearAdd", "x0 s o x1 t o", [[2, 3], [3]], **MICROSOFT), "input 6 is missing")
softmax = make("QLinearSoftmax", "x0 s o t o", [[2, 3, 4]], axis=1, **MICROSOFT)
check(ops(softmax), "nn.softmax {axes = array<i64: 1>}")
softmax.graph.node[0].attribute.append(helper.make_attribute("opset", 12))  # all axes from this one on
check(ops(softmax), "nn.softmax {axes = array<i64: 1, 2>}")
window = {"kernel_shape": [2], "strides": [2]} | MICROSOFT
check(ops(make("QLinearAveragePool", "x0 s o t o", [[1, 3, 4]], **window)), "nn.average_pool", "-> tensor<1x3x2xui8>")
check(steps(make("QLinearAveragePool", "x0 s o t o", [[1, 4, 3]], channels_last=1, **window)), "dequantize transpose average_pool transpose quantize")
check(ops(make("QLinearAveragePool", "x0 s o t o", [[1, 4, 3]], channels_last=1, **window)), "-> tensor<1x2x3xui8>")
check(ops(make("QLinearGlobalAveragePool", "x0 s o t z", [[1, 3, 4, 5]], **MICROSOFT)), "nn.reduce_mean {axes = array<i64: 2, 3>, keepdims = true}", "-> tensor<1x3x1x1xi8>")
check(ops(make("QLinearGlobalAveragePool", "x0 s o t o", [[1, 4, 5, 3]], channels_last=1, **MICROSOFT)), "-> tensor<1x1x1x3xui8>")
check(steps(make("QLinearConcat", "t o x0 s o x1 s1 o1", [[2, 3], [2, 4]], axis=1, **MICROSOFT)), "dequantize reshape dequantize concat quantize")
check(ops(make("QLinearConcat", "t o x0 s o x1 s1 o1", [[2, 3], [2, 4]], axis=1, **MICROSOFT)), "-> tensor<2x7xui8>")
gemm = make("QGemm", "x0 s o m ws wz b t o", [[4, 3]], **MICROSOFT)
check(imported(gemm), "(tensor<3x2xi8>, tensor<2xf32>, tensor<2xi8>)", "(tensor<2xi32>, tensor<2xf32>, tensor<i32>)", "nn.matmul", "-> tensor<4x2xui8>")
check(imported(make("QGemm", "x0 s o mt ws wz b t o", [[4, 3]], transB=1, **MICROSOFT)), "(tensor<2x3xi8>, tensor<2x1xf32>, tensor<2x1xi8>)")
check(imported(make("QGemm", "x0 s o m ws wz", [[4, 3]], **MICROSOFT))[-1], "tensor<4x2xf32>")  # no scale of the result: floats
check(imported(make("QGemm", "x0 s o m ws wz bb t o", [[4, 3]], **MICROSOFT)), "dense<[1, 2]> : tensor<2xi32>", "(tensor<4x3xf32>, tensor<3x2xf32>, tensor<2xf32>)")
check(steps(make("QGemm", "x0 s o m ws wz b t o", [[4, 3]], alpha=2.0, **MICROSOFT)), "mul dequantize dequantize mul dequantize matmul quantize")
check_refused(make("QGemm", "x0 s o m ws wz b t o", [[4, 3]], alpha=-2.0, **MICROSOFT), "alpha is -2")
check_refused(make("QGemm", "x0 s o m ws wz b8 t o", [[4, 3]], **MICROSOFT), "the bias is i8[2], expected int32 that broadcasts to 4x2")
check_refused(make("QGemm", "x0 s o m ws wz b3 t o", [[4, 3]], **MICROSOFT), "the bias is i32[3], expected int32 that broadcasts to 4x2")
check_refused(make("QGemm", "x0 s o m ws wz b t o", [[2, 4, 3]], **MICROSOFT), "A is ui8[2,4,3], expected a matrix")
check_refused(make("QLinearConcat", "t o x0 s o x1", [[2, 3], [2, 4]], axis=1, **MICROSOFT), "there are 6 inputs, expected a scale, a zero point and three for each part")
for words, why in (("t o x0 s o - s o x0 s o", "input 5 is missing"), ("t o x0 s o x0 - o x0 s o", "input 6 is missing"),
                   ("t o x0 s o f s - x0 s o", "input 5 is f32[1], supported: uint8, int8")):
    check_refused(make("QLinearConcat", words.replace("f", "s1"), [[2, 3]], axis=0, **MICROSOFT), why)
check_refused(make("QLinearAveragePool", "x0 s o t o", [[4, 3]], channels_last=1, **window), "channels_last is 1 and the input ui8[4,3], expected rank 3 or more")
for kind, words in (("QLinearAdd", "x0 zero o x1 t o t o"), ("QLinearAdd", "x0 s o x1 nan o t o"), ("QLinearSigmoid", "x0 s o zero o"), ("QLinearConcat", "nan o x0 s o"), ("QGemm", "x0 s o m zero z b t o")):
    check_refused(make(kind, words, [[4, 3], [4, 3]][: words.count("x")], **({"axis": 0} if "Concat" in kind else {}), **MICROSOFT), "a scale is a number from 2^-125 on")
check_refused(make("QLinearAdd", "x0 s z x1 t o t o", [[2, 3], [3]], **MICROSOFT), "the zero point is i8[], the tensor's type is ui8[2,3]")
