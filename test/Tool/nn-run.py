"""nn-run executes a network by the interpreter or natively, on folders, .npz files or made-up data, compares with what the
data expects and with the other way, and saves what ONNX reads; data that does not fit, or answers that differ, are status 1."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import os
import sys
import zipfile

import numpy as np
import onnx
from nnctest import build, compile_model, nn_compile, node, same_bits, save, tensor
from onnx import numpy_helper

os.chdir(sys.argv[1])
rng = np.random.default_rng(7)
model = build(
    [node("MatMul", "x w", "m"), node("Tanh", "m", "y"), node("Add", "n n", "z"), node("Gather", "b turned", "c")],
    [tensor("x", [3, 4]), tensor("n", [2], np.int64), tensor("b", [2], np.bool_)],
    [tensor("y", [3, 5]), tensor("z", [2], np.int64), tensor("c", [2], np.bool_)],
    {"w": rng.standard_normal((4, 5)).astype(np.float32), "turned": np.array([1, 0])},
)
save(model, "alone/net.onnx")
data = {"x": rng.standard_normal((3, 4)).astype(np.float32), "n": np.array([2**40, -3]), "b": np.array([True, False])}
y, z, c = compile_model(model, "native", "-cpu=native")(*data.values())
expected = {"y": y, "z": z, "c": c.astype(bool)}


def run(*options, code=0, model="alone/net.onnx"):
    done = nn_compile(model, *options, program="nn-run")
    assert done.returncode == code, (options, done.returncode, done.stdout, done.stderr)
    assert bool(done.stderr) == bool(code), (options, done.stderr)
    return done.stderr if code else done.stdout


def folder(path, inputs, outputs):
    os.makedirs(path)
    for kind, arrays in ("input", inputs), ("output", outputs):
        for j, (name, array) in enumerate(arrays.items()):
            if array is not None:
                open(f"{path}/{kind}_{j}.pb", "wb").write(numpy_helper.from_array(array, name).SerializeToString())


def saved(path):
    return [numpy_helper.to_array(onnx.load_tensor(f"{path}/output_{j}.pb")) for j in range(3)]


# Made-up data, three kinds; both ways agree.
for options in [], ["--via=native"], ["-via", "native", "-cpu=x86-64-v3"]:
    text = run(*options, "--compare", "--layers", "-cpu=x86-64-v3")
    for kind in "random", "zeros", "extremes":
        assert f"{kind}: y tensor<3x5xf32> = " in text and f"{kind}: c tensor<2xi1> = " in text and f"{kind}: all steps agree\n" in text, text

# A folder and an .npz file with right answers; what either way saves has the bits of the compiled library.
folder("right", data, expected)
np.savez("right.npz", **data, **expected)
np.savez("inputs.npz", **data)
np.savez("turned.npz", **data | {"x": np.asfortranarray(data["x"])})  # the same numbers in another order
for source in "right", "right.npz", "inputs.npz", "turned.npz":
    for via in "interpreter", "native":
        text = run(f"--data={source}", f"--via={via}", f"--save=saved/{source}/{via}", "--compare", "--layers")
        assert text.count("\n") == 4 and f"{source}: z tensor<2xi64> = 2199023255552 -6\n" in text, text
        for got, want in zip(saved(f"saved/{source}/{via}"), expected.values(), strict=True):
            assert same_bits(got, want), (source, via, got, want)
names = [onnx.load_tensor(f"saved/right/native/output_{j}.pb").name for j in range(3)]
assert names == ["y", "z", "c"], names

# Close is right: ONNX's references come from other arithmetic. Not close is wrong, and said with its place.
folder("close", data, expected | {"y": y * np.float32(1.0001)})
run("--data=close")
wrong = y.copy()
wrong[1, 2] += 0.1
folder("wrong", data, expected | {"y": wrong})
for via in "interpreter", "native":
    text = run("--data=wrong", f"--via={via}", code=1)
    assert text.startswith("alone/net.onnx: error: wrong: 'y' element 7 is ") and ", expected " in text and text.count("\n") == 1, text
folder("wrong integer", data, expected | {"z": np.array([2**41, -7])})
assert "'z' element 1 is -6, expected -7" in run("--data=wrong integer", code=1)
folder("two wrong", data, expected | {"y": wrong, "c": np.array([True, True])})
assert run("--data=two wrong", code=1).count("error:") == 2
# An output without an expectation is not judged.
folder("some", data, {"y": None, "z": expected["z"], "c": None})
run("--data=some")

# Data that does not fit.
shape, kind = "'x' is tensor<3x4xf32>", "holds tensor<2xi32>, 'n' is tensor<2xi64>"
for number, (name, array, of_folder, of_archive) in enumerate((
    ("x", data["x"].T.copy(), shape, shape), ("n", data["n"].astype(np.int32), kind, kind),
    ("x", data["x"].astype(np.float64), "float64 is not supported", "'bad2.npz:x' holds elements of type '<f8'"),
    ("b", None, "input_2.pb': No such file", "'bad3.npz' has no array 'b'"),
)):
    folder(f"bad{number}", data | {name: array}, {})
    text = run(f"--data=bad{number}", code=1)
    assert of_folder in text and "alone/net.onnx: error: " in text and text.count("\n") == 1, text
    arrays = {k: v for k, v in (data | {name: array}).items() if v is not None}
    np.savez(f"bad{number}.npz", **arrays)
    text = run(f"--data=bad{number}.npz", "--via=native", code=1)
    assert of_archive in text, text
folder("bad output", data, {"y": y[:2]})
assert "'y' is tensor<3x5xf32>" in run("--data=bad output", code=1)
# Several samples along a leading axis, or along the batch, are a data set each.
both = {name: np.stack([array, array[::-1]]) for name, array in data.items()}
np.savez("several.npz", **both, y=np.stack([y, y[::-1]]))
text = run("--data=several.npz")
assert text.count(" = ") == 2 * run("--data=right.npz").count(" = ") and "several.npz[1]: y tensor<3x5xf32> = " in text, text
np.savez("unequal.npz", **both | {"b": data["b"]})
assert "the samples of 'b' are 1, those of the arrays before it 2" in run("--data=unequal.npz", code=1)
np.savez("none.npz", **both | {"x": both["x"][:0]})
assert "'x' is empty" in run("--data=none.npz", code=1)

open("text.npz", "w").write("no archive\n")
os.makedirs("garbage")
open("garbage/input_0.pb", "w").write("no tensor\n")
for source in "text.npz", "garbage", "absent", "absent.npz":
    assert f"'{source}" in run(f"--data={source}", code=1)

# Compressed archives are read; archives that are damaged are not.
np.savez_compressed("packed.npz", **data)
assert run("--data=packed.npz").replace("packed", "right") == run("--data=right.npz")
packed = bytearray(open("packed.npz", "rb").read())
packed[packed.index(b".npy") + 40] ^= 0x55
open("bent.npz", "wb").write(packed)
open("cut.npz", "wb").write(open("right.npz", "rb").read()[:-30])
with zipfile.ZipFile("other.npz", "w", zipfile.ZIP_BZIP2) as archive:
    archive.write("right.npz", "x.npy")
for source, words in ("bent", "is damaged"), ("cut", "is no npz file"), ("other", "in a way that is not supported"):
    assert words in run(f"--data={source}.npz", code=1), source

# Beside a model, its data sets are found; several are saved in a folder each.
save(model, "beside/model.onnx")
folder("beside/test_data_set_0", data, expected)
folder("beside/test_data_set_10", data, expected)
folder("beside/test_data_set_9", {k: np.zeros_like(v) for k, v in data.items()}, {})
text = run("--save=sets", model="beside")
order = [line.split(":")[0] for line in text.splitlines()][::3]
assert order == ["test_data_set_0", "test_data_set_9", "test_data_set_10"], order
assert same_bits(saved("sets/test_data_set_10")[0], y) and not saved("sets/test_data_set_9")[0].any()
assert run("--data=beside", model="alone/net.onnx") == text

# A folder that nothing can be written to is said once, not once for each data set.
open("a file", "w").close()
text = run("--save=a file/sets", model="beside", code=1)
assert text.count("error:") == 1 and "cannot create 'a file/sets/test_data_set_0'" in text, text

# Part of the network, an open dimension, a constant.
assert run("-outputs=m").startswith("random: m tensor<3x5xf32>")
save(build([node("Add", "x k", "y")], {"x": ["N", 4], "k": [4]}, {"y": ["N", 4]}), "open.onnx")
text = run("-shape=N=2", "-const=k=3", model="open.onnx")
assert "zeros: y tensor<2x4xf32> = 3 3 3 3 3 3 3 3\n" in text, text

# What nn-compile wrote runs as it is, by its folder or by its description; data sets are looked for beside it.
assert nn_compile("alone/net.onnx", "-target=x86", "-cpu=native", "-q", "-o", "compiled").returncode == 0
for path in "compiled", "compiled/", "compiled/net.json", os.path.abspath("compiled"):
    assert run("--data=right", model=path) == run("--data=right", "--via=native")
text = run("--save=of folder", "--data=right.npz", "-via=native", model="compiled")
assert all(same_bits(a, b) for a, b in zip(saved("of folder"), expected.values(), strict=True))
assert run(model="compiled") == run("--via=native")
assert "'y' element 7 is " in run("--data=wrong", code=1, model="compiled")
for options in ["-via=interpreter"], ["-compare"], ["-layers"], ["-cpu=native"], ["-shape=N=2"]:
    text = run(*options, code=2, model="compiled")
    assert " needs the model; 'compiled/net.json' describes compiled code\n" in text, text
os.chdir("compiled")
assert "random: y " in run(model=".") and run(model="net.json") == run(model=".")
os.chdir("..")
assert nn_compile("alone/net.onnx", "-target=x86", "-cpu=native", "-q", "-emit=obj", "-o", "no library").returncode == 0
assert "lists no shared library; compile with -emit=so" in run(model="no library", code=1)
open("compiled/libnet.so", "ab").write(b"more")
assert "libnet.so' is not the file that was compiled" in run(model="compiled", code=1)
os.remove("compiled/libnet.so")
assert "libnet.so" in run(model="compiled", code=1)
os.mkdir("empty")
assert "'empty' holds neither model.onnx nor a compiled network" in run(model="empty", code=1)

# Wrong usage is status 2.
for options in (
    ["-via=gpu"], ["-layer"], ["-data"], ["second.onnx"], ["-save="], ["-data="], ["-cpu=z80"], ["-cpu="], ["-shape=x"], ["-outputs="],
    ["-const=b=1", "-const=b=0"],
):
    assert run(*options, code=2).startswith("nn-run: error: "), options
assert "did you mean '-layers'?" in run("-layer", code=2)
done = nn_compile(program="nn-run")
assert done.returncode == 2 and "one model, please" in done.stderr
# What cannot be compiled says why.
save(build([node("Det", "x", "y")], {"x": [4, 4]}, {"y": []}), "refused.onnx")
assert "this operator is not supported" in run(model="refused.onnx", code=1)
