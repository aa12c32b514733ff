"""tools/dev/check-frames finds networks in Verilog equal to the interpreter, says why one is refused, and fails when a bit differs."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/tools/dev/check-frames
# REQUIRES: verilator, onnx
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
from nnctest import build, node, save

folder, tool = map(pathlib.Path, sys.argv[1:3])
constants = {"s": np.float32(0.25), "z": np.int8(0), "w": np.arange(-6, 6, dtype=np.int8).reshape(4, 3), "t": np.float32(0.5)}
nodes = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"), node("DequantizeLinear", "w t z", "v")]
nodes += [node("MatMul", "d v", "m"), node("QuantizeLinear", "m t z", "p"), node("DequantizeLinear", "p t z", "y")]
net = save(build(nodes, {"x": [1, 4]}, {"y": [1, 3]}, constants), folder / "net.onnx")
floats = save(build([node("MatMul", "x w", "y")], {"x": [1, 2]}, {"y": [1, 1]}, {"w": np.ones((2, 1), np.float32)}), folder / "floats.onnx")


def check(*arguments, path=os.environ["PATH"]):
    done = subprocess.run([sys.executable, tool, *arguments], capture_output=True, text=True, env=os.environ | {"PATH": path})
    return done.returncode, done.stdout + done.stderr


code, said = check("--frames=30", net, floats)
assert code == 0 and said.count("| passed: 30 frames, ") == 2 and said.count("| refused: ") == 2, said

code, said = check("--turns", "--frames=7", "--styles=sequencer", net)
assert code == 0 and "| passed, in turns: 7 frames, " in said, said

# A compiler whose expectations are wrong in a bit of the last frame.
liar = folder / "bin" / "nn-compile"
liar.parent.mkdir()
liar.write_text(f"#!/bin/sh\nset -e\n{shutil.which('nn-compile')} \"$@\"\nfor last; do :; done\nsed -i \\$y/0123456789abcdef/1032547698badcfe/ $last/tb/net_golden.hex\n")
liar.chmod(0o755)
code, said = check("--turns", "--frames=5", "--styles=unrolled", net, path=f"{liar.parent}:{os.environ['PATH']}")
assert code == 1 and "| FAILED: frame 4, beat 0 differs" in said, said
