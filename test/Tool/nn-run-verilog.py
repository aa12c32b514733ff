"""nn-run simulates a folder of Verilog from what its NAME.json says: order on the bus, floats that stand for integers, packed
elements, images of memories; what it can't do, or what is not the file that was written, is refused."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, verilator
import json
import os
import sys

import numpy as np
import onnx
import rtlcores
from hlspackage import package, tensor
from nnctest import build, nn_compile, node, save
from onnx import TensorProto, helper, numpy_helper

os.chdir(sys.argv[1])


def run(folder, *options, code=0):
    done = nn_compile(folder, *options, program="nn-run")
    assert done.returncode == code, (options, done.returncode, done.stdout, done.stderr)
    return done.stderr if code else done.stdout


def saved(path):
    return numpy_helper.to_array(onnx.load_tensor(f"{path}/output_0.pb"))


def write(path, *tensors):
    os.makedirs(path)
    for i, value in enumerate(tensors):
        open(f"{path}/input_{i}.pb", "wb").write(value.SerializeToString())


# Floats and integers, in an order of their own; in several beats.
core = rtlcores.several()
core.input.order = [[3, 1, 0, 2], [0, 1, 2, 3]]
core.output.order = [[2, 0, 1]]
scale = np.float32(0.1)
core.inputs = [tensor("a b", "float32", 4, [2, 2], scale=0.1, zero_point=-3), tensor("c", "int8", 1, [4])]
core.outputs = [tensor("y", "float32", 4, [3], scale=0.3, zero_point=5)]
package(core, "several", frames=1)
rng, expected = np.random.default_rng(1), []
for trial in range(6):
    a = rng.normal(0, 1, (2, 2)).astype(np.float32) if trial else np.array([[1e9, -1e9], [0.25, np.nan]], np.float32)
    c = rng.integers(-16, 16, 4).astype(np.int8)
    write(f"data/test_data_set_{trial}", numpy_helper.from_array(a, "a b"), numpy_helper.from_array(c, "c"))
    low, high = np.float32(-13), np.float32(18)
    quantized = np.nan_to_num(np.clip(np.rint(a / scale), low, high), nan=low).astype(int).reshape(-1) - 3
    results = core.answer([quantized[i] for i in (3, 1, 0, 2)] + [int(v) for v in c])
    expected.append(np.zeros(3, np.float32))
    for place, element in enumerate((2, 0, 1)):
        expected[-1][element] = np.float32(results[place] - 5) * np.float32(0.3)
text = run("several", "--via=verilog", "--data=data", "--save=saved")
for trial, wanted in enumerate(expected):
    assert f"test_data_set_{trial}: y tensor<3xf32> = " in text, text
    y = saved(f"saved/test_data_set_{trial}")
    assert np.array_equal(y, wanted), (trial, y, wanted)

# Elements below eight bits are packed, as ONNX packs them; a memory looks for its words beside NAME.f.
core = rtlcores.lookup()
core.inputs, core.outputs = ([{**tensor(name, "int4", 1, [3]), "bytes": 2}] for name in ("x", "y"))
package(core, "lookup", frames=1)
assert os.path.exists("lookup/rtl/lookup_words.hex")
write("four", onnx.helper.make_tensor("x", onnx.TensorProto.INT4, [3], [-3, 5, -8]))
run("lookup", "--data=four", "--save=four")
assert saved("four").astype(int).tolist() == [-6, 5, -8], saved("four")

# What a folder of Verilog can't do, and what is no folder of Verilog.
for options in ["-via=interpreter"], ["-via=native"], ["-compare"], ["-layers"]:
    done = nn_compile("several", *options, program="nn-run")
    assert done.returncode == 2 and "needs the model; 'several/several.json' describes" in done.stderr, (options, done)
manifest = json.load(open("several/several.json"))


def refused(change, why):
    altered = json.loads(json.dumps(manifest))
    change(altered)
    json.dump(altered, open("several/several.json", "w"))
    error = run("several", code=1)
    assert why in error, error


refused(lambda m: m["bus"].pop("in"), "has no 'bus.in': it describes no core")
refused(lambda m: m["bus"]["in"].update(beats=3), "'bus.in.beats' are too few for all elements")
refused(lambda m: m["bus"]["out"].update(order=[[0, 0, 1]]), "'bus.out.order' does not have each element of a tensor once")
refused(lambda m: m.update(latency_cycles="soon"), "'latency_cycles' is no number from 0 to")
refused(lambda m: m["files"]["verilog"][0].update(path="../several.v"), "lists a file without a path in its folder")
refused(lambda m: m["files"].pop("verilog"), "lists no Verilog; compile with -target=hls")
json.dump(manifest, open("several/several.json", "w"))
with open("several/rtl/several.v", "a") as file:
    file.write("// by hand\n")
assert "rtl/several.v' is not the file that was compiled" in run("several", code=1)

# A last difference of floats is the caller's: its integers are compared, and nothing else can be.
nodes = [node("DequantizeLinear", f"{name} s", f"{name}f") for name in "ab"]
ports = [helper.make_tensor_value_info(name, TensorProto.INT8, [1, 3]) for name in "ab"]
save(build([*nodes, node("Sub", "af bf", "y")], ports, {"y": [1, 3]}, {"s": np.float32(0.5)}), "difference.onnx")
assert "'y_0' leaves before Sub_y, left to the caller; -io=native" in run("difference.onnx", "--via=verilog", "--compare", code=1)
assert "y_1 tensor<1x3xi8>" in run("difference.onnx", "--via=verilog", "--compare", "-io=native")

# So are a last softmax and its numbers; a last scale is not, which nn-run applies.
nodes = [node("DequantizeLinear", "a s", "af"), node("Softmax", "af", "y")]
save(build(nodes, ports[:1], {"y": [1, 3]}, {"s": np.float32(0.5)}), "softmax.onnx")
assert "-io=native" in run("softmax.onnx", "--via=verilog", "--compare", code=1)
assert "y tensor<1x3xi8>" in run("softmax.onnx", "--via=verilog", "--compare", "-io=native")
save(build(nodes[:1], ports[:1], {"af": [1, 3]}, {"s": np.float32(0.5)}), "scale.onnx")
assert "af tensor<1x3xf32>" in run("scale.onnx", "--via=verilog", "--compare")
for name, left in ("softmax", ["Softmax_y"]), ("scale", None):
    assert nn_compile(f"{name}.onnx", "-target=hls", "-vectors=1").returncode == 0
    assert json.load(open(f"{name}/{name}.json"))["outputs"][0].get("left_to_caller") == left

# A scale for each channel is no port's.
nodes = [node("DequantizeLinear", "a s", "af", axis=1)]
save(build(nodes, ports[:1], {"af": [1, 3]}, {"s": np.float32([0.5, 0.25, 1])}), "scales.onnx")
assert "-io=native" in run("scales.onnx", "--via=verilog", "--compare", code=1)
assert "af tensor<1x3xi8>" in run("scales.onnx", "--via=verilog", "--compare", "-io=native")
