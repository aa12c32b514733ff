"""-luts, -brams, -dsps and -max-latency: what does not fit is refused with its number, the biggest users and what would do,
which does; what fits to the cell is compiled. -emit chooses among report, testbenches and all of the Verilog."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import os
import pathlib
import re
import shlex
import sys

from integers import Network
from nnctest import nn_compile

out = pathlib.Path(sys.argv[1])
net = Network(5, [1, 12])
x = net.clip(net.requantize(net.matmul(net.input, 16, (-16, 15)), 2.0**-4), 0, 63)
net.matmul(x, 5, (-16, 15))
(out / "net.mlir").write_text(net.function("net"))


def run(*options, folder="small"):
    return nn_compile(out / "net.mlir", "-target=hls", "-emit=report", "-name=net", "-q", "-o", out / folder, *options)


def facts(folder):
    return json.load(open(out / folder / "net.json"))


def spaced(number):
    return f"{number:,}".replace(",", " ")


done = run(folder="all")
assert done.returncode == 0, done.stderr
whole = facts("all")
assert sorted(whole["files"]) == ["report"], whole["files"]
assert whole["macs"] == 12 * 16 + 16 * 5, whole["macs"]
lut, latency = whole["area"]["lut"], whole["latency_cycles"]
assert run(f"-luts={lut}", f"-max-latency={latency}", "-brams=0", "-dsps=0", folder="fits").returncode == 0

# One table too few: the sequencer that is named keeps the budget.
done = run(f"-luts={lut - 1}")
assert done.returncode == 1 and not os.path.exists(out / "small"), done.stderr
(line,) = done.stderr.splitlines()
assert line.startswith(f"net.mlir: error: -luts: {spaced(lut)} lookup tables are needed, the budget is {spaced(lut - 1)}; biggest: "), line
users = [int(n.replace(" ", "")) for n in re.findall(r"'[^']*' ([\d ]+)(?=[,;])", line)]
assert users == sorted(users, reverse=True) and users[0] == max(layer["lut"] for layer in whole["layers"]), line
advice, luts, brams, clocks = re.search(
    r"; (-style=sequencer -lanes=\d+), which takes ([\d ]+) LUTs, ([\d ]+) block RAMs and has latency ([\d ]+), would do$", line
).groups()
done = run(f"-luts={lut - 1}", *shlex.split(advice), folder="advised")
assert done.returncode == 0, done.stderr
advised = facts("advised")
assert spaced(advised["area"]["lut"]) == luts and spaced(advised["latency_cycles"]) == clocks, (line, advised)

# A machine that is too slow: more lanes, or none that is quick enough.
done = run("-style=sequencer", f"-max-latency={advised['latency_cycles']}", folder="slow")
if advice == "-style=sequencer -lanes=1":
    assert done.returncode == 0
else:
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1 and "-max-latency: " in line and advice in line, line
done = run("-style=sequencer", "-max-latency=0")
assert done.returncode == 1 and "-style=unrolled -pipeline=0" in done.stderr, done.stderr
assert f"-max-latency: " in done.stderr and "clocks pass before the first result, the budget is 0" in done.stderr, done.stderr

# Budgets that contradict each other are both named, and so is what comes nearest.
done = run("-luts=1", "-max-latency=0")
assert [re.match(r"net.mlir: error: -([\w-]+):", l)[1] for l in done.stderr.splitlines()] == ["luts", "max-latency"], done.stderr
assert "nothing that was tried keeps all budgets; the smallest is -style=sequencer -lanes=1, which takes " in done.stderr, done.stderr
assert not os.path.exists(out / "small")

# -emit=test: the testbenches, and what they play with.
done = nn_compile(out / "net.mlir", "-target=hls", "-emit=test", "-name=net", "-q", "-o", out / "test")
assert done.returncode == 0, done.stderr
files = set(facts("test")["files"])
assert {"test", "verilog", "list"} <= files and not {"ip", "synthesis", "report"} & files, files
