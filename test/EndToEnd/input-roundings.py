"""Hardware leaves an input's own rounding to the caller, whichever QONNX knows: NAME.json names it, the function of NAME_pack.h gives the
numbers of the definition, in C and C++, and a core that is given floats through the simulator answers as the network does."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, verilator
import ctypes
import json
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save
from onnx import helper
from qonnx import GENERAL, MODES, f32, qnode, rounded

out = pathlib.Path(sys.argv[1])
NAMES = {"HALF_UP": "half_away", "HALF_DOWN": "half_to_zero", "UP": "away", "DOWN": "to_zero", "ROUND_TO_ZERO": "to_zero", "CEIL": "ceil", "FLOOR": "floor"}
SCALE = f32(0.3)


def network(mode):
    constants = {"s": SCALE, "t": f32(0.25), "o": f32(0), "five": f32(5), "eight": f32(8), "w": f32(np.eye(4)[[2, 0, 3, 1]])}
    nodes = [qnode("Quant", "x s o five", "a", signed=1, narrow=0, rounding_mode=mode), qnode("Quant", "w t o five", "b", signed=1, narrow=0, rounding_mode="ROUND"),
             node("MatMul", "a b", "c"), qnode("Quant", "c s o eight", "y", signed=1, narrow=0, rounding_mode="ROUND")]
    model = build(nodes, {"x": [1, 4]}, {"y": [1, 4]}, constants)
    model.opset_import.append(helper.make_opsetid(GENERAL, 1))
    return model


def floats():
    """Halves and their neighbours, tiny numbers, what has no place on the grid, and no numbers."""
    near = (np.arange(-80, 81) / 4 * np.float64(SCALE)).astype(f32)
    some = np.concatenate([near, np.nextafter(near, f32(np.inf)), np.nextafter(near, f32(-np.inf)), f32([1e-38, -1e-38, 1e-30, -1e-30, 1e30, -1e30])])
    return np.concatenate([some, f32([np.inf, -np.inf, np.nan])])


def expected(x, mode):
    flush = lambda v: np.where(np.abs(v) < f32(2.0**-125), f32(0), v)
    with np.errstate(all="ignore"):
        quotient = flush(flush(x) / SCALE)
        return np.where(np.isnan(x), -16, rounded(np.clip(np.nan_to_num(quotient, nan=-16), -16, 15), mode)).astype(np.int32)


for mode in dict.fromkeys(MODES):
    folder = out / mode
    path = save(network(mode), folder / "net.onnx")
    done = nn_compile(path, "-target=hls", "-vectors=1", "-q", "-o", folder / "core")
    assert done.returncode == 0, done.stderr
    assert json.load(open(folder / "core/net.json"))["inputs"][0].get("rounding") == NAMES.get(mode), mode
    for suffix, compiler in ("c", ["cc", "-std=c99"]), ("cpp", ["c++", "-std=c++11"]):
        source, library = folder / f"use.{suffix}", folder / f"use_{suffix}.so"
        prefix = 'extern "C" ' if suffix == "cpp" else ""
        source.write_text(f'#include "net_pack.h"\n{prefix}int quantized(float x);\n{prefix}int quantized(float x) {{ return net_quantize_x(x); }}\n')
        done = subprocess.run([*compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC", f"-I{folder}/core", source, "-o", library],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        quantized = ctypes.CDLL(str(library)).quantized
        quantized.argtypes = [ctypes.c_float]
        got = np.array([quantized(x) for x in floats()])
        assert np.array_equal(got, expected(floats(), mode)), (mode, suffix, floats()[got != expected(floats(), mode)])
    samples = np.resize(floats()[:-3], (40, 1, 4))
    np.savez(folder / "data.npz", x=samples)
    done = nn_compile(path, "--via=verilog", f"--data={folder}/data.npz", "--compare", program="nn-run")
    assert done.returncode == 0 and done.stdout.count("tensor<1x4xf32>") == len(samples), (mode, done.stdout, done.stderr)
