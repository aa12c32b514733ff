"""Calibration data that does not fit is refused, each with a message of its own that names the file and the input, with status 1 and
nothing written. One sample, several along the batch and several along an axis of their own are one and the same to it."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import sys
import zipfile

import numpy as np
import onnx
from nnctest import build, node, nn_compile, save
from onnx import numpy_helper

work = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(5)
weights = rng.standard_normal((4, 3)).astype(np.float32)
plain = build([node("MatMul", "x w", "y")], {"x": [1, 4]}, {"y": [1, 3]}, {"w": weights})
two = build([node("MatMul", "x w", "m"), node("Mul", "m z", "y")], {"x": [1, 4], "z": [1, 3]}, {"y": [1, 3]}, {"w": weights})
model = save(plain, work / "net.onnx")
samples = rng.standard_normal((6, 1, 4)).astype(np.float32)


def compiled(data, *options, path=model):
    return nn_compile(path, "-target=x86", "-quantize=int8", f"-calibrate={data}", "-o", work / "out", *options)


def npz(name, **arrays):
    np.savez(work / name, **arrays)
    return work / name


def refused(data, *words, path=model):
    done = compiled(data, path=path)
    errors = [line for line in done.stderr.splitlines() if " error: " in line]
    assert done.returncode == 1 and len(errors) == 1, done.stderr
    for word in words:
        assert word in errors[0], (word, errors[0])
    assert not (work / "out").exists()


wrong = samples.copy()
wrong[3, 0, 1] = np.nan
refused(npz("name.npz", image=samples), "name.npz: has no array 'x'", "it has image")
refused(npz("shape.npz", x=samples[:, :, :3]), "wrong shape", "'x' is tensor<1x4xf32>")
refused(npz("type.npz", x=samples.astype(np.uint8)), "wrong type", "ui8", "'x' is tensor<1x4xf32>")
refused(npz("double.npz", x=samples.astype(np.float64)), "holds elements of type '<f8', expected little-endian float32")
refused(npz("empty.npz", x=samples[:0]), "'x' is empty")
refused(npz("nan.npz", x=wrong), "'x' holds NaN at element 13")
wrong[3, 0, 1] = np.inf
refused(npz("infinite.npz", x=wrong), "'x' holds infinity")
with zipfile.ZipFile(work / "bzip2.npz", "w", zipfile.ZIP_BZIP2) as archive:
    with archive.open("x.npy", "w") as file:
        np.save(file, samples)
refused(work / "bzip2.npz", "is compressed in a way that is not supported")
damaged = bytearray(npz("damaged.npz", x=samples).read_bytes())
damaged[damaged.index(samples.tobytes()) + 3] ^= 1
(work / "damaged.npz").write_bytes(damaged)
refused(work / "damaged.npz", "is damaged: the checksum of 'x.npy' is wrong")
(work / "text.npz").write_text("no archive")
refused(work / "text.npz", "is no npz file")
refused(work / "missing.npz", "cannot read")
refused(work / "missing", "there is no such file or folder")
np.save(work / "array.npy", samples)
refused(work / "array.npy", "is neither an .npz file nor a folder")
(work / "nothing").mkdir()
refused(work / "nothing", "nothing: the folder is empty", "test_data_set_0")
(work / "others").mkdir()
(work / "others" / "samples.npz").write_bytes((work / "nan.npz").read_bytes())
refused(work / "others", "others: the folder holds no samples", "input_0.pb")
both = save(two, work / "two.onnx")
refused(npz("counts.npz", x=samples, z=rng.standard_normal((5, 1, 3)).astype(np.float32)), "'z' has 5 samples, 'x' has 6", path=both)

# The same samples in five forms give the same network.
folder = work / "sets"
for i, sample in enumerate(samples):
    (folder / f"test_data_set_{i}").mkdir(parents=True)
    (folder / f"test_data_set_{i}" / "input_0.pb").write_bytes(numpy_helper.from_array(sample).SerializeToString())
halves = [npz("a.npz", x=samples[:4]), npz("b.npz", x=samples[4:])]
np.savez_compressed(work / "packed.npz", x=samples)
forms = [[npz("axis.npz", x=samples)], [work / "packed.npz"], [npz("batch.npz", x=samples[:, 0])], [folder], halves]
models = []
for form in forms:
    done = compiled(form[0], "-emit=onnx", *(f"-calibrate={more}" for more in form[1:]))
    assert done.returncode == 0, done.stderr
    models.append((work / "out" / "net_int8.onnx").read_bytes())
assert len(set(models)) == 1

# What is read by nobody is said.
done = compiled(npz("labels.npz", x=samples, label=np.arange(6)))
assert done.returncode == 0 and "labels.npz: 'label' is no input and is not read" in done.stderr, done.stderr

# What is quantized already stays as it is.
onnx.save(onnx.load_from_string(models[0]), work / "quantized.onnx")
done = compiled(forms[0][0], path=work / "quantized.onnx")
assert done.returncode == 1 and "quantized already" in done.stderr, done.stderr

# Inputs that never move are said.
done = compiled(npz("zeros.npz", x=np.zeros((2, 4), np.float32)))
assert done.returncode == 0 and "warning: 'x' is 0 on all calibration data" in done.stderr, done.stderr

# So are those that no scale would tell from 0; greater ones have a scale of their own.
for least, said in (1e-29, True), (1e-40, True), (1e-26, False):
    done = compiled(npz("tiny.npz", x=np.array([[-1, 0, 1, 2]] * 2, np.float32) * np.float32(least)))
    assert done.returncode == 0 and ("warning: 'x' is 0 on all calibration data" in done.stderr) == said, done.stderr
