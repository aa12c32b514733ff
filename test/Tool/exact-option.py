# REQUIRES: onnx, x86-64-v3
# RUN: %python %s %t
"""-exact chooses whose rounding a quantized network has: NAME.json and the text of the network say which, the texts go on
with it, and what cannot be rounded so is refused by name."""

import json
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
scales = {"s": np.float32(0.1), "z": np.int8(3), "w": np.arange(12, dtype=np.int8).reshape(4, 3), "zw": np.int8(0)}
nodes = [
    node("DequantizeLinear", "q s z", "x"),
    node("DequantizeLinear", "w s zw", "f"),
    node("MatMul", "x f", "m"),
    node("QuantizeLinear", "m s z", "y"),
]
ports = [tensor("q", [2, 4], np.int8)], [tensor("y", [2, 3], np.int8)]
model = save(build(nodes, *ports, scales), folder / "net.onnx")


def compiled(source, *options):
    out = folder / "out"
    done = nn_compile(source, "-target=x86", *options, "-o", out)
    assert done.returncode == 0, done.stderr
    return json.loads((out / "net.json").read_text())


def printed(source, stage, *options):
    done = nn_compile(source, f"-stop-after={stage}", *options)
    assert done.returncode == 0, done.stderr
    path = folder / f"net.{stage}.mlir"
    path.write_text(done.stdout)
    return path


def refused(source, *options):
    done = nn_compile(source, "-target=x86", *options, "-o", folder / "refused")
    assert done.returncode == 1 and not (folder / "refused").exists(), done
    return done.stderr


assert compiled(model)["exact_profile"] == "ort"
facts = compiled(model, "-exact=tflm-double")
assert facts["exact_profile"] == "tflm-double" and "-exact=tflm-double" in facts["options"], facts["options"]
exact = facts["proofs"]["exact"]
assert exact["status"] == "proved" and exact["channels"] == exact["affine"] + exact["fixed_point"], exact
assert exact["emulated"] == 0, exact

# A text says what it was rounded like, at every stop.
for stage in ("import", "graph", "fusion", "schedule"):
    text = printed(model, stage, "-exact=tflite-double")
    assert 'nn.exact = "tflite-double"' in text.read_text()
    assert compiled(text, "-name=net")["exact_profile"] == "tflite-double", stage
    compiled(text, "-name=net", "-exact=tflite-double")
    why = refused(text, "-exact=tflm-double")
    assert "-exact=tflm-double: the text is rounded as in tflite-double already" in why, why
for stage in ("graph", "fusion", "schedule"):
    why = refused(printed(model, stage), "-exact=tflm-double")
    assert "the text is rounded as in ort already" in why, why
compiled(printed(model, "import"), "-name=net", "-exact=tflm-double")

# Also one of a network that takes floats, which stage graph floors.
first = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"), nodes[1], node("MatMul", "d f", "m"), nodes[3]]
floats = save(build(first, {"x": [2, 4]}, [tensor("y", [2, 3], np.int8)], scales), folder / "floats.onnx")
text = printed(floats, "graph", "-exact=tflite-double")
assert "nn.floor0" in text.read_text()
assert compiled(text, "-name=net")["exact_profile"] == "tflite-double"

# So does one of a softmax alone; where someone took the word out, its quotient still tells.
parts = [node("DequantizeLinear", "q s z", "x"), node("Softmax", "x", "p"), node("QuantizeLinear", "p t u", "y")]
ports = [tensor("q", [2, 4], np.int8)], [tensor("y", [2, 4], np.int8)]
grids = {"s": np.float32(0.1), "z": np.int8(3), "t": np.float32(1 / 256), "u": np.int8(-128)}
text = printed(save(build(parts, *ports, grids), folder / "softmax.onnx"), "graph")
assert "the text is rounded as in ort already" in refused(text, "-exact=tflite-double")
text.write_text(text.read_text().replace(' attributes {nn.exact = "ort"}', "", 1))
why = refused(text, "-exact=tflite-double")
assert "-exact=tflite-double: it is rounded as in -exact=ort already" in why, why

# Not quantized; what has no integer form, both of them.
why = refused(save(build([node("Relu", "x", "y")], {"x": [2]}, {"y": [2]}), folder / "float.onnx"), "-exact=tflite-single")
assert "-exact=tflite-single says how quantized networks round, this one is not quantized; add -quantize=int8" in why, why
compiled(folder / "float.onnx", "-exact=ort", "-name=net")
islands = nodes[:2] + [node("Sigmoid", "x", "g"), node("Mul", "g x", "h"), node("QuantizeLinear", "h s z", "y")]
ports = [tensor("q", [2, 4], np.int8)], [tensor("y", [2, 4], np.int8)]
why = refused(save(build(islands, *ports, scales), folder / "islands.onnx"), "-exact=tflite-double")
for name in ("Sigmoid_g", "Mul_h"):
    assert f"{name}" in why, why
assert why.count("has no integer form of TFLite here") == 2, why
compiled(folder / "islands.onnx", "-name=net")

# nn-run takes the option, too: both ways answer alike.
done = subprocess.run(["nn-run", str(model), "-exact=tflite-single", "-via=native", "-compare"], capture_output=True, text=True)
assert done.returncode == 0, done.stderr
