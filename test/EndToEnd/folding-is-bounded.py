"""A model of a few kilobytes does not fold into gigabytes of constants, whatever its ops on constants would make: what is too
much is computed, with the same answer. What is small is folded."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import resource
import sys

import numpy as np
from nnctest import build, compile_model, nn_compile, node, save

out = sys.argv[1]
k = np.array([1, 2], np.float32)


def doublings(count):
    """d<count>, of 2 * 2^count elements."""
    return [node("Concat", f"d{i} d{i}", f"d{i + 1}", axis=0) for i in range(count)]


def network(nodes, result):
    nodes = [*nodes, node("ReduceMax", result, "m", keepdims=0), node("Add", "x m", "y")]
    return build(nodes, {"x": [1]}, {"y": [1]}, {"d0": k}, opset=13)


for count, isFolded in (8, True), (20, False):
    net = compile_model(network(doublings(count), f"d{count}"), f"{out}/{count}", "-q")
    assert net(np.ones(1, np.float32))[0] == [3], count
    assert net.json["rom_bytes"] < 128 << 10, (count, net.json["rom_bytes"])
    assert isFolded != any(n.startswith("Concat") for step in net.json["steps"] for n in step["onnx_nodes"]), count

# As many steps of 64 KB as one likes: a gigabyte, if each was folded.
for count, isFolded in (100, True), (16000, False):
    chain = [node("Neg" if i % 2 else "Relu", f"e{i}" if i else "d13", f"e{i + 1}") for i in range(count)]
    path = save(network([*doublings(13), *chain], f"e{count}"), f"{out}/chain.onnx")
    done = nn_compile(path, "-stop-after=graph", "-q")
    assert done.returncode == 0, done.stderr
    assert isFolded == ("nn.relu" not in done.stdout), count
assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 500 << 10, "kilobytes"

# One number for an input of 6 GB is one number.
model = build([node("Add", "x k", "t"), node("ReduceMax", "t", "y", keepdims=0)], {"x": [1, 1], "k": ["N", "M"]}, {"y": []}, opset=13)
done = nn_compile(save(model, f"{out}/filled.onnx"), "-stop-after=graph", "-q", "-shape=k:40000x40000", "-const=k=1")
assert done.returncode == 0, done.stderr
assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 500 << 10, "kilobytes"
