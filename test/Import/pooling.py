"""A pooling's window and result shape are explicit; with ceil_mode no window starts in the end padding."""
# RUN: %python %s %t
# REQUIRES: onnx
from importing import check, one, ops, refused


def pool(size, kind="MaxPool", outputs=1, **attributes):
    return one(kind, [[1, 2, size]], outputs=outputs, opset=19, kernel_shape=[2], **attributes)


check(ops(pool(5, strides=[2])), "-> tensor<1x2x2xf32>")
check(ops(pool(5, strides=[2], ceil_mode=1)), "-> tensor<1x2x3xf32>")
# 4 elements and one pad at the end: a third window would start at the pad.
check(ops(pool(4, strides=[2], ceil_mode=1, pads=[0, 1])), "-> tensor<1x2x2xf32>")
check(ops(pool(5, strides=[2], auto_pad="SAME_UPPER")), "pads = array<i64: 0, 1>", "-> tensor<1x2x3xf32>")
check(ops(pool(5, dilations=[3])), "dilations = array<i64: 3>", "-> tensor<1x2x2xf32>")
check(ops(pool(5, "AveragePool", count_include_pad=1, pads=[1, 1])), "count_include_pad = true", "tensor<1x2x6xf32>")
check(ops(one("GlobalAveragePool", [[1, 2, 4, 4]])), "nn.reduce_mean {axes = array<i64: 2, 3>, keepdims = true}")
check(ops(one("GlobalMaxPool", [[1, 2, 4]])), "nn.reduce_max {axes = array<i64: 2>, keepdims = true}")

check(refused(pool(1)), "a window of 2 does not fit")
# Rounded up, a window larger than the padded input still stands once, if less than a stride is missing.
for kind in ("MaxPool", "AveragePool"):
    check(ops(pool(1, kind, strides=[2], ceil_mode=1)), "-> tensor<1x2x1xf32>")
check(refused(pool(1, strides=[2])), "a window of 2 does not fit")
check(refused(pool(1, ceil_mode=1)), "a window of 2 does not fit")
check(refused(pool(1, strides=[2], dilations=[4], ceil_mode=1)), "a window of 5 does not fit")
check(refused(pool(5, outputs=2)), "output 1 ('y1') is not supported")
check(refused(pool(5, pads=[2, 0])), "has a window outside of the input")
