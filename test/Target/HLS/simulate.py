"""Every construct at random: what two simulators make of the Verilog is what the ops mean; linters say nothing."""
# RUN: %python %s %t
# REQUIRES: iverilog, verilator
import pathlib
import random
import sys

from rtldesign import everything
from verilog import Icarus, Verilator, emit, lint

CYCLES, WARM_UP = 600, 200  # before, registers and memories without a reset may hold anything


def testbench(inputs, outputs, reset):
    """Plays stimuli.hex, a word a clock with the reset highest; prints all outputs before each clock."""
    width = sum(inputs.values()) + 1
    wires = "\n".join(f"  wire [{w - 1}:0] {p};" for p, w in outputs.items())
    pins, low = [], 0
    for port, w in reversed(inputs.items()):
        pins.append(f".{port}(now[{low + w - 1}:{low}])")
        low += w
    pins += [f".{port}({port})" for port in outputs]
    return f"""module tb;
  reg clk = 0;
  reg [{width - 1}:0] now, stimuli [0:{CYCLES - 1}];
  integer i;
{wires}
  all dut (.clk(clk), .{reset[0]}(now[{width - 1}] ^ 1'b{reset[1]}), {", ".join(pins)});
  initial begin
    $readmemh("stimuli.hex", stimuli);
    for (i = 0; i < {CYCLES}; i = i + 1) begin
      now = stimuli[i];
      #4 $display("{" ".join(["%h"] * len(outputs))}", {", ".join(outputs)});
      #1 clk = 1;
      #5 clk = 0;
    end
    $finish;
  end
endmodule
"""


def stimuli(inputs, rng):
    """Random inputs, corners among them; resets at the start and now and then."""
    for cycle in range(CYCLES):
        corners = {p: [0, (1 << w) - 1, 1 << (w - 1)] for p, w in inputs.items()}
        values = {p: rng.choice(corners[p]) if rng.random() < 0.3 else rng.randrange(1 << w) for p, w in inputs.items()}
        yield cycle < 3 or rng.random() < 0.03, values


def check(folder, seed, options, simulators, asynchronous=False, low=False):
    text, top = everything(seed)
    files = emit(text, folder, options)
    said = lint(folder, "all", files)
    assert not said, said
    inputs = {p: v.width for p, v in top.inputs.items()}
    state, words, expected = top.initial(), [], []
    for reset, values in stimuli(inputs, random.Random(seed)):
        word = int(reset)
        for port, width in inputs.items():
            word = word << width | values[port]
        words.append(f"{word:x}\n")
        outputs, state = top.step(state, values, reset, asynchronous)
        expected.append([outputs[port] for port, _ in top.outputs])
    (folder / "stimuli.hex").write_text("".join(words))
    reset = ("rst_n", 1) if low else ("rst", 0)
    (folder / "tb.v").write_text(testbench(inputs, {p: v.width for p, v in top.outputs}, reset))
    for simulator in simulators:
        done = simulator(folder, "tb", ["tb.v", *files])()
        lines = [line.split() for line in done.stdout.splitlines() if "finish" not in line]
        assert len(lines) == CYCLES, done.stdout[-2000:] + done.stderr
        for cycle in range(WARM_UP, CYCLES):
            wanted = [f"{value:0{(v.width + 3) // 4}x}" for value, (_, v) in zip(expected[cycle], top.outputs)]
            assert lines[cycle] == wanted, f"{simulator.__name__}, seed {seed}, cycle {cycle}:\n{lines[cycle]}\n{wanted}"


folder = pathlib.Path(sys.argv[1])
check(folder / "sync", 1, "", [Icarus])
check(folder / "async", 2, "reset=async reset-level=low rom=case", [Icarus, Verilator], asynchronous=True, low=True)
check(folder / "low", 3, "reset-level=low", [Icarus], low=True)
for seed in range(4, 7):
    check(folder / str(seed), seed, "reset=async", [Icarus], asynchronous=True)
