"""yosys reads every construct without a warning and maps it; memories become block RAM, an adder one carry chain, a product of
narrow numbers a narrow multiplier."""
# RUN: %python %s %t
# REQUIRES: yosys
import pathlib
import sys

from rtldesign import everything
from verilog import emit, synthesise

folder = pathlib.Path(sys.argv[1])
text, _ = everything()
for options, target in (("", "synth_xilinx"), ("rom=case reset=async reset-level=low", "synth_ice40")):
    files = emit(text, folder / target, options)
    assert synthesise(folder / target, "all", files, target)

# Eight signed bytes: seven adders, of 9, 9, 9, 9, 10, 10 and 11 bits.
lines = [f"%w{i} = rtl.sext %x{i} : i8 -> i9" for i in range(8)]
for width, pairs in ((9, [("w0", "w1"), ("w2", "w3"), ("w4", "w5"), ("w6", "w7")]), (10, [("s0", "s1"), ("s2", "s3")]), (11, [("s4", "s5")])):
    first = len([line for line in lines if "add" in line])
    for i, (a, b) in enumerate(pairs):
        lines.append(f"%s{first + i}n = rtl.add %{a}, %{b} : i{width}")
        lines.append(f"%s{first + i} = rtl.sext %s{first + i}n : i{width} -> i{width + 1}")
ports = ", ".join(f"in %x{i}: i8" for i in range(8))
adders = f"rtl.design @tree {{ rtl.module @tree({ports}, out y: i11) {{\n" + "\n".join(lines) + "\nrtl.output %s6n : i11 } }"
cells = synthesise(folder / "tree", "tree", emit(adders, folder / "tree"), "synth_ice40")
assert cells["SB_LUT4"] <= 4 * 9 + 2 * 10 + 11, cells

product = """rtl.design @product { rtl.module @product(in %a: i8, in %b: i8, out y: i16) {
  %wa = rtl.sext %a : i8 -> i16
  %wb = rtl.sext %b : i8 -> i16
  %y = rtl.mul %wa, %wb : i16
  rtl.output %y : i16
} }"""
cells = synthesise(folder / "product", "product", emit(product, folder / "product"), "synth_xilinx")
assert cells["DSP48E1"] == 1, cells
cells = synthesise(folder / "product", "product", emit(product, folder / "product"), "synth_ice40")
assert cells["SB_LUT4"] < 200, cells

# 512 words of 12 bits fill two blocks of 4096 bits, 256 of 16 bits one; nothing else is built around them.
words = [i * i * 37 % 4096 - 2048 for i in range(512)]
memories = f"""rtl.design @mem {{
  rtl.rom @mem_rom = dense<{words}> : tensor<512xi12>
  rtl.ram @mem_ram : 256 x i16
  rtl.module @mem(in %go: i1, in %a: i9, in %w: i8, in %r: i8, in %x: i16, out y: i12, out z: i16) {{
    %y = rtl.instance "rom" @mem_rom(enable: %go : i1, addr: %a : i9) -> (data: i12)
    %z = rtl.instance "ram" @mem_ram(write_enable: %go : i1, write_addr: %w : i8, write_data: %x : i16,
                                     read_enable: %go : i1, read_addr: %r : i8) -> (read_data: i16)
    rtl.output %y, %z : i12, i16
  }}
}}"""
files = emit(memories, folder / "mem")
cells = synthesise(folder / "mem", "mem", files, "synth_ice40")
assert cells.pop("SB_RAM40_4K") == 3 and sum(cells.values()) < 5, cells
cells = synthesise(folder / "mem", "mem", files, "synth_xilinx")
assert cells["RAMB18E1"] == 2 and not any(cell.startswith(("LUT", "FD")) for cell in cells), cells
