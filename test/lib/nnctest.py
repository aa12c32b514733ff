"""What tests written in Python share: small ONNX models, nn-compile, and the compiled network as a Python callable.

    from nnctest import build, compile_model, node, tensor

    model = build([node("Relu", "x", "y")], {"x": [1, 8]}, {"y": [1, 8]})
    network = compile_model(model, "out", "-cpu=x86-64-v3")
    (y,) = network(np.zeros((1, 8), np.float32))
"""

import ctypes
import json
import pathlib
import subprocess

import numpy as np
import onnx
from onnx import helper, numpy_helper


# --- models


def tensor(name, shape, dtype=np.float32):
    """A graph input or output; `shape` may hold names for symbolic dimensions."""
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), shape)


def node(kind, inputs, outputs, **attributes):
    """A node called after its first output; `inputs` and `outputs` are words in one string."""
    inputs, outputs = inputs.split(), outputs.split()
    inputs = ["" if name == "-" else name for name in inputs]  # "-": an optional input left out
    return helper.make_node(kind, inputs, outputs, name=f"{kind}_{outputs[0]}", **attributes)


def build(nodes, inputs, outputs, constants=None, opset=17, name="network", ir_version=8):
    """A model. `inputs` and `outputs` map names to shapes (float32) or are lists of `tensor(...)`; `constants` maps
    names to arrays."""

    def values(group):
        return [tensor(n, s) for n, s in group.items()] if isinstance(group, dict) else list(group)

    weights = [numpy_helper.from_array(np.asarray(a), n) for n, a in (constants or {}).items()]
    graph = helper.make_graph(nodes, name, values(inputs), values(outputs), weights)
    imports = [helper.make_opsetid("", opset)]
    if any(n.domain == "com.microsoft" for n in nodes):
        imports.append(helper.make_opsetid("com.microsoft", 1))
    return helper.make_model(graph, opset_imports=imports, ir_version=ir_version)


def save(model, path):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return path


# --- the compiler


def nn_compile(*arguments, program="nn-compile"):
    """Run the compiler; returns the finished process with its text."""
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def compile_model(model, folder, *options, name="network"):
    """Compile a model (object or path) to a shared library in `folder` and load it. Raises when it is refused."""
    folder = pathlib.Path(folder)
    path = model if isinstance(model, (str, pathlib.Path)) else save(model, folder / f"{name}.onnx")
    options = ("-target=x86", "-emit=obj", "-emit=so", f"-name={name}", *options)
    done = nn_compile(path, *options, "-o", folder / "compiled")
    if done.returncode:
        raise RuntimeError(f"nn-compile left with {done.returncode}:\n{done.stderr}")
    return Network(folder / "compiled" / f"{name}.json")


# --- the compiled network


def aligned(size, alignment=64, fill=0xA5):
    """`size` bytes at a multiple of `alignment`, poisoned."""
    raw = np.full(size + alignment, fill, np.uint8)
    start = -raw.ctypes.data % alignment
    return raw[start : start + size]


class Network:
    """A compiled network: call it with one array per input, get the list of outputs."""

    def __init__(self, json_path):
        json_path = pathlib.Path(json_path)
        self.folder, self.json = json_path.parent, json.loads(json_path.read_text())
        self.name = self.json["name"]
        library = self.folder / self.json["files"]["so"]["path"]
        self.library = ctypes.CDLL(str(library.resolve()))
        self.arena = aligned(self.json["arena_bytes"], max(1, self.json["arena_align"]))

    def function(self, suffix):
        """A function of the network by the end of its name, e.g. `selftest`."""
        return getattr(self.library, f"{self.name}_{suffix}")

    def __call__(self, *arrays):
        pairs = list(zip(self.json["inputs"], arrays, strict=True))
        inputs = [self.place(facts, array) for facts, array in pairs]
        outputs = [self.place(facts) for facts in self.json["outputs"]]
        code = self.function("run_v")(pointers(inputs), pointers(outputs), address(self.arena))
        if code:
            raise RuntimeError(f"{self.name}_run_v returned {code}")
        return outputs

    @staticmethod
    def place(facts, array=None):
        """An aligned buffer for a tensor of NAME.json, filled with `array` or with poison. Elements below eight bits are
        the bytes that hold them."""
        dtype, shape = facts["dtype"], facts["shape"]
        if dtype in ("int4", "uint4", "int2", "uint2"):
            dtype, shape = np.uint8, [facts["bytes"]]
        buffer = aligned(facts["bytes"]).view(dtype).reshape(shape)
        if array is not None:
            buffer[...] = np.asarray(array, dtype).reshape(shape)
        return buffer


def address(array):
    return ctypes.c_void_p(array.ctypes.data)


def pointers(arrays):
    return (ctypes.c_void_p * max(1, len(arrays)))(*[a.ctypes.data for a in arrays])


# --- comparing


def same_bits(a, b):
    """Equal bit for bit; all NaNs count as one."""
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.kind == "f":
        nan = np.isnan(a)
        if not np.array_equal(nan, np.isnan(b)):
            return False
        a, b = np.where(nan, a.dtype.type(0), a), np.where(nan, b.dtype.type(0), b)
    return a.tobytes() == b.tobytes()
