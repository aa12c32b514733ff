"""Integers of two and four bits are unpacked, the first of a byte from its lowest bits: raw, as numbers, in a file, odd counts included."""
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import sys

import numpy as np
from importing import check, constants, imported, refused
from nnctest import build
from onnx import TensorProto

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "w.bin").write_bytes(b"123")
# Every value; bytes are written out by hand. The last byte of an odd count has bits that mean nothing.
FOUR = list(range(16))
TYPES = {
    "uint4": (TensorProto.UINT4, "ui4", FOUR, bytes(16 * (i + 1) + i for i in FOUR[::2])),
    "int4": (TensorProto.INT4, "i4", [*range(8), *range(-8, 0)], bytes(16 * (i + 1) + i for i in FOUR[::2])),
    "uint2": (TensorProto.UINT2, "ui2", [0, 1, 2, 3, 3, 2, 1, 0], b"\xe4\x1b"),
    "int2": (TensorProto.INT2, "i2", [0, 1, -2, -1, -1, -2, 1, 0], b"\xe4\x1b"),
}


def add(graph, number, count, data, how):
    """A weight as the file may hold it, and a DequantizeLinear of it."""
    i = len(graph.node)
    graph.node.add(op_type="DequantizeLinear", name=f"step{i}", input=[f"w{i}", "s"], output=[f"y{i}"])
    graph.output.add(name=f"y{i}")
    weight = graph.initializer.add(name=f"w{i}", data_type=number, dims=[count])
    if how == "raw":
        weight.raw_data = data
    elif how == "numbers":
        weight.int32_data.extend(data)
    elif how == "signed numbers":  # a byte above 127 may be written as a negative number
        weight.int32_data.extend(b - 256 if b > 127 else b for b in data)
    else:
        with open(folder / "w.bin", "ab") as file:
            offset = file.tell()
            file.write(data)
        weight.data_location = TensorProto.EXTERNAL
        for key, value in (("location", "w.bin"), ("offset", offset), ("length", len(data))):
            weight.external_data.add(key=key, value=str(value))
    return weight


def empty():
    return build([], {}, {}, {"s": np.float32(1)}, 25)


def spelled(number, count, data, how):
    model = empty()
    add(model.graph, number, count, data, how)
    return model


for name, (number, text, values, data) in TYPES.items():
    per_byte = 2 if name.endswith("4") else 4
    model, wanted = empty(), []
    for count in range(1, len(values) + 1):
        size = -(-count // per_byte)
        unused = 8 * size - count * 8 // per_byte  # bits behind the last element, which mean nothing
        for last in (data[size - 1] & 0xFF >> unused, data[size - 1] | 0xFF << (8 - unused) & 0xFF):
            for how in ("raw", "numbers", "signed numbers", "external"):
                add(model.graph, number, count, data[: size - 1] + bytes([last]), how)
                wanted.append(f"dense<{values[:count] if count > 1 else values[0]}> : tensor<{count}x{text}>")
    found = [line for line in constants(model) if line.endswith(f"x{text}>")]
    assert found == wanted, [pair for pair in zip(found, wanted) if pair[0] != pair[1]][:3]

# Matrices count row-major: a row may begin within a byte.
made = spelled(TensorProto.INT4, 6, b"\x21\x43\x65", "raw")
made.graph.initializer[-1].dims[:] = [2, 3]
check(constants(made), "dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi4>")

# Too few and too many bytes.
check(refused(spelled(TensorProto.INT4, 5, b"\x21\x43", "raw")), "initializer 'w0'", "needs 3 bytes, the model has 2")
check(refused(spelled(TensorProto.UINT2, 4, b"\x21\x43", "raw")), "initializer 'w0'", "needs 1 bytes, the model has 2")
check(refused(spelled(TensorProto.UINT2, 9, b"\x21\x43", "numbers")), "initializer 'w0'", "needs 3 bytes, the model has 2")
check(refused(spelled(TensorProto.UINT4, 5, b"\x21\x43", "external")), "initializer 'w0'", "the tensor needs 3 bytes, length is 2")

# Numbers that the type cannot hold; the ends of its range are fine.
for number, name, inside, outside in (
        (TensorProto.INT8, "int8", [-128, 127], 128), (TensorProto.UINT8, "uint8", [0, 255], -1),
        (TensorProto.INT16, "int16", [-32768, 32767], 32768), (TensorProto.UINT16, "uint16", [0, 65535], 65536),
        (TensorProto.INT4, "int4", [-128, 255], 4000)):
    check(refused(spelled(number, 2, [outside, 0], "numbers")), "initializer 'w0'", f"holds {outside}, which is no {name}")
    constants(spelled(number, 2 * len(inside) if name == "int4" else len(inside), inside, "numbers"))

# An input of the caller is packed, too: its bytes are the argument.
made = spelled(TensorProto.INT4, 5, b"\x21\x43\x65", "raw")
made.graph.input.add(name="w0").type.tensor_type.elem_type = TensorProto.INT4
made.graph.input[-1].type.tensor_type.shape.dim.add(dim_value=5)
del made.graph.initializer[-1]
check(imported(made), 'tensor<3xui8> {nn.name = "w0", nn.packed = tensor<5xi4>})', "nn.unpack %arg0 : tensor<3xui8> to tensor<5xi4>")
