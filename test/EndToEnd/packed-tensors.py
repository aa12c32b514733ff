"""Inputs and outputs of two and four bits are passed as ONNX packs them, odd counts included: compiled code, nn-run and the
interpreter agree with ONNX's own unpacking, on every kind of machine. What stands behind the last element does not matter."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from nnctest import build, compile_model, node, save
from onnx import TensorProto, helper, numpy_helper

out = sys.argv[1]
rng = np.random.default_rng(3)
TYPES = {"int4": (-8, 7), "uint4": (0, 15), "int2": (-2, 1), "uint2": (0, 3)}
SHAPES = [(1,), (2,), (3, 5), (4, 8), (1, 3, 7, 11), (2, 129), ()]


def pack(values, bits, rest):
    """As ONNX does, with ones behind the last element if `rest`."""
    per = 8 // bits
    codes = values.ravel().astype(np.int64) & (1 << bits) - 1
    codes = np.concatenate([codes, np.full(-len(codes) % per, ((1 << bits) - 1) * rest)]).reshape(-1, per)
    return (codes << np.arange(per) * bits).sum(axis=1).astype(np.uint8)


def network(dtype, shape):
    """A twin of x transposed, and what x stands for."""
    kind = getattr(TensorProto, dtype.upper())
    nodes = [node("Transpose", "x", "t"), node("DequantizeLinear", "x s z", "f"), node("QuantizeLinear", "f s z", "y"),
             node("Mul", "f f", "g")]
    model = build(nodes, [helper.make_tensor_value_info("x", kind, shape)],
                  [helper.make_tensor_value_info("t", kind, shape[::-1]), helper.make_tensor_value_info("y", kind, shape),
                   helper.make_tensor_value_info("g", TensorProto.FLOAT, shape)], {"s": np.float32(0.5)}, 25)
    model.graph.initializer.append(helper.make_tensor("z", kind, [], [1]))
    return model


for dtype, (least, most) in TYPES.items():
    bits = int(dtype[-1])
    for n, shape in enumerate(SHAPES):
        values = rng.integers(least, most + 1, shape)
        folder = f"{out}/{dtype}-{n}"
        model = save(network(dtype, shape), f"{folder}/model.onnx")
        for cpu in ("x86-64-v3", "native") if n < 6 else ("native",):
            compiled = compile_model(model, folder, f"-cpu={cpu}", "-emit=obj,so")
            facts = compiled.json["inputs"][0]
            assert (facts["dtype"], facts["shape"], facts["bytes"]) == (dtype, list(shape), -(-values.size * bits // 8)), facts
            facts = compiled.json["outputs"][1]
            assert (facts["dtype"], facts["scale"], facts["zero_point"]) == (dtype, 0.5, 1), facts
            for rest in 0, 1:
                t, y, g = compiled(pack(values, bits, rest))
                assert np.array_equal(t, pack(values.T, bits, 0)), (dtype, shape, cpu, "transposed")
                assert np.array_equal(y, pack(values, bits, 0)), (dtype, shape, cpu, "the same")
                assert np.array_equal(g, ((values - 1) * np.float32(0.5)) ** 2), (dtype, shape, cpu, "as floats")
        # Files hold them as ONNX does, and the interpreter agrees.
        data = helper.make_tensor("x", getattr(TensorProto, dtype.upper()), shape, values.ravel().tolist())
        set_folder = pathlib.Path(folder) / "test_data_set_0"
        set_folder.mkdir(exist_ok=True)
        (set_folder / "input_0.pb").write_bytes(data.SerializeToString())
        done = subprocess.run(["nn-run", model, "--compare", f"--save={folder}/saved"], capture_output=True, text=True)
        assert done.returncode == 0, (dtype, shape, done.stdout, done.stderr)
        saved = onnx.load_tensor(f"{folder}/saved/output_1.pb")
        assert list(saved.dims) == list(shape) and np.array_equal(numpy_helper.to_array(saved).astype(np.int64), values), (dtype, shape)
        done = subprocess.run(["nn-run", f"{folder}/compiled", "--data", set_folder, f"--save={folder}/again"], capture_output=True, text=True)
        assert done.returncode == 0, (dtype, shape, done.stderr)
        assert onnx.load_tensor(f"{folder}/again/output_1.pb") == saved
        # numpy has no such type: bytes hold them in an .npz file.
        np.savez(f"{folder}/bytes.npz", x=values.astype(np.uint8 if least == 0 else np.int8))
        done = subprocess.run(["nn-run", model, f"--data={folder}/bytes.npz", f"--save={folder}/bytes"], capture_output=True, text=True)
        assert done.returncode == 0, (dtype, shape, done.stderr)
        assert onnx.load_tensor(f"{folder}/bytes/output_1.pb") == saved
        np.savez(f"{folder}/more.npz", x=np.full(shape, most + 1).astype(np.uint8))
        done = subprocess.run(["nn-run", model, f"--data={folder}/more.npz"], capture_output=True, text=True)
        assert done.returncode == 1 and f"'x' holds {most + 1}, which is no {dtype}: {least} to {most}" in done.stderr, (dtype, shape, done.stderr)
