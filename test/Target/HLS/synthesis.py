"""yosys reads every construct without a warning and maps it: memories to block RAM, each adder to one carry chain, a product
of narrow numbers to a narrow multiplier."""
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



def tree(widths, extension):
    """The sum of eight bytes, the adders of each level as wide as said."""
    lines = [f"%w0_{i} = rtl.{extension} %x{i} : i8 -> i{widths[0]}" for i in range(8)]
    for level, (width, wider) in enumerate(zip(widths, [*widths[1:], widths[-1]])):
        for i in range(4 >> level):
            lines.append(f"%sum{level}_{i} = rtl.add %w{level}_{2 * i}, %w{level}_{2 * i + 1} : i{width}")
            lines.append(f"%w{level + 1}_{i} = rtl.{extension} %sum{level}_{i} : i{width} -> i{wider}")
    body, ports = "\n".join(lines), ", ".join(f"in %x{i}: i8" for i in range(8))
    return f"rtl.design @tree {{ rtl.module @tree({ports}, out y: i{width}) {{\n{body}\nrtl.output %sum2_0 : i{width} }} }}"


# Each adder is one carry chain, a cell for a bit, however it is extended and where it feeds another one as it stands.
for widths, extension in (((9, 10, 11), "sext"), ((9, 10, 11), "zext"), ((11, 11, 11), "sext")):
    cells = synthesise(folder / "tree", "tree", emit(tree(widths, extension), folder / "tree"), "synth_ice40")
    assert cells["SB_LUT4"] <= 4 * widths[0] + 2 * widths[1] + widths[2], (widths, extension, cells)

# 512 words of 12 bits fill two blocks of 4096 bits, 256 of 16 bits one, and nothing is built around them.
words = [i * i * 37 % 4096 - 2048 for i in range(512)]
blocks = f"""rtl.design @kws {{
  rtl.rom @kws_rom = dense<{words}> : tensor<512xi12>
  rtl.ram @kws_ram : 256 x i16
  rtl.module @kws(in %go: i1, in %a: i9, in %w: i8, in %r: i8, in %x: i16, out y: i12, out z: i16, out p: i16) {{
    %y = rtl.instance "rom" @kws_rom(enable: %go : i1, addr: %a : i9) -> (data: i12)
    %z = rtl.instance "ram" @kws_ram(write_enable: %go : i1, write_addr: %w : i8, write_data: %x : i16,
                                     read_enable: %go : i1, read_addr: %r : i8) -> (read_data: i16)
    %lhs = rtl.sext %w : i8 -> i16
    %rhs = rtl.sext %r : i8 -> i16
    %p = rtl.mul %lhs, %rhs : i16
    rtl.output %y, %z, %p : i12, i16, i16
  }}
}}"""
files = emit(blocks, folder / "blocks")
cells = synthesise(folder / "blocks", "kws", files, "synth_ice40")
assert cells["SB_RAM40_4K"] == 3 and cells["SB_LUT4"] < 200 and not any(c.startswith("SB_DFF") for c in cells), cells
cells = synthesise(folder / "blocks", "kws", files, "synth_xilinx")
assert cells["DSP48E1"] == 1 and "RAMB18E1" in cells, cells
