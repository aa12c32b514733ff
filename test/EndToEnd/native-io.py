"""-io=native changes the interface and not the bits: NAME_run on what NAME_quantize_INPUT() makes of x gives what the network with
its floats gives on x, and NAME_dequantize_OUTPUT() those floats. What cannot be native stays float32 with a remark; where nothing
can, the option is refused. Scales and zero points stand in header, NAME.json and NAME_model."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %nn-verify
# REQUIRES: onnx, x86-64-v3
import ctypes
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import Network, build, nn_compile, node, same_bits, save, tensor
from onnx import TensorProto, helper, numpy_helper

out, cc, verify = sys.argv[1:]
out = pathlib.Path(out)
rng = np.random.default_rng(9)
f32 = np.float32


def compiled(model, folder, *options):
    done = nn_compile(model, "-target=x86", "-name=net", "-emit=obj,so,lib", "-o", folder, *options)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([verify, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return Network(folder / "net.json")


def converters(network):
    """A library of loops over the header's functions."""
    text = '#include "net.h"\n'
    for kind, of, to in ("inputs", "float", None), ("outputs", None, "float"):
        for facts in network.json[kind]:
            verb = "quantize" if kind == "inputs" else "dequantize"
            if "scale" in facts and facts["dtype"] != "float32":
                element = facts["dtype"] + "_t" if facts["dtype"][-1] in "86" else ("u" * facts["dtype"].startswith("u")) + "int8_t"
                name = f"{verb}_{facts['c_name']}"
                text += f"void {name}(const {of or element} *from, {to or element} *to, int n) {{\n"
                text += f"  for (int i = 0; i < n; i++) to[i] = net_{name}(from[i]);\n}}\n"
    (network.folder / "convert.c").write_text(text)
    command = [cc, "-O2", "-shared", "-fPIC", f"-I{network.folder}", network.folder / "convert.c", "-o", network.folder / "convert.so"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(network.folder / "convert.so"))


