"""The helper writes a model that ONNX's own checker accepts, and tells bits apart that compare equal; the network of every kind
answers differently to different inputs."""
# RUN: %python %s %t
# REQUIRES: onnx, onnxruntime
import sys

import numpy as np
import onnx
import onnxruntime
from nnctest import build, node, same_bits, save
from promises import adversarial, every_kind

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

session = onnxruntime.InferenceSession(every_kind().SerializeToString())
inputs = adversarial([1, 3, 12, 12])
a, b = (session.run(None, {"x": inputs[name]})[0] for name in ("ones", "normal"))
assert np.isfinite(a).all() and np.isfinite(b).all() and np.abs(a - b).max() > 1e-2, (a, b)
