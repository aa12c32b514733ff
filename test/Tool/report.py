"""report.html stands alone: no link to anywhere, no script or picture from outside; every step of the plan is a row, every
slot of the arena a rectangle, and what it says of sizes and proofs is what NAME.json says. Hostile names stay text."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import html.parser
import json
import pathlib
import re
import sys

from nnctest import build, nn_compile, node, save

out, digits = map(pathlib.Path, sys.argv[1:])
VOID = {"meta", "br", "rect", "img", "link", "input"}


class Page(html.parser.HTMLParser):
    """Tags, attributes and rows of a page; tags must be closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.rows, self.text = [], [], [], [], ""
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        if tag not in VOID or tag == "rect":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data):
        self.text += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def report(model, name):
    done = nn_compile(model, "-target=x86", "-cpu=x86-64-v3", f"-name={name}", "-q", "-o", out / name)
    assert done.returncode == 0, done.stderr
    text = (out / name / "report.html").read_text(encoding="utf-8")
    # Nothing that a browser would fetch.
    assert not re.search(r"https?:|ftp:|//[a-z]|@import|url\(", text.replace("http://www.w3.org/2000/svg", "")), name
    page = Page(text)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "a"} & set(page.tags), page.tags
    assert not [a for a in page.attributes if a[1] in ("src", "href") or a[1].startswith("on")], page.attributes
    assert page.tags.count("script") == 1 and page.tags.count("style") == 1
    return page, json.load(open(out / name / f"{name}.json"))


def spaced(number):
    return f"{number:,}".replace(",", " ")


page, facts = report(digits, "digits")
steps = page.rows[[row[0] for row in page.rows].index("step") + 1 :][: len(facts["steps"])]
for number, (row, step) in enumerate(zip(steps, facts["steps"], strict=True)):
    assert row[0] == str(number) and row[1] == ", ".join(step["onnx_nodes"]) and row[2] == " ".join(step["ops"]), row
    assert row[4].startswith(step["algorithm"]), row
    assert row[5:9] == [spaced(step[k]) for k in ("macs", "bytes_read", "bytes_written", "bytes_constant")], row
# Our own first step, which no node asked for, is listed under none: not under the name of an input.
assert [step["onnx_nodes"] for step in facts["steps"]][:2] == [[], ["conv1", "relu1"]]
table = {row[0]: row[1] for row in page.rows if len(row) > 1}
for promise, proof in facts["proofs"].items():
    assert table[promise] == proof["status"], promise
assert table["RAM"].startswith(spaced(facts["arena_bytes"] + facts["stack_bytes"]) + " B = "), table["RAM"]
assert table["flash"].endswith(f"{spaced(facts['rom_bytes'])} constants + {spaced(facts['code_bytes'])} code"), table["flash"]
assert facts["model_sha256"] in table["model"]

# The memory map: as many rectangles as the plan has slots, each with its place.
plan = nn_compile(digits, "-target=x86", "-cpu=x86-64-v3", "-stop-after=schedule").stdout
slots = re.findall(r"plan.slot offset (\d+) bytes (\d+) live (\d+) to (\d+)", plan)
assert len(slots) > 2 and page.tags.count("rect") == len(slots)
for offset, size, first, last in slots:
    assert f": {spaced(int(size))} B at {spaced(int(offset))}, steps {first} to {last}" in page.text, (offset, size)

# A network without an arena has no map.
save(build([node("Tanh", "x", "y")], {"x": [8]}, {"y": [8]}), out / "tanh.onnx")
page, facts = report(out / "tanh.onnx", "tanh")
assert facts["arena_bytes"] == 0 and "svg" not in page.tags and "No arena is needed." in page.text

# Names that would be tags.
evil = '<img src="http://example.org/x" onerror=alert(1)>'
hidden = build([node("Tanh", "in", "mid"), node("Neg", "mid", "out")], {"in": [4, 4]}, {"out": [4, 4]})
for n in hidden.graph.node:
    n.name = evil + n.name
hidden.graph.input[0].name = hidden.graph.node[0].input[0] = '</td><script src="//example.org"></script>'
save(hidden, out / "evil.onnx")
done = nn_compile(out / "evil.onnx", "-target=x86", "-name=evil", "-q", "-o", out / "evil")
assert done.returncode == 0, done.stderr
page = Page((out / "evil" / "report.html").read_text(encoding="utf-8"))
assert "img" not in page.tags and page.tags.count("script") == 1 and evil in page.text
