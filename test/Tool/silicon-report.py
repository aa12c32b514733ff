"""report.html of hardware stands alone and says what NAME.json says: layers with their cells, a box for each engine with
arrows between them, a bar for each turn with its clocks, LATENCY and II; equal bytes each time; hostile names stay text."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import html
import json
import pathlib
import re
import sys
from xml.etree import ElementTree

from integers import Network
from nnctest import nn_compile

out = pathlib.Path(sys.argv[1])
evil = '<img src=x onerror=alert(1)>'
net = Network(5, [1, 2, 5, 5])
x = net.requantize(net.conv(net.input, 4, [3, 3]), 0.0171337)
x = net.max_pool(x, [3, 3], [1, 1])
net.requantize(net.matmul(net.reshape(x, [1, 4]), 3), 0.0310123)
(out / "net.mlir").write_text(net.function("net").replace('"node2"', json.dumps(evil)))


def spaced(number):
    return f"{number:,}".replace(",", " ")


def report(name, *options):
    texts = []
    for folder in (out / name, out / f"{name}-again"):
        done = nn_compile(out / "net.mlir", "-target=hls", "-emit=report", f"-name={name}", "-q", "-o", folder, *options)
        assert done.returncode == 0, done.stderr
        texts.append((folder / "report.html").read_bytes())
    assert texts[0] == texts[1]
    text = texts[0].decode()
    assert not re.search(r"https?:|ftp:|//[a-z]|@import|url\((?!#)", text) and "<img" not in text
    facts = json.load(open(out / name / f"{name}.json"))
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", text, re.S)]
    for layer in facts["layers"]:
        shown = html.escape(layer["name"]).replace("&#x27;", "&apos;")
        cells = [spaced(layer[k]) for k in ("lut", "ff", "bram", "dsp")]
        timing = [spaced(layer[k]) if k in layer else "" for k in ("latency_cycles", "ii_cycles")]
        assert [shown, *cells, *timing] in rows, (layer, rows)
    area = [spaced(facts["area"][k]) for k in ("lut", "ff", "bram", "dsp")]
    assert ["all", *area, spaced(facts["latency_cycles"]), spaced(facts["ii_cycles"])] in rows, rows
    pictures = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", text, re.S)]
    diagram, chart = pictures
    assert f"LATENCY {spaced(facts['latency_cycles'])}" in [t.text for t in chart.iter("text")]
    assert f"II {spaced(facts['ii_cycles'])}" in [t.text for t in chart.iter("text")]
    return facts, [t.text for t in diagram.iter("text")], [t.text for t in chart.iter("title")], diagram


facts, boxes, bars, diagram = report("unrolled")
assert any(box.startswith("window 3 x 3") for box in boxes) and any(box.startswith("matrix 18 x 4") for box in boxes), boxes
assert len([p for p in diagram.iter("path") if p.get("marker-end")]) >= len(list(diagram.iter("rect"))) - 1
clocks = [tuple(int(n.replace(" ", "")) for n in re.search(r"clocks ([\d ]+) to ([\d ]+)$", bar).groups()) for bar in bars]
assert clocks[0][0] == 0 and all(first <= last for first, last in clocks), bars
assert max(last for _, last in clocks) <= facts["latency_cycles"], (bars, facts["latency_cycles"])

facts, boxes, bars, diagram = report("sequencer", "-style=sequencer", "-lanes=2")
assert {"activations", "weights", "lanes", "requantizer"} <= set(boxes), boxes
first = re.search(r"clocks ([\d ]+) to", bars[-1])[1]
assert int(first.replace(" ", "")) == facts["latency_cycles"], bars
assert "softmax" not in boxes

# Registers at the ports come before the first layer and after the last.
facts, boxes, late, diagram = report("registers", "-style=sequencer", "-lanes=2", "-register-io=both")
assert late[0] == bars[0] == "input, clocks 0 to 49", (late, bars)
numbers = [[int(n.replace(" ", "")) for n in re.search(r"clocks ([\d ]+) to ([\d ]+)$", bar).groups()] for bar in (*bars[1:], *late[1:])]
moved = [[b - a for a, b in zip(one, other)] for one, other in zip(numbers[: len(bars) - 1], numbers[len(bars) - 1 :])]
assert moved[:-1] == [[1, 1]] * (len(moved) - 1) and moved[-1] == [2, 2], (late, bars)

# Bytes without a sign are as wide as NAME.json says, in memory too; what ends the network is a part with a turn of its own.
net = Network(5, [1, 9], "ui8")
net.softmax(net.requantize(net.matmul(net.input, 6), 0.0171337, element="ui8"), [1], 0.031, zero=0, element="ui8")
(out / "net.mlir").write_text(net.function("net"))
facts, boxes, bars, diagram = report("softmax", "-style=sequencer")
assert facts["in_bits"] == facts["out_bits"] == 8
assert boxes[boxes.index("input") + 1] == "9 beats of 8 bits" and boxes[boxes.index("output") + 1] == "6 beats of 8 bits", boxes
assert boxes[boxes.index("activations") + 1].endswith(" words of 8 bits") and "softmax" in boxes, boxes
assert [bar.split(",")[0] for bar in bars[-2:]] == ["softmax", "output"], bars
