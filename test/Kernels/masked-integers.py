"""With mask registers, integers that are chosen or narrowed at the end of a row are loaded and stored whole lane by lane: no mask comes
from data, no store reaches behind its tensor, and the bits are the interpreter's."""
# RUN: %python %s %t
# REQUIRES: onnx, avx512
import subprocess
import sys

import numpy as np
from nnctest import build, node, save, tensor

for size in (1, 2, 3, 5, 8, 9, 12, 21, 40):
    choose = build(
        [node("Where", "c x y", "w"), node("Add", "w x", "s"), node("Where", "c s y", "z"), node("Cast", "z", "n", to=6)],
        [tensor("c", [size], np.bool_), tensor("x", [size], np.int64), tensor("y", [size], np.int64)],
        [tensor("z", [size], np.int64), tensor("n", [size], np.int32)])
    path = save(choose, f"{sys.argv[1]}/choose-{size}.onnx")
    for cpu in ("x86-64-v4", "x86-64-v3"):
        done = subprocess.run(["nn-run", path, "--compare", f"-cpu={cpu}"], capture_output=True, text=True)
        assert done.returncode == 0, (size, cpu, done.stderr)

# A maximum with one number of a row is not put under the mask of the choice that it ends in: data would decide whether it is read.
spread = build(
    [node("Max", "x m", "y"), node("Where", "c y x", "z")],
    [tensor("c", [1, 2, 1, 1], np.bool_), tensor("x", [2, 2, 7, 1], np.float32), tensor("m", [2, 2, 1, 1], np.float32)],
    [tensor("z", [2, 2, 7, 1], np.float32)])
done = subprocess.run(["nn-run", save(spread, f"{sys.argv[1]}/spread.onnx"), "--compare", "-cpu=x86-64-v4"],
                      capture_output=True, text=True)
assert done.returncode == 0, done.stderr
