"""A sequencer answers as the interpreter does, bit for bit, at the clocks that it promises: layers of all kinds, on lanes
that divide their channels and on lanes that do not."""
# RUN: %python %s %t
# REQUIRES: iverilog, verilator
import pathlib
import sys

from cores import build, simulate
from layers import ENDS, KINDS, SEQUENCED, dense, images
from verilog import Icarus, Verilator

PASSES = ["-nn-prove-elementwise", "-nn-prove-requantization", "-nn-find-thresholds=keeps-scales",
          "-nn-tabulate-islands"]


def check(folder, network, lanes, simulator, frames):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "net.mlir").write_text(network.function("net"))
    core, cycles, terms = build(folder / "net.mlir", lanes, *PASSES)
    assert cycles == terms, (cycles, terms)
    frames = network.frames(frames)
    expected = network.answers(folder, frames)
    for wanted, (got, clocks) in zip(expected, simulate(core, folder, frames, simulator, linted=lanes in (1, 3))):
        assert got == wanted, f"{folder}\n{got}\n{wanted}"
        assert clocks[0] == core.latency and clocks[-1] == core.input["beats"] - 1 + cycles, (clocks, core.latency, cycles)


folder = pathlib.Path(sys.argv[1])
for i, kind in enumerate(KINDS + SEQUENCED + ENDS):
    for lanes in (1, 2, 3, 8, 16) if kind in (dense, images) else (1, 3, 16):
        check(folder / f"{kind.__name__}{lanes}", kind(i), lanes, Icarus, 4)
check(folder / "verilated", images(99), 3, Verilator, 200)
