"""A ROM whose image is missing stops simulation and synthesis; one that is short or another's, simulation; its own is read."""
# RUN: %python %s %t
# REQUIRES: iverilog, verilator, yosys
import pathlib
import sys

from verilog import Icarus, Verilator, emit, run

DESIGN = """rtl.design @kws {
  rtl.rom @kws_weights = dense<[1, -2, 3, 90]> : tensor<4xi8>
  rtl.rom @kws_flags = dense<[1, 0, 1, 1]> : tensor<4xi1>
  rtl.module @kws(in %at: i2, out y: i9) {
    %always = rtl.constant 1 : i1
    %w = rtl.instance "weights" @kws_weights(enable: %always : i1, addr: %at : i2) -> (data: i8)
    %f = rtl.instance "flags" @kws_flags(enable: %always : i1, addr: %at : i2) -> (data: i1)
    %y = rtl.concat %f, %w : i1, i8
    rtl.output %y : i9
  }
}
"""
TESTBENCH = """module tb;
  reg clk = 0;
  reg [1:0] at;
  wire [8:0] y;
  integer i;
  kws dut (.clk(clk), .at(at), .y(y));
  initial begin
    #1;
    for (i = 0; i < 4; i = i + 1) begin
      at = i[1:0];
      #1 clk = 1;
      #1 clk = 0;
      $display("word %h", y);
    end
    $finish;
  end
endmodule
"""
folder = pathlib.Path(sys.argv[1])
files = emit(DESIGN, folder)
image = folder / "kws_weights.hex"
right = image.read_text()
assert right.endswith("\n")
(folder / "tb.v").write_text(TESTBENCH)
simulators = [kind(folder, "tb", ["tb.v", *files]) for kind in (Icarus, Verilator)]


def synthesis():
    return run("yosys", "-q", "-p", f"read_verilog {' '.join(files)}; synth -top kws", cwd=folder)



def words(done):
    return [line for line in done.stdout.splitlines() if line.startswith("word")]


for simulate in simulators:
    assert words(simulate()) == ["word 101", "word 0fe", "word 103", "word 15a"]
assert synthesis().returncode == 0

for wrong in (None, "01\nfe\n03\n", "01\nfe\n5a\n03\n", "01\nfe\n03\n5b\n"):
    image.unlink() if wrong is None else image.write_text(wrong)
    for simulate in simulators:
        done = simulate()
        assert done.returncode != 0 and not words(done), (wrong, done)
        assert "kws_weights.hex" in done.stdout + done.stderr, done
    assert wrong is not None or synthesis().returncode != 0

# Words inside of the module need no image.
files = emit(DESIGN, folder / "case", "rom=case")
(folder / "case/tb.v").write_text(TESTBENCH)
assert not (folder / "case/kws_weights.hex").exists()
assert words(Icarus(folder / "case", "tb", ["tb.v", *files])())[-1] == "word 15a"
