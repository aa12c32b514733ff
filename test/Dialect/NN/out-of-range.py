"""A text in which one number of an op is out of its range compiles or is refused with a reason, whatever the op; no op relies on what
only the importer would have checked."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
import os
import re
import subprocess
import sys

os.chdir(sys.argv[1])
IMAGE, MATRIX = "tensor<1x3x8x8xf32>", "tensor<2x8xf32>"
# Operands' types, op with its attributes, result type.
OPS = [
    ([IMAGE, "tensor<4x3x3x3xf32>"], "conv {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}", "tensor<1x4x8x8xf32>"),
    ([IMAGE], "max_pool {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}", "tensor<1x3x4x4xf32>"),
    ([IMAGE], "average_pool {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, count_include_pad = false}", "tensor<1x3x4x4xf32>"),
    ([MATRIX], "reduce_sum {axes = array<i64: 1>, keepdims = true}", "tensor<2x1xf32>"),
    ([MATRIX], "reduce_mean {axes = array<i64: 0, 1>, keepdims = false}", "tensor<f32>"),
    ([MATRIX], "reduce_max {axes = array<i64: 1>, keepdims = true}", "tensor<2x1xf32>"),
    ([MATRIX], "softmax {axes = array<i64: 0, 1>}", MATRIX),
    ([MATRIX], "log_softmax {axes = array<i64: 1>}", MATRIX),
    ([MATRIX, "tensor<8xf32>"], "layer_norm {axis = 1 : i64, epsilon = 1.0e-05 : f32}", MATRIX),
    ([MATRIX], "transpose {permutation = array<i64: 1, 0>}", "tensor<8x2xf32>"),
    ([MATRIX], "slice {starts = array<i64: 0, 7>, steps = array<i64: 1, -2>}", "tensor<2x3xf32>"),
    ([MATRIX, MATRIX], "concat {axis = 1 : i64}", "tensor<2x16xf32>"),
    ([MATRIX], "pad {low = array<i64: 1, 0>, high = array<i64: 1, 2>, mode = 1 : i64, value = 0.0 : f32}", "tensor<4x10xf32>"),
    ([MATRIX, "tensor<3xi64>"], "gather {axis = 1 : i64}", "tensor<2x3xf32>"),
    ([MATRIX], "floor0 {exponent = -40 : i64}", MATRIX),
]
TO = {"slice"}  # TYPE to TYPE
PLAIN = {"softmax", "log_softmax", "floor0"}  # one type for operand and result
NUMBER = re.compile(r"(?<![\w.])-?\d+(?=[,>]| : i64)")


def text(types, op, result):
    name = op.split()[0]
    operands = ", ".join(f"%{i}" for i in range(len(types)))
    arguments = ", ".join(f"%{i}: {t}" for i, t in enumerate(types))
    signature = result if name in PLAIN else f"{types[0]} to {result}" if name in TO else f"({', '.join(types)}) -> {result}"
    return f"func.func @net({arguments}) -> {result} {{\n  %r = nn.{op.replace(' ', f' {operands} ', 1)} : {signature}\n  return %r : {result}\n}}\n"


def compiled(source):
    open("net.mlir", "w").write(source)
    return subprocess.run(["nn-compile", "net.mlir", "-target=x86", "-stop-after=graph"], capture_output=True, text=True, timeout=60)


wrong = []
for types, op, result in OPS:
    done = compiled(text(types, op, result))
    assert done.returncode == 0, (op, done.stderr)  # the twin: as it stands it is right
    for place in NUMBER.finditer(op):
        for value in -1, 9, 2**62, -(2**63):
            edited = op[: place.start()] + str(value) + op[place.end() :]
            done = compiled(text(types, edited, result))
            if done.returncode not in (0, 1) or (done.returncode == 1 and "error:" not in done.stderr):
                wrong.append((edited, done.returncode, done.stderr[-200:]))
assert not wrong, "\n".join(map(str, wrong))
