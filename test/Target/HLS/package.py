"""Every file around a core is read by the tool that it is for, and says nothing of the machine it was written on."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: iverilog, verilator, yosys
import json
import pathlib
import re
import shutil
import sys

import rtlcores
from hlspackage import package
from verilog import checked, lint, run

folder = pathlib.Path(sys.argv[1])
core = rtlcores.several()
files = package(core, folder, "low")
name = core.name
manifest = json.loads((folder / f"{name}.json").read_text())
paths = [entry["path"] for entries in manifest["files"].values() for entry in entries]
assert sorted(manifest["files"]) == ["ip", "list", "pack", "parameters", "runtime", "synthesis", "test", "verilog"], manifest["files"].keys()

# A licence, no absolute path, the same bytes anywhere.
package(core, folder / "again", "low")
for path in paths:
    text = (folder / path).read_text()
    assert path.endswith(".hex") or "SPDX-License-Identifier: 0BSD" in "".join(text.splitlines(True)[:3]), path
    assert not re.search(r"(^|[\s\"'(=])/\w", text.replace("/*", "").replace("//", "")), path
    assert text == (folder / "again" / path).read_text(), path

# A folder in the folder: what is no longer made goes, what is the user's stays.
here = folder / "inner"
rom = rtlcores.lookup()
package(rom, here)
assert (here / "rtl/lookup_words.hex").exists()
(here / "synth/mine.ys").write_text("stat\n")
package(rom, here, "case")
assert not (here / "rtl/lookup_words.hex").exists() and (here / "synth/mine.ys").exists()
(here / "rtl/lookup_words.hex").write_text("mine")
assert "is in the way" in run("test-write-package", here / "design.mlir", here / "core.json", here).stderr

# Two networks in one folder keep out of each other's way.
package(rtlcores.late(), folder)
assert "late_axis" in (folder / "late.component.xml").read_text() and "several_axis" in (folder / "component.xml").read_text()
assert (folder / "late.vivado.tcl").exists() and (folder / "rtl/late.v").exists() and (folder / files[0]).exists()

# Linters are silent about both tops; the list of files is read by both simulators.
for top in (name, f"{name}_axis"):
    said = lint(folder, top, files)
    assert not said, said
    said = lint(folder, top, ["-f", f"{name}.f"])
    assert not said, said

# The parameters are numbers that Verilog takes.
(folder / "user.v").write_text(f"""`include "{name}_params.vh"
`include "{name}_params.vh"
module user;
  initial begin
    $display("%0d %0d %0d %h", `SEVERAL_LATENCY, `SEVERAL_II, `SEVERAL_AXIS_IN_BITS, `SEVERAL_BUILD_ID);
    $finish;
  end
endmodule
""")
checked("iverilog", "-g2005", "-Wall", "-I", "rtl", "-o", "user.vvp", "user.v", cwd=folder)
assert checked("vvp", "user.vvp", cwd=folder).stdout.splitlines()[0] == "4 4 16 1234abcd"

# Every script of yosys maps the core.
for script, cell in (("ice40", "SB_LUT4"), ("ecp5", "LUT4"), ("xilinx7", "LUT6"), ("gates", "$_DFFE_PP_")):
    done = checked("yosys", "-s", f"synth/{name}_{script}.ys", cwd=folder)
    assert cell in done.stdout, script

# Tcl: the interpreter that yosys has, on procedures that write down how they were called.
(folder / "stubs.tcl").write_text("""foreach command {read_verilog read_xdc synth_design opt_design place_design route_design
    report_utilization report_timing_summary create_clock set_input_delay set_output_delay get_ports} {
  proc $command args "puts \\"called $command \\$args\\"; return ports"
}
set argc 0
source [lindex {vivado.tcl several.sdc} 0]
source several.sdc
""")
done = checked("yosys", "-c", "stubs.tcl", cwd=folder)
for call in ("read_verilog {rtl/several.v ", "read_xdc several.sdc", "synth_design -top several", "get_ports clk",
             "get_ports {rst_n in_valid in_data[*]}"):  # fmt: skip
    assert f"called {call}" in done.stdout, (call, done.stdout)

package(rtlcores.bits(), folder / "bits")
assert "{rst in_valid in_data}" in (folder / "bits/bits.sdc").read_text()  # no vector

# XML, where there is a reader; and it names each port of the top.
component = (folder / "component.xml").read_text()
if shutil.which("xmllint"):
    checked("xmllint", "--noout", "component.xml", cwd=folder)
ports = re.findall(r"(?:input|output) wire (?:\[\d+:0\] )?(\w+)", (folder / f"rtl/{name}_axis.v").read_text())
parameters = dict(re.findall(r"<spirit:name>(\w+)</spirit:name>\s*<spirit:value>([\w:]+)", component))
assert parameters == {"ASSOCIATED_BUSIF": "s_axis:m_axis", "ASSOCIATED_RESET": "aresetn", "POLARITY": "ACTIVE_LOW"}, parameters
described = re.findall(r"<spirit:port>\s*<spirit:name>(\w+)", component)
assert sorted(ports) == sorted(described), (ports, described)

# FuseSoC's description, where there is a reader, names files that are there.
try:
    import yaml
except ImportError:
    yaml = None
if yaml:
    text = (folder / f"{name}.core").read_text()
    head, _, body = text.partition("\n")
    assert head == "CAPI=2:"
    described = yaml.safe_load(body)
    listed = [next(iter(f)) if isinstance(f, dict) else f for s in described["filesets"].values() for f in s["files"]]
    assert set(files) <= set(listed) and all((folder / f).exists() for f in listed), listed
    assert {"default", "lint", "sim", "synth"} <= set(described["targets"])
    for target in described["targets"].values():
        assert set(target["filesets"]) <= set(described["filesets"]), target