def pack(values, dtype):
    bits = int(dtype[-1])
    codes = values.ravel().astype(np.int64) & (1 << bits) - 1
    codes = np.concatenate([codes, np.zeros(-len(codes) % (8 // bits), np.int64)]).reshape(-1, 8 // bits)
    return (codes << np.arange(8 // bits) * bits).sum(axis=1).astype(np.uint8)


def unpack(data, dtype, shape):
    bits = int(dtype[-1])
    codes = (data[:, None].astype(np.int64) >> np.arange(8 // bits) * bits & (1 << bits) - 1).ravel()[: int(np.prod(shape))]
    return np.where(codes >> bits - 1, codes - (1 << bits), codes).reshape(shape) if dtype.startswith("i") else codes.reshape(shape)


def convert(library, verb, facts, values):
    to = f32 if verb == "dequantize" else np.int8 if facts["dtype"] in ("int4", "int2") else np.uint8 if facts["dtype"] in ("uint4", "uint2") else facts["dtype"]
    values, result = np.ascontiguousarray(values), np.empty(facts["shape"], to)
    getattr(library, f"{verb}_{facts['c_name']}")(ctypes.c_void_p(values.ctypes.data), ctypes.c_void_p(result.ctypes.data), values.size)
    return result


def run_native(network, library, arrays):
    inputs = []
    for facts, x in zip(network.json["inputs"], arrays, strict=True):
        if facts["dtype"] != "float32":
            x = convert(library, "quantize", facts, f32(x))
            x = pack(x, facts["dtype"]) if facts["dtype"][-1] in "42" and facts["dtype"][-2:] != "32" else x
        inputs.append(x)
    outputs = []
    for facts, y in zip(network.json["outputs"], network(*inputs)):
        if facts["dtype"] != "float32":
            small = facts["dtype"] in ("int4", "uint4", "int2", "uint2")
            y = unpack(y, facts["dtype"], facts["shape"]).astype(np.int8 if facts["dtype"].startswith("i") else np.uint8) if small else y
            y = convert(library, "dequantize", facts, y)
        outputs.append(y)
    return outputs


def check(name, model, dtypes, *options, arrays=None):
    """`dtypes` of inputs and outputs, with -io=native."""
    path = save(model, out / name / "net.onnx")
    plain, native = compiled(path, out / name / "model", *options), compiled(path, out / name / "native", "-io=native", *options)
    tensors = native.json["inputs"] + native.json["outputs"]
    assert [t["dtype"] for t in tensors] == dtypes.split(), (name, tensors)
    assert all(t["dtype"] == "float32" for t in plain.json["inputs"] + plain.json["outputs"])
    assert "-io=native" in native.json["options"] and "-io=model" not in plain.json["options"]
    # What the floats are rounded to is known without the option as well.
    for with_floats, with_integers in zip(plain.json["inputs"] + plain.json["outputs"], tensors):
        assert with_floats.get("scale") == with_integers.get("scale") and with_floats.get("zero_point") == with_integers.get("zero_point")
        assert ("scale" in with_floats) == (with_integers["dtype"] != "float32")
    library = converters(native)
    special = f32([np.nan, np.inf, -np.inf, 1e-40, -0.0, 3e38])
    for k in range(8):
        inputs = []
        for facts in plain.json["inputs"]:
            x = f32(rng.normal(0, [0.1, 1, 10, 100][k % 4], facts["shape"]))
            if k >= 4:
                x.flat[rng.integers(0, x.size, 3)] = rng.choice(special, 3)
            inputs.append(x)
        for y, z in zip(plain(*inputs), run_native(native, library, inputs), strict=True):
            assert same_bits(y, z), (name, k, y, z)
    done = subprocess.run(["nn-run", path, "-io=native", "--compare", *[o for o in options if o.startswith("-shape")]], capture_output=True, text=True)
    assert done.returncode == 0 or options, done.stderr
    return native


def qdq(x, scale, zero, to):
    """x quantized and dequantized, as three names."""
    return [node("QuantizeLinear", f"{x} {scale} {zero}", f"{to}_q"), node("DequantizeLinear", f"{to}_q {scale} {zero}", to)]


W = {"w": rng.integers(-127, 128, (8, 3, 3, 3)).astype(np.int8), "ws": f32(rng.uniform(0.001, 0.02, 8)), "wz": np.zeros(8, np.int8)}
GRIDS = {"xs": f32(0.03), "xz": np.uint8(117), "ys": f32(0.11), "yz": np.uint8(128), "ss": f32(0.05), "sz": np.int8(-4)}
WEIGHTS = [node("DequantizeLinear", "w ws wz", "wf", axis=0)]

conv = build(WEIGHTS + qdq("x", "xs", "xz", "a") + [node("Conv", "a wf", "c", pads=[1, 1, 1, 1]), node("Relu", "c", "r")] + qdq("r", "ys", "yz", "y"),
             {"x": [1, 3, 9, 7]}, {"y": [1, 8, 9, 7]}, W | GRIDS)
network = check("conv", conv, "uint8 uint8")
header = (network.folder / "net.h").read_text()
for line in ("#define NET_INPUT_0_SCALE 2.99999993e-02f", "#define NET_INPUT_0_ZERO_POINT 117", "#define NET_OUTPUT_0_ZERO_POINT 128",
             "static inline uint8_t net_quantize_x(float x)", "static inline float net_dequantize_y(uint8_t q)", "int net_run(const uint8_t x[189], uint8_t y[504], void *arena);"):
    assert line in header, line

# Layout changes between the border and its quantization, and the same grid read twice.
layout = build(WEIGHTS + [node("Transpose", "x", "t", perm=[0, 3, 1, 2])] + qdq("t", "xs", "xz", "a") + qdq("t", "xs", "xz", "b")
               + [node("Conv", "a wf", "c"), node("Relu", "b", "d")] + qdq("c", "ys", "yz", "e") + qdq("d", "ss", "sz", "f")
               + [node("Transpose", "e", "y", perm=[0, 2, 3, 1]), node("Reshape", "f flat", "z")],
               {"x": [1, 9, 7, 3]}, {"y": [1, 7, 5, 8], "z": [1, 189]}, W | GRIDS | {"flat": np.int64([1, -1])})
network = check("layout", layout, "uint8 uint8 int8")
assert network.json["outputs"][1]["zero_point"] == -4 and "#define NET_OUTPUT_1_ZERO_POINT (-4)" in (network.folder / "net.h").read_text()

# One input on two grids, one read as floats too, one output computed in floats: they stay.
mixed = build(qdq("x", "xs", "xz", "a") + qdq("x", "ss", "sz", "b") + qdq("v", "xs", "xz", "c") + qdq("u", "xs", "xz", "d")
              + [node("Add", "a b", "s"), node("Add", "s v", "t"), node("Add", "t c", "z"), node("Add", "z d", "zz"), node("Tanh", "zz", "o")] + qdq("zz", "ys", "yz", "y"),
              {"x": [2, 5], "v": [2, 5], "u": [2, 5]}, {"o": [2, 5], "y": [2, 5]}, GRIDS)
network = check("mixed", mixed, "float32 float32 uint8 float32 uint8")
done = nn_compile(out / "mixed" / "net.onnx", "-target=x86", "-io=native", "-o", out / "mixed" / "said")
for text in ("'x' stays float32: it is read with several scales, zero points or types", "'v' stays float32: 'Add_t' reads it as it is",
             "'o' stays float32: 'Tanh_o' is no DequantizeLinear"):
    assert f"remark: -io=native: {'output' if text.startswith(chr(39) + 'o') else 'input'} {text}" in done.stderr, done.stderr

# Elements below eight bits become packed bytes.
small = build(qdq("x", "xs", "z4", "a") + [node("Relu", "a", "r")] + qdq("r", "ss", "z2", "y"), {"x": [3, 7]}, {"y": [3, 7]}, {"xs": f32(0.3), "ss": f32(0.7)}, opset=25)
for name, kind, zero in ("z4", TensorProto.INT4, 2), ("z2", TensorProto.UINT2, 1):
    small.graph.initializer.append(helper.make_tensor(name, kind, [], [zero]))
check("small", small, "int4 uint2")

# After post-training quantization too.
floats = build([node("Conv", "x w", "c", pads=[1, 1, 1, 1]), node("Relu", "c", "y")], {"x": [1, 3, 8, 8]}, {"y": [1, 4, 8, 8]}, {"w": f32(rng.normal(0, 1, (4, 3, 3, 3)))})
np.savez(out / "data.npz", x=f32(rng.normal(0, 1, (16, 3, 8, 8))))
check("trained", floats, "uint8 uint8", "-quantize=int8", f"-calibrate={out}/data.npz")

# Integer networks are native as they are; float networks cannot be.
integers = build([node("QLinearAdd", "a xs xz b xs xz ys yz", "y", domain="com.microsoft")], [tensor("a", [4], np.uint8), tensor("b", [4], np.uint8)], [tensor("y", [4], np.uint8)], GRIDS)
network = compiled(save(integers, out / "integers" / "net.onnx"), out / "integers" / "native", "-io=native")
assert [t["scale"] for t in network.json["inputs"] + network.json["outputs"]] == [float(f32(0.03))] * 2 + [float(f32(0.11))]
done = nn_compile(save(floats, out / "floats" / "net.onnx"), "-target=x86", "-io=native", "-o", out / "floats" / "native")
assert done.returncode == 1 and "error: -io=native: no input or output of the network is quantized" in done.stderr, done.stderr
assert not (out / "floats" / "native").exists()

# Data of the network's own types are taken for the native one: quantized first.
folder = out / "conv" / "test_data_set_0"
folder.mkdir()
x = f32(rng.normal(0, 1, (1, 3, 9, 7)))
(folder / "input_0.pb").write_bytes(numpy_helper.from_array(x, "x").SerializeToString())
(y,) = Network(out / "conv" / "model" / "net.json")(x)
(folder / "output_0.pb").write_bytes(numpy_helper.from_array(y, "y").SerializeToString())
done = nn_compile(out / "conv" / "net.onnx", "-target=x86", "-io=native", "-cpu=native", f"-verify={folder}", "-o", out / "conv" / "verified")
assert done.returncode == 0, done.stderr
(folder / "output_0.pb").write_bytes(numpy_helper.from_array(y + f32(0.11), "y").SerializeToString())
done = nn_compile(out / "conv" / "net.onnx", "-target=x86", "-io=native", "-cpu=native", f"-verify={folder}", "-o", out / "conv" / "verified")
assert done.returncode == 1 and "expected" in done.stderr, done.stderr

# A plan as text keeps what it says of them.
plan = out / "small" / "plan.mlir"
done = nn_compile(out / "small" / "net.onnx", "-target=x86", "-io=native", "-name=net", "-stop-after=schedule")
plan.write_text(done.stdout)
again = compiled(plan, out / "small" / "again")
for key in "inputs", "outputs":
    assert again.json[key] == Network(out / "small" / "native" / "net.json").json[key], again.json[key]
done = nn_compile(plan, "-target=x86", "-io=native", "-o", out / "small" / "text")
assert done.returncode == 2 and "-io is for ONNX models" in done.stderr, done.stderr

# The test program speaks of packed bytes, too.
done = nn_compile(out / "small" / "net.onnx", "-target=x86", "-io=native", "-name=net", "-emit=obj,test", "-o", out / "small" / "program")
assert done.returncode == 0, done.stderr
folder = out / "small" / "program"
subprocess.run([cc, "-Wall", "-Wextra", "-Werror", f"-I{folder}", folder / "net_test.c", folder / "net.o", "-o", folder / "program"], check=True)
assert "PASS 3" in subprocess.run([folder / "program"], capture_output=True, text=True, check=True).stdout

# Wrong words.
for option, text in ("-io=int8", "choose model or native"), ("-io=nativ", "did you mean"):
    done = nn_compile(out / "conv" / "net.onnx", "-target=x86", option)
    assert done.returncode == 2 and "native" in done.stderr, done.stderr
