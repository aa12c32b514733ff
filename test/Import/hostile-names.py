"""Names are data: keywords, paths, quotes, line breaks, terminal codes and very long ones neither leave the output
folder nor get lost: NAME.json has them, and the text of each stage carries them to the same object."""
# RUN: rm -rf %t && mkdir -p %t/work
# RUN: %python %s %t/work
# REQUIRES: onnx
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
from importing import run
from nnctest import build, nn_compile, node, save

folder = pathlib.Path(sys.argv[1])
NAMES = [
    "int", "/", "..", "../../escaped", "/etc/passwd", "a/b/c", "a\\b", 'quo"te', "it's", "two\nlines", "x: error: forged\nmodel.onnx: error: forged",
    "\x1b[31mred", "tab\t", "%s%n%d", "ü", "名前", "-target=arm", "@file", "$(touch escaped)", "`touch escaped`", "#loc", "loc(unknown)", "dense<0>", "*/",
    "nul\0inside", " ", "x" * 2000,
]


def compiled(model, where, *options):
    done = nn_compile(model, "-target=x86", "-name=net", "-emit=obj,report", "-q", "-o", where, *options)
    assert done.returncode == 0, done.stderr
    return (pathlib.Path(where) / "net.o").read_bytes()


def names_in(path):
    return sorted(str(p.relative_to(path)) for p in path.rglob("*"))


# Each is the name of an input, a weight, an inner value, a node and an output; the network is called by the worst of them.
inputs, outputs, weights, nodes = {}, {}, {}, []
for number, name in enumerate(NAMES):
    inputs[name + "i"], outputs[name + "o"], weights[name + "w"] = [4], [4], np.full(4, number + 1, np.float32)
    for kind, operands, result in ("Add", [name + "i", name + "w"], name + "s"), ("Neg", [name + "s"], name + "o"):
        nodes.append(node(kind, "x", "y"))
        nodes[-1].name, nodes[-1].input[:], nodes[-1].output[:] = name + kind, operands, [result]
model = save(build(nodes, inputs, outputs, weights, name=NAMES[10]), folder / "names.onnx")
expected = compiled(model, folder / "out")
assert names_in(folder / "out") == ["net.h", "net.json", "net.o", "nn_runtime.h", "report.html"]
verified = subprocess.run(["nn-verify", folder / "out"], capture_output=True, text=True)
assert verified.returncode == 0, verified.stderr
facts = json.load(open(folder / "out" / "net.json"))
assert [t["name"] for t in facts["inputs"]] == list(inputs) and [t["name"] for t in facts["outputs"]] == list(outputs)
assert {n for step in facts["steps"] for n in step["onnx_nodes"]} >= {name + "Add" for name in NAMES}
for stage in "import", "graph", "schedule":
    done = run(model, "-name=net", f"-stop-after={stage}")
    assert done.returncode == 0, done.stderr
    text = folder / f"{stage}.mlir"
    text.write_text(done.stdout)
    assert compiled(text, folder / stage) == expected, stage

# Bytes that are no UTF-8 are no name; what is said of them is printable.
model = build([node("Neg", "broken_x", "broken_y")], {"broken_x": [2]}, {"broken_y": [2]}).SerializeToString()
(folder / "bytes.onnx").write_bytes(model.replace(b"broken", b"\xff\xc0\x80\xed\xa0\x80"))
done = run(folder / "bytes.onnx")
assert done.returncode == 1 and "the name is not UTF-8" in done.stderr and done.stderr.isascii(), done.stderr

# The file's own name: the network's name and the files' are made of it, inside of the folder that -o says.
for stem, name in ("int", "int_"), ("3d net", "t_3d_net"), ("a.b", "a_b"), ("-x", "x"), ("ünï", "n_"):
    save(build([node("Neg", "x", "y")], {"x": [2]}, {"y": [2]}), folder / f"{stem}.onnx")
    done = nn_compile(folder / f"{stem}.onnx", "-target=x86", "-emit=obj", "-q", "-o", folder / "stem" / stem)
    assert done.returncode == 0, done.stderr
    assert names_in(folder / "stem" / stem) == sorted([f"{name}.h", f"{name}.json", f"{name}.o", "nn_runtime.h"]), names_in(folder / "stem" / stem)

assert sorted(os.listdir(folder.parent)) == [folder.name] and not os.path.exists("escaped")
