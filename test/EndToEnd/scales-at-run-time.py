"""Scales that are known at run time only may be anything, NaN and infinities too: the bits are the interpreter's, in single vectors and where
four registers are requantized together."""
# RUN: %python %s %t
# REQUIRES: onnx
import subprocess
import sys

import numpy as np
from nnctest import build, node, save, tensor
from onnx import numpy_helper

rng = np.random.default_rng(11)
SCALES = (0.01, np.nan, np.inf, 0.0, -0.5, 3e38, 1e-38)
for channels in (64, 20):
    model = build(
        [node("QLinearConv", "x xs xz w ws wz ys yz", "y")],
        [tensor("x", [1, 8, 3, 3], np.uint8), tensor("ys", [], np.float32)], [tensor("y", [1, channels, 3, 3], np.uint8)],
        {"xs": np.array(0.5, np.float32), "xz": np.array(7, np.uint8), "ws": np.array(0.25, np.float32), "wz": np.array(0, np.int8),
         "w": rng.integers(-128, 128, (channels, 8, 1, 1)).astype(np.int8), "yz": np.array(100, np.uint8)})
    path = save(model, f"{sys.argv[1]}/conv-{channels}/model.onnx")
    for i, scale in enumerate(SCALES):
        values = (rng.integers(0, 256, (1, 8, 3, 3)).astype(np.uint8), np.array(scale, np.float32))
        folder = path.parent / f"test_data_set_{i}"
        folder.mkdir(exist_ok=True)
        for j, (name, value) in enumerate(zip(("x", "ys"), values)):
            (folder / f"input_{j}.pb").write_bytes(numpy_helper.from_array(value, name).SerializeToString())
    for cpu in ("x86-64-v3", "native"):
        done = subprocess.run(["nn-run", path, "--compare", f"-cpu={cpu}"], capture_output=True, text=True)
        assert done.returncode == 0, (channels, cpu, done.stderr)
