"""Golden frames show what hardware that is wrong by little gets wrong: in each channel the sums next to each step of the results, on
both sides, and each entry of a table. When all was shown three times there are no more of them; -vectors=N asks for a number."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import os
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

os.chdir(sys.argv[1])
rng = np.random.default_rng(4)
inputs, outputs, last = 6, 3, 2


def quantized(name, x, scale):
    """The nodes that make integers of what stands in `x`."""
    return [node("QuantizeLinear", f"{x} {scale} z", f"{name}q"), node("DequantizeLinear", f"{name}q {scale} z", name)]


weights = [rng.integers(-7, 8, (inputs, outputs)).astype(np.int8), rng.integers(-7, 8, (outputs, last)).astype(np.int8)]
constants = {"z": np.int8(0), "one": np.float32(1), "s": np.float32(1), "steps": np.float32(35), "more": np.float32(35 * 9)}
constants |= {"w0": weights[0], "w1": weights[1]}
nodes = quantized("x8", "x", "one")
nodes += [node("DequantizeLinear", "w0 s z", "v0"), node("MatMul", "x8 v0", "m0")] + quantized("h", "m0", "steps")
nodes += [node("DequantizeLinear", "w1 s z", "v1"), node("MatMul", "h v1", "m1")] + quantized("y", "m1", "more")
save(build(nodes, {"x": [1, inputs]}, {"y": [1, last]}, constants), "dense.onnx")
table = [node("QuantizeLinear", "x one z", "q"), node("DequantizeLinear", "q t z", "d"), node("Tanh", "d", "h")]
constants = {"one": np.float32(1), "z": np.int8(0), "t": np.float32(0.02), "o": np.float32(1 / 128)}
save(build(table + quantized("y", "h", "o"), {"x": [1, inputs]}, {"y": [1, inputs]}, constants), "table.onnx")


def frames(name, style, *options):
    """What the testbench plays: a row of integers each."""
    folder = f"{name}_{style}"
    done = nn_compile(f"{name}.onnx", "-target=hls", f"-style={style}", "-name=net", *options, "-o", folder)
    assert done.returncode == 0, done.stderr
    beats = [int(word, 16) for word in open(f"{folder}/tb/net_stimuli.hex").read().split()]
    lanes = 1 if style == "sequencer" else inputs
    elements = [beat >> 8 * lane & 255 for beat in beats for lane in range(lanes)]
    return np.array(elements, np.uint8).astype(np.int8).astype(int).reshape(-1, inputs)


def steps(sums, scale):
    """Of all integers between the least and the greatest sum, those next to a step."""
    near = np.arange(sums.min(), sums.max() + 1)
    at = np.flatnonzero(np.diff(np.clip(np.rint(near / scale), -128, 127)))
    return set(near[at]) | set(near[at + 1])


for style in "unrolled", "sequencer":
    played = frames("dense", style)
    sums = played @ weights[0].astype(int)
    hidden = np.clip(np.rint(sums / 35), -128, 127).astype(int)
    for layer, scale in (sums, 35), (hidden @ weights[1].astype(int), 9):
        wanted = [steps(channel, scale) for channel in layer.T]
        shown = [near & set(channel) for near, channel in zip(wanted, layer.T)]
        assert sum(map(len, wanted)) > 200, wanted
        assert sum(map(len, shown)) >= 0.99 * sum(map(len, wanted)), (style, scale, [len(w) - len(s) for w, s in zip(wanted, shown)])
    assert len(played) <= 1024, len(played)

played = frames("table", "unrolled")
assert all(len(set(element)) == 256 for element in played.T), [len(set(element)) for element in played.T]
assert len(frames("dense", "unrolled", "-vectors=7")) == 7
