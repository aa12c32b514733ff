"""Exactly as many instructions for zeros, extremes, subnormals, infinities and NaN as for anything else; for integers on the first x86-64, too,
and in every profile of rounding."""
# RUN: rm -rf %t
# RUN: %python %s %source/examples/digits/digits.onnx %S/Inputs/call-once.c %t %cc
# REQUIRES: valgrind, onnx, x86-64-v3
import sys

from nnctest import compile_model
from promises import Watched, adversarial, adversarial_integers, every_integer_kind, every_kind

digits, source, out, compiler = sys.argv[1:]
for name, model in ("digits", digits), ("kinds", every_kind()):
    network = compile_model(model, f"{out}/{name}", "-cpu=x86-64-v3", name=name)
    watched = Watched(network, source, f"{out}/{name}", compiler)
    counts = {k: watched.instructions(a) for k, a in adversarial(network.json["inputs"][0]["shape"]).items()}
    assert len(set(counts.values())) == 1 and min(counts.values()) > 1000, f"{name}: {counts}"

for name, cpu, options in (("v3", "x86-64-v3", []), ("v1", "x86-64", []), ("twice", "x86-64-v3", ["-exact=tflm-double"]), ("once", "x86-64", ["-exact=tflite-single"])):
    network = compile_model(every_integer_kind(mul=not options), f"{out}/integers-{name}", f"-cpu={cpu}", *options, name="integers")
    watched = Watched(network, source, f"{out}/integers-{name}", compiler)
    counts = {k: watched.instructions(a) for k, a in adversarial_integers(network.json["inputs"][0]["shape"]).items()}
    assert len(set(counts.values())) == 1 and min(counts.values()) > 1000, f"integers {name}: {counts}"
