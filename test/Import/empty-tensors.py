"""Inside of a network a tensor may be empty: a constant that nothing computes, and that a Concat passes over. At its
inputs and outputs it is refused."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, imported, ops, refused
from nnctest import build, node

numbers = {k: np.array([v]) for k, v in (("zero", 0), ("one", 1), ("four", 4), ("many", 99))}
numbers["sizes"] = np.array([0, 4])


def model(*nodes, y=(4, 3), opset=18):
    return build(nodes, {"x": [4, 3]}, {"y": y}, numbers, opset)


def kinds(*nodes, **more):
    return [line.split()[0] for line in ops(model(*nodes, **more))]


empty = node("Slice", "x four many zero", "e")
assert kinds(empty, node("Concat", "x e", "y", axis=0)) == []
# All that is made of an empty tensor is empty.
assert kinds(empty, node("Relu", "e", "f"), node("Add", "f e", "g"), node("Concat", "g x", "y", axis=0)) == []
assert kinds(node("Slice", "x one many zero", "e"), node("Concat", "x e", "y", axis=0), y=(7, 3)) == ["nn.slice", "nn.concat"]
# Parts of a Split, read or not.
split = node("Split", "x sizes", "e p", axis=0)
assert kinds(split, node("Neg", "p", "y")) == ["nn.neg"]
assert kinds(split, node("Concat", "e x", "y", axis=0)) == []
# 2, 2, 0: the last pieces of equal ones may be smaller, down to none.
pieces = node("Split", "x", "a b c", axis=0, num_outputs=3)
assert kinds(pieces, node("Concat", "c b a", "y", axis=0)) == ["nn.slice", "nn.slice", "nn.concat"]

check(refused(model(empty, node("Relu", "e", "y"), y=(0, 3))), "output 'y' has no elements; empty tensors are not supported")
check(refused(model(split, node("Identity", "e", "y"), y=(0, 3))), "output 'y' has no elements")
check(refused(build([node("Relu", "x", "y")], {"x": [0, 3]}, {"y": [0, 3]})), "input 'x' has no elements")
# What an empty tensor sums up to is known.
check(imported(model(empty, node("ReduceSum", "e zero", "s", keepdims=1), node("Add", "x s", "y"))), "nn.constant dense<> : tensor<0x3xf32>", "nn.reduce_sum")
