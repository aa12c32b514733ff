"""The area that NAME.json predicts is within a tenth of what yosys makes of the same Verilog (of the smallest sequencer, whose control
ABC makes much of, within an eighth): LUTs, those of memories and shift registers among them, and flip-flops; block RAMs are exact.
Layers add up to the whole."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx, yosys
import json
import pathlib
import sys

import numpy as np
from integers import Network
from nnctest import nn_compile
from verilog import synthesise

out = pathlib.Path(sys.argv[1])


def tagger(seed):
    net = Network(seed, [1, 10])
    x = net.clip(net.requantize(net.matmul(net.input, 10, (-16, 15)), 2.0**-4), 0, 63)
    x = net.clip(net.requantize(net.matmul(x, 8, (-16, 15)), 2.0**-5), 0, 63)
    net.matmul(x, 5, (-16, 15))
    return net


def image(seed):
    net = Network(seed, [1, 1, 6, 6])
    x = net.requantize(net.conv(net.input, 4, [3, 3], pads=[1, 1, 1, 1]), 0.0171337)
    net.requantize(net.conv(net.max_pool(x, [2, 2], [2, 2]), 3, [2, 2]), 0.0310123)
    return net


def cells_of(folder, name):
    sources = [f["path"] for f in json.load(open(folder / f"{name}.json"))["files"]["verilog"] if "_axis" not in f["path"]]
    cells = synthesise(folder, name, sources, "synth_xilinx -nodsp -flatten")
    count = lambda *kinds: sum(n for cell, n in cells.items() if cell.startswith(kinds))
    lut = count("LUT") + 4 * count("RAM32M", "RAM64M") + count("SRL")
    return {"lut": lut, "ff": count("FD"), "bram": count("RAMB"), "dsp": count("DSP")}


for name, network, options in (
    ("dense", tagger, []),
    ("flat", tagger, ["-pipeline=0"]),
    ("one", tagger, ["-style=sequencer"]),
    ("four", tagger, ["-style=sequencer", "-lanes=4"]),
    ("image", image, []),
):
    (out / f"{name}.mlir").write_text(network(7).function("net"))
    folder = out / name
    done = nn_compile(out / f"{name}.mlir", "-target=hls", "-emit=verilog", f"-name={name}", "-q", "-o", folder, *options)
    assert done.returncode == 0, done.stderr
    facts = json.load(open(folder / f"{name}.json"))
    area, cells = facts["area"], cells_of(folder, name)
    within = 1 / 8 if name == "one" else 1 / 10  # see docs/Silicon.md
    print(name, area, cells)
    for kind in ("lut", "ff"):
        assert abs(area[kind] - cells[kind]) <= within * cells[kind], (name, kind, area, cells)
    assert area["bram"] == cells["bram"] and area["dsp"] == cells["dsp"] == 0, (name, area, cells)
    for kind in area:
        assert sum(layer[kind] for layer in facts["layers"]) == area[kind], (name, kind)
