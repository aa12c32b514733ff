"""Networks as they come, in silicon: what a core makes of random frames, zeros and extremes is what the interpreter does. Inputs of packed
elements; images that are enlarged and joined, channels that training left out, channels that become pixels; products of two tensors and
sums on grids of short decimals."""
# RUN: %python %s %t
# REQUIRES: onnx, verilator
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from nnctest import build, nn_compile, node, save, tensor
from onnx import TensorProto, helper
from qonnx import GENERAL, f32, qnode

folder, rng = pathlib.Path(sys.argv[1]), np.random.default_rng(5)


def compare(model, name, styles, *options):
    path = save(model, folder / name / "model.onnx")
    for style in styles:
        done = subprocess.run(["nn-run", path, "--via=verilog", "--compare", f"-style={style}", *options], capture_output=True, text=True)
        assert done.returncode == 0, f"{name} {style}\n{done.stdout}{done.stderr}"
        assert done.stdout.count("tensor<") >= 3, done.stdout


def packed():
    kind = TensorProto.INT4
    nodes = [node("DequantizeLinear", "x s z", "d"), node("DequantizeLinear", "w s o", "f"), node("Conv", "d f", "c"),
             node("QuantizeLinear", "c t z", "y")]
    ports = [[helper.make_tensor_value_info(name, kind, shape)] for name, shape in (("x", [1, 3, 3, 3]), ("y", [1, 5, 3, 3]))]
    model = build(nodes, *ports, {"s": f32(0.25), "t": f32(0.5)}, opset=21, ir_version=10)
    weights = rng.integers(-8, 8, 15).tolist()
    model.graph.initializer.extend([helper.make_tensor("w", kind, [5, 3, 1, 1], weights), helper.make_tensor("z", kind, [], [1]),
                                    helper.make_tensor("o", kind, [], [0])])
    return model


