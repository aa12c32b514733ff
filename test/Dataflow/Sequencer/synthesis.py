"""A jet tagger as large as the published one (16-64-32-32-5, six bits) on one lane and on sixteen: cells, clocks, and the
prototype that it must not fall behind."""
# RUN: %python %s %t
# REQUIRES: yosys
import pathlib
import sys

from cores import build
from integers import Network
from verilog import emit, synthesise

PROTOTYPE = {1: 4656, 16: 316}  # cycles: the sum of ceil(outputs / lanes) * (inputs + 3) over layers, and one
LUTS = {1: 365, 16: 2500}


def tagger():
    net = Network(1, [1, 16])
    x = net.input
    for outputs, scale in ((64, 2.0**-3), (32, 2.0**-5), (32, 2.0**-5)):
        x = net.clip(net.requantize(net.matmul(x, outputs, (-32, 31)), scale), 0, 63)
    net.matmul(x, 5, (-32, 31))
    return net


for lanes, most in LUTS.items():
    folder = pathlib.Path(sys.argv[1]) / str(lanes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "net.mlir").write_text(tagger().function("net"))
    core, cycles, _ = build(folder / "net.mlir", lanes)
    assert cycles <= PROTOTYPE[lanes], cycles
    cells = synthesise(folder, "net", emit(core.text, folder), "synth_xilinx -nodsp -flatten")
    luts = sum(n for cell, n in cells.items() if cell.startswith("LUT")) + 4 * cells.get("RAM64M", 0)
    assert luts <= most and any(cell.startswith("RAMB") for cell in cells), cells
