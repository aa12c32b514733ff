"""A null or misaligned pointer, or steps that are none, is answered with its NN_ERR code and not one byte is written."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import ctypes
import sys

import numpy as np
from nnctest import address, aligned, build, compile_model, node, pointers, tensor

OK, NULL, ALIGN, STEP = 0, 1, 2, 4
# Several steps and an arena.
model = build(
    [node("MatMul", "x w", "h"), node("Relu", "h", "r"), node("MatMul", "r w", "y"), node("Cast", "n", "z", to=1)],
    [tensor("x", [4, 4]), tensor("n", [3], np.int64)],
    [tensor("y", [4, 4]), tensor("z", [3])],
    {"w": np.eye(4, dtype=np.float32)},
)
net = compile_model(model, sys.argv[1], "-cpu=x86-64-v3")
steps, size = len(net.json["steps"]), net.json["arena_bytes"]
assert steps >= 3 and size > 0 and net.json["arena_align"] == 64, net.json
assert [t["bytes"] for t in net.json["inputs"]] == [64, 24]

x, n, y, z, arena = aligned(64), aligned(24), aligned(64), aligned(12), aligned(size + 64)
x.view(np.float32)[:] = np.arange(16)
before = {k: v.copy() for k, v in {"x": x, "n": n, "y": y, "z": z, "arena": arena}.items()}
good = [x.ctypes.data, n.ctypes.data, y.ctypes.data, z.ctypes.data, arena.ctypes.data]
element = [4, 8, 4, 4, 64]


def call(values, first=None, end=None):
    """run, run_v and run_steps must agree; the status."""
    point = ctypes.c_void_p
    tables = (point * 2)(*values[:2]), (point * 2)(*values[2:4]), point(values[4])
    if first is not None:
        return net.function("run_steps")(*tables, ctypes.c_uint16(first), ctypes.c_uint16(end))
    all_steps = ctypes.c_uint16(0), ctypes.c_uint16(steps)
    codes = net.function("run")(*map(point, values)), net.function("run_v")(*tables), net.function("run_steps")(*tables, *all_steps)
    assert len(set(codes)) == 1, codes
    return codes[0]


def untouched(what):
    for name, bytes_now in {"x": x, "n": n, "y": y, "z": z, "arena": arena}.items():
        assert np.array_equal(bytes_now, before[name]), f"{what}: {name} was written"


for i in range(5):
    for shift in sorted({-good[i], 1, element[i] // 2}):
        bad = list(good)
        bad[i] += shift
        expected = NULL if bad[i] == 0 else ALIGN
        assert call(bad) == expected, (i, shift, call(bad))
        untouched(f"argument {i} by {shift}")
# No step, steps backwards, steps that are none; none of them writes.
for first, end, expected in (
    (0, 0, OK), (steps, steps, OK), (1, 0, STEP), (0, steps + 1, STEP), (steps + 1, steps + 1, STEP), (65535, 65535, STEP), (0, 65535, STEP),
):
    assert call(good, first, end) == expected, (first, end)
    untouched(f"steps {first} to {end}")
# Tables that are null; the self-test without an arena or with one that is crooked.
table_in, table_out, null = pointers([x, n]), pointers([y, z]), ctypes.c_void_p(0)
assert net.function("run_v")(null, table_out, address(arena)) == NULL
assert net.function("run_v")(table_in, null, address(arena)) == NULL
assert net.function("selftest")(null) == NULL
untouched("null tables")

# With what the header asks for, bytes change: those of the outputs and of the arena and no others.
assert call(good) == OK
assert np.array_equal(y.view(np.float32), np.arange(16)) and not np.array_equal(arena, before["arena"])
assert np.array_equal(x, before["x"]) and np.array_equal(n, before["n"]), "an input was written"
assert np.array_equal(arena[size:], before["arena"][size:]), "bytes behind the arena were written"
