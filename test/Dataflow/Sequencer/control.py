"""No bit of the data reaches the control of a sequencer: no enable, no address, no counter, not `out_valid`. Only a table is looked
up by data. The twin: with data on an enable the same search finds it."""
# RUN: %python %s %t
import pathlib
import re
import sys

from cores import build
from integers import Network


def control(text):
    """What of the control depends on data: (what, how) of all enables, ports of memories, and out_valid."""
    lines = [line for line in text.splitlines() if " = rtl." in line and "rtl.rom @" not in line]
    tainted = {"%in_data"}
    parsed = []
    for line in lines:
        result, kind, rest = re.match(r"\s+(%\w+) = rtl\.(\w+)(.*)", line).groups()
        parsed.append((result, kind, rest))
        if kind == "instance" and "_activations" in rest:
            tainted.add(result)
    before = 0
    while before != len(tainted):
        before = len(tainted)
        tainted |= {r for r, _, rest in parsed if tainted & set(re.findall(r"%\w+", rest))}
    found = []
    for result, kind, rest in parsed:
        ports = re.findall(r"(\w+): (%\w+)", rest) if kind == "instance" else re.findall(r"(enable) (%\w+)", rest)
        memory = rest.split("(")[0].strip() if kind == "instance" else result
        found += [(memory, port) for port, value in ports if value in tainted and port != "write_data"]
    valid = re.search(r"rtl\.output (%\w+)", text)[1]
    return found + ([("output", "out_valid")] if valid in tainted else [])


def network(looked_up):
    net = Network(3, [1, 3, 5, 5])
    x = net.requantize(net.conv(net.input, 4, [3, 3], pads=[1, 1, 1, 1], group=1), 0.0171337)
    x = net.max_pool(x, [2, 2], [1, 1])
    if looked_up:
        x = net.lookup(x)
    y = net.requantize(net.conv(x, 4, [1, 1]), 0.02)
    x = net.add(x, y, [0.031, 0.047, 0.061], [2, -3, 1])
    net.requantize(net.matmul(net.reshape(x, [1, 64]), 3), 0.013)
    return net.function("net")


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for looked_up in (False, True):
    for lanes in (1, 4):
        (folder / "net.mlir").write_text(network(looked_up))
        core, _, _ = build(folder / "net.mlir", lanes, "-nn-prove-elementwise", "-nn-prove-requantization")
        found = control(core.text)
        assert found == ([('"tables" @net_tables', "addr")] if looked_up else []), found
        # Of the sums' registers, one is enabled by what is added.
        broken = re.sub(r"(%\w+ = rtl\.reg (%\w+) enable )%\w+( \{rtl\.name = \"lane0_sum\"\})", r"\1\2\3", core.text)
        assert broken != core.text and control(broken), lanes
