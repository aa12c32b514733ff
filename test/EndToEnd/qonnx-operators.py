"""The operators of QONNX give what their definitions say, on ties, ends and infinities: every rounding mode, 1 to 16 bits, signed or
not, narrow or not, powers of two and other scales, per tensor and per channel, with and without zero points. Compiled code has the
interpreter's bits."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import qonnx
from nnctest import build, save
from qonnx import MODES, f32, hard_numbers, qnode

work = pathlib.Path(sys.argv[1])
SHAPE = (2, 4, 9, 8)


def run(name, nodes, constants, x, expected, tolerance=0.0):
    """Outputs are y0, y1, …, the interpreter's compared with `expected`, compiled code's with those."""
    outputs = {f"y{i}": list(y.shape) for i, y in enumerate(expected)}
    path = save(build(nodes, {"x": list(x.shape)}, outputs, constants), work / f"{name}.onnx")
    np.savez(work / f"{name}.npz", x=x)
    done = subprocess.run(["nn-run", path, f"--data={work / name}.npz", "--compare", f"--save={work / name}", "-cpu=x86-64-v3"],
                          capture_output=True, text=True)
    assert done.returncode == 0, (name, done.stdout[-800:], done.stderr[-800:])
    for i, y in enumerate(expected):
        proto = onnx.TensorProto()
        proto.ParseFromString((work / name / f"output_{i}.pb").read_bytes())
        got = onnx.numpy_helper.to_array(proto)
        got, y = got.ravel(), y.astype(f32).ravel()
        wrong = np.flatnonzero(~(np.abs(got - y) <= tolerance * np.abs(y)))
        assert wrong.size == 0, (name, nodes[i], wrong.size, x.ravel()[wrong[:4]], got[wrong[:4]], y[wrong[:4]])


# --- Quant, under all of its names.
scales = {"one": f32(1), "eighth": f32(0.125), "third": f32(1 / 3), "each": f32([1.0, 0.75, 3.7e-3, 2.0**-9]).reshape(4, 1, 1), "row": f32([0.3])}
names = [("Quant", "finn.custom_op.general"), ("Quant", "onnx.brevitas"), ("IntQuant", "qonnx.custom_op.general"), ("Quant", "qonnx.custom_op.general")]
for bits in range(1, 17):
    nodes, constants, expected = [], {}, []
    x = hard_numbers(int(np.prod(SHAPE)), seed=bits).reshape(SHAPE)
    for signed in (0, 1):
        for narrow in (0, 1):
            for m, mode in enumerate(MODES):
                spelled = mode if m % 2 else mode.lower()
                scale_name = list(scales)[len(nodes) % len(scales)]
                scale = scales[scale_name]
                zero = 0 if len(nodes) % 4 or (bits == 1 and signed) else (1 if bits < 3 else -3 if signed else 5)
                kind, domain = names[len(nodes) % len(names)]
                i = len(nodes)
                whole = i % 3 == 1  # numbers may be floats or integers
                constants |= {f"s{i}": scale, f"z{i}": np.int64(zero) if whole else f32(zero), f"b{i}": np.int64(bits) if whole else f32(bits)}
                nodes.append(qnode(kind, f"x s{i} z{i} b{i}", f"y{i}", domain, signed=signed, narrow=narrow, rounding_mode=spelled))
                expected.append(qonnx.quant(x, scale, zero, bits, signed, narrow, mode))
    run(f"quant{bits}", nodes, constants, x, expected)

# --- A tie of each scale, which the numbers above may miss.
for name, scale in (("third", f32(1 / 3)), ("tiny", f32(2.0**-40)), ("huge", f32(1e10))):
    x = hard_numbers(512, float(scale)).reshape(1, 512)
    nodes = [qnode("Quant", "x s z b", f"y{m}", signed=1, narrow=0, rounding_mode=mode) for m, mode in enumerate(MODES)]
    run(f"ties-{name}", nodes, {"s": scale, "z": f32(0), "b": f32(8)}, x, [qonnx.quant(x, scale, 0, 8, 1, 0, mode) for mode in MODES])

# --- BipolarQuant: 0 is positive, be it the negative one.
x = hard_numbers(96).reshape(2, 48)
x[0, :4] = 0.0, -0.0, np.nextafter(f32(0), f32(-1)) * 0 - f32(1e-30), f32(1e-30)
run("bipolar", [qnode("BipolarQuant", "x s", "y0"), qnode("BipolarQuant", "x t", "y1", "onnx.brevitas")],
    {"s": f32([0.7]), "t": np.linspace(0.5, 2, 48).astype(f32)}, x, [qonnx.bipolar(x, 0.7), qonnx.bipolar(x, np.linspace(0.5, 2, 48))])

# --- Trunc: the first definition keeps the scale, the second has one of its own.
nodes, constants, expected = [], {}, []
x = (np.resize(np.arange(-128, 128), 512).reshape(2, 256) * f32(0.25)).astype(f32)
for mode in MODES:
    for scale, zero, before, after in ((0.25, 0, 8, 8), (0.25, 0, 8, 5), (0.25, 2, 9, 4)):
        i = len(nodes)
        constants |= {f"s{i}": f32(scale), f"z{i}": f32(zero), f"p{i}": f32(before), f"q{i}": f32(after)}
        nodes.append(qnode("Trunc", f"x s{i} z{i} p{i} q{i}", f"y{i}", rounding_mode=mode))
        expected.append(qonnx.trunc(x, scale, zero, before, after, mode))
    for signed, narrow in ((0, 0), (1, 0), (1, 1)):
        i = len(nodes)
        zero = 8 if signed else 0
        constants |= {f"s{i}": f32(0.25), f"z{i}": f32(zero), f"p{i}": f32(8), f"o{i}": f32(2.0), f"q{i}": f32(4)}
        nodes.append(qnode("Trunc", f"x s{i} z{i} p{i} o{i} q{i}", f"y{i}", rounding_mode=mode, signed=signed, narrow=narrow))
        expected.append(qonnx.trunc2(x, 0.25, zero, 2.0, 4, signed, narrow, mode))
run("trunc", nodes, constants, x, expected)

# --- MultiThreshold: rows per channel in front or behind, unsorted, equal, infinite; results scaled and shifted.
nodes, constants, expected = [], {}, []
rng = np.random.default_rng(3)
x = hard_numbers(2 * 4 * 9 * 4).reshape(2, 4, 9, 4)
for steps in (1, 2, 3, 15, 255):
    for rows in (1, 4):
        t = np.round(rng.normal(0, 12, (rows, steps)) * 2).astype(f32) / 2
        t[0, 0] = np.inf if steps > 1 else t[0, 0]
        for scale, bias in ((1.0, 0.0), (2.0, -1.0), (0.5, -4.0), (0.7, -1.4), (0.25, 0.3)):
            for layout in ("NCHW", "NHWC"):
                i = len(nodes)
                constants[f"t{i}"] = t
                nodes.append(qnode("MultiThreshold", f"x t{i}", f"y{i}", out_dtype="INT16", out_scale=scale, out_bias=bias, data_layout=layout))
                expected.append(qonnx.multithreshold(x, t, scale, bias, layout[-1] == "C"))
run("multithreshold", nodes, constants, x, expected, tolerance=1e-6)  # a multiple of 0.7 is rounded once with us
