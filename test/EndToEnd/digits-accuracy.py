"""The compiled digits network recognises what examples/digits/README.md says: 358 of 360 held-out images."""
# RUN: rm -rf %t
# RUN: %python %s %source/examples/digits %t
# REQUIRES: onnx, x86-64-v3
import pathlib
import sys

import numpy as np
from nnctest import compile_model

example, out = map(pathlib.Path, sys.argv[1:])
held_out = np.load(example / "test.npz")
network = compile_model(example / "digits.onnx", out, "-cpu=x86-64-v3", name="digits")
right = 0
for image, label in zip(held_out["images"], held_out["labels"], strict=True):
    (scores,) = network(image.reshape(1, 1, 8, 8).astype(np.float32) / 16)
    right += int(scores.argmax() == label)
readme = (example / "README.md").read_text()
assert f"{right} of the {len(held_out['labels'])} held-out images" in readme, f"{right} right"
assert right >= 358, f"{right} right"
