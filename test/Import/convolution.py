"""A convolution's defaults and auto_pad become explicit numbers; what later stages cannot do is refused."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, one, ops, refused

x, w = [1, 4, 8, 8], np.zeros((6, 4, 3, 3), np.float32)


def conv(**attributes):
    return one("Conv", [x], {"w": w}, **attributes)


check(ops(conv()), "dilations = array<i64: 1, 1>, group = 1", "pads = array<i64: 0, 0, 0, 0>", "-> tensor<1x6x6x6xf32>")
check(ops(conv(auto_pad="VALID", strides=[2, 2])), "pads = array<i64: 0, 0, 0, 0>", "tensor<1x6x3x3xf32>")
# 8 elements, stride 2: four windows reach one element too far.
check(ops(conv(auto_pad="SAME_UPPER", strides=[2, 2])), "pads = array<i64: 0, 0, 1, 1>", "tensor<1x6x4x4xf32>")
check(ops(conv(auto_pad="SAME_LOWER", strides=[2, 2])), "pads = array<i64: 1, 1, 0, 0>", "tensor<1x6x4x4xf32>")
check(ops(conv(auto_pad="SAME_UPPER", dilations=[2, 2])), "pads = array<i64: 2, 2, 2, 2>", "tensor<1x6x8x8xf32>")
check(ops(one("Conv", [[1, 2, 9]], {"w": np.zeros((4, 1, 3), np.float32)}, group=2)), "-> tensor<1x4x7xf32>")
check(ops(one("Conv", [x], {"w": w, "b": np.zeros(6, np.float32)})), "tensor<6xf32>) -> ")

check(refused(conv(kernel_shape=[5, 5])), "'step' Conv-11, inputs f32[1,4,8,8], f32[6,4,3,3]: kernel_shape differs")
check(refused(conv(strides=[0, 1])), "strides has the entry 0")
check(refused(conv(dilations=[1 << 33, 1])), "dilations has the entry 8589934592, expected 2147483647 or less")
check(refused(conv(dilations=[0, 1])), "dilations has the entry 0, expected 1 or more")
check(refused(conv(pads=[10**9, 10**9, 0, 0], strides=[10**9, 10**9])), "'step' Conv-11, inputs f32[1,4,8,8], f32[6,4,3,3]: the padded input has more than")
check(refused(conv(group=3)), "conv_c3: expects 12 input channels")
check(refused(conv(pads=[1, 1])), "pads has 2 entries, expected 4")
check(refused(conv(auto_pad="SIDEWAYS")), "auto_pad is 'SIDEWAYS'")
check(refused(conv(colour=3)), "unknown attribute 'colour'")
check(refused(one("Conv", [[1, 1, 4, 4, 4]], {"w": np.zeros((1, 1, 3, 3, 3), np.float32)})), "only 1-D and 2-D")
