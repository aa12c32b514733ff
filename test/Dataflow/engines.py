"""Random networks of engines: what two simulators make of the Verilog is what numpy says, in the clock that the schedule says."""
# RUN: %python %s %t
# REQUIRES: iverilog, verilator
import pathlib
import random
import re
import sys

from flownet import Network
from streaming import drive
from verilog import Icarus, Verilator, checked, lint, run

PASSES = ["-nn-generate-modules", "-nn-schedule-streams", "-nn-wire-network", "-nn-register-ports=outputs", "-canonicalize", "-cse", "-nn-print-verilog"]


def grow(net, rng, x):
    """One engine or two more behind `x`; the same stream where none fits."""
    kinds = ["matrix", "matrix", "table", "lanes", "multiply"]
    if x.rank:
        kinds += ["window"] * 5 + ["skip"] * 2 + ["reduce", "collect"]
    kind = rng.choice(kinds)
    span = x.most - x.least
    if span > 1 << 20:
        return net.matrix(x, 2, "forms")
    if kind == "matrix":
        return net.matrix(x, rng.randrange(1, 6))
    if kind == "table" and span < 300:
        return net.table(x, -9, 20)
    if kind == "multiply" and span < 300:
        return net.multiply(x, x)
    if kind == "lanes":
        return net.lanes([x], rng.randrange(1, 6))
    if kind == "reduce":
        return net.reduce(x, rng.choice(["sum", "max"]))
    if kind == "collect":
        return net.collect(x)
    if kind in ("window", "skip"):
        return window(net, rng, x, kind == "skip")
    return x


def window(net, rng, x, skips):
    kernel = [rng.randrange(1, 4) for _ in x.raster]
    dilations = [rng.choice([1, 1, 2]) for _ in x.raster]
    strides = [1 if skips else rng.choice([1, 1, 2, 3]) for _ in x.raster]
    reach = [(k - 1) * d for k, d in zip(kernel, dilations)]
    begin = [rng.randrange(r + 1) for r in reach]
    end = [r - b for r, b in zip(reach, begin)]
    if not skips and rng.random() < 0.3:
        begin, end = [0] * x.rank, [0] * x.rank
    if any(size + b + e <= r for size, b, e, r in zip(x.raster, begin, end, reach)):
        return x
    seen = net.window(x, kernel, strides, dilations, begin + end, rng.choice([0, x.least]))
    y = net.max(seen, x.lanes) if rng.random() < 0.3 else net.matrix(seen, rng.randrange(1, 4))
    return net.lanes([x, y], rng.randrange(1, 6)) if skips else y


def make(seed):
    rng = random.Random(seed)
    net = Network(seed, pipeline=rng.choice([None, 1, 2, 3, 8]))
    raster = [rng.randrange(1, 9) for _ in range(rng.choice([0, 1, 2, 2, 2]))]
    x = net.input(6, raster, rng.randrange(1, 4), *rng.choice([(0, 1), (-8, 7), (0, 255), (-128, 127), (-3, 4)]))
    for _ in range(rng.randrange(1, 5)):
        x = grow(net, rng, x)
    net.output(x)
    return net


def emit(net, folder):
    """The files of the Verilog and the network's attributes; None: refused, as it may be."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "net.mlir").write_text(net.text)
    done = run("nn-opt", folder / "net.mlir", *PASSES, "-o", folder / "out.mlir")
    if done.returncode:
        assert "error: -style=unrolled: " in done.stderr or ": error: " in done.stderr and "-style=unrolled" in done.stderr, done.stderr
        return None
    (folder / "design.txt").write_text(done.stdout)
    checked("split-file", "--no-leading-lines", folder / "design.txt", folder)
    text = (folder / "out.mlir").read_text()
    number = lambda name: int(re.search(rf"flow\.network[^{{]*{{[^}}]*{name} = (\d+)", text)[1])
    return re.findall(r"^//--- (\w+\.v)$", done.stdout, re.M), number("latency") + 1, number("interval")


def check(seed, folder, simulators):
    net = make(seed)
    emitted = emit(net, folder)
    if emitted is None:
        return False
    files, latency, interval = emitted
    said = lint(folder, "net", files)
    assert not said, f"seed {seed}: {said}"
    pause = random.Random(seed).choice([0, 0.3])
    frames, result = net.stream.beats(), net.result
    came, got = drive(folder, "net", files, frames, net.stream.lane_width * net.stream.lanes,
                      result.lane_width * result.lanes, pause, interval - frames.shape[1], 900, seed, simulators)
    assert [v for _, v in got] == [int(v) for v in result.beats().reshape(-1)], f"seed {seed}"
    assert pause or got[0][0] - came[0] == latency, f"seed {seed}: latency {got[0][0] - came[0]}, promised {latency}"
    return True


folder = pathlib.Path(sys.argv[1])
first, count = (int(a) for a in sys.argv[2:4]) if len(sys.argv) > 2 else (0, 40)
done = sum(check(seed, folder / str(seed), (Icarus, Verilator) if seed % 20 == 0 else (Icarus,)) for seed in range(first, first + count))
assert done > count * 0.7, f"only {done} of {count} were not refused"
