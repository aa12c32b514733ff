"""A node of very many operands takes no more stack or memory than they are worth, and every row of -v is there to say where time went."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import json
import re
import resource
import subprocess
import sys

import numpy as np
from nnctest import build, node, save

out = sys.argv[1]
COUNT = 1200


def compiled(name, model):
    """NAME.json of a compilation in little memory that was compared with the interpreter."""
    path = save(model, f"{out}/{name}.onnx")
    command = ["nn-compile", path, "-target=x86", "-cpu=x86-64-v3", "-verify", "-v", "-name=net", "-o", f"{out}/{name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^([a-z]+) +([0-9.]+) s$", done.stderr, re.M)
    assert [row[0] for row in rows][-8:] == ["describe", "answer", "optimize", "codegen", "constants", "verify", "run", "files"], rows
    with open(f"{out}/{name}/net.json") as file:
        facts = json.load(file)
    assert all(facts["proofs"][p]["status"] == "proved" for p in ("instruction_trace", "address_trace", "memory")), facts["proofs"]
    assert subprocess.run(["nn-verify", f"{out}/{name}"], capture_output=True, check=False).returncode == 0
    return facts


# Products of one value, all in one concat and, in another order, in a second, whose parts stand elsewhere already.
numbers = {f"c{i}": np.full([4], i + 1, np.float32) for i in range(COUNT)}
products = [node("Mul", f"x c{i}", f"m{i}") for i in range(COUNT)]
parts = [f"m{i}" for i in range(COUNT)]
both = products + [node("Concat", " ".join(parts), "y", axis=0), node("Concat", " ".join(reversed(parts)), "z", axis=0)]
facts = compiled("both", build(both, {"x": [4]}, {"y": [4 * COUNT], "z": [4 * COUNT]}, numbers))
assert facts["stack_bytes"] < 1024 and len(facts["steps"]) < COUNT + 100, (facts["stack_bytes"], len(facts["steps"]))
assert facts["steps"][-1]["kernel"] == facts["steps"][-2]["kernel"], "equal pieces are one kernel"

# Nobody computes what is concatenated: one value many times, parts of one value, inputs of the network.
again = build([node("Tanh", "x", "t"), node("Concat", " ".join(["t"] * COUNT), "y", axis=0)], {"x": [4]}, {"y": [4 * COUNT]})
shuffled = [f"s{(i * 7) % COUNT}" for i in range(COUNT)]
cut = build(
    [node("Split", "x", " ".join(f"s{i}" for i in range(COUNT)), axis=0, num_outputs=COUNT), node("Concat", " ".join(shuffled), "y", axis=0)],
    {"x": [3 * COUNT]}, {"y": [3 * COUNT]}, opset=18,
)
for name, model in ("again", again), ("cut", cut):
    facts = compiled(name, model)
    assert facts["stack_bytes"] < 1024 and len(facts["steps"]) < COUNT / 16, (name, facts["stack_bytes"], len(facts["steps"]))
names = [f"x{i}" for i in range(700)]
facts = compiled("inputs", build([node("Concat", " ".join(names), "y", axis=0)], {n: [3] for n in names}, {"y": [2100]}))
assert facts["stack_bytes"] < 8 * 1024, facts["stack_bytes"]
# Of all children the largest was one of these compilers.
assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 400 * 1024, resource.getrusage(resource.RUSAGE_CHILDREN)
