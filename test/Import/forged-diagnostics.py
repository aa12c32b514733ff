"""A diagnostic is one line of printable text whatever its node is called: no line break forges another one, no escape
reaches the terminal."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import sys

from importing import run
from nnctest import build, nn_compile, node, save

for name in "two\nlines", "x: error: forged\nmodel.onnx: error: forged", "\x1b[31mred", "nul\0inside", "\u202ereversed":
    model = build([node("Det", "x", "y")], {"x": [4, 4]}, {"y": []})
    model.graph.node[0].name = name
    done = run(model)
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and sum(l.startswith("model.onnx: error: ") for l in lines) == 1, (name, lines)
    assert all(l.startswith("model.onnx: ") for l in lines), (name, lines)
    assert all(c.isprintable() for l in lines for c in l), (name, lines)

# The same for what is said of a network that is good.
name = "\x1b[31mred\nforged: error"
step = node("Relu", "x", "y")
step.input[0] = name
path = save(build([step], {name: [2]}, {"y": [2]}), f"{sys.argv[1]}/good.onnx")
for done in nn_compile(path, "-target=x86", "-o", f"{sys.argv[1]}/out"), nn_compile(path, "-shape=\x1b[31m", program="nn-run"):
    lines = (done.stdout + done.stderr).splitlines()
    assert lines and all(c.isprintable() for l in lines for c in l), lines
    assert not any(l.startswith("forged") for l in lines), lines
