"""The arena of an int8 network is at most a quarter of its float twin's, rounded up to whole slots."""
# REQUIRES: onnx
# RUN: %python %s %t
import json
import pathlib
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

work = pathlib.Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)
SLOT = 64  # bytes
random = np.random.default_rng(1)


def conv(nodes, weights, source, name, channels, kernel=3, stride=1):
    """Adds a convolution from `source` = (name, channels) that keeps rows / `stride`; returns its result likewise."""
    value, inputs = source
    weights[f"{name}_w"] = random.normal(0, 0.3, (channels, inputs, kernel, kernel)).astype(np.float32)
    nodes.append(node("Conv", f"{value} {name}_w", name, pads=[kernel // 2] * 4, strides=[stride] * 2))
    return name, channels


def relu(nodes, source):
    nodes.append(node("Relu", source[0], f"{source[0]}_relu"))
    return f"{source[0]}_relu", source[1]


def add(nodes, a, b, name):
    nodes.append(node("Add", f"{a[0]} {b[0]}", name))
    return relu(nodes, (name, a[1]))


def finish(nodes, weights, source):
    nodes.append(node("GlobalAveragePool", source[0], "y"))
    return build(nodes, {"x": [1, 8, 32, 32]}, {"y": [1, source[1], 1, 1]}, weights)


def identity():
    """The sum wants another border than the operand that it overwrites."""
    nodes, weights = [], {}
    skip = relu(nodes, conv(nodes, weights, ("x", 8), "stem", 16))
    main = relu(nodes, conv(nodes, weights, skip, "a", 16))
    total = add(nodes, conv(nodes, weights, main, "b", 16), skip, "total")
    return finish(nodes, weights, relu(nodes, conv(nodes, weights, total, "last", 16, kernel=1, stride=2)))


def pooled():
    """What a mean reads is stored as it is, not as the sums that the mean is made of."""
    nodes, weights = [], {}
    return finish(nodes, weights, relu(nodes, conv(nodes, weights, ("x", 8), "stem", 128)))


def island():
    """The twin: a softmax stays on floats, so that a quarter is out of reach."""
    nodes, weights = [], {}
    value = conv(nodes, weights, ("x", 8), "stem", 16)
    nodes.append(node("Softmax", value[0], "soft", axis=1))
    return finish(nodes, weights, ("soft", value[1]))


def arena(model, *options):
    done = nn_compile(model, "-target=x86", "-cpu=x86-64-v3", "-emit=obj", "-name=network", "-o", work / "out", *options)
    assert done.returncode == 0, done.stderr
    return json.loads((work / "out" / "network.json").read_text())["arena_bytes"]


np.savez(work / "data.npz", x=random.normal(0, 1, (4, 1, 8, 32, 32)).astype(np.float32))
for network, within in ((identity, True), (pooled, True), (island, False)):
    model = save(network(), work / f"{network.__name__}.onnx")
    floats, integers = arena(model), arena(model, "-quantize=int8", f"-calibrate={work}/data.npz")
    print(network.__name__, floats, integers, integers / floats)
    assert (integers <= -(-floats // (4 * SLOT)) * SLOT) == within
