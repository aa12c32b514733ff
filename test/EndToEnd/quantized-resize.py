"""Between integers nearest Resize moves integers, to another grid by a table; linear Resize reads and writes them around sums of floats. The
same of a float network that is quantized by its calibration data."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import re
import subprocess
import sys

import numpy as np
from nnctest import build, compile_model, nn_compile, node, save
from onnx.reference import ReferenceEvaluator

f32 = np.float32
rng = np.random.default_rng(7)
x = rng.uniform(-4, 4, (1, 3, 6, 5)).astype(f32)
scales = f32([1, 1, 2, 1.6])


def network(mode, result="s"):
    """Quantized, resized, quantized."""
    nodes = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"),
             node("Resize", "d - by", "r", mode=mode),
             node("QuantizeLinear", f"r {result} z", "p"), node("DequantizeLinear", f"p {result} z", "y")]
    return build(nodes, {"x": x.shape}, {"y": [1, 3, 12, 8]}, {"s": f32(0.03), "t": f32(0.04), "z": np.uint8(120), "by": scales}, opset=19)


def ops(path, *options):
    """The nn ops at the reference point and the types that they give."""
    done = nn_compile(path, "-target=x86", "-stop-after=graph", *options)
    assert done.returncode == 0, done.stderr
    found = re.findall(r"= nn\.(\w+) .*?(?:->|to|:) tensor<(?:\d+x)*(\w+)>(?: loc|$)", done.stdout, re.M)
    return [f"{op} {element}" for op, element in found if op not in ("constant", "floor0")]


def compare(path):
    """The code's bits are the interpreter's."""
    data = path.parent / "data.npz"
    np.savez(data, x=x)
    subprocess.run(["nn-run", path, f"-data={data}", "-via=native", "-compare", "-cpu=x86-64-v3"], check=True)


moved = ["gather ui8", "reshape ui8", "broadcast ui8", "reshape ui8"]
for mode, result, expected in [
        ("nearest", "s", ["quantize ui8", *moved, "dequantize f32"]),
        ("nearest", "t", ["quantize ui8", *moved[:3], "lookup ui8", "reshape ui8", "dequantize f32"]),
        ("linear", "s", ["quantize ui8", "gather ui8", "dequantize f32", "mul f32", "reduce_sum f32", "reshape f32",
                         "gather f32", "mul f32", "reduce_sum f32", "reshape f32", "quantize ui8", "dequantize f32"])]:
    model = network(mode, result)
    path = save(model, f"{sys.argv[1]}/{mode}-{result}/model.onnx")
    found = ops(path)
    assert found == expected, (mode, result, found)
    compare(path)
    # A sum that ONNX rounds to one step may be rounded to the next one here.
    (y,), (wanted,) = compile_model(model, path.parent / "run", "-cpu=x86-64-v3")(x), ReferenceEvaluator(model).run(None, {"x": x})
    assert np.abs(y - wanted).max() < (0.031 if mode == "linear" else 1e-6), (mode, result, np.abs(y - wanted).max())

# --- Quantized by us: bytes from the first convolution to the second.
weights = {f"w{i}": rng.normal(0, 0.3, (4, channels, 3, 3)).astype(f32) for i, channels in enumerate([3, 4])}
for mode, expected in ("nearest", moved), ("linear", ["gather ui8", "dequantize f32", "mul f32", "reduce_sum f32"]):
    nodes = [node("Conv", "x w0", "c", pads=[1] * 4), node("Resize", "c - by", "r", mode=mode), node("Conv", "r w1", "y", pads=[1] * 4)]
    model = build(nodes, {"x": x.shape}, {"y": [1, 4, 12, 8]}, {**weights, "by": scales}, opset=19)
    path = save(model, f"{sys.argv[1]}/ptq-{mode}/model.onnx")
    np.savez(path.parent / "calibration.npz", x=rng.uniform(-4, 4, (8, *x.shape[1:])).astype(f32))
    options = "-quantize=int8", f"-calibrate={path.parent / 'calibration.npz'}"
    found = ops(path, *options)
    start = found.index("conv i32")
    assert found[start + 1 : start + 2 + len(expected)] == ["requantize ui8", *expected], (mode, found)
    quantized = nn_compile(path, "-target=x86", "-stop-after=quantize", *options).stdout
    path.with_suffix(".mlir").write_text(quantized)
    compare(path.with_suffix(".mlir"))
