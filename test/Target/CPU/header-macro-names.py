"""A tensor called like a macro of nn_runtime.h, <stdint.h> or of the header itself, or like a type that another parameter
has, becomes a parameter with another name: the header compiles."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %cxx
# REQUIRES: onnx
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

out, cc, cxx = sys.argv[1:]
open(f"{out}/use.c", "w").write('#include "net.h"\n')
for name in "plain", "NN_OK", "NN_BOOL", "INT8_MAX", "NET_STEPS", "int64_t":
    inputs, outputs = [tensor(name, [2]), tensor("w", [2], np.int64)], [tensor("y", [2]), tensor("z", [2], np.int64)]
    model = save(build([node("Neg", name, "y"), node("Identity", "w", "z")], inputs, outputs), f"{out}/m.onnx")
    done = nn_compile(model, "-target=x86", "-name=net", "-emit=obj", "-o", out)
    assert done.returncode == 0, done.stderr
    for language in [cc, "-std=c99"], [cxx, "-x", "c++", "-std=c++11"]:
        done = subprocess.run([*language, "-pedantic", "-Wall", "-Werror", "-fsyntax-only", f"-I{out}", f"{out}/use.c"], capture_output=True, text=True)
        assert done.returncode == 0, f"{name}: {done.stderr}"
