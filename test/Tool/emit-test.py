"""-emit=test writes a C program that knows the interpreter's answers: it passes as C99 and C++11, with and without an arena, and it
fails when a weight, an answer or a byte behind the outputs is changed."""
# RUN: %python %s %t %cc %cxx
# REQUIRES: onnx, x86-64-v3
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import build, node, nn_compile, save

work, cc, cxx = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
rng = np.random.default_rng(3)
weights = rng.standard_normal((12, 5)).astype(np.float32)
nodes = [node("Relu", "x", "r"), node("MatMul", "r w", "m"), node("Softmax", "m", "y"), node("Exp", "m", "z")]
models = {
    "dense": build(nodes, {"x": [3, 12]}, {"y": [3, 5], "z": [3, 5]}, {"w": weights}),
    "tiny": build([node("Neg", "x", "y")], {"x": [1]}, {"y": [1]}),
}


def program(folder, name, compiler, *flags):
    command = [compiler, *flags, "-Wall", "-Wextra", "-Werror", f"{name}_test.c", f"{name}.o", "-o", "test"]
    subprocess.run(command, cwd=folder, check=True)
    done = subprocess.run([folder / "test"], capture_output=True, text=True)
    return done.returncode, done.stdout.strip().splitlines()


for name, model in models.items():
    folder = work / name
    path = save(model, work / f"{name}.onnx")
    done = nn_compile(path, "-target=x86", "-emit=obj,test", "-o", folder)
    assert done.returncode == 0, done.stderr
    for compiler, flags in ((cc, ["-std=c99", "-pedantic"]), (cxx, ["-std=c++11", "-x", "c++", "-Wno-deprecated"])):
        flags = flags if compiler == cc else flags[:1] + flags[3:]
        assert program(folder, name, compiler, *flags) == (0, ["PASS 3"]), (name, compiler)


def broken(change, *expected):
    """The lines of the test of `dense` after `change(folder)`."""
    folder = work / "broken"
    subprocess.run(["rm", "-rf", folder], check=True)
    subprocess.run(["cp", "-r", work / "dense", folder], check=True)
    change(folder)
    code, lines = program(folder, "dense", cc)
    assert code != 0 and all(any(word in line for line in lines) for word in expected), lines


def change_weight(folder):
    data = bytearray((folder / "dense.o").read_bytes())
    at = data.index(weights[0, :4].tobytes())
    data[at] ^= 1
    (folder / "dense.o").write_bytes(data)


def change_answer(folder):
    text = (folder / "dense_vectors.h").read_text()
    head, body = text.split("nn_vector_0_output_0", 1)
    first, rest = body.split("{\n  ", 1)
    byte, rest = rest.split(",", 1)
    (folder / "dense_vectors.h").write_text(
        f"{head}nn_vector_0_output_0{first}{{\n  {int(byte) ^ 1},{rest}")


def write_behind(folder):
    source = (folder / "dense_test.c").read_text()
    call = "status = dense_run_v(inputs, outputs, arena.data);"
    assert call in source
    (folder / "dense_test.c").write_text(source.replace(call, call + " ((uint8_t *)outputs[1])[60] ^= 1;"))


broken(change_weight, "FAIL self-test")
broken(change_answer, "FAIL answer, vector 0", "FAIL 2")
broken(write_behind, "FAIL bytes around an output, vector 0")
