"""-register-io puts registers at the ports that it names, in both styles: each takes a clock of the latency, which the testbench
sees, and results stay what they are. What no style knows is a wrong use."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, iverilog
import json
import os
import sys

import numpy as np
from hlspackage import icarus, passes, sources
from nnctest import build, nn_compile, node, save, tensor

os.chdir(sys.argv[1])
rng = np.random.default_rng(1)
constants = {"w": rng.integers(-8, 8, (6, 3)).astype(np.int8), "s": np.float32(0.5), "z": np.int8(0), "t": np.float32(4)}
model = build([node("QLinearMatMul", "x s z w s z t z", "y")], [tensor("x", [1, 6], np.int8)],
              [tensor("y", [1, 3], np.int8)], constants)
save(model, "net.onnx")


def latency(style, *options):
    folder = "-".join([style, *options])
    done = nn_compile("net.onnx", "-target=hls", f"-style={style}", *options, "-o", folder)
    assert done.returncode == 0, done.stderr
    assert passes(icarus(folder, "net", sources(folder, "net")))
    return json.load(open(f"{folder}/net.json"))["latency_cycles"]


for style, unsaid in ("unrolled", 1), ("sequencer", 0):
    bare = latency(style, "-register-io=none")
    assert latency(style) == bare + unsaid
    assert [latency(style, f"-register-io={ports}") - bare for ports in ("in", "out", "both")] == [1, 1, 2]

done = nn_compile("net.onnx", "-target=hls", "-register-io=all", "-o", "wrong")
assert done.returncode == 2 and "choose in, out, both, none" in done.stderr, done.stderr
assert not os.path.exists("wrong")
