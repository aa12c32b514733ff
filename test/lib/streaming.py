"""Drives a core `in_valid in_data -> out_valid out_data` with frames, and says what came out, and when."""

import random

from verilog import Icarus, Verilator


def testbench(top, in_width, out_width, clocks, clocked=True):
    pins = ".clk(clk), .rst(rst), " if clocked else ""
    return f"""module tb;
  reg clk = 0, rst = 1;
  reg [{in_width}:0] now, stimuli [0:{clocks - 1}];
  wire out_valid;
  wire [{out_width - 1}:0] out_data;
  integer i;
  {top} dut ({pins}.in_valid(now[{in_width}]), .in_data(now[{in_width - 1}:0]), .out_valid(out_valid), .out_data(out_data));
  initial begin
    $readmemh("stimuli.hex", stimuli);
    now = 0;
    for (i = 0; i < 4; i = i + 1) begin
      #5 clk = 1;
      #5 clk = 0;
    end
    rst = 0;
    for (i = 0; i < {clocks}; i = i + 1) begin
      now = stimuli[i];
      #4 if (out_valid !== 1'b0) $display("beat %0d %b %h", i, out_valid, out_data);
      #1 clk = 1;
      #5 clk = 0;
    end
    $finish;
  end
endmodule
"""


def plan(frames, beats, rng, pause, gap, settle):
    """For each clock the beat that comes in it, or None. `pause`: chance of a clock without one within a frame; `gap`: clocks
    without one between frames, at least."""
    clocks = []
    for frame in range(frames):
        for beat in range(beats):
            while beat and rng.random() < pause:
                clocks.append(None)
            clocks.append((frame, beat))
        clocks += [None] * (gap + rng.choice([0, 0, rng.randrange(4), rng.randrange(40)]))
    return clocks + [None] * settle


def drive(folder, top, files, frames, in_width, out_width, pause=0.0, gap=0, settle=200, seed=1, simulators=(Icarus, Verilator),
          clocked=True):
    """`frames` are numbers by frame and beat. Gives (clocks in which each input beat came, [(clock, number) …])."""
    rng = random.Random(seed)
    clocks = plan(len(frames), len(frames[0]), rng, pause, gap, settle)
    with open(folder / "stimuli.hex", "w") as stimuli:
        for at in clocks:
            data = rng.getrandbits(in_width) if at is None else (1 << in_width) | int(frames[at[0]][at[1]])
            stimuli.write(f"{data:x}\n")
    (folder / "tb.v").write_text(testbench(top, in_width, out_width, len(clocks), clocked))
    came = [clock for clock, at in enumerate(clocks) if at is not None]
    outputs = []
    for simulator in simulators:
        done = simulator(folder, "tb", ["tb.v", *files])()
        lines = [line.split() for line in done.stdout.splitlines() if line.startswith("beat ")]
        assert all(valid == "1" for _, _, valid, _ in lines), f"{simulator.__name__}: out_valid unknown"
        assert all(set(data) <= set("0123456789abcdef") for *_, data in lines), f"{simulator.__name__}: unknown bits"
        outputs.append([(int(clock), int(data, 16)) for _, clock, _, data in lines])
    assert all(o == outputs[0] for o in outputs)
    return came, outputs[0]
