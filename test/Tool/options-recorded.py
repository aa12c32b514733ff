"""NAME.json records every option that shapes the output, in one order, each once, with no path; what only chooses files does
not change the build id. Without a linker the shared library is left out with a remark, or refused if it was asked for."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import json
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
from nnctest import build, node, save

os.chdir(sys.argv[1])
model = save(build([node("Add", "x k", "s"), node("Neg", "s", "y")], {"x": ["N", "T"], "k": [4]}, {"y": None}), "net.onnx")
os.mkdir("weights")
np.save("weights/k.npy", np.ones(4, np.float32))
SHAPES = ["-shape=T=4", "-shape=N=2", "-const=k=weights/k.npy"]


def run(*options, code=0, **environment):
    command = [shutil.which("nn-compile"), model, "-target=x86", "-cpu=x86-64-v3", "-o", "out", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == code, (options, done.stderr)
    return done.stderr


def recorded(*options):
    run("-q", *options)
    facts = json.loads(pathlib.Path("out/net.json").read_text())
    return facts["options"], facts["build_id"]


options, build_id = recorded(*SHAPES)
assert options == ["-target=x86", "-shape=N=2", "-shape=T=4", "-const=k=k.npy"], options
assert recorded(*reversed(SHAPES), "-shape=T=4") == (options, build_id)
more, same_id = recorded(*SHAPES, "-emit=so,obj", "-verify", "-ram=1M", "-MD", "-MF=net.d", "-name=net")
assert more == [*options, "-emit=obj,so", "-ram=1M", "-verify"] and same_id == build_id, (more, build_id, same_id)
assert recorded(*SHAPES, "-outputs=s")[0][-1] == "-outputs=s"
assert recorded(*SHAPES, "-g")[0][-1] == "-g"

here = str(pathlib.Path(shutil.which("nn-compile")).parent)
assert "remark: libnet.so is left out: none of ld.bfd, ld, ld.lld is on the PATH\n" in run(*SHAPES, PATH=here)
assert not os.path.exists("out/libnet.so") and os.path.exists("out/libnet.a")
assert not run(*SHAPES, "-q", PATH=here)
assert "error: -emit=so needs a linker" in run(*SHAPES, "-emit=so", PATH=here, code=1)
