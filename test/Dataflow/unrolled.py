"""Networks with every layer at work answer as the interpreter does, bit for bit, with frames at any distance and pauses
inside of them: layers of all kinds, with registers and without."""
# RUN: %python %s %t
# REQUIRES: iverilog, verilator
import pathlib
import re
import sys

from flownet import width
from layers import ENDS, KINDS, dense, fixed, images, skips, softmaxes
from streaming import drive
from verilog import Icarus, Verilator, checked, lint

PROOFS = "nn-prove-elementwise,nn-prove-requantization,nn-find-thresholds,nn-tabulate-islands"
ENGINES = "nn-generate-modules,nn-schedule-streams,nn-wire-network,rtl.design(nn-register-ports{outputs=true}),canonicalize,cse,nn-print-verilog"
STREAM = r"!flow\.stream<\[[\d, ]*\] x (\d+), (-?\d+), (-?\d+)>"


def numbers(text):
    return [int(n) for n in re.findall(r"-?\d+", text)]


class Side:
    """One side of the core: lanes of tensors side by side, each as wide as all need."""

    def __init__(self, op):
        self.orders = [numbers(o) for o in re.findall(r"array<i32: ([\d, ]+)>(?!,? ?schedule)", op.split("schedule")[0])]
        types = [tuple(map(int, t)) for t in re.findall(STREAM, op)]
        self.lanes, self.least, self.most = [t[0] for t in types], min(t[1] for t in types), max(t[2] for t in types)
        self.bits = width(self.least, self.most)
        self.beats = len(self.orders[0]) // self.lanes[0]
        self.width = self.bits * sum(self.lanes)

    def pack(self, frame):
        """A number for each beat."""
        (order,), (lanes,) = self.orders, self.lanes
        values = [int(frame[element]) % (1 << self.bits) for element in order]
        return [sum(v << self.bits * i for i, v in enumerate(values[b : b + lanes])) for b in range(0, len(values), lanes)]

    def unpack(self, beats):
        """The elements of all tensors, one tensor after another."""
        tensors = [[0] * len(order) for order in self.orders]
        for beat, word in enumerate(beats):
            for tensor, order, lanes in zip(tensors, self.orders, self.lanes):
                for lane in range(lanes):
                    value, word = word % (1 << self.bits), word >> self.bits
                    signed = self.least < 0 and value >> (self.bits - 1)
                    tensor[order[beat * lanes + lane]] = value - (1 << self.bits) if signed else value
        return [v for tensor in tensors for v in tensor]


def check(folder, network, pipeline, simulator, frames):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "net.mlir").write_text(network.function("net"))
    pipeline = f"builtin.module(func.func({PROOFS}),nn-build-flow{{pipeline={pipeline}}},{ENGINES})"
    done = checked("nn-opt", folder / "net.mlir", f"-pass-pipeline={pipeline}", "-o", folder / "out.mlir")
    (folder / "design.txt").write_text(done.stdout)
    checked("split-file", "--no-leading-lines", folder / "design.txt", folder)
    files = re.findall(r"^//--- (\w+\.v)$", done.stdout, re.M)
    said = lint(folder, "net", files)
    assert not said, said
    text = (folder / "out.mlir").read_text()
    into, out = (Side(re.search(rf"flow\.{op} .*", text)[0]) for op in ("input", "output"))
    interval = int(re.search(r"interval = (\d+)", text)[1])
    frames = network.frames(frames)
    data = [into.pack(frame) for frame in frames]
    _, got = drive(folder, "net", files, data, into.width, out.width, 0.2, interval - into.beats, 900, simulators=(simulator,))
    assert len(got) == out.beats * len(frames), (len(got), out.beats)
    for i, wanted in enumerate(network.answers(folder, frames)):
        answer = out.unpack([word for _, word in got[i * out.beats : (i + 1) * out.beats]])
        assert answer == list(wanted), f"{folder}, frame {i}\n{answer}\n{wanted}"


folder = pathlib.Path(sys.argv[1])
LARGE = (images, skips, fixed)  # for Icarus Verilog
for i, kind in enumerate(KINDS + ENDS):
    check(folder / f"{kind.__name__}3", kind(i), 3, Verilator if kind in LARGE else Icarus, 2)
for kind in dense, softmaxes:
    check(folder / f"{kind.__name__}0", kind(1), 0, Icarus, 2)
