"""-ram, -flash and -stack: what does not fit is refused, each with its number, its parts, the five biggest users and the
next size that would do, all in one run; what fits to the byte is compiled."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import os
import re
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

out = sys.argv[1]
# Seven layers whose weights have seven sizes; the fourth is the largest.
widths = [32, 16, 24, 64, 80, 8, 12, 4]
nodes, constants = [], {}
for i, (a, b) in enumerate(zip(widths, widths[1:])):
    constants[f"w{i}"] = np.ones((a, b), np.float32)
    nodes += [node("MatMul", f"{f'r{i - 1}' if i else 'x'} w{i}", f"m{i}"), node("Relu", f"m{i}", f"r{i}")]
model = save(build(nodes, {"x": [4, 32]}, {"r6": [4, 4]}, constants), f"{out}/net.onnx")


def run(*options, folder="out"):
    return nn_compile(model, "-target=x86", "-cpu=x86-64-v3", "-q", "-o", f"{out}/{folder}", *options)


assert run().returncode == 0
facts = json.load(open(f"{out}/out/net.json"))
ram = facts["arena_bytes"] + facts["stack_bytes"] + facts["state_bytes"]
flash, stack = facts["rom_bytes"] + facts["code_bytes"], facts["stack_bytes"]


def spaced(number):
    return f"{number:,}".replace(",", " ")


for option, needed in ("ram", ram), ("flash", flash), ("stack", stack):
    done = run(f"-{option}={needed}")
    assert done.returncode == 0, done.stderr
    done = run(f"-{option}={needed - 1}", folder="small")
    assert done.returncode == 1 and not os.path.exists(f"{out}/small"), done.stderr
    kib = -(-needed // 1024)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"net.onnx: error: -{option}: {spaced(needed)} bytes are needed"), line
    assert f"the budget is {spaced(needed - 1)};" in line and line.endswith(f"-{option}={kib}K would do"), line
    assert run(f"-{option}={kib}K").returncode == 0
    done = run(f"-{option}=0", folder="small")
    assert done.returncode == 1 and "the budget is 0;" in done.stderr, done.stderr

# The parts, and the users from the biggest down, by the names of their nodes.
line = run("-flash=1").stderr
assert f"(constants {spaced(facts['rom_bytes'])} + code {spaced(facts['code_bytes'])})" in line, line
users = re.findall(r"'([^']+)' ([\d ]+)(?=[,;])", line)
sizes = [int(size.replace(" ", "")) for _, size in users]
assert len(users) == 5 and sizes == sorted(sizes, reverse=True), users
assert users[0][0] == "MatMul_m3" and sizes[0] == 64 * 80 * 4, users
line = run("-ram=1").stderr
assert f"(arena {spaced(facts['arena_bytes'])} + stack {spaced(stack)} + state 0)" in line, line
users = re.findall(r"'([^']+)' ([\d ]+)(?=[,;])", line)
assert 1 <= len(users) <= 5 and "m3" in line, line

# The stack's five deepest functions, as the checker found them.
line = run("-stack=8", folder="small").stderr
deepest = facts["proofs"]["memory"]["stack_bytes_of"]
users = re.findall(r"([\w.]+) ([\d ]+)(?=[,;])", line.split("deepest: ")[1])
assert 1 <= len(users) <= 5 and {n: int(b.replace(" ", "")) for n, b in users}.items() <= deepest.items(), line
assert int(users[0][1].replace(" ", "")) == max(deepest.values()), line

# Three budgets, three complaints in one run.
done = run("-ram=1", "-flash=1", "-stack=1", folder="small")
assert [re.match(r"net.onnx: error: -(\w+):", l)[1] for l in done.stderr.splitlines()] == ["ram", "flash", "stack"], done.stderr
assert not os.path.exists(f"{out}/small")
# What fits is said beside what there is.
for sizes, shown in (("64K", "1M"), ("65 536", "1 048 576")), (("2M", "1G"), ("2 097 152", "1 073 741 824")):
    done = nn_compile(model, "-target=x86", "-cpu=x86-64-v3", f"-ram={sizes[0]}", f"-flash={sizes[1]}", "-o", f"{out}/out")
    assert f"= {spaced(ram)} B   of {shown[0]}\n" in done.stderr and f"= {spaced(flash)} B   of {shown[1]}\n" in done.stderr, done.stderr
