"""A model that was cut off or hit by a flipped byte is refused with a reason or compiled as what it now says: no crash, no
hang, no gigabytes. A file that is a pipe, a device or a folder is not read at all."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %if no-asan %{ limited %}
# REQUIRES: onnx
import os
import pathlib
import random
import resource
import subprocess
import sys

import numpy as np
from nnctest import build, node, save
from onnx import TensorProto

folder = pathlib.Path(sys.argv[1])
model = build(
    [node("Conv", "x w b", "c", pads=[1, 1, 1, 1]), node("Relu", "c", "r"), node("Reshape", "r s", "y")], {"x": [1, 2, 4, 4]}, {"y": [1, 32]},
    {"w": np.ones((2, 2, 3, 3), np.float32), "b": np.ones(2, np.float32), "s": np.array([1, -1])},
)
whole = save(model, folder / "whole.onnx").read_bytes()


def limits():
    if len(sys.argv) > 2:  # a sanitizer reserves terabytes
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def compile_file(path):
    command = ["nn-compile", path, "-target=x86", "-stop-after=fusion"]
    done = subprocess.run(command, capture_output=True, preexec_fn=limits, timeout=60)
    text = done.stderr.decode(errors="replace")
    assert done.returncode in (0, 1), (path, done.returncode, text)
    assert (done.returncode == 1) == ("error:" in text) and bool(done.stdout) == (done.returncode == 0), (path, done.returncode, text)
    return done.returncode, text


assert compile_file(folder / "whole.onnx")[0] == 0
path, random = folder / "damaged.onnx", random.Random(11)
codes = [0, 0]
for length in sorted(random.sample(range(len(whole)), 20)):
    path.write_bytes(whole[:length])
    code, text = compile_file(path)
    assert code == 1, (length, text)
for trial in range(50):
    broken = bytearray(whole)
    broken[random.randrange(len(whole))] ^= 1 << random.randrange(8)
    path.write_bytes(broken)
    codes[compile_file(path)[0]] += 1
assert min(codes) > 5, codes

# Files that are none.
os.mkfifo(folder / "pipe.onnx")
for special in folder / "pipe.onnx", "/dev/zero", folder:
    code, text = compile_file(special)
    assert code == 1 and "not a regular file" in text, text
os.mkfifo(folder / "pipe.bin")
for location in "pipe.bin", ".", "none.bin", "damaged.onnx/x":
    weight = TensorProto(name="k", data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    weight.external_data.add(key="location", value=location)
    made = build([node("Add", "x k", "y")], {"x": [2]}, {"y": [2]})
    made.graph.initializer.append(weight)
    code, text = compile_file(save(made, folder / "external.onnx"))
    assert code == 1 and "initializer 'k'" in text, (location, text)
