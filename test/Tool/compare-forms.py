"""nn-run -layers -against compares the float, QDQ and QOperator forms of a network node by node: nodes of one name, inputs of bytes where the
other form has floats. What is equal has no noise, what is rounded has, and what comes behind it as well."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import os
import re
import sys

import numpy as np
import onnx
from nnctest import build, nn_compile, node, save, tensor

os.chdir(sys.argv[1])
rng = np.random.default_rng(2)
q = lambda n, value, dtype=np.float32: {n: np.array(value, dtype)}
w = rng.integers(-8, 8, (6, 6)).astype(np.int8)
second = rng.standard_normal((6, 6)).astype(np.float32)
inputs, outputs = [tensor("x", [4, 6])], [tensor("y", [4, 6])]

# The first product is exact on the grid of bytes, the second one's weights are rounded to it.
floats = build([node("MatMul", "x w", "first"), node("Relu", "first", "between"), node("MatMul", "between v", "y")], inputs, outputs,
               {"w": w.astype(np.float32) / 16, "v": second})
rounded = np.clip(np.rint(second * 32), -128, 127).astype(np.int8)
grids = q("xs", 0.5) | q("xz", 0, np.int8) | q("ws", 1 / 16) | q("wz", 0, np.int8) | q("vs", 1 / 32) | q("hs", 1 / 32) | q("hz", 0, np.int16) | {"wq": w, "vq": rounded}
qdq = build([node("DequantizeLinear", "b xs xz", "d"), node("DequantizeLinear", "wq ws wz", "dw"), node("MatMul", "d dw", "first"),
             node("QuantizeLinear", "first hs hz", "stored"), node("DequantizeLinear", "stored hs hz", "back"), node("Relu", "back", "between"),
             node("DequantizeLinear", "vq vs wz", "dv"), node("MatMul", "between dv", "y")],
            [tensor("b", [4, 6], np.int8)], outputs, grids, opset=21)
qdq.graph.input[0].name = qdq.graph.node[0].input[0] = "x"
operator = build([node("QLinearMatMul", "x xs xz wq ws wz fs xz", "first"), node("DequantizeLinear", "first fs xz", "y")],
                 [tensor("x", [4, 6], np.int8)], outputs, grids | q("fs", 1.0))
operator.graph.node[0].name += "_quant"  # as ONNX Runtime's quantizer names it
operator.graph.node[0].name = "MatMul_first_quant"
paths = {name: save(model, f"{name}.onnx") for name, model in (("floats", floats), ("qdq", qdq), ("operator", operator))}
np.savez("bytes.npz", x=rng.integers(-20, 20, (3, 4, 6)).astype(np.int8))
np.savez("one.npz", x=rng.integers(-20, 20, (4, 6)).astype(np.int8))


def compare(network, other, *options, code=0):
    done = nn_compile(paths[network], "-layers", f"-against={paths[other]}", *options, program="nn-run")
    assert done.returncode == code, (network, other, done.stdout, done.stderr)
    return {name: sqnr for sqnr, name in re.findall(r"^ +(\S+) +\S+  (\S+)$", done.stdout, re.M)} if code == 0 else done.stderr


rows = compare("qdq", "floats", "-data=one.npz")
assert list(rows) == ["MatMul_first", "Relu_between", "MatMul_y"], rows
assert rows["MatMul_first"] == rows["Relu_between"] == "inf" and 20 < float(rows["MatMul_y"]) < 60, rows
assert compare("operator", "floats", "-data=one.npz") == {"MatMul_first": "inf"}
assert compare("operator", "qdq", "-data=one.npz")["MatMul_first"] == "inf"
assert compare("floats", "floats") == {"MatMul_first": "inf", "Relu_between": "inf", "MatMul_y": "inf"}

# -io=native is about the network's own ports: the other form has floats there.
edges = onnx.ModelProto()
edges.CopyFrom(qdq)
edges.graph.node.insert(0, node("QuantizeLinear", "f xs xz", "x"))
edges.graph.input[0].CopyFrom(tensor("f", [4, 6]))
floats.graph.input[0].name = floats.graph.node[0].input[0] = "f"
paths |= {"edges": save(edges, "edges.onnx"), "renamed": save(floats, "renamed.onnx")}
np.savez("native.npz", f=np.load("one.npz")["x"])
assert compare("edges", "renamed", "-io=native", "-data=native.npz") == rows

stranger = build([node("Neg", "x", "y")], inputs, outputs)
paths["stranger"] = save(stranger, "stranger.onnx")
assert "no node of one name and shape in common" in compare("floats", "stranger", code=1)
paths["longer"] = save(build([node("Neg", "x", "y")], [tensor("x", [5])], [tensor("y", [5])]), "longer.onnx")
assert "input 'x' is tensor<4x6xf32>, 'x' of the other form tensor<5xf32>" in compare("floats", "longer", code=1)
done = nn_compile(paths["floats"], f"-against={paths['qdq']}", program="nn-run")
assert done.returncode == 2 and "-against compares layers: add -layers" in done.stderr, done.stderr
