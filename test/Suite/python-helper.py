"""The helper writes a model that ONNX's own checker accepts, and tells bits apart that compare equal."""
# RUN: %python %s %t
# REQUIRES: onnx
import sys

import numpy as np
import onnx
from nnctest import build, node, same_bits, save

model = build(
    [node("Gemm", "x w b", "h"), node("Clip", "h - top", "y")],
    {"x": ["N", 3]},
    {"y": ["N", 2]},
    {"w": np.ones((3, 2), np.float32), "b": np.zeros(2, np.float32), "top": np.float32(6)},
)
onnx.checker.check_model(onnx.load(save(model, f"{sys.argv[1]}/clip.onnx")), full_check=True)

zero, nan = np.zeros(2, np.float32), np.full(2, np.nan, np.float32)
assert same_bits(zero, zero.copy()) and same_bits(nan, -nan)
assert not same_bits(zero, -zero) and not same_bits(zero, zero[:1])
