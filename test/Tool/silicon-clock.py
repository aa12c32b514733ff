"""-clock is the clock that NAME.sdc asks for, 100 MHz unless said; the Verilog is the same, and so is the build."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import pathlib
import re
import sys

from integers import Network
from nnctest import nn_compile

out = pathlib.Path(sys.argv[1])
net = Network(5, [1, 4])
net.matmul(net.input, 2, (-3, 3))
(out / "net.mlir").write_text(net.function("net"))


def compiled(folder, *options):
    done = nn_compile(out / "net.mlir", "-target=hls", "-q", "-o", out / folder, *options)
    assert done.returncode == 0, done.stderr
    constraints = (out / folder / "net.sdc").read_text()
    facts = json.load(open(out / folder / "net.json"))
    return float(re.search(r"create_clock .*-period (\S+)", constraints)[1]), facts["build_id"], (out / folder / "rtl/net.v").read_text()


period, *same = compiled("standard")
assert period == 10.0, period
period, *other = compiled("slow", "-clock=48")
assert period == 20.833, period
assert same == other
