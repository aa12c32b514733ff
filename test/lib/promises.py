"""Networks and inputs on which the promises are tried, and a program around a network that valgrind can watch."""

import pathlib
import re
import subprocess

import numpy as np
from nnctest import Network, build, node, tensor


def every_kind():
    """A small network with at least one op of each kernel family: convolutions of three kinds, pooling, dense, the
    functions of our own, reductions, broadcasting, selection, interpolation and movement of data."""
    rng = np.random.default_rng(1)

    def weights(*shape):
        return rng.standard_normal(shape).astype(np.float32) / np.float32(np.sqrt(np.prod(shape[1:])))

    nodes = [
        node("Conv", "x w1 b1", "c1", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("LeakyRelu", "c1", "r1", alpha=0.1),
        node("Conv", "r1 w2", "c2", kernel_shape=[3, 3], pads=[1, 1, 1, 1], group=8),
        node("Sigmoid", "c2", "s2"),
        node("MultiThreshold", "s2 steps", "t2", domain="qonnx.custom_op.general", out_dtype="UINT2"),
        node("Add", "s2 t2", "u2"),
        node("Conv", "u2 w3 b3", "c3", kernel_shape=[1, 1]),
        node("Add", "c3 c3", "a3"),
        node("Clip", "a3 low high", "k3"),
        node("Resize", "k3 - larger", "l3", mode="linear"),
        node("MaxPool", "l3", "p3", kernel_shape=[3, 3], strides=[3, 3]),
        node("AveragePool", "p3", "v3", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Reshape", "v3 shape", "m"),
        node("Transpose", "m", "mt", perm=[0, 2, 1]),
        node("MatMul", "m mt", "q"),
        node("Softmax", "q", "qs", axis=-1),
        node("MatMul", "qs m", "att"),
        node("LayerNormalization", "att g be", "ln", axis=-1),
        node("Erf", "ln", "erf"),
        node("Tanh", "ln", "tanh"),
        node("Exp", "tanh", "exp"),
        node("Mul", "erf exp", "mul"),
        node("Div", "mul exp", "div"),
        node("Pow", "div two", "pow"),
        node("Sqrt", "pow", "sqrt"),
        node("Sub", "sqrt half", "sub"),
        node("Quant", "sub grid none bits", "up", domain="qonnx.custom_op.general", signed=1, narrow=1, rounding_mode="UP"),
        node("Neg", "up", "neg"),
        node("Concat", "neg tanh", "cat", axis=1),
        node("ReduceMean", "cat", "mean", axes=[1], keepdims=0),
        node("Flatten", "mean", "flat", axis=1),
        node("Gemm", "flat w4 b4", "fc", transB=1),
        node("LogSoftmax", "fc", "y", axis=-1),
    ]
    constants = {
        "w1": weights(8, 3, 3, 3), "b1": weights(8), "w2": weights(8, 1, 3, 3), "w3": weights(12, 8, 1, 1),
        "b3": weights(12), "low": np.float32(-1), "high": np.float32(6), "shape": np.array([1, 12, 9]),
        "steps": np.sort(weights(8, 3) + np.float32(0.5)),
        "grid": np.float32(0.03), "none": np.float32(0), "bits": np.float32(6), "g": weights(9), "be": weights(9), "two": np.float32(2),
        "half": np.float32(0.5), "w4": weights(5, 9), "b4": weights(5), "larger": np.array([1, 1, 1.5, 1.5], np.float32),
    }
    return build(nodes, {"x": [1, 3, 12, 12]}, {"y": [1, 5]}, constants)


def every_integer_kind(softmax_scale=1 / 256, mul=True):
    """The same for integers: convolutions of three kinds, products of constants and of activations, means, sums, a softmax, and,
    unless a profile of TFLite knows no such (`mul`), products, functions and words of 16 bits."""
    rng = np.random.default_rng(4)
    nodes, constants = [], {"z": np.int8(0), "zb": np.int32(0), "az": np.int8(-3)}

    def weights(name, *shape, bias=0):
        constants[name + "q"] = rng.integers(-127, 128, shape).astype(np.int8)
        constants[name + "s"] = np.float32(0.01)
        nodes.append(node("DequantizeLinear", f"{name}q {name}s z", name))
        if bias:
            constants.update({name + "bq": rng.integers(-99, 99, bias).astype(np.int32), name + "bs": np.float32(0.05) * np.float32(0.01)})
            nodes.append(node("DequantizeLinear", f"{name}bq {name}bs zb", name + "b"))
        return f"{name} {name}b" if bias else name

    def stored(value, scale=0.05, zero="az"):
        constants[f"{value}_s"] = np.float32(scale)
        nodes.append(node("QuantizeLinear", f"{value} {value}_s {zero}", f"{value}_q"))
        nodes.append(node("DequantizeLinear", f"{value}_q {value}_s {zero}", f"{value}_d"))
        return f"{value}_d"

    constants["x_s"] = np.float32(0.05)
    nodes.append(node("DequantizeLinear", "x x_s az", "x_d"))
    nodes.append(node("Conv", "x_d " + weights("w1", 16, 3, 3, 3, bias=16), "c1", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]))
    nodes.append(node("Relu", "c1", "r1"))
    first = stored("r1")
    nodes.append(node("Conv", f"{first} " + weights("w2", 16, 1, 3, 3, bias=16), "c2", kernel_shape=[3, 3], pads=[1, 1, 1, 1], group=16))
    second = stored("c2")
    nodes.append(node("Conv", f"{second} " + weights("w3", 16, 16, 1, 1, bias=16), "c3", kernel_shape=[1, 1]))
    nodes.append(node("Add", f"{stored('c3')} {first}", "a"))
    last = stored("a", 0.08)
    nodes.append(node("AveragePool", last, "p", kernel_shape=[2, 2], strides=[2, 2]))
    pooled = stored("p", 0.08)
    if mul:
        nodes.append(node("Sigmoid", pooled, "g"))
        nodes.append(node("Mul", f"{pooled} {stored('g', 1 / 256)}", "m"))
        constants["wide"] = np.int16(0)
        pooled = stored("m", 1e-4, "wide")
        pooled = stored_again(nodes, constants, pooled)
    nodes.append(node("Flatten", pooled, "f", axis=1))
    nodes.append(node("MatMul", "f " + weights("w4", 144, 10), "d"))
    nodes.append(node("Softmax", stored("d", 0.1), "s", axis=-1))
    constants["low"] = np.int8(-128)
    constants["s_s"] = np.float32(softmax_scale)
    nodes.append(node("QuantizeLinear", "s s_s low", "y"))
    return build(nodes, [tensor("x", [1, 3, 12, 12], np.int8)], [tensor("y", [1, 10], np.int8)], constants)


def stored_again(nodes, constants, value):
    """Words as bytes again."""
    constants["again"] = np.float32(0.08)
    nodes.append(node("QuantizeLinear", f"{value} again az", "again_q"))
    nodes.append(node("DequantizeLinear", "again_q again az", "again_d"))
    return "again_d"


def adversarial_integers(shape):
    rng = np.random.default_rng(2)
    return {
        "zeros": np.zeros(shape, np.int8), "least": np.full(shape, -128, np.int8), "most": np.full(shape, 127, np.int8),
        "random": rng.integers(-128, 128, shape).astype(np.int8), "ends": rng.choice([-128, 127], shape).astype(np.int8),
    }


def adversarial(shape):
    """Inputs that tempt an implementation to take another path, by name."""
    rng = np.random.default_rng(2)
    normal = rng.standard_normal(shape).astype(np.float32)
    with np.errstate(over="ignore"):
        mixed = np.where(rng.random(shape) < 0.3, np.float32(np.nan), normal * np.float32(1e38))
    fill = lambda value: np.full(shape, value, np.float32)
    return {
        "zeros": fill(0), "minus zeros": fill(-0.0), "ones": fill(1), "normal": normal, "largest": fill(3.4e38),
        "smallest": fill(-3.4e38), "subnormal": fill(1e-41), "near subnormal": normal * np.float32(1e-37),
        "infinite": fill(np.inf), "NaN": fill(np.nan), "mixed": mixed.astype(np.float32),
    }


class Watched:
    """A program that calls the network once, for valgrind."""

    def __init__(self, network: Network, source, folder, compiler):
        facts, self.folder = network.json, pathlib.Path(folder)
        self.program = self.folder / "call-once"
        (only_input,), (only_output,) = facts["inputs"], facts["outputs"]
        macros = {
            "NETWORK": network.name, "NETWORK_H": f'"{network.name}.h"', "ARENA_BYTES": facts["arena_bytes"],
            "INPUT_BYTES": only_input["bytes"], "OUTPUT_BYTES": only_output["bytes"],
        }
        command = [compiler, "-std=c11", "-g", "-O1", f"-I{network.folder}", source]
        command += [f"-D{k}={v}" for k, v in macros.items()]
        command += [network.folder / facts["files"]["obj"]["path"], "-o", self.program]
        subprocess.run([*map(str, command)], check=True)

    def run(self, tool_options, array, *arguments):
        """The text that valgrind wrote about one run, and its exit status."""
        data = self.folder / "input.bin"
        data.write_bytes(array.tobytes())
        command = ["valgrind", *tool_options, self.program, data, *arguments]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=self.folder)
        return done.returncode, done.stderr

    def instructions(self, array):
        """Instructions of one run of the network."""
        options = ["--tool=callgrind", "--toggle-collect=measured", "--callgrind-out-file=/dev/null"]
        code, text = self.run(options, array)
        found = re.search(r"Collected : (\d+)", text)
        if code or not found:
            raise RuntimeError(f"valgrind left with {code}:\n{text}")
        return int(found[1])
