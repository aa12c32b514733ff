"""Golden frames show what small errors of hardware make: each entry of a table has a frame whose result depends on the entry's lowest bit, and of a
requantizer whatever product and offset answer all frames rightly answer all sums rightly, or nearly so."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(7)
inputs, hidden, outputs = 16, 6, 3
first, second = rng.integers(-100, 101, (inputs, hidden)), rng.integers(-100, 101, (hidden, outputs))
constants = {"s": np.float32(0.01), "u": np.float32(0.008), "z": np.uint8(128), "n": np.int8(0), "t": np.float32(0.01)}
constants |= {"a": np.float32(0.0413), "w": first.astype(np.int8), "v": second.astype(np.int8)}
nodes = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"), node("DequantizeLinear", "w t n", "e")]
nodes += [node("MatMul", "d e", "m"), node("QuantizeLinear", "m a z", "p"), node("DequantizeLinear", "p a z", "f"), node("Tanh", "f", "g")]
nodes += [node("QuantizeLinear", "g u z", "h"), node("DequantizeLinear", "h u z", "i"), node("DequantizeLinear", "v t n", "j")]
nodes += [node("MatMul", "i j", "k"), node("QuantizeLinear", "k a z", "l"), node("DequantizeLinear", "l a z", "y")]
net = save(build(nodes, {"x": [1, inputs]}, {"y": [1, outputs]}, constants), folder / "net.onnx")
done = nn_compile(net, "-target=hls", "-style=sequencer", "-o", folder / "out")
assert done.returncode == 0, done.stderr


def words(kind, size):
    return np.array([int(line, 16) for line in open(folder / f"out/tb/net_{kind}.hex")]).reshape(-1, size)


frames, golden = words("stimuli", inputs), words("golden", outputs)
factors = np.float32(0.01 * 0.01 / 0.0413), np.float32(0.008 * 0.01 / 0.0413)
level = np.arange(256)
table = np.clip(np.rint(np.tanh((level - 128) * np.float32(0.0413)) / np.float32(0.008)) + 128, 0, 255).astype(int)


def requantized(sums, factor, offset=0.0):
    return np.clip(np.rint(sums * factor + offset) + 128, 0, 255).astype(int)


def answers(entries, changed=lambda sums: requantized(sums, factors[0])):
    indices = changed((frames - 128) @ first)
    return requantized((entries[indices] - 128) @ second, factors[1]), indices


answered, indices = answers(table)
assert (answered == golden).all()
for entry in np.unique(indices):
    wrong = table.copy()
    wrong[entry] ^= 1
    assert (answers(wrong)[0] != golden).any(), entry
assert len(np.unique(indices)) > 200, len(np.unique(indices))

# Errors that change the results of one to three sums that are about.
sums = np.arange(-40000, 40001)
tried = missed = 0
for channel in range(hidden):
    for _ in range(800):
        slope = factors[0] * (1 + rng.choice([-1, 1]) * 10.0 ** rng.uniform(-7, -3))
        offset = rng.choice([-1, 1]) * 10.0 ** rng.uniform(-6, -2)
        right, wrong = table[requantized(sums, factors[0])], table[requantized(sums, slope, offset)]
        if not 0 < (right != wrong).sum() <= 3:
            continue

        def changed(all_sums):
            result = requantized(all_sums, factors[0])
            result[:, channel] = requantized(all_sums[:, channel], slope, offset)
            return result

        tried += 1
        missed += (answers(table, changed)[0] == golden).all()

assert tried > 50 and missed <= 0.05 * tried, (tried, missed)
