"""On cores without fused multiply-add and with divisions that take longer for some numbers, functions of floats have the interpreter's bits by way
of doubles: for numbers of all magnitudes and everything else that a float can be. Products of matrices are refused there."""
# RUN: %python %s %t
# REQUIRES: onnx
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import build, compile_model, nn_compile, node, save, tensor
from onnx import numpy_helper

rng = np.random.default_rng(3)
work = pathlib.Path(sys.argv[1])
ODD = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 2, 3.4e38, -3.4e38, 1e-45, 2.0**-126, 2.0**-125, -(2.0**-125), 88.8, -104], np.float32)


def numbers(count):
    magnitudes = np.ldexp(rng.uniform(1, 2, count), rng.integers(-127, 128, count))
    near = rng.normal(0, 3, count)
    return (np.where(rng.integers(0, 2, count), magnitudes, near) * rng.choice([-1, 1], count)).astype(np.float32)


def check(name, nodes, inputs, cpus=("x86-64", "x86-64-v2")):
    ports = [tensor(f"x{i}", value.shape) for i, value in enumerate(inputs)]
    path = save(build(nodes, ports, [tensor("y", np.broadcast_shapes(*(v.shape for v in inputs)))]), work / name / "model.onnx")
    folder = path.parent / "test_data_set_0"
    folder.mkdir(exist_ok=True)
    for i, value in enumerate(inputs):
        (folder / f"input_{i}.pb").write_bytes(numpy_helper.from_array(value, f"x{i}").SerializeToString())
    for cpu in cpus:
        done = subprocess.run(["nn-run", path, "--compare", f"-cpu={cpu}"], capture_output=True, text=True)
        assert done.returncode == 0, (name, cpu, done.stderr)


x = np.concatenate([numbers(4001), ODD])
for kind in ("Exp", "Log", "Sqrt", "Tanh", "Sigmoid", "Erf"):
    check(kind, [node(kind, "x0", "y")], [x])
pairs = np.concatenate([np.stack([numbers(4001), numbers(4001)]), np.stack(np.meshgrid(ODD, ODD)).reshape(2, -1)], axis=1)
for kind in ("Div", "Pow", "Mul", "Add"):
    check(kind, [node(kind, "x0 x1", "y")], [pairs[0].copy(), pairs[1].copy()])
# Single numbers choose without branches, too; and a divisor that is the same for all.
for i, odd in enumerate(ODD):
    check(f"scalar-{i}", [node("Div", "x0 x1", "d"), node("Sqrt", "d", "y")], [np.array(2.5, np.float32), np.array(odd)], ("x86-64",))
    check(f"by-one-{i}", [node("Div", "x0 x1", "y")], [x[:77], np.array(odd)], ("x86-64",))
check("Softmax", [node("Softmax", "x0", "y", axis=-1)], [rng.normal(0, 4, (7, 13)).astype(np.float32)])
check("LayerNormalization", [node("ReduceMean", "x0", "m", axes=[1]), node("Sub", "x0 m", "d"), node("Mul", "d d", "q"), node("ReduceMean", "q", "v", axes=[1]),
                             node("Sqrt", "v", "s"), node("Div", "d s", "y")], [rng.normal(0, 4, (5, 37)).astype(np.float32)])

# The twin with fused multiply-add compiles; here every product of matrices is named.
nodes = [node("MatMul", "x w", "first"), node("Relu", "first", "between"), node("MatMul", "between w", "y")]
model = build(nodes, [tensor("x", [3, 4])], [tensor("y", [3, 4])], {"w": rng.normal(size=(4, 4)).astype(np.float32)})
compile_model(model, work / "with-fma", "-cpu=x86-64-v3")
done = nn_compile(work / "with-fma" / "network.onnx", "-target=x86", "-cpu=x86-64", "-o", work / "refused")
assert done.returncode == 1 and not (work / "refused").exists(), done.stderr
assert "'MatMul_first' multiplies floats" in done.stderr and "'MatMul_y' multiplies floats" in done.stderr and "between" not in done.stderr, done.stderr
