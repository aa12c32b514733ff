"""What -stop-after prints is a model again: up to `schedule` it compiles to the same object as the model it came from, and what
comes later MLIR's own tools can read. Nothing else is written."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor
from promises import every_kind

root, digits = map(pathlib.Path, sys.argv[1:])
os.chdir(root)
shutil.copy(digits, "digits.onnx")
save(every_kind(), "kinds.onnx")
# Values of each type, special ones, and names that text has to quote.
odd = {
    "floats": np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45, 3.4e38, 1 / 3, 7], np.float32),
    'in "quotes"\\': np.array([[2**62, -1, 0, 1, 2, 3, 4, 5]], np.int64),
    "flags": np.array([True, False] * 4),
}
nodes = [
    node("Add", "x floats", "s"), node("Where", "flags s x", "w"), node("Cast", "q", "c", to=7), node("Add", "c i", "y"), node("Cast", "y", "z", to=1),
    node("Mul", "w z", "out"),
]
nodes[2].input[0], nodes[3].input[1], nodes[3].name = "q", 'in "quotes"\\', 'line\nbreak "ü" %s'
inputs = [tensor("x", [8]), tensor("q", [1, 8], np.int32)]
save(build(nodes, inputs, [tensor("out", [1, 8])], odd), "odd.onnx")

stages = subprocess.run(["nn-compile", "-print=stages"], capture_output=True, text=True, check=True).stdout
stages = [line.split()[0] for line in stages.splitlines()]
assert stages[0] == "import" and stages[4] == "schedule", stages


def run(model, *options):
    done = nn_compile(model, "-target=x86", "-cpu=x86-64-v3", "-q", *options)
    assert done.returncode == 0, (model, options, done.stderr[:2000])
    return done.stdout


for model in "digits", "kinds", "odd":
    run(f"{model}.onnx", "-name=net", "-emit=obj", "-o", f"{model}.object")
    expected = pathlib.Path(f"{model}.object/net.o").read_bytes()
    texts = set()
    for number, stage in enumerate(stages):
        before = sorted(os.listdir("."))
        text = run(f"{model}.onnx", "-name=net", f"-stop-after={stage}")
        assert sorted(os.listdir(".")) == before
        texts.add(text)
        path = pathlib.Path(f"{model}.{stage}.mlir")
        path.write_text(text)
        if number <= 4:
            run(path, "-name=net", "-emit=obj", "-o", f"{model}.{stage}")
            assert pathlib.Path(f"{model}.{stage}/net.o").read_bytes() == expected, (model, stage)
        else:
            subprocess.run(["mlir-opt", path, "-o", os.devnull], check=True)
    assert len(texts) == len(stages) - 1  # nothing is to be quantized

# Of the file that was read, the text holds the name and no folder; a stop that lies behind is refused, not skipped.
assert '"digits.onnx"' in run(root.resolve() / "digits.onnx", "-stop-after=import")
assert str(root.resolve()) not in run(root.resolve() / "digits.onnx", "-stop-after=schedule")
pathlib.Path("plain.mlir").write_text("func.func @net(%x: tensor<4xf32>) -> tensor<4xf32> {\n  return %x : tensor<4xf32>\n}\n")
assert str(root.resolve()) not in run(root.resolve() / "plain.mlir", "-stop-after=fusion")
for text, stage in ("digits.schedule.mlir", "fusion"), ("digits.fusion.mlir", "graph"), ("digits.graph.mlir", "import"):
    done = nn_compile(text, f"-stop-after={stage}")
    assert done.returncode == 1 and f"{text}: error: the text is past -stop-after={stage} already" in done.stderr, done.stderr
    assert not done.stdout

# The text may be edited: another constant, another object.
text = pathlib.Path("odd.import.mlir").read_text()
edited = text.replace("[true, false, true, false, true, false, true, false]", "[true, true, true, false, true, false, true, false]")
assert edited != text
pathlib.Path("edited.mlir").write_text(edited)
run("edited.mlir", "-name=net", "-emit=obj", "-o", "edited")
assert pathlib.Path("edited/net.o").read_bytes() != pathlib.Path("odd.object/net.o").read_bytes()
