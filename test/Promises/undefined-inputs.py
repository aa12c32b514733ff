"""Memcheck, told that all inputs are undefined, sees no branch and no address that depends on them; told so of a
network whose code looks a table up by its data, it does."""
# RUN: rm -rf %t
# RUN: %python %s %source/examples/digits/digits.onnx %S/Inputs/call-once.c %t %cc
# REQUIRES: valgrind, onnx, x86-64-v3
import sys

import numpy as np
from nnctest import build, compile_model, node, tensor
from promises import Watched, every_integer_kind, every_kind

digits, source, out, compiler = sys.argv[1:]
gather = build(
    [node("Gather", "table x", "y")],
    [tensor("x", [4], np.int64)],
    {"y": [4, 8]},
    {"table": np.arange(8000, dtype=np.float32).reshape(1000, 8)},
)
networks = [("digits", digits, True, ()), ("kinds", every_kind(), True, ()), ("gather", gather, False, ())]
networks += [("integers", every_integer_kind(), True, ()), ("first", every_integer_kind(), True, ("-cpu=x86-64",))]
networks += [("twice", every_integer_kind(mul=False), True, ("-exact=tflm-double",))]
for name, model, clean, options in networks:
    network = compile_model(model, f"{out}/{name}", *(options if "-cpu=x86-64" in options else ("-cpu=x86-64-v3", *options)), name=name)
    watched = Watched(network, source, f"{out}/{name}", compiler)
    facts = network.json["inputs"][0]
    zeros = np.zeros(facts["shape"], facts["dtype"])
    code, text = watched.run(["--error-exitcode=9", "--leak-check=no"], zeros, "undefined")
    assert code == (0 if clean else 9), f"{name}: {code}\n{text}"
