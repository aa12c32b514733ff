"""A part of a concat that is one pixel or frame wide where the joint buffer is not is copied there: its producer writes channels side by
side, the buffer may not hold them so."""
# RUN: %python %s %t
# REQUIRES: onnx
import subprocess
import sys

import numpy as np
from nnctest import build, node, save, tensor

rng = np.random.default_rng(5)
for channels in (3, 8, 16):
    for kind, shape in (("frame", [1, channels, 1]), ("pixel", [1, channels, 1, 1])):
        rank = len(shape)
        state = [1, channels, 4] + [1] * (rank - 3)
        weights = rng.normal(size=(channels, channels) + (1,) * (rank - 2)).astype(np.float32)
        longer = [1, channels, 5] + [1] * (rank - 3)
        model = build([node("Conv", "x w", "y"), node("Relu", "y", "r"), node("Concat", "s r", "z", axis=2)],
                      [tensor("x", shape, np.float32), tensor("s", state, np.float32)], [tensor("z", longer, np.float32)],
                      {"w": weights})
        path = save(model, f"{sys.argv[1]}/{kind}-{channels}.onnx")
        for cpu in ("x86-64-v3", "native"):
            done = subprocess.run(["nn-run", path, "--compare", f"-cpu={cpu}"], capture_output=True, text=True)
            assert done.returncode == 0, (kind, channels, cpu, done.stderr)
