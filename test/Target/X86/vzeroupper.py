"""No function returns with the upper halves of vector registers in use: before each return of a function that touches
them, and before nothing else but another call, stands vzeroupper."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import re
import subprocess
import sys

from nnctest import nn_compile, save
from promises import every_kind

out = sys.argv[1]
model = save(every_kind(), f"{out}/kinds.onnx")
for cpu in "x86-64-v3", "x86-64-v4", "znver4":
    done = nn_compile(model, "-target=x86", f"-cpu={cpu}", "-emit=obj", "-o", f"{out}/{cpu}")
    assert done.returncode == 0, done.stderr
    text = subprocess.run(
        ["llvm-objdump", "-d", "--no-show-raw-insn", "--no-leading-addr", f"{out}/{cpu}/kinds.o"], capture_output=True, text=True, check=True
    ).stdout
    wide = narrow = 0
    for name, body in re.findall(r"^<([\w.]+)>:\n((?:.+\n)*)", text, re.M):
        code = [line.split("#")[0].split() for line in body.splitlines() if line.split("#")[0].strip()]
        uses = any(re.search(r"%[yz]mm", " ".join(words)) for words in code)
        wide, narrow = wide + uses, narrow + (not uses)
        for i, words in enumerate(code):
            if uses and words[0].startswith(("ret", "jmp")) and "<" not in " ".join(words[1:]):
                # Registers may be restored in between, nothing more.
                before = i - 1
                while code[before][0].startswith(("pop", "add", "lea", "mov")) and not re.search("mm", " ".join(code[before])):
                    before -= 1
                assert code[before][0] == "vzeroupper", (cpu, name, code[before - 1 : i + 1])
    assert wide > 8 and narrow > 3, (cpu, wide, narrow)
