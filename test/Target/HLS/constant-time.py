"""The netlist shows that no bit of data reaches what decides when something happens; where one does, the script fails."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: yosys
import pathlib
import sys

import rtlcores
from hlspackage import package
from verilog import run

folder = pathlib.Path(sys.argv[1])


def judged(core, change=None):
    """yosys on the script of a package in which `change` was made: (file, old, new)."""
    package(core, folder, frames=4)
    if change:
        file, old, new = change
        text = (folder / file).read_text()
        assert old in text, text
        (folder / file).write_text(text.replace(old, new, 1))
    return run("yosys", "-q", "-e", ".*", "-s", f"synth/{core.name}_constant_time.ys", cwd=folder)


def refuses(core, change=None):
    done = judged(core, change)
    return done.returncode != 0 and "selection is not empty: @data @" in done.stderr


for make in rtlcores.ALL:
    done = judged(make())
    assert done.returncode == 0, (make, done)

# A core that leaves out zeros; results, ends of frames, errors and the door of the stream that look at data.
assert refuses(rtlcores.late(leak=True))
stream = "rtl/late_axis.v"
for output, value in (("m_axis_tvalid", "fifo_valid & fifo_data[0]"), ("m_axis_tlast", "fifo_data[3]"),
                      ("s_axis_tready", "ready & s_axis_tdata[7]"), ("frame_error", "error | s_axis_tdata[0]")):  # fmt: skip
    assert refuses(rtlcores.late(), (stream, f"assign {output} = ", f"assign {output} = {value}; //")), output
assert refuses(rtlcores.late(), (stream, ".write(core_out_valid)", ".write(core_out_valid & core_out_data[0])"))
# The place of a word, which no output tells.
assert refuses(rtlcores.late(), ("rtl/late_axis_fifo.v", ".write_addr(write_at)", ".write_addr(write_at ^ write_data[2:0])"))
# A script that looks at a net without data would show nothing.
assert judged(rtlcores.late(), ("rtl/late.v", "assign out_data = ", "assign out_data = 42'h0; //")).returncode != 0