def enlarged():
    constants = {"s": f32(0.25), "t": f32(0.125), "o": f32(0), "four": f32(4), "by": f32([1, 1, 2, 2]), "cut": np.int64([1, 2, 2, 2, 8, 8]),
                 "pixels": np.int64([1, 2, 16, 16]), "gains": f32([0.5, 0, 1, 2]).reshape(4, 1, 1), "shifts": f32([0.1, 0.3, 0, -0.2]).reshape(4, 1, 1)}
    nodes = []

    def quant(x, y, scale="s"):
        nodes.append(qnode("Quant", f"{x} {scale} o four", y, signed=1, narrow=0, rounding_mode="ROUND"))

    def conv(x, y, channels, outputs, window):
        constants[f"{y}_w"] = rng.normal(0, 0.4, (outputs, channels, window, window)).astype(f32)
        quant(f"{y}_w", f"{y}_q", "t")
        nodes.append(node("Conv", f"{x} {y}_q", y, pads=[window // 2] * 4))

    quant("x", "x0")
    conv("x0", "a", 2, 4, 3)
    nodes.append(node("Mul", "a gains", "ag"))
    nodes.append(node("Add", "ag shifts", "as"))
    nodes.append(node("LeakyRelu", "as", "al", alpha=0.125))
    quant("al", "a0")
    nodes.append(node("MaxPool", "a0", "p", kernel_shape=[2, 2], strides=[2, 2]))
    conv("p", "b", 4, 3, 3)
    quant("b", "b0")
    nodes.append(node("Resize", "b0 - by", "r", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"))
    nodes.append(node("Concat", "r a0", "j", axis=1))
    conv("j", "c", 7, 8, 3)
    quant("c", "c0")
    for kind, x, y, attributes in [("Reshape", "c0 cut", "d", {}), ("Transpose", "d", "e", {"perm": [0, 1, 4, 2, 5, 3]}), ("Reshape", "e pixels", "f", {})]:
        nodes.append(node(kind, x, y, **attributes))
    conv("f", "y", 2, 2, 3)
    model = build(nodes, {"x": [1, 2, 8, 8]}, {"y": [1, 2, 16, 16]}, constants)
    model.opset_import.append(helper.make_opsetid(GENERAL, 1))
    return model


def gated():
    constants = {"z": np.int8(-3), "s": f32(0.1), "t": f32(0.3), "u": f32(0.2), "w": rng.integers(-127, 128, (3, 3, 1, 1)).astype(np.int8),
                 "ws": f32(0.01), "o": np.int8(0), "g": f32(1 / 256)}
    nodes = [node("DequantizeLinear", "w ws o", "wf")]

    def quant(x, y, scale):
        nodes.append(node("QuantizeLinear", f"{x} {scale} z", f"{y}_q"))
        nodes.append(node("DequantizeLinear", f"{y}_q {scale} z", y))

    quant("x", "a", "s")
    nodes.append(node("Conv", "a wf", "c"))
    quant("c", "b", "t")
    nodes.append(node("Add", "a b", "d"))  # 0.1 and 0.3 on a grid of 0.2
    quant("d", "e", "u")
    nodes.append(node("GlobalAveragePool", "e", "m"))
    quant("m", "n", "s")
    nodes.append(node("Sigmoid", "n", "h"))
    quant("h", "i", "g")
    nodes.append(node("Mul", "e i", "k"))
    quant("k", "y", "s")
    return build(nodes, {"x": [1, 3, 4, 5]}, {"y": [1, 3, 4, 5]}, constants)


def fine():
    """More levels than bytes have, on a grid that no shift gives; bounds behind take most of what its sums reach away."""
    constants = {"s": f32(2**-5), "t": f32(0.00185), "o": f32(0), "six": f32(6), "eight": f32(8), "ten": f32(10), "w": rng.normal(0, 0.6, (6, 3)).astype(f32)}
    nodes = [qnode("Quant", "x s o eight", "a", signed=1, narrow=0, rounding_mode="ROUND"),
             qnode("Quant", "w s o six", "b", signed=1, narrow=0, rounding_mode="ROUND"), node("MatMul", "a b", "c"), node("Relu", "c", "d")]
    ends = ["ROUND", "FLOOR"]
    nodes += [qnode("Quant", "d t o ten", f"y_{mode}", signed=1, narrow=0, rounding_mode=mode) for mode in ends]
    model = build(nodes, {"x": [1, 6]}, {f"y_{mode}": [1, 3] for mode in ends}, constants)
    model.opset_import.append(helper.make_opsetid(GENERAL, 1))
    return model


def streamlined():
    """As FINN streamlines networks: weights are floats without a scale, and all that was between them is in thresholds."""
    finn = "finn.custom_op.general"
    constants = {"s": f32(0.25), "o": f32(0), "four": f32(4), "k": f32(rng.integers(-1, 2, (6, 2, 3, 3))), "t": f32(np.sort(rng.integers(-12, 12, (6, 3))) / 4),
                 "rows": np.int64([1, -1]), "w": f32(rng.integers(-7, 8, (54, 5))) / 2, "u": f32(np.sort(rng.integers(-30, 30, (5, 1)))),
                 "v": f32(rng.choice([-1, 1], (5, 3))), "gain": f32(0.3), "shift": f32([0.1, 0.2, 0.3])}
    nodes = [qnode("Quant", "x s o four", "a", signed=1, narrow=0, rounding_mode="ROUND"), node("Conv", "a k", "b"),
             helper.make_node("MultiThreshold", ["b", "t"], ["c"], domain=finn, out_dtype="UINT2"), node("Reshape", "c rows", "d"), node("MatMul", "d w", "e"),
             helper.make_node("MultiThreshold", ["e", "u"], ["f"], domain=finn, out_dtype="BIPOLAR", out_scale=2.0, out_bias=-1.0),
             node("MatMul", "f v", "g"), node("Mul", "g gain", "h"), node("Add", "h shift", "y")]
    model = build(nodes, {"x": [1, 2, 5, 5]}, {"y": [1, 3]}, constants)
    model.opset_import.extend([helper.make_opsetid(GENERAL, 1), helper.make_opsetid(finn, 1)])
    return model


def averaged():
    """As Brevitas writes averages of which bits are cut off; the mean of all pixels between a ReLU and thresholds."""
    constants = {"s": f32(0.25), "o": f32(0), "four": f32(4), "seven": f32(7), "nine": f32(9), "t": f32([[-0.5, 0.1, 0.35]]), "three": f32(3)}
    nodes = [qnode("Quant", "x s o four", "a", signed=1, narrow=0, rounding_mode="ROUND"),
             node("AveragePool", "a", "b", kernel_shape=[3, 3], strides=[3, 3]), node("Mul", "b nine", "c"),
             qnode("Trunc", "c s o seven three", "d", rounding_mode="FLOOR"), node("GlobalAveragePool", "d", "e"), node("Relu", "e", "f"),
             qnode("MultiThreshold", "f t", "y", out_dtype="UINT2")]
    model = build(nodes, {"x": [1, 2, 9, 6]}, {"y": [1, 2, 1, 1]}, constants)
    model.opset_import.append(helper.make_opsetid(GENERAL, 1))
    return model


def bordered():
    """Averages with fewer elements at a border: padding that does not count, and behind all padding what ceil_mode reaches."""
    constants = {"s": f32(0.25), "o": f32(0), "five": f32(5), "t": f32(0.3)}
    quants = [qnode("Quant", f"{x} {scale} o five", y, signed=1, narrow=0, rounding_mode="ROUND") for x, scale, y in (("x", "s", "a"), ("b", "s", "c"), ("d", "t", "e"), ("f", "s", "y"))]
    nodes = [quants[0], node("AveragePool", "a", "b", kernel_shape=[3, 3], pads=[1, 1, 1, 1]), quants[1],
             node("AveragePool", "c", "d", kernel_shape=[3, 2], strides=[2, 2], pads=[0, 1, 1, 0], ceil_mode=1), quants[2],
             node("AveragePool", "e", "f", kernel_shape=[2, 3], strides=[2, 2], pads=[0, 1, 0, 1], ceil_mode=1, count_include_pad=1), quants[3]]
    model = build(nodes, {"x": [1, 2, 6, 6]}, {"y": [1, 2, 2, 3]}, constants)
    model.opset_import.append(helper.make_opsetid(GENERAL, 1))
    return model


def joined(scales, after):
    """Two branches with grids of their own, added or concatenated, and what reads the sum before it is quantized."""
    constants, nodes = {}, []

    def quant(x, y, scale, bits, signed=0):
        constants.update({f"{y}_s": f32(scale), f"{y}_z": f32(0), f"{y}_b": f32(bits)})
        nodes.append(qnode("Quant", f"{x} {y}_s {y}_z {y}_b", y, signed=signed, narrow=0, rounding_mode="ROUND"))

    def conv(x, y, outputs, channels):
        constants[f"{y}_f"] = (rng.integers(-7, 8, (outputs, channels, 1, 1)) / 4).astype(f32)
        quant(f"{y}_f", f"{y}_w", 0.25, 4, signed=1)
        nodes.append(node("Conv", f"{x} {y}_w", y))

    quant("x", "x0", 0.0625, 6, signed=1)
    for branch, scale in zip("ab", scales, strict=True):
        conv("x0", f"{branch}_c", 3, 2)
        nodes.append(node("Relu", f"{branch}_c", f"{branch}_r"))
        quant(f"{branch}_r", branch, scale, 4)
    kind, *rest = after
    nodes.append(node(kind, "a b", "j0", **({"axis": 1} if kind == "Concat" else {})))
    channels, last, size = 6 if kind == "Concat" else 3, "j0", 4
    for i, op in enumerate(rest, 1):
        if op == "Conv":
            conv(last, f"j{i}", 3, channels)
            channels = 3
        elif op == "Concat":
            nodes.append(node(op, f"{last} a", f"j{i}", axis=1))
            channels += 3
        else:
            window = {"kernel_shape": [2, 2], "strides": [2, 2]} if op in ("MaxPool", "AveragePool") else {}
            nodes.append(node(op, last, f"j{i}", **window))
            size = size // 2 if window else 1 if op.startswith("Global") else size
        last = f"j{i}"
    quant(last, "y", 0.125, 7, signed=1)
    model = build(nodes, {"x": [1, 2, 4, 4]}, {"y": [1, channels, size, size]}, constants)
    model.opset_import.append(helper.make_opsetid(GENERAL, 1))
    return model


def normalized():
    """Pixels of which a mean is taken in floats; two inputs that only a sum reads."""
    constants = {"mean": f32(rng.uniform(100, 130, (1, 3, 1, 1))), "deviation": f32([55]), "w": f32(rng.normal(0, 0.3, (4, 3, 3, 3)))}
    nodes = [node("Sub", "x mean", "a"), node("Div", "a deviation", "b"), node("Conv", "b w", "c", pads=[1] * 4),
             node("Add", "u v", "s"), node("Conv", "s w", "d"), node("GlobalAveragePool", "d", "e"), node("Add", "c e", "y")]
    return build(nodes, {"x": [1, 3, 5, 5], "u": [1, 3, 5, 5], "v": [1, 3, 5, 5]}, {"y": [1, 4, 5, 5]}, constants)


def chosen():
    """The greatest numbers of what functions give, and their index, for which nothing else asks for integers."""
    nodes = [node("Conv", "x w", "a"), node("Sigmoid", "a", "b"), node("MaxPool", "b", "c", kernel_shape=[2, 2]), node("Tanh", "c", "d"),
             node("ArgMax", "d", "y", axis=1)]
    return build(nodes, [tensor("x", [1, 3, 5, 5])], [tensor("y", [1, 1, 2, 2], np.int64)], {"w": f32(rng.normal(0, 0.3, (4, 3, 3, 3)))})


def quantize(model, name, **samples):
    """The network in QDQ form, as -quantize writes it for hardware: its inputs come as integers."""
    path = save(model, folder / f"{name}.onnx")
    np.savez(folder / f"{name}.npz", **samples)
    done = nn_compile(path, "-target=hls", "-style=sequencer", "-quantize=int8", f"-calibrate={folder}/{name}.npz", "-emit=onnx", "-q", "-o", folder / f"{name}_q")
    assert done.returncode == 0, done.stderr
    return onnx.load(folder / f"{name}_q" / f"{name}_int8.onnx")


pixels, rest = rng.uniform(0, 255, (20, 3, 5, 5)).astype(f32), rng.uniform(-1, 1, (20, 3, 5, 5)).astype(f32)
compare(quantize(normalized(), "normalized", x=pixels, u=rest, v=pixels - 100), "normalized", ["sequencer"], "-io=native")
for i, after in enumerate((["Concat", "Conv"], ["Concat", "MaxPool", "Conv"], ["Add", "GlobalAveragePool"], ["Add", "AveragePool"], ["Add", "MaxPool"],
                           ["Add", "MaxPool", "Conv"], ["Add", "Concat", "Conv"], ["Concat", "Relu"], ["Concat", "Relu", "Conv"],
                           ["Add", "Relu", "GlobalAveragePool"], ["Add", "Relu", "MaxPool", "Conv"])):
    compare(joined([0.25, 0.5 * 4 ** (i % 3 % 2)], after), f"joined{i}", [("sequencer", "unrolled")[i % 2]])
compare(quantize(chosen(), "chosen", x=rest), "chosen", ["sequencer", "unrolled"])
compare(bordered(), "bordered", ["sequencer"])
compare(averaged(), "averaged", ["sequencer", "unrolled"])
compare(streamlined(), "streamlined", ["sequencer", "unrolled"], "-io=native")  # of the last layer the sums leave
compare(fine(), "fine", ["sequencer", "unrolled"])
compare(packed(), "packed", ["sequencer", "unrolled"])
compare(enlarged(), "enlarged", ["sequencer"])
compare(gated(), "gated", ["sequencer"])
