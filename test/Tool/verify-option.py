"""-verify runs the compiled code on made-up or given data and demands the interpreter's bits; expected outputs that do not fit, data
of another shape and a missing linker stop the compile, and nothing is written."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import build, node, save

work = pathlib.Path(sys.argv[1])
model = save(build([node("Exp", "x", "y")], {"x": [2, 3]}, {"y": [2, 3]}), work / "net.onnx")


def run(*options, **environment):
    out = work / "out"
    subprocess.run(["rm", "-rf", out], check=True)
    command = ["nn-compile", model, "-target=x86", "-emit=obj", "-o", out, *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    assert (done.returncode == 0) == (out / "net.json").exists() and done.returncode in (0, 1), done
    assert done.returncode == 0 or not out.exists(), "a failure left a folder behind"
    exact = json.loads((out / "net.json").read_text())["proofs"]["exact"] if out.exists() else None
    return done.stderr, exact


assert run()[1]["status"] == "not_claimed"
assert run("-verify")[1] == {
    "status": "tested", "data_sets": 3, "method": "compiled code against the interpreter, bit for bit"}

x = np.arange(6, dtype=np.float32).reshape(2, 3) / 4
np.savez(work / "good.npz", x=x, y=np.exp(x))
assert run(f"-verify={work}/good.npz")[1]["data_sets"] == 1
np.savez(work / "wrong.npz", x=x, y=np.exp(x) + np.float32(0.01))
text, exact = run(f"-verify={work}/wrong.npz")
assert "error: -verify: wrong.npz: 'y' element 0 is" in text and exact is None, text
np.savez(work / "shape.npz", x=x[:1])
assert "holds tensor<1x3xf32>, 'x' is tensor<2x3xf32>" in run(f"-verify={work}/shape.npz")[0]
np.savez(work / "name.npz", z=x)
assert "has no array 'x'" in run(f"-verify={work}/name.npz")[0]
assert "error:" in run("-verify=no-such-folder")[0]

here = pathlib.Path(subprocess.check_output(["which", "nn-compile"], text=True).strip()).parent
assert "-verify needs a linker: none of ld.bfd, ld, ld.lld is on the PATH" in run("-verify", PATH=str(here))[0]
