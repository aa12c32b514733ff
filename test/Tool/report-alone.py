"""A report without an object beside it says what one with it says, and budgets hold for both: the object is made, checked and thrown away."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import json
import pathlib
import sys

import numpy as np
from nnctest import nn_compile

out, digits = map(pathlib.Path, sys.argv[1:])
np.savez(out / "samples.npz", image=np.random.default_rng(1).uniform(0, 16, [8, 1, 8, 8]).astype(np.float32))
int8 = "-quantize=int8", f"-calibrate={out}/samples.npz"


def compiled(folder, *options):
    return nn_compile(digits, "-target=x86", "-cpu=x86-64-v3", "-o", out / folder, *options)


def facts(folder, *options):
    done = compiled(folder, *options)
    assert done.returncode == 0, done.stderr
    return json.load(open(out / folder / "digits.json")), done.stderr, sorted(p.name for p in (out / folder).iterdir())


for options, kind, files in ((), "report", ["digits.json", "report.html"]), (int8, "onnx", ["digits.json", "digits_int8.onnx"]):
    whole, said, _ = facts(f"whole-{kind}", *options, "-emit=obj,report")
    alone, says, written = facts(f"alone-{kind}", *options, f"-emit={kind}")
    assert written == files, written
    for key in "arena_bytes", "stack_bytes", "rom_bytes", "code_bytes":
        assert alone[key] == whole[key] > 0, (key, alone[key], whole[key])
    assert alone["proofs"] == whole["proofs"] and alone["proofs"]["memory"]["status"] == "proved", alone["proofs"]
    assert [s for s in said.splitlines() if "stack" in s or "code" in s] == [s for s in says.splitlines() if "stack" in s or "code" in s]
    stack, flash = alone["stack_bytes"], alone["rom_bytes"] + alone["code_bytes"]
    for budget in f"-stack={stack - 1}", f"-flash={flash - 1}":
        done = compiled("over", *options, f"-emit={kind}", budget)
        assert done.returncode == 1 and "would do" in done.stderr and not (out / "over").exists(), done.stderr
    assert compiled("kept", *options, f"-emit={kind}", f"-stack={stack}", f"-flash={flash}").returncode == 0
