"""What each calibrator makes of 32 000 normal numbers and one outlier: minmax takes it, percentile leaves it out, and so do those that weigh
clipping against rounding where it costs little; in numpy's histograms the range of mse has the least error."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import pathlib
import sys

import numpy as np
import onnx
from nnctest import build, node, nn_compile, save
from onnx import numpy_helper

work = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(3)
model = save(build([node("MatMul", "x w", "y")], {"x": [1, 16]}, {"y": [1, 2]}, {"w": rng.standard_normal((16, 2)).astype(np.float32)}),
             work / "net.onnx")
x = rng.standard_normal((2000, 1, 16)).astype(np.float32)


def grid(calibrator, outlier):
    """Scale and zero point of the input."""
    data = x.copy()
    data[77, 0, 3] = outlier
    np.savez(work / "data.npz", x=data)
    done = nn_compile(model, "-target=x86", "-quantize=int8", f"-calibrate={work}/data.npz", f"-calibrator={calibrator}", "-emit=onnx", "-o", work / "out")
    assert done.returncode == 0, done.stderr
    graph = onnx.load(work / "out" / "net_int8.onnx").graph
    values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    first = next(n for n in graph.node if n.op_type == "QuantizeLinear" and n.input[0] == "x")
    return float(values[first.input[1]]), int(values[first.input[2]]), data


def noise(scale, zero, data):
    stored = np.clip(np.rint(data / scale) + zero, 0, 255)
    return float((((stored - zero) * scale - data).astype(np.float64) ** 2).sum())


for outlier in 30.0, -8.0:
    found = {name: grid(name, outlier) for name in ("minmax", "percentile", "mse", "entropy")}
    scale, zero, data = found["minmax"]
    low, high = min(data.min(), 0), max(data.max(), 0)
    assert abs(scale * 255 - (high - low)) < 1e-3 and abs(zero + low / scale) <= 0.5, (scale, zero)
    scale, zero, _ = found["percentile"]
    assert 7 < scale * 255 < 9, scale * 255  # four deviations on either side
    assert found["mse"][0] < found["minmax"][0] and found["entropy"][0] < found["minmax"][0], found
    best = min(noise(*grid) for grid in found.values())
    assert noise(*found["mse"]) < best * 1.02, {name: noise(*grid) for name, grid in found.items()}

# What a softmax makes 0 and 1 would say nothing: calibrators are compared before it, so that it changes no choice.
steep = (np.abs(rng.standard_normal((16, 2))) * [100, -100]).astype(np.float32)
chosen = []
for nodes in [node("MatMul", "x w", "y")], [node("MatMul", "x w", "m"), node("Softmax", "m", "y", axis=-1)]:
    model = save(build(nodes, {"x": [1, 16]}, {"y": [1, 2]}, {"w": steep}), work / "net.onnx")
    data = np.abs(x)
    data[77, 0, 3] = 30
    np.savez(work / "data.npz", x=data)
    done = nn_compile(model, "-target=x86", "-quantize=int8", f"-calibrate={work}/data.npz", "-emit=report", "-o", work / "out")
    assert done.returncode == 0, done.stderr
    chosen.append(json.loads((work / "out" / "net.json").read_text())["quantization"]["calibrator"])
assert chosen[0] == chosen[1] != "minmax", chosen
