"""-vectors=DATA has the testbenches play what the caller has, as integers of the bus; what comes of it, the interpreter says."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, verilator
import os
import sys

import numpy as np
from hlspackage import fails, passes, sources, verilator
from nnctest import build, nn_compile, node, save
from onnx import numpy_helper

os.chdir(sys.argv[1])
rng = np.random.default_rng(3)
q = rng.integers(-3, 4, [6, 4])
nodes = [node("DequantizeLinear", "q scale", "w"), node("MatMul", "x w", "y")]
constants = {"q": q.astype(np.int8), "scale": np.float32(0.25)}
save(build(nodes, {"x": [1, 6]}, {"y": [1, 4]}, constants), "net.onnx")
frames = [rng.normal(0, 2, [1, 6]).astype(np.float32) for _ in range(5)]  # some beyond the format
for i, frame in enumerate(frames):
    os.makedirs(f"data/test_data_set_{i}")
    open(f"data/test_data_set_{i}/input_0.pb", "wb").write(numpy_helper.from_array(frame, "x").SerializeToString())
np.savez("one.npz", x=frames[0])
np.savez("batch.npz", x=np.concatenate(frames))
wanted = [np.clip(np.rint(frame * 8), -32, 31).astype(int) for frame in frames]


def compiled(data, style, code=0):
    done = nn_compile("net.onnx", "-target=hls", f"-style={style}", "-input-format=x:6.3", f"-vectors={data}", "-o", style)
    assert done.returncode == code, done.stderr
    return done.stderr if code else words(f"{style}/tb/net_stimuli.hex")


def words(path):
    return [int(line, 16) for line in open(path).read().split()]


for style, lanes in ("sequencer", 1), ("unrolled", 6):
    elements = [beat >> 6 * lane & 63 for beat in compiled("data", style) for lane in range(lanes)]
    assert elements == [int(v) & 63 for frame in wanted for v in frame[0]], (elements, wanted)
    done = verilator(style, "net", sources(style, "net"), True)
    assert passes(done) and "5 frames" in done.stdout, done.stdout
assert compiled("batch.npz", "sequencer") == [int(v) & 63 for frame in wanted for v in frame[0]]
assert compiled("one.npz", "sequencer") == [int(v) & 63 for v in wanted[0][0]]
# What the interpreter does not say is noticed.
with open("sequencer/tb/net_golden.hex", "w") as file:
    file.write("0\n" * 4)
assert fails(verilator("sequencer", "net", sources("sequencer", "net"), True), "differs")

os.remove("data/test_data_set_4/input_0.pb")
error = compiled("data", "sequencer", code=1)
assert "-vectors: " in error and "test_data_set_4" in error, error
