"""Whatever of nn_runtime.h a network is called after, its header compiles beside it: a name that cannot do is refused, and
a file's stem of that name gets another."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %cxx %source/runtime/nn_runtime.h
# REQUIRES: onnx
import json
import pathlib
import re
import subprocess
import sys

from nnctest import build, nn_compile, node, save

out, cc, cxx, runtime = sys.argv[1:]
out = pathlib.Path(out)
words = {word for word in re.findall(r"[A-Za-z_]\w*", pathlib.Path(runtime).read_text()) if word.lower().startswith("nn")}
assert {"nn_model", "nn_tensor", "NN_OK", "NN_ERR_NULL", "NN_FLOAT32"} <= words
# All that such a word begins with, up to a '_', in both cases.
names = {"_".join(word.split("_")[:n]) for word in words for n in range(1, word.count("_") + 2)}
names |= {name.lower() for name in names} | {name.upper() for name in names} | {"Nn", "nnn", "nn_"}
model = build([node("Neg", "x", "y")], {"x": [2]}, {"y": [2]})


def compiles(folder, name):
    (folder / "use.c").write_text(f'#include "{name}.h"\nconst nn_model *model(void) {{ return &{name}_model; }}\n')
    for language in [cc, "-std=c99"], [cxx, "-x", "c++", "-std=c++11"]:
        done = subprocess.run([*language, "-pedantic", "-Wall", "-Werror", "-fsyntax-only", folder / "use.c"], capture_output=True, text=True)
        assert done.returncode == 0, f"{name}: {done.stderr}"


refused = set()
for name in sorted(names):
    done = nn_compile(save(model, out / "model.onnx"), "-target=x86", "-q", f"-name={name}", "-emit=obj", "-o", out / name)
    if done.returncode:
        assert done.returncode == 2 and f"'{name}' would " in done.stderr and not (out / name).exists(), (name, done.stderr)
        refused.add(name)
    else:
        compiles(out / name, name)
assert refused == {"nn", "nn_runtime", "NN_RUNTIME"}, refused

for stem, name in ("nn", "nn_"), ("nn_runtime", "nn_runtime_"), ("plain", "plain"):
    done = nn_compile(save(model, out / f"{stem}.onnx"), "-target=x86", "-q", "-emit=obj", "-o", out / "stem")
    assert done.returncode == 0 and json.load(open(out / f"stem/{name}.json"))["name"] == name, done.stderr
    compiles(out / "stem", name)
