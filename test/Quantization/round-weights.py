"""Weights become the integers that serve the results on inputs like those seen: where inputs have much in common, the error of the results is
a fraction of what the nearest integers make, in products and in convolutions with groups, strides, dilations and padding. Where inputs have nothing to do
with each other, or only one sample was seen, the integers are the nearest; what a few samples have in common by chance hardly moves
them, so inputs that were not seen lose hardly anything. The same data give the same integers."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import sys

import numpy as np
import onnx
from nnctest import build, node, nn_compile, save
from onnx import numpy_helper

work = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(11)


def stored_weights(model, data, out="out"):
    """The integers and what they stand for."""
    path = save(model, work / "net.onnx")
    np.savez(work / "data.npz", x=data)
    done = nn_compile(path, "-target=x86", "-quantize=int8", f"-calibrate={work}/data.npz", "-emit=onnx", "-o", work / out)
    assert done.returncode == 0, done.stderr
    graph = onnx.load(work / out / "net_int8.onnx").graph
    values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    read = next(n for n in graph.node if n.op_type == "DequantizeLinear" and n.input[0] in values and values[n.input[0]].dtype == np.int8)
    q, scale = values[read.input[0]], values[read.input[1]]
    axis = next((a.i for a in read.attribute if a.name == "axis"), 1)
    if scale.ndim:
        scale = scale.reshape([-1 if d == axis else 1 for d in range(q.ndim)])
    return q, scale.astype(np.float64)


def errors(rows, weights, q, scale):
    """Squared errors of the results `rows @ weights` with these integers and with the nearest ones."""
    nearest = np.clip(np.rint(weights / scale), -127, 127)
    return np.array([((rows @ (weights - scale * integers)) ** 2).sum() for integers in (q, nearest)])


weights = rng.standard_normal((24, 6)).astype(np.float32)
product = build([node("MatMul", "x w", "y")], {"x": [1, 24]}, {"y": [1, 6]}, {"w": weights})
common = rng.standard_normal((400, 1, 4)) @ rng.standard_normal((4, 24)) + 0.05 * rng.standard_normal((400, 1, 24))
q, scale = stored_weights(product, common.astype(np.float32))
found, nearest = errors(common[:, 0], weights, q, scale)
assert found < 0.2 * nearest, (found, nearest)
assert np.abs(q - weights / scale).max() < 8  # compensated, not another solution
again, _ = stored_weights(product, common.astype(np.float32), "again")
assert np.array_equal(q, again)

alone = np.eye(24)[np.arange(240) % 24].reshape(240, 1, 24) * rng.uniform(1, 2, (240, 1, 1))
q, scale = stored_weights(product, alone.astype(np.float32))
assert np.array_equal(q, np.rint(weights / scale))

# Few samples: one, of inputs with much in common, and fewer than there are inputs, with nothing in common.
q, scale = stored_weights(product, common[:1].astype(np.float32))
assert np.array_equal(q, np.rint(weights / scale))
found = nearest = 0
for _ in range(4):
    q, scale = stored_weights(product, rng.standard_normal((12, 1, 24)).astype(np.float32))
    found, nearest = (found, nearest) + errors(rng.standard_normal((1000, 24)), weights, q, scale)
assert found < 1.05 * nearest, (found, nearest)


def windows(images, group, channels):
    """What the outputs of the convolution below multiply, row by row."""
    padded = np.pad(images, [(0, 0), (0, 0), (1, 2), (0, 1)])[:, group * channels : (group + 1) * channels]
    rows = [padded[:, :, y : y + 3 : 2, x : x + 2].reshape(len(images), -1) for y in range(0, padded.shape[2] - 2, 2) for x in range(padded.shape[3] - 1)]
    return np.concatenate(rows)


filters = rng.standard_normal((4, 3, 2, 2)).astype(np.float32)
conv = node("Conv", "x w", "y", group=2, strides=[2, 1], dilations=[2, 1], pads=[1, 0, 2, 1])
convolution = build([conv], {"x": [1, 6, 7, 6]}, {"y": [1, 4, 4, 6]}, {"w": filters})
smooth = 5 * rng.standard_normal((60, 1, 1, 1)) + 5 * rng.standard_normal((60, 6, 1, 1)) + rng.standard_normal((60, 6, 7, 6))
q, scale = stored_weights(convolution, smooth.reshape(60, 1, 6, 7, 6).astype(np.float32))
found = nearest = 0
for group in range(2):
    mine = slice(2 * group, 2 * group + 2)
    rows = windows(smooth, group, 3)
    found, nearest = (found, nearest) + errors(rows, filters[mine].reshape(2, -1).T, q[mine].reshape(2, -1).T, scale[mine].reshape(1, -1))
assert found < 0.6 * nearest, (found, nearest)

# The windows of one sample are many, and still one observation.
q, scale = stored_weights(convolution, smooth[:1].reshape(1, 1, 6, 7, 6).astype(np.float32))
assert np.array_equal(q, np.rint(filters / scale))
