"""What breaks a promise of a core, or of its stream, makes the testbenches fail, and they say what it was."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: iverilog, verilator
import pathlib
import sys

import rtlcores
from hlspackage import fails, icarus, package, verilator

folder = pathlib.Path(sys.argv[1])


def broken(core, name, file, old, new, axis, why):
    """One change of the Verilog, and what finds it."""
    here = folder / name
    files = package(core, here, frames=20)
    text = (here / file).read_text()
    assert old in text, (name, text)
    (here / file).write_text(text.replace(old, new, 1))
    done = verilator(here, core.name, files, True) if axis else icarus(here, core.name, files)
    assert fails(done, why), (name, done)


core = rtlcores.late()
broken(core, "value", "rtl/late.v", "14'h0001", "14'h0003", False, r"frame 0, beat 0 is")
broken(core, "early", "rtl/late.v", "out_valid = reg_4", "out_valid = reg_2", False, "frame 0, beat 0")
broken(core, "late", "rtl/late.v", "reg_4 <= reg_2", "reg_4 <= reg_4 | reg_2", False, "a result that no frame has")
broken(core, "unknown", "rtl/late.v", "out_valid = reg_4", "out_valid = reg_4 & 1'bx", False, "unknown")
broken(core, "credit", "rtl/late_axis.v", "frames_owed != 3'h6", "frames_owed != 3'h0 | awake", True, "")
broken(core, "rate", "rtl/late_axis.v", "frames_owed != 3'h6", "frames_owed != 3'h5", True, "after the one before it")
core = rtlcores.several()
broken(core, "last", "rtl/several_axis.v", "m_axis_tlast = ", "m_axis_tlast = s_axis_tlast | ", True, "TLAST")
broken(core, "sticks", "rtl/several_axis.v", "frame_error = error", "frame_error = error & s_axis_tvalid", True, "frame_error")
broken(core, "early_only", "rtl/several_axis.v", "s_axis_tlast ^", "s_axis_tlast & ~", True, "frame_error")
broken(core, "missing_only", "rtl/several_axis.v", "s_axis_tlast ^", "~s_axis_tlast &", True, "frame_error")
# Results that depend on data, one beat of several, and a frame that is lost.
broken(core, "irregular", "rtl/several.v", "reg_7 <= reg_6", "reg_7 <= reg_6 & !in_data[0]", False, "unknown")
# Zeros that are no results: a core that is not constant in time.
here = folder / "leak"
leaking = rtlcores.late(leak=True)
assert fails(icarus(here, "late", package(leaking, here)), "has no result"), here
# Vectors that are not there are no vectors that agree.
here = folder / "missing"
files = package(rtlcores.late(), here)
(here / "tb/late_golden.hex").unlink()
assert fails(icarus(here, "late", files), "missing"), here
