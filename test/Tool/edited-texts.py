"""A text whose numbers were changed compiles, or is refused with a reason: no crash, no hang, no gigabytes.
NNC_EDITS and NNC_SEED in the environment try more and others."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import os
import random
import re
import resource
import subprocess
import sys

from nnctest import nn_compile, save
from promises import every_kind

out, digits = sys.argv[1:]
digits = os.path.abspath(digits)
os.chdir(out)
save(every_kind(), "kinds.onnx")
GIGABYTE, SECONDS, EDITS = 1 << 30, 60, int(os.environ.get("NNC_EDITS", 12))
NUMBER = re.compile(r"(?<![\w#%@.\"])-?\d+(?![\w.\"])")


def edited(text, generator):
    """One number of the ops, none of the weights, replaced by one that is near, odd, negative or absurd."""
    end = text.find("{-#")
    place = generator.choice(list(NUMBER.finditer(text, 0, end if end > 0 else len(text))))
    value = generator.choice([0, 1, -1, 3, 7, 64, 99999, 2**31, 2**31 + 1, 2**62, -(2**63), int(place[0]) + 1, int(place[0]) * 2])
    return f"{text[:place.start()]}{value}{text[place.end():]}", f"{place[0]} -> {value} at {text.count(chr(10), 0, place.start()) + 1}"


def limited():
    resource.setrlimit(resource.RLIMIT_DATA, (2 * GIGABYTE, 2 * GIGABYTE))


wrong, generator = [], random.Random(int(os.environ.get("NNC_SEED", 1)))
for model in digits, "kinds.onnx":
    for stage in "import", "graph", "fusion", "schedule":
        text = nn_compile(model, f"-stop-after={stage}", "-name=net").stdout
        for number in range(EDITS):
            new, what = edited(text, generator)
            open("edited.mlir", "w").write(new)
            for command in ["nn-compile", "edited.mlir", "-target=x86", "-emit=obj", "-q", "-o", "o"], ["nn-run", "edited.mlir"]:
                try:
                    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, preexec_fn=limited)
                    good = done.returncode in (0, 1) and (done.returncode == 0 or "error:" in done.stderr)
                except subprocess.TimeoutExpired:
                    good = False
                if not good:
                    os.replace("edited.mlir", f"bad-{len(wrong)}.mlir")
                    wrong.append((os.path.basename(model), stage, command[0], what, f"bad-{len(wrong)}.mlir"))
                    open("edited.mlir", "w").write(new)
assert not wrong, "\n".join(map(str, wrong))
