"""Cores of networks in simulation: frames go in as the core asks for it, results and their clocks come out."""

import pathlib
import random
import re

from verilog import Verilator, checked, emit, lint


class Core:
    """What a design promises, read from its attribute `core`."""

    def __init__(self, text):
        self.text = text
        self.name = re.search(r"rtl\.design @(\w+)", text)[1]
        sides = re.findall(
            r"(input|output) = \{beats = (\d+) : i64, bits = (\d+) : i64, order = array<i32: ([\d, ]+)>, signed = (\w+)\}",
            text,
        )
        for side, beats, bits, order, signed in sides:
            order = [int(i) for i in order.split(",")]
            setattr(self, side, {"beats": int(beats), "bits": int(bits), "order": order, "signed": signed == "true"})
        self.latency = int(re.search(r"latency = (\d+) : i64", text)[1])
        self.pause = int(re.search(r"pause = (\d+) : i64", text)[1])


TESTBENCH = """module tb;
  reg clk = 0, rst = 1;
  reg [{width}:0] now, stimuli [0:{count} - 1];
  integer repeats [0:{count} - 1];
  integer i, j, cycle = 0;
  wire out_valid;
  wire [{out_width}:0] out_data;
  {name} dut (.clk(clk), .rst(rst), .in_valid(now[{width}]), .in_data(now[{width} - 1:0]), .out_valid(out_valid),
      .out_data(out_data));
  task tick;
    begin
      #4 if (!rst && out_valid) $display("%0d %h", cycle, out_data);
      #1 clk = 1;
      #5 clk = 0;
    end
  endtask
  initial begin
    $readmemh("stimuli.hex", stimuli);
    $readmemh("repeats.hex", repeats);
    now = 0;
    for (i = 0; i < 4; i = i + 1) tick;
    rst = 0;
    for (i = 0; i < {count}; i = i + 1)
      for (j = 0; j < repeats[i]; j = j + 1) begin
        now = stimuli[i];
        tick;
        cycle = cycle + 1;
      end
    $finish;
  end
endmodule
"""


def stimuli(core, frames, rng, bubbles):
    """(beat or None, clocks) one after another; the clock of each frame's first beat and the pauses inside of it."""
    play, starts, clock = [], [], 0
    for number, frame in enumerate(frames):
        starts.append([clock, 0])
        for i, element in enumerate(core.input["order"]):
            pause = rng.choice([0, 0, 1, 5]) if bubbles and i and number % 2 else 0
            if pause:
                play.append((None, pause))
            play.append((frame[element], 1))
            starts[-1][1] += pause
            clock += pause + 1
        pause = core.pause + (rng.choice([0, 1, 7]) if bubbles and number % 2 else 0)
        play.append((None, pause))
        clock += pause
    return play + [(None, 20)], starts


def simulate(core, folder, frames, simulator=Verilator, bubbles=True, seed=1, linted=True):
    """The core's answers: for each frame its elements, and the clocks from its first beat (bubbles taken off) to each of
    them. Linters must have nothing to say."""
    folder = pathlib.Path(folder)
    files = emit(core.text, folder)
    if linted:
        said = lint(folder, core.name, files)
        assert not said, said
    bits = core.input["bits"]
    play, starts = stimuli(core, frames, random.Random(seed), bubbles)
    word = [0x5A % (1 << bits) if v is None else 1 << bits | int(v) % (1 << bits) for v, _ in play]
    (folder / "stimuli.hex").write_text("".join(f"{w:x}\n" for w in word))
    (folder / "repeats.hex").write_text("".join(f"{n:x}\n" for _, n in play))
    numbers = {"width": bits, "count": len(play), "out_width": core.output["bits"] - 1, "name": core.name}
    (folder / "tb.v").write_text(TESTBENCH.format(**numbers))
    done = simulator(folder, "tb", ["tb.v", *files])()
    lines = [line.split() for line in done.stdout.splitlines() if re.fullmatch(r"\d+ [0-9a-fxz]+", line)]
    beats = core.output["beats"]
    assert len(lines) == beats * len(frames), f"{len(lines)} results of {beats * len(frames)}\n{done.stdout[-500:]}{done.stderr}"
    answers = []
    for i, (start, paused) in enumerate(starts):
        own = lines[i * beats : (i + 1) * beats]
        elements = [None] * beats
        for (_, data), element in zip(own, core.output["order"]):
            value = int(data, 16)
            if core.output["signed"] and value >> (core.output["bits"] - 1):
                value -= 1 << core.output["bits"]
            elements[element] = value
        answers.append((elements, [int(clock) - start - paused for clock, _ in own]))
    return answers


def build(network, lanes, *passes):
    """The core of a network in dialect nn, and its formula as the remark says it: cycles and the sum of the terms."""
    flags = [*passes, f"-nn-sequencer=lanes={lanes}", "-canonicalize", "-cse"]
    done = checked("nn-opt", network, *flags)
    cycles, terms = re.search(r"remark: \w+: (\d+) cycles .* = ([-+* \d]+)", done.stderr).groups()
    return Core(done.stdout), int(cycles), eval(terms)
