"""Weights keep their bytes, wherever the model has them; external data stays inside the model's folder."""
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import sys

import numpy as np
from importing import check, constants, refused, run
from nnctest import build, node, save
from onnx import TensorProto, ValueInfoProto, helper

folder = pathlib.Path(sys.argv[1])
values = np.arange(100, dtype=np.float32)
blob = "0x04000000" + values.tobytes().hex().upper()


def model(weight):
    made = build([node("Add", "x w", "y")], {"x": [100]}, {"y": [100]})
    made.graph.initializer.append(weight)
    return made


def external(location, **more):
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[100], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **more}.items():
        weight.external_data.add(key=key, value=str(value))
    return model(weight)


(folder / "sub").mkdir(parents=True, exist_ok=True)
(folder / "w.bin").write_bytes(b"12345678" + values.tobytes())
(folder / "sub" / "odd.bin").write_bytes(b"1" + values.tobytes())
(folder.parent / "outside.bin").write_bytes(values.tobytes())
(folder / "link.bin").unlink(missing_ok=True)
(folder / "link.bin").symlink_to("../outside.bin")

# As raw bytes, as numbers, in a file, at an odd place of a file: the same constant.
raw = helper.make_tensor("w", TensorProto.FLOAT, [100], values.tobytes(), raw=True)
typed = helper.make_tensor("w", TensorProto.FLOAT, [100], values.tolist())
for made in (model(raw), model(typed), external("w.bin", offset=8), external("sub/odd.bin", offset=1, length=400)):
    check(constants(made), "dense_resource<w_")
    check(run(made).stdout, blob)

for made, why in (
    (external("../outside.bin"), "is outside of the model's folder"),
    (external("sub/../../outside.bin"), "is outside of the model's folder"),
    (external("/etc/passwd"), "is outside of the model's folder"),
    (external("link.bin"), "is outside of the model's folder"),
    (external("none.bin"), "No such file"),
    (external("sub"), "is not a regular file"),
    (external(""), "has no location"),
    (external("w.bin", offset=12), "the tensor needs 400 bytes from offset 12, the file has 408"),
    (external("w.bin", offset=1 << 64), "is not a number of bytes"),
    (external("w.bin", length=12), "the tensor needs 400 bytes, length is 12"),
):
    check(refused(made), "initializer 'w'", why)

raw.raw_data = raw.raw_data[:-4]
check(refused(model(raw)), "tensor f32[100] needs 400 bytes, the model has 396")
for dims, why in (([1 << 32, 1 << 32], "more than 2147483648 elements"), ([-100], "negative dimension -100"), ([1] * 17, "17 dimensions")):
    raw.dims[:] = dims
    check(refused(model(raw)), why)
raw.data_type = 77
check(refused(model(raw)), "element type number 77 is not supported")

# Small ones are plain, and so are all forms of Constant.
forms = {"value_float": 1.0, "value_int": 1, "value_ints": [1, 2], "value_floats": [1.0], "value": helper.make_tensor("v", TensorProto.BOOL, [2], [1, 0])}
results = ["dense<1.000000e+00> : tensor<f32>", "dense<1> : tensor<i64>", "dense<[1, 2]> : tensor<2xi64>", "dense<1.000000e+00> : tensor<1xf32>", "dense<[true, false]> : tensor<2xi1>"]
for (form, value), result in zip(forms.items(), results, strict=True):
    untyped = ValueInfoProto(name="y")
    made = build([node("Constant", "", "y", **{form: value})], {}, [untyped])
    check(constants(made), result)
check(refused(build([node("Constant", "", "y", value_string="a")], {}, {"y": [1]})), "strings and sparse tensors are not")

# A file that is no model, and one that was cut off.
path = save(model(typed), folder / "cut.onnx")
path.write_bytes(path.read_bytes()[:-20])
check(refused(path), "cut.onnx: error: the file is no ONNX model")
check(refused(folder / "none.onnx"), "cannot read the model")
check(refused(folder), "not a regular file")
