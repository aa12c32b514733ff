"""-g on an ONNX model writes line tables that lead somewhere, and no path of this machine."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import pathlib
import re
import subprocess
import sys

from nnctest import nn_compile

out, digits = sys.argv[1:]
done = nn_compile(digits, "-target=x86", "-emit=obj", "-g", "-name=net", "-o", out)
assert done.returncode == 0, done.stderr
dump = subprocess.run(["llvm-dwarfdump", "--debug-line", "--debug-info", f"{out}/net.o"], capture_output=True, text=True, check=True).stdout
folder = str(pathlib.Path(digits).resolve().parent)
lines = {int(n) for n in re.findall(r"^0x[0-9a-f]+ +(\d+) ", dump, re.M)}
assert len(lines) > 2, f"lines: {lines}"
assert folder.encode() not in pathlib.Path(f"{out}/net.o").read_bytes(), dump
