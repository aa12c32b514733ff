"""The header is C99 and C++11 without a warning whatever the tensors are called, and each of its numbers is the one of
NAME.json and of NAME_model."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %cxx
# REQUIRES: onnx, x86-64-v3
import json
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save, tensor

out, cc, cxx = sys.argv[1:]
# Keywords of C and C++, paths, ends of comments, what looks like directives, quotes, trigraphs, bytes that are no ASCII,
# names of the other parameters, names that become the same, reserved and numeric ones.
hostile = [
    "int", "class", "a/b", "a.b", "../../etc/passwd", "*/ #error", 'say "x"\\n', "what??/", "ü", "arena", "inputs", "__x", "_Reserved",
    "1x", "", "%s%n", "main", "net_run", "net_model", "x" * 300,
]
hostile = [name for name in hostile if name]
inputs = [tensor(name, [2, i + 1]) for i, name in enumerate(hostile)] + [tensor("whole", [], np.int64)]
nodes = [node("Neg", "x", f"y{i}") for i in range(len(hostile))] + [node("Identity", "x", "same")]
for n, i in zip(nodes, inputs, strict=True):
    n.input[0] = i.name
outputs = [tensor(f"y{i}", [2, i + 1]) for i in range(len(hostile))] + [tensor("same", [], np.int64)]
model = save(build(nodes, inputs, outputs), f"{out}/hostile.onnx")
done = nn_compile(model, "-target=x86", "-name=net", "-emit=obj", "-o", out)
assert done.returncode == 0, done.stderr
facts = json.load(open(f"{out}/net.json"))
assert [t["name"] for t in facts["inputs"]] == [i.name for i in inputs]

# Each parameter has a name of its own.
names = [t["c_name"] for t in facts["inputs"] + facts["outputs"]]
assert len(set(names)) == len(names) and all(n.isidentifier() and n.isascii() for n in names), names

# A program that prints macros and model, compiled as both languages with everything on.
lines, values = [], []


def show(expression, value, form="%llu", cast="(unsigned long long)"):
    lines.append(f'  printf("{form}\\n", {cast}{expression});')
    values.append(str(value))


for key in "arena_bytes", "arena_align", "stack_bytes", "state_bytes", "rom_bytes", "code_bytes":
    show("NET_" + key.upper(), facts[key])
    show(f"net_model.{key}", facts[key])
show("NET_BUILD_ID", int(facts["build_id"], 16))
show("net_model.build_id", int(facts["build_id"], 16))
show("NET_ROM_CRC32C", facts["rom_crc32c"])
show("NET_STEPS", len(facts["steps"]))
show("net_model.steps", len(facts["steps"]))
show("NET_NUMERIC_SPEC", facts["numeric_spec"], "%s", "")
show("net_model.abi", 1)
show("net_model.cpu", facts["cpu"], "%s", "")
show("(net_model.run_v == net_run_v && net_model.run_steps == net_run_steps)", 1)
show("(net_model.selftest == net_selftest && net_model.cpu_ok == net_cpu_ok)", 1)
for kind in "inputs", "outputs":
    show("NET_" + kind.upper(), len(facts[kind]))
    show(f"net_model.{kind[:-1]}_count", len(facts[kind]))
    for i, t in enumerate(facts[kind]):
        macro, entry = f"NET_{kind[:-1].upper()}_{i}", f"net_model.{kind}[{i}]"
        show(f"strcmp({macro}_NAME, {entry}.name)", 0)
        show(f"strlen({macro}_NAME)", len(t["name"].encode()))
        show(f"({macro}_DTYPE == {entry}.dtype)", 1)
        show(f"{entry}.dtype", {"float32": 1, "int64": 7}[t["dtype"]])
        show(f"({macro}_RANK == {entry}.rank)", 1)
        show(f"{entry}.rank", len(t["shape"]))
        show(f"({macro}_COUNT == {entry}.count)", 1)
        show(f"{macro}_BYTES", t["bytes"])
        show(f"{entry}.bytes", t["bytes"])
        if t["shape"]:
            lines.append(f"  {{ static const int shape[] = {macro}_SHAPE;")
            show("shape[0]", t["shape"][0])
            show(f"{entry}.shape[1]", t["shape"][1])
            lines.append("  }")
        elif kind == "inputs":
            show(f"({entry}.shape == 0)", 1)
program = "\n".join(['#include "net.h"', '#include "net.h"', "#include <stdio.h>", "#include <string.h>", "int main(void) {", *lines, "  return 0;", "}", ""])
open(f"{out}/facts.c", "w").write(program)
strict = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", f"-I{out}", f"{out}/facts.c", f"{out}/net.o", "-o", f"{out}/facts"]
for language in [cc, "-std=c99"], [cc, "-std=c17"], [cxx, "-x", "c++", "-std=c++11"]:
    objects = strict[:-3] + ["-x", "none"] + strict[-3:]
    subprocess.run([*language, *objects], check=True)
    printed = subprocess.run([f"{out}/facts"], capture_output=True, check=True).stdout.decode().splitlines()
    assert printed == values, [(l, p, v) for l, p, v in zip(lines, printed, values) if p != v][:5]
# Freestanding: nothing but <stdint.h> and <stddef.h> is there.
open(f"{out}/alone.c", "w").write('#include "net.h"\nextern int net_size[NET_INPUTS];\n')
subprocess.run([cc, "-std=c99", "-ffreestanding", "-nostdlib", "-pedantic", "-Wall", "-Werror", "-fsyntax-only", f"-I{out}", f"{out}/alone.c"], check=True)

# A runtime header of another version is told so.
runtime = open(f"{out}/nn_runtime.h").read()
open(f"{out}/nn_runtime.h", "w").write(runtime.replace("#define NN_RUNTIME_ABI 1", "#define NN_RUNTIME_ABI 2"))
done = subprocess.run([cc, "-fsyntax-only", f"-I{out}", f"{out}/alone.c"], capture_output=True, text=True)
assert done.returncode and "net.h needs the nn_runtime.h that was written beside it" in done.stderr, done.stderr
