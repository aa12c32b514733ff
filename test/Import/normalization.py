"""Softmax normalises one axis from opset 13 on, all axes behind it before; BatchNormalization takes any rank from 2 on."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, one, ops, refused

x = [2, 3, 4]
check(ops(one("Softmax", [x], opset=12)), "axes = array<i64: 1, 2>")
check(ops(one("Softmax", [x], opset=13)), "axes = array<i64: 2>")
check(ops(one("Softmax", [x], opset=13, axis=-3)), "axes = array<i64: 0>")
check(ops(one("LogSoftmax", [x], opset=11, axis=-2)), "nn.log_softmax {axes = array<i64: 1, 2>}")
check(refused(one("Softmax", [x], axis=3)), "axis 3 is no dimension of rank 3")

statistics = {k: np.ones(3, np.float32) for k in ("scale", "bias", "mean", "variance")}
for shape in ([2, 3], [2, 3, 5], [2, 3, 5, 5, 5]):
    check(ops(one("BatchNormalization", [shape], statistics)), "nn.batch_norm", "epsilon = 9.99999974E-6")
check(refused(one("BatchNormalization", [[2, 4]], statistics)), "expects 4 elements per statistic")
check(refused(one("BatchNormalization", [x], statistics, outputs=3, training_mode=1)), "training_mode is not supported")
check(refused(one("BatchNormalization", [x], statistics, opset=8, spatial=0)), "spatial = 0")

scale = {"scale": np.ones(4, np.float32)}
check(ops(one("LayerNormalization", [x], scale)), "nn.layer_norm {axis = 2 : i64")
# The statistics that training wants are made of simpler ops.
check(ops(one("LayerNormalization", [x], scale, outputs=3)), "nn.reduce_mean {axes = array<i64: 2>", "nn.sqrt", "nn.layer_norm")
