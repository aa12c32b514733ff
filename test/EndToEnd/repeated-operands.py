"""Operands that repeat along the last dimensions, as constants per channel do, are repeated in registers: whatever the number of channels
and whichever of the outer dimensions they vary along, each sum is right, also where the other operand is transposed."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import sys

import numpy as np
from nnctest import build, compile_model, node, tensor

out = sys.argv[1]
rng = np.random.default_rng(7)
N, H, W = 2, 3, 7
inputs, outputs, nodes, constants, right, values = [], [], [], {}, [], []
for c in range(2, 18):
    x = rng.normal(size=(N, H, W, c)).astype(np.float32)
    inputs.append(tensor(f"x{c}", x.shape))
    values.append(x)
    for shape in (c,), (W, c), (H, 1, c), (N, 1, 1, c), (N, H, 1, 1), (N, 1, W, c):
        name = f"{c}_{'_'.join(map(str, shape))}"
        k = rng.normal(size=shape).astype(np.float32)
        if len(shape) == 3:  # known at run time only
            inputs.append(tensor(f"k{name}", shape))
            values.append(k)
        else:
            constants[f"k{name}"] = k
        nodes.append(node("Add", f"x{c} k{name}", f"y{name}"))
        outputs.append(tensor(f"y{name}", x.shape))
        right.append(x + k)
model = build(nodes, inputs, outputs, constants)
for cpu in "x86-64-v3", "native":
    for facts, got, wanted in zip(outputs, compile_model(model, f"{out}/{cpu}", f"-cpu={cpu}")(*values), right, strict=True):
        assert np.array_equal(got, wanted), (cpu, facts.name, np.argwhere(got != wanted)[:3])

# The other operand's rows are columns of the result.
inputs, outputs, nodes, constants, right, values = [], [], [], {}, [], []
for last in range(2, 18):
    x = rng.normal(size=(H, last, 32)).astype(np.float32)
    inputs.append(tensor(f"x{last}", x.shape))
    values.append(x)
    nodes.append(node("Transpose", f"x{last}", f"t{last}", perm=[2, 0, 1]))
    for shape in (last,), (H, 1), (32, 1, 1):
        name = f"{last}_{'_'.join(map(str, shape))}"
        constants[f"k{name}"] = rng.normal(size=shape).astype(np.float32)
        nodes.append(node("Add", f"t{last} k{name}", f"y{name}"))
        outputs.append(tensor(f"y{name}", (32, H, last)))
        right.append(x.transpose(2, 0, 1) + constants[f"k{name}"])
model = build(nodes, inputs, outputs, constants)
for cpu in "x86-64", "x86-64-v3", "native":
    for facts, got, wanted in zip(outputs, compile_model(model, f"{out}/transposed-{cpu}", f"-cpu={cpu}")(*values), right, strict=True):
        assert np.array_equal(got, wanted), (cpu, facts.name, np.argwhere(got != wanted)[:3])
