"""A text that is no network (no function, two functions, a declaration beside it, what a stage behind `schedule` left, inputs
that no caller can pass) is refused with status 1 and a reason, by nn-compile and by nn-run; no crash."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
import os
import sys

from nnctest import nn_compile

os.chdir(sys.argv[1])
net = "func.func @NAME(%x: tensor<16xf32> {nn.name = \"x\"}) -> (tensor<16xf32> {nn.name = \"y\"}) {\n  %0 = nn.tanh %x : tensor<16xf32>\n  return %0 : tensor<16xf32>\n}\n"
open("net.mlir", "w").write(net.replace("NAME", "net"))
texts = {
    "empty": "", "module": "module {}\n", "two": net.replace("NAME", "a") + net.replace("NAME", "b"),
    "declared": net.replace("NAME", "net") + "func.func private @other(%x: tensor<4xf32>) -> tensor<4xf32>\n",
}
for stage in "kernels", "llvm":
    texts[stage] = nn_compile("net.mlir", f"-stop-after={stage}").stdout
for name, text in texts.items():
    open(f"{name}.mlir", "w").write(text)
wrong = []
for name in texts:
    for command in ["nn-compile", "-target=x86", "-q", "-o", "out"], ["nn-run"]:
        done = nn_compile(f"{name}.mlir", *command[1:], program=command[0])
        if done.returncode != 1 or f"{name}.mlir" not in done.stderr or "instruction_trace" in done.stderr:
            wrong.append((command[0], name, done.returncode, done.stderr[:200]))
# Callers pass elements below eight bits packed; a text that says otherwise has no C type.
open("four.mlir", "w").write(net.replace("NAME", "net").replace("tensor<16xf32>", "tensor<16xi4>").replace("nn.tanh", "nn.neg"))
done = nn_compile("four.mlir", "-target=x86", "-q", "-o", "out")
if done.returncode != 1 or "'x' has elements of 4 bits, which callers pass as packed bytes (nn.packed)" not in done.stderr:
    wrong.append(("nn-compile", "four", done.returncode, done.stderr[:200]))
assert not wrong, "\n".join(map(str, wrong))
