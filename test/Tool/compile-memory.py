"""Compiling takes at most twice the model's size of memory, besides what a small model takes: no weight is held three
times."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import os
import sys

import numpy as np
from nnctest import build, node, save


def peak(columns):
    """Megabytes at most, of a model with so many weights of 4096 rows."""
    weights = np.random.default_rng(0).standard_normal((4096, columns)).astype(np.float32)
    path = save(build([node("MatMul", "x w", "y")], {"x": [1, 4096]}, {"y": [1, columns]}, {"w": weights}), f"{sys.argv[1]}/{columns}.onnx")
    command = ["nn-compile", str(path), "-target=x86", "-cpu=x86-64-v3", "-emit=obj", "-q", "-o", f"{sys.argv[1]}/{columns}"]
    most = 0
    for _ in "first", "again":  # into the same folder, whose files stay as they are
        child = os.spawnvp(os.P_NOWAIT, command[0], command)
        _, status, usage = os.wait4(child, 0)
        assert status == 0, status
        most = max(most, usage.ru_maxrss / 1024)
    return most


# Read, mapped and copied; floored; packed; written and verified: two at a time, never three.
small, large = peak(16), peak(4096)
assert large - small < 2 * 64 + 16, (small, large)
