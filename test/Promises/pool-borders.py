"""However far a pooling window hangs over the edge, the checker sees that nothing outside of the input is read; nor takes a division of the
number of elements in it a time that might depend on them, where there are no divisions of fixed time."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import itertools
import json
import sys

from nnctest import build, nn_compile, node, save

out = sys.argv[1]
#  input, kernel, pads, strides, dilations
SHAPES = [(13, 13, 6, 1, 1), (20, 7, 3, 2, 1), (6, 11, 5, 1, 1), (12, 5, 4, 1, 2), (9, 3, 2, 1, 2), (5, 4, 3, 3, 1)]
POOLS = ("MaxPool", {}), ("AveragePool", {}), ("AveragePool", {"count_include_pad": 1})
for cpu, (kind, options) in itertools.product(("x86-64", "x86-64-v3"), POOLS):
    for channels in 1, 20:
        for size, kernel, pads, strides, dilations in SHAPES:
            attributes = options | {"kernel_shape": [kernel] * 2, "pads": [pads] * 4, "strides": [strides] * 2, "dilations": [dilations] * 2}
            result = (size + 2 * pads - dilations * (kernel - 1) - 1) // strides + 1
            model = build([node(kind, "x", "y", **attributes)], {"x": [1, channels, size, size]}, {"y": [1, channels, result, result]}, opset=19)
            done = nn_compile(save(model, f"{out}/pool.onnx"), "-target=x86", f"-cpu={cpu}", "-verify", "-q", "-o", f"{out}/pool")
            assert done.returncode == 0, (cpu, kind, channels, attributes, done.stderr)
            with open(f"{out}/pool/pool.json") as file:
                proofs = json.load(file)["proofs"]
            for promise in "instruction_trace", "address_trace", "memory":
                assert proofs[promise]["status"] == "proved", (cpu, kind, channels, attributes, promise, proofs[promise])
