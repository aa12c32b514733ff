"""All obstacles in one run: inputs, weights, operators, attributes and shapes, each said once with its own words and node;
take each away alone and one line goes, take all away and the model compiles."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import run
from nnctest import build, node, tensor
from onnx import TensorProto
# What is wrong, the right form beside it, and the words of the diagnostic.
OBSTACLES = {
    "operator": "'Det_a' Det-17: this operator is not supported",
    "domain": "'Mine_b' Mine",
    "version": "'Gelu_c' Gelu-17: this operator exists from opset 20 on",
    "attribute": "unknown attribute 'speed'",
    "value": "auto_pad is 'SOMEHOW'",
    "operand": "input 1 is missing",
    "shape": "'MatMul_g' MatMul-",
    "type": "'Add_h' Add-",
    "input": "input 'double': element type float64 is not supported",
    "open": "input 'open' has unknown dimensions 0 ('A'), 1 ('B')",
    "weight": "initializer 'short'",
}


def model(wrong):
    pick = lambda key, bad, good: bad if key in wrong else good
    inputs = [tensor("x", [1, 4, 6, 6]), tensor("m", [3, 4]), tensor("i", [3], np.int64)]
    inputs.append(tensor("double", [3], pick("input", np.float64, np.float32)))
    inputs.append(tensor("open", pick("open", ["A", "B"], [2, 2])))
    nodes = [
        node(pick("operator", "Det", "Relu"), "m", "a"),
        node("Mine", "m", "b", domain="org.example") if "domain" in wrong else node("Relu", "m", "b"),
        node(pick("version", "Gelu", "Neg"), "m", "c"),
        node("Relu", "m", "d", **pick("attribute", {"speed": 11}, {})),
        node("Conv", "x w", "e", auto_pad=pick("value", "SOMEHOW", "VALID")),
        node("Add", pick("operand", "m", "m m"), "f"),
        node("MatMul", pick("shape", "m m", "m mt"), "g"),
        node("Add", pick("type", "i double", "i i"), "h") if "input" not in wrong else node("Add", pick("type", "i s", "i i"), "h"),
        node("Relu", "double", "j"), node("Relu", "open", "k"), node("Add", "s short", "l"),
    ]
    constants = {"w": np.ones((2, 4, 3, 3), np.float32), "mt": np.ones((4, 2), np.float32), "s": np.ones(3, np.float32)}
    made = build(nodes, inputs, [], constants)
    for name in "abcdefghjkl":
        made.graph.output.add(name=name)
    short = TensorProto(name="short", data_type=TensorProto.FLOAT, dims=[3], raw_data=bytes(pick("weight", 11, 12)))
    made.graph.initializer.append(short)
    return made


def errors(wrong):
    done = run(model(wrong))
    assert done.returncode == (1 if wrong else 0), (wrong, done.returncode, done.stderr)
    assert bool(done.stdout) != bool(wrong)
    return [line for line in done.stderr.splitlines() if "error:" in line]


assert not errors(set())
everything = errors(set(OBSTACLES))
for key, words in OBSTACLES.items():
    (alone,) = errors({key})
    assert words in alone, (key, alone)
    assert sum(words in line for line in everything) == 1, (key, words)
    without = errors(set(OBSTACLES) - {key})
    assert len(without) == len(everything) - 1 and not any(words in line for line in without), (key, without)
assert len(everything) == len(OBSTACLES)
