"""Clip takes its bounds as attributes, constants or values; Where, Cast and n-ary operators become nn ops."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, one, ops, refused
from nnctest import build, node, tensor

f = np.float32
check(ops(one("Clip", [[4]], opset=7, min=0.0, max=6.0)), "max = 6.000000e+00 : f32, min = 0.000000e+00 : f32")
check(ops(one("Clip", [[4]], {"top": f(6)}, operands="x0 - top")), "max = 6.000000e+00", "min = 0xFF800000 : f32")
assert [o.split()[0] for o in ops(one("Clip", [[4], [], []]))] == ["nn.max", "nn.min"]
check(refused(one("Clip", [[4]], {"low": np.zeros(2, f)})), "min is f32[2], expected a scalar")
check(refused(one("Clip", [[4]], opset=11, min=0.0)), "unknown attribute 'min'")

check(ops(one("Sum", [[4], [1], [3, 1]])), "nn.add", "-> tensor<3x4xf32>")
check(ops(one("LeakyRelu", [[4]])), "alpha = 0.00999999977 : f32")
check(ops(one("Cast", [[4]], to=7)), "nn.cast : tensor<4xf32> to tensor<4xi64>")
check(ops(one("Dropout", [[80]], outputs=2)), "to tensor<80xi1>")
where = build([node("Where", "c x x", "y")], [tensor("c", [4], bool), tensor("x", [2, 1])], {"y": [2, 4]})
check(ops(where), "nn.select : (tensor<4xi1>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>")

check(refused(one("Add", [[4]], {"i": np.zeros(4, np.int32)})), "operands have different element types")
check(refused(one("Add", [[4], [3]])), "shapes 4 and 3 cannot be broadcast together")
check(refused(one("Relu", [], {"i": np.zeros(4, np.int32)})), "input 0 is i32[4], supported: float32")
check(refused(one("Cast", [[4]], to=10)), "element type float16 is not supported")
check(refused(one("Cast", [[4]])), "attribute 'to' is missing")
check(refused(one("Dropout", [[4]], {"r": f(0.5), "t": np.bool_(True)})), "training_mode is not supported")
