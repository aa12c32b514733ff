"""As many tensors as one likes: forty-nine pointers in registers and on the stack, straight or through tables, each to its
own buffer. A result may be an input, a constant, or another result, a network may need no input and leave one unread."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import sys

import numpy as np
from nnctest import address, build, compile_model, node, same_bits

out, count = sys.argv[1], 24
nodes = [node("Sub", f"x{i} x{(i + 1) % count}", f"y{i}") for i in range(count)]
net = compile_model(build(nodes, {f"x{i}": [3] for i in range(count)}, {f"y{i}": [3] for i in range(count)}), f"{out}/many", "-cpu=x86-64-v3")
data = [np.full(3, i * i, np.float32) for i in range(count)]
expected = [data[i] - data[(i + 1) % count] for i in range(count)]
assert len({e.tobytes() for e in expected}) == count
assert all(same_bits(got, want) for got, want in zip(net(*data), expected, strict=True))
inputs = [net.place(facts, array) for facts, array in zip(net.json["inputs"], data, strict=True)]
outputs = [net.place(facts) for facts in net.json["outputs"]]
assert net.function("run")(*map(address, inputs + outputs), address(net.arena)) == 0
assert all(same_bits(got, want) for got, want in zip(outputs, expected, strict=True))

x, k = np.array([1, 2, 3], np.float32), np.array([4, 5], np.float32)
for name, nodes, given, wanted in (
    ("input", [node("Identity", "x", "y")], {"x": x}, {"y": x}),
    ("input twice", [node("Identity", "x", "y"), node("Identity", "x", "z")], {"x": x}, {"y": x, "z": x}),
    ("result twice", [node("Neg", "x", "y"), node("Identity", "y", "z")], {"x": x}, {"y": -x, "z": -x}),
    ("constant", [node("Identity", "k", "y"), node("Neg", "x", "z")], {"x": x}, {"y": k, "z": -x}),
    ("no input", [node("Neg", "k", "y")], {}, {"y": -k}),
    ("unread input", [node("Neg", "x", "y")], {"u": k, "x": x}, {"y": -x}),
):
    shapes = lambda group: {n: list(a.shape) for n, a in group.items()}
    net = compile_model(build(nodes, shapes(given), shapes(wanted), {"k": k}), f"{out}/{name}", "-cpu=x86-64-v3")
    assert [t["name"] for t in net.json["inputs"]] == list(given), name
    got = net(*given.values())
    assert all(same_bits(a, b) for a, b in zip(got, wanted.values(), strict=True)), (name, got)
