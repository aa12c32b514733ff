"""The helper writes a model that ONNX's own checker accepts, and tells bits apart that compare equal; the network of every kind
answers differently to different inputs."""
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import subprocess
import sys

import numpy as np
import onnx
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

inputs = adversarial([1, 3, 12, 12])
model = save(every_kind(), f"{sys.argv[1]}/every.onnx")
answers = []
for name in ("ones", "normal"):
    np.savez(f"{sys.argv[1]}/{name}.npz", x=inputs[name])
    folder = f"{sys.argv[1]}/{name}"
    subprocess.run(["nn-run", model, f"-data={sys.argv[1]}/{name}.npz", f"-save={folder}"], check=True, stdout=subprocess.DEVNULL)
    tensor = onnx.TensorProto.FromString(pathlib.Path(folder, "output_0.pb").read_bytes())
    answers.append(onnx.numpy_helper.to_array(tensor))
a, b = answers
assert np.isfinite(a).all() and np.isfinite(b).all() and np.abs(a - b).max() > 1e-2, (a, b)
