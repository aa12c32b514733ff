"""cpu_ok is 0 and the self-test NN_ERR_CPU where instructions are missing, before one of them is executed: valgrind's
processor has AVX2 and no AVX-512. There v3 says 1. With the note that names the level, a program does not even start."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %S/Inputs/ask.c
# REQUIRES: onnx, x86-64-v3, valgrind
import json
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

out, compiler, source = sys.argv[1:]
model = save(build([node("MatMul", "x w", "h"), node("Relu", "h", "r"), node("MatMul", "r w", "y")], {"x": [4, 4]}, {"y": [4, 4]},
                   {"w": np.eye(4, dtype=np.float32)}), f"{out}/net.onnx")
answers = {}
for cpu in "x86-64-v3", "x86-64-v4":
    folder = f"{out}/{cpu}"
    done = nn_compile(model, "-target=x86", f"-cpu={cpu}", "-emit=obj", "-o", folder)
    assert done.returncode == 0, done.stderr
    arena = json.load(open(f"{folder}/net.json"))["arena_bytes"]
    defines = ['-DNETWORK_H="net.h"', f"-DARENA_BYTES={arena}", "-DCPU_OK=net_cpu_ok", "-DSELFTEST=net_selftest"]
    subprocess.run(["llvm-objcopy", "--remove-section=.note.gnu.property", f"{folder}/net.o", f"{folder}/silent.o"], check=True)
    for name in "net", "silent":
        command = [compiler, *defines, f"-I{folder}", source, f"{folder}/{name}.o", "-o", f"{folder}/{name}.program"]
        subprocess.run(command, check=True)
        done = subprocess.run(["valgrind", "-q", "--error-exitcode=9", f"{folder}/{name}.program"], capture_output=True, text=True)
        answers[cpu, name] = done.stdout.strip() if done.returncode == 0 else done.stderr.split(": ")[-1].strip()
assert answers == {
    ("x86-64-v3", "net"): "cpu_ok 1 selftest 0",
    ("x86-64-v3", "silent"): "cpu_ok 1 selftest 0",
    ("x86-64-v4", "net"): "CPU ISA level is lower than required",
    ("x86-64-v4", "silent"): "cpu_ok 0 selftest 3",
}, answers
