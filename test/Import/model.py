"""A model as a whole: names, order, sources, versions; every obstacle is listed in one pass, with what to do."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, imported, one, ops, refused, run
from nnctest import build, node, tensor
from onnx import TensorProto, helper, numpy_helper

x, y = {"x": [4]}, {"y": [4]}

# Nodes in any order, names kept: the network's on its arguments and results, the nodes' as locations.
unsorted = build([node("Neg", "a", "y"), node("Relu", "x", "a")], x, y)
check(imported(unsorted), '{nn.name = "x"}', '{nn.name = "y"}')
assert [o.split()[0] for o in ops(unsorted)] == ["nn.relu", "nn.neg"]
check(run(unsorted).stdout, 'loc("Relu_a"(#loc', 'loc("Neg_y"(#loc')

# What no output needs may be of any operator (unread.py has the rest).
check(ops(build([node("Relu", "x", "y"), node("Frobnicate", "x", "z")], x, y)), "nn.relu")

# All obstacles, each with node, operator and opset; behind a refused node operators are still checked.
many = build([node("Relu", "x", "a"), node("Loop", "a", "b"), node("Det", "b", "c"), node("Add", "c w", "y")], x, y, {"w": np.zeros(3, np.float32)})
found = refused(many)
check(found, "'Loop_b' Loop-17: this operator is not supported", "help: compile up to its inputs: -outputs=a", "'Det_c' Det-17")
assert found.count("error:") == 2, found
check(ops(many, "-outputs=a"), "nn.relu")
check(ops(many, "-inputs=c", "-shape=c:2x3"), "nn.add")

for nodes, why in (
    ([node("Add", "x y", "y")], "the graph has a cycle"),
    ([node("Relu", "x", "y"), node("Neg", "x", "y")], "the name 'y' of an output of node 'Neg_y' is already taken"),
    ([node("Relu", "x", "x"), node("Relu", "x", "y")], "the name 'x' of an output of node 'Relu_x' is already taken"),
    ([node("Add", "x nowhere", "y")], "the value 'nowhere' is computed by no node"),
    ([node("Relu", "x", "z")], "the value 'y' is computed by no node"),
    ([node("Relu", "x x", "y")], "takes at most 1 inputs, has 2"),
    ([node("Add", "x", "y")], "input 1 is missing"),
    ([node("Relu", "x", "y", domain="org.nowhere")], "operators of the domain 'org.nowhere' are not supported"),
    ([node("Gelu", "x", "y")], "this operator exists from opset 20 on"),
    ([node("Relu", "x", "y z")], "gives 1 to 1 outputs, has 2"),
):
    check(refused(build(nodes, x, y)), why)

double = build([node("Relu", "x", "y")], [tensor("x", [4], np.float64)], y)
check(refused(double), "input 'x': element type float64 is not supported")
check(refused(build([node("Relu", "x", "y")], x, [tensor("y", [4], np.int32)])), "output 'y' is f32[4], the model says int32")
twice = build([node("Relu", "x", "y")], x, y)
twice.graph.node[0].attribute.extend([helper.make_attribute("a", 1)] * 2)
check(refused(twice), "unknown attribute 'a'")

function = build([node("Twice", "x", "y", domain="mine")], x, y)
function.functions.append(helper.make_function("mine", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], function.opset_import))
check(refused(function), "local functions are not supported (onnx.inliner")

for opset, good in ((6, False), (7, True), (25, True), (26, False)):
    model = build([node("Relu", "x", "y")], x, y, opset=opset)
    check(ops(model) if good else refused(model), "nn.relu" if good else f"opset is {opset}, supported are 7 to 25")
alias = build([node("Relu", "x", "y", domain="ai.onnx")], x, y)
alias.opset_import[0].domain = "ai.onnx"
check(ops(alias), "nn.relu")
other = build([node("QuickGelu", "x", "y", domain="com.microsoft")], x, y)
other.opset_import[0].domain = "com.microsoft"
check(refused(other), "'QuickGelu_y' QuickGelu")  # of what it uses, it names the version
other.graph.node[0].domain = ""
check(refused(other), "imports no opset of the domain ai.onnx; the model uses QuickGelu")
alias.opset_import.append(helper.make_opsetid("", 9))
check(refused(alias), "imports opsets 17 and 9 of the same domain")
