"""Between integers nearest Resize moves integers, to another grid by a table; linear and cubic Resize are one step that reads and writes them
around sums of floats, so that no floats stand in memory. The same of a float network that is quantized by its calibration data."""
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


def compare(path, x=x, cpu="x86-64-v3"):
    """The code's bits are the interpreter's."""
    data = path.parent / "data.npz"
    np.savez(data, x=x)
    subprocess.run(["nn-run", path, f"-data={data}", "-via=native", "-compare", f"-cpu={cpu}"], check=True)


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

# --- Whatever the coordinates, whichever dimension stands innermost, on every core: one step, nothing but bytes in memory.
def between_convolutions(channels, quantized, **attributes):
    """Convolution, Resize, convolution; on one grid if `quantized`."""
    constants = {"by": f32(attributes.pop("by")), "s": f32(0.0235294122), "z": np.uint8(3), "ws": f32(0.004), "wz": np.int8(0)}
    weights = np.random.default_rng(1).integers(-127, 128, (channels, channels, 3, 3)).astype(np.int8)
    nodes, last = [], "x"

    def add(nodes_of):
        nonlocal last
        nodes.extend(nodes_of(last))
        last = nodes[-1].output[0]
        if quantized:
            nodes.extend([node("QuantizeLinear", f"{last} s z", f"{last}q"), node("DequantizeLinear", f"{last}q s z", f"{last}d")])
            last = f"{last}d"

    if quantized:
        constants["w8"] = weights
        nodes.append(node("DequantizeLinear", "w8 ws wz", "w"))
        add(lambda v: [node("Identity", v, "in")])
    else:
        constants["w"] = weights.astype(f32) * f32(0.004)
    add(lambda v: [node("Conv", f"{v} w", "first", pads=[1] * 4)])
    add(lambda v: [node("Resize", f"{v} - by", "larger", **attributes)])
    add(lambda v: [node("Conv", f"{v} w", "last", pads=[1] * 4)])
    shape = [1, channels, 12, 10]
    return build(nodes, {"x": shape}, {last: [int(n * b) for n, b in zip(shape, constants["by"])]}, constants, opset=19), shape


cases = [
    dict(mode="linear", by=[1, 1, 2, 2]),
    dict(mode="linear", by=[1, 1, 2, 2], coordinate_transformation_mode="align_corners"),
    dict(mode="linear", by=[1, 1, 4, 4], coordinate_transformation_mode="asymmetric"),
    dict(mode="linear", by=[1, 1, 0.5, 0.5]),
    dict(mode="linear", by=[1, 1, 1, 0.5], antialias=1),
    dict(mode="linear", by=[1, 1, 1, 3]),
    dict(mode="cubic", by=[1, 1, 2, 2]),
    dict(mode="cubic", by=[1, 1, 1.5, 1]),
]
for number, case in enumerate(cases):
    for channels in (2, 8):
        what = f"{case} of {channels} channels"
        model, shape = between_convolutions(channels, True, **case)
        path = save(model, f"{sys.argv[1]}/between/{number}-{channels}.onnx")
        done = nn_compile(path, "-target=x86", "-stop-after=schedule", "-io=native")
        blends = re.findall(r"plan.kernel @(\w+) attributes {algorithm = \"blend\"", done.stdout)
        is_one = channels == 8 or case["mode"] == "linear" or 1 in case["by"][2:]  # else sixteen elements for each lane: slower than two steps
        assert len(blends) == (1 if is_one else 2), (what, done.stdout)
        for cpu in ("x86-64", "x86-64-v3", "native"):
            compare(path, rng.uniform(-1, 7, shape).astype(f32), cpu)
        # A quarter of what floats take, and the borders that convolutions read.
        facts = [compile_model(m, f"{path}-{name}", f"-io={io}").json
                 for name, m, io in (("bytes", model, "native"), ("floats", between_convolutions(channels, False, **case)[0], "model"))]
        arenas = [f["arena_bytes"] for f in facts]
        assert not is_one or arenas[0] <= 0.3 * arenas[1] + 1024, (what, arenas)
        assert all(f["proofs"][p]["status"] == "proved" for f in facts for p in ("memory", "address_trace", "instruction_trace")), (what, facts)
