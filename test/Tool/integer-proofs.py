"""NAME.json and report.html say of an integer network how its sums are scaled and that none wraps: per step and over all, with the
numbers that follow from the weights. Steps with other weights share a kernel all the same. A network without integers claims
nothing, nor does a plan that was read; what an edited text claims is proved again."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import pathlib
import re
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

out = pathlib.Path(sys.argv[1])


def compiled(model, name, *options):
    done = nn_compile(model, "-target=x86", "-cpu=x86-64-v3", f"-name={name}", "-o", out / name, *options)
    assert done.returncode == 0, done.stderr
    return json.loads((out / name / f"{name}.json").read_text()), done.stderr


def stage(model, name):
    done = nn_compile(model, "-target=x86", "-cpu=x86-64-v3", f"-stop-after={name}")
    assert done.returncode == 0, done.stderr
    path = out / f"{name}.mlir"
    path.write_text(done.stdout)
    return path


# Two convolutions of one shape: 0.3712345 times a sum ends at no half, 0.5 times a sum does.
def product(x, w, b, scale, y):
    constants = {f"{y}_s": np.float32(1), f"{y}_z": np.int8(0), f"{y}_y": np.float32(1 / scale), f"{y}_w": w, f"{y}_b": b}
    return node("QLinearConv", f"{x} {y}_s {y}_z {y}_w {y}_s {y}_z {y}_y {y}_z {y}_b", y), constants


first, constants = product("x", np.full([2, 2, 1, 1], 1, np.int8), np.array([0, 100], np.int32), 0.3712345, "m")
second, more = product("m", np.full([2, 2, 1, 1], -1, np.int8), np.array([0, 2**30], np.int32), 0.5, "y")
shape = [1, 2, 3, 3]
model = save(build([first, second], [tensor("x", shape, np.int8)], [tensor("y", shape, np.int8)], {**constants, **more}),
             out / "model.onnx")
facts, _ = compiled(model, "net")

# The second one reads what the first one leaves, [-95, 127].
steps = [s for s in facts["steps"] if "requantization" in s]
assert [s["requantization"]["channels"] for s in steps] == [2, 2], steps
assert steps[0]["requantization"] == {"channels": 2, "affine": 2, "emulated": 0, "fixed_point": 0, "accumulators": [-256, 354]}, steps[0]
# Halves go to even numbers in one channel; the other one is saturated.
assert steps[1]["requantization"] == {"channels": 2, "affine": 1, "emulated": 1, "fixed_point": 0, "accumulators": [-254, 2**30 + 190]}, steps[1]
assert len({s["kernel"] for s in steps}) == 1, "one kernel for both"
overflow, exact = facts["proofs"]["overflow"], facts["proofs"]["exact"]
assert (overflow["status"], overflow["accumulators"], overflow["bits"]) == ("proved", 36, 32), overflow
assert overflow["largest_magnitude"] >= 2**30 + 190, overflow
assert (exact["status"], exact["channels"], exact["affine"], exact["emulated"]) == ("proved", 4, 3, 1), exact
report = (out / "net" / "report.html").read_text()
assert "sums -256 to 354; 2 of 2 channels affine" in report and "1 of 2 channels affine" in report, report

# The same from the text of each stage that still has the network; a plan has its own word only.
for name in ("import", "graph", "fusion"):
    text = stage(model, name)
    again, _ = compiled(text, "again")
    assert again["proofs"]["exact"] == exact and again["proofs"]["overflow"] == overflow, (name, again["proofs"])
plan, text = compiled(stage(model, "schedule"), "plan")
for promise in ("exact", "overflow"):
    assert plan["proofs"][promise]["status"] == "not_claimed", plan["proofs"]
    assert f"warning: {promise} is not claimed: " in text, text
assert "  proved  instruction trace, address trace, memory\n  not claimed overflow, exact\n" in text, text

# A lie in a text does not get through.
text = (out / "fusion.mlir").read_text()
lie = re.sub(r"(nn.affine = dense<\[\[)\d+", r"\g<1>7", text)
assert lie != text, text
lie, count = re.subn(r"(nn.partial_sums = dense<\[-)", r"\g<1>1", lie)
assert count == 2, text
(out / "lie.mlir").write_text(lie)
honest, _ = compiled(out / "lie.mlir", "honest")
assert honest["proofs"]["overflow"] == overflow and honest["proofs"]["exact"] == exact

# A sum that could wrap is said, and listed; it is no error.
wraps, constants = product("x", np.full([2, 2, 1, 1], 1, np.int8), np.array([0, 2**31 - 1], np.int32), 0.3712345, "y")
facts, text = compiled(
    save(build([wraps], [tensor("x", shape, np.int8)], [tensor("y", shape, np.int8)], constants), out / "wraps.onnx"), "wraps")
assert re.search(r"warning: 'QLinearConv_y' sums can reach -?\d+ to 2147483901 in channel 1: beyond int32 they wrap", text), text
assert facts["proofs"]["overflow"]["status"] == "excepted", facts["proofs"]
assert facts["proofs"]["overflow"]["exceptions"][0]["nodes"] == ["QLinearConv_y"], facts["proofs"]
assert "  excepted overflow" in text, text

# Floats have nothing to prove here.
facts, text = compiled(save(build([node("Relu", "x", "y")], {"x": [4]}, {"y": [4]}), out / "floats.onnx"), "floats")
assert "claimed" not in text and "warning" not in text, text
for promise in ("exact", "overflow"):
    assert facts["proofs"][promise]["status"] == "not_claimed" and facts["proofs"][promise]["reason"], facts["proofs"]
assert not any("requantization" in s for s in facts["steps"])

# What is scaled by numbers that only the caller knows is computed as the spec has it, and not claimed; the nodes are named.
scaled, constants = product("x", np.full([2, 2, 1, 1], 1, np.int8), np.zeros(2, np.int32), 0.37, "y")
del constants["y_y"]
caller = build([scaled], [tensor("x", shape, np.int8), tensor("y_y", [])], [tensor("y", shape, np.int8)], constants)
facts, text = compiled(save(caller, out / "caller.onnx"), "caller")
assert "warning: exact is not claimed: 'QLinearConv_y': scales are known at run time only" in text, text
assert facts["proofs"]["exact"]["reason"].startswith("'QLinearConv_y': scales"), facts["proofs"]

# Pairs of bytes were looked at before groups were made: what a later text says of them is not believed.
scales = {"as": np.float32(0.0213), "bs": np.float32(0.0317), "ys": np.float32(0.0411), "z": np.uint8(7)}
add = build([node("QLinearAdd", "a as z b bs z ys z", "y", domain="com.microsoft")],
            [tensor("a", [64], np.uint8), tensor("b", [64], np.uint8)], [tensor("y", [64], np.uint8)], scales)  # fmt: skip
add = save(add, out / "add.onnx")
assert compiled(add, "added")[0]["proofs"]["exact"]["bilinear"] == 1
assert "nn.bilinear" in stage(add, "fusion").read_text()
claimed, _ = compiled(out / "fusion.mlir", "claimed")
assert claimed["proofs"]["exact"]["status"] == "not_claimed" and claimed["proofs"]["exact"].get("bilinear", 0) == 0, claimed["proofs"]
