"""What -quantize did stands in report.html, a row for each value that is stored as integers, the worst first, and in short in NAME.json;
the numbers are those that numpy finds."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import pathlib
import re
import sys

import numpy as np
from nnctest import build, node, nn_compile, save

work = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(8)
weights = rng.standard_normal((16, 8)).astype(np.float32)
nodes = [node("MatMul", "x w", "m"), node("Relu", "m", "y")]
model = save(build(nodes, {"x": [1, 16]}, {"y": [1, 8]}, {"w": weights}), work / "net.onnx")
samples = rng.standard_normal((50, 1, 16)).astype(np.float32)
np.savez(work / "data.npz", x=samples)


def compiled(*options):
    done = nn_compile(model, "-target=x86", "-emit=report", "-o", work / "out", *options)
    assert done.returncode == 0, done.stderr
    assert "calibrating" not in done.stderr  # progress is for terminals
    text = (work / "out" / "report.html").read_text()
    return json.loads((work / "out" / "net.json").read_text()), text.split("<h2>Quantization</h2>")[1].split("<h2>")[0]


facts, section = compiled("-quantize=int8", f"-calibrate={work}/data.npz", "-calibrator=minmax")
assert facts["options"][:3] == ["-target=x86", "-quantize=int8", "-calibrate=data.npz"], facts["options"]
summary = facts["quantization"]
assert (summary["scheme"], summary["calibrator"], summary["samples"], summary["quantized_values"]) == ("int8", "minmax", 50, 2)

low, high = samples.min(), samples.max()
scale = np.float32((np.float64(high) - np.float64(low)) / 255)
zero = round(float(-low / scale))
stored = np.clip(np.rint(samples / scale) + zero, 0, 255)
noise = ((stored - zero) * scale - samples).astype(np.float64)
sqnr = 10 * np.log10((samples.astype(np.float64) ** 2).sum() / (noise**2).sum())
by_value = {entry["value"]: entry["sqnr_db"] for entry in summary["worst"]}
assert set(by_value) == {"x", "MatMul_m, Relu_y"}, by_value
assert abs(by_value["x"] - sqnr) < 0.02, (by_value["x"], sqnr)
assert summary["outputs"][0]["name"] == "y" and summary["outputs"][0]["sqnr_db"] == by_value["MatMul_m, Relu_y"]

rows = section.split("<tbody>")[2].split("<tr>")[1:]
cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
shown = [float(row[1]) for row in cells]
assert shown == sorted(shown) and len(shown) == 2
of_input = next(row for row in cells if row[0] == "x")
assert of_input[2] == f"{low:.4g} … {high:.4g}" and "<rect" in of_input[3], of_input
assert of_input[5:8] == [f"{scale:.4g}", str(zero), "0 of 800"], of_input

# Of the calibrators auto takes the one with the best outputs, or minmax where that is as good.
found = {}
for calibrator in "minmax", "percentile", "mse", "entropy", "auto":
    facts, section = compiled("-quantize=int8", f"-calibrate={work}/data.npz", f"-calibrator={calibrator}")
    found[calibrator] = facts["quantization"]["outputs"][0]["sqnr_db"]
    assert facts["quantization"]["calibrator"] == calibrator or calibrator == "auto"
assert found["auto"] > max(found.values()) - 0.3 and found[facts["quantization"]["calibrator"]] == found["auto"], found

# Weights only: no values, and without data no errors.
facts, section = compiled("-quantize=int8w")
assert facts["quantization"]["samples"] == 0 and facts["quantization"]["outputs"][0]["sqnr_db"] is None
assert "Errors were not measured" in section and "SQNR" not in section, section
facts, section = compiled("-quantize=int8w", f"-calibrate={work}/data.npz")
assert 30 < facts["quantization"]["outputs"][0]["sqnr_db"] < 70 and "histogram" not in section

# A network without layers stays as it is, and that is said.
idle = save(build([node("Relu", "x", "y")], {"x": [1, 16]}, {"y": [1, 16]}), work / "idle.onnx")
for scheme, missing in ("int8", "convolution, matrix product or mean with a known bias"), ("int8w", "convolution or matrix product with known weights"):
    for path in model, idle:
        done = nn_compile(path, "-target=x86", f"-quantize={scheme}", f"-calibrate={work}/data.npz", "-emit=report", "-o", work / "idle")
        assert done.returncode == 0, done.stderr
        assert (f"remark: -quantize changes nothing: there is no {missing}" in done.stderr) == (path == idle), done.stderr

# Floats that are all 0, and integers that are not: no signal, which is not "exact".
nodes = [node("MatMul", "x a", "l"), node("MatMul", "x b", "r"), node("Sub", "l r", "y")]
factors = {"a": np.array([[2], [0]], np.float32), "b": np.array([[0], [1]], np.float32)}
model = save(build(nodes, {"x": [1, 2]}, {"y": [1, 1]}, factors), work / "net.onnx")
half = rng.uniform(0, 1, (50, 1, 1))
np.savez(work / "data.npz", x=np.concatenate([half, 2 * half], 2).astype(np.float32))
facts, section = compiled("-quantize=int8", f"-calibrate={work}/data.npz")
assert facts["quantization"]["outputs"][0]["sqnr_db"] is None and facts["quantization"]["outputs"][0]["max_abs_error"] > 0
assert '<tr><td>y</td><td class="n">-∞</td>' in section, section

# The least numbers become 0, whose logarithm is infinite: the worst value, and NAME.json is JSON still.
nodes = [node("MatMul", "x w", "m"), node("Log", "m", "y")]
model = save(build(nodes, {"x": [1, 1]}, {"y": [1, 1]}, {"w": np.ones((1, 1), np.float32)}), work / "net.onnx")
np.savez(work / "data.npz", x=np.linspace(1e-4, 1, 50).reshape(50, 1, 1).astype(np.float32))
facts, section = compiled("-quantize=int8", f"-calibrate={work}/data.npz")
assert facts["quantization"]["outputs"] == [{"name": "y", "sqnr_db": None, "max_abs_error": None}], facts["quantization"]
assert '<tr><td>y</td><td class="n">-∞</td><td class="n">inf</td>' in section, section
