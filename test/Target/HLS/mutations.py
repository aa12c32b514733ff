"""What breaks a few bits of a network's Verilog is noticed by its own testbench: in the unrolled style and in a sequencer. The tool that
counts calls no mutation equal without a proof, and a design is not judged whose testbench fails as it is. A proof holds of what is the same and of
nothing that the testbench tells apart."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/tools/dev/mutate-verilog
# REQUIRES: iverilog, yosys, onnx
import importlib.machinery
import importlib.util
import pathlib
import random
import re
import subprocess
import sys

import numpy as np
from nnctest import build, nn_compile, node, save

folder, tool = map(pathlib.Path, sys.argv[1:3])
rng = np.random.default_rng(1)
constants = {"s": np.float32(0.25), "z": np.int8(0)}
nodes, last = [node("QuantizeLinear", "x s z", "q0"), node("DequantizeLinear", "q0 s z", "d0")], "d0"
for i, (rows, columns) in enumerate([(6, 5), (5, 3)]):
    constants |= {f"w{i}": rng.integers(-7, 8, (rows, columns)).astype(np.int8), f"t{i}": np.float32(0.03), f"s{i}": np.float32(0.25)}
    nodes += [node("DequantizeLinear", f"w{i} t{i} z", f"v{i}"), node("MatMul", f"{last} v{i}", f"m{i}")]
    nodes += [node("QuantizeLinear", f"m{i} s{i} z", f"p{i}"), node("DequantizeLinear", f"p{i} s{i} z", f"y{i}")]
    last = f"y{i}"
model = save(build(nodes, {"x": [1, 6]}, {last: [1, 3]}, constants), folder / "net.onnx")


def mutate(*options, count=10):
    done = subprocess.run([sys.executable, tool, f"--count={count}", "--limit=20", *options], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


folders = []
for style in ("unrolled", "sequencer"):
    folders.append(folder / style)
    done = nn_compile(model, "-target=hls", f"-style={style}", "-rom=case", "-o", folders[-1])
    assert done.returncode == 0, done.stderr
_, said, wrong = mutate("-v", *folders)
caught, real = map(int, re.search(r"^20 mutations: (\d+) of (\d+) caught", said, re.M).groups())
assert caught >= 0.9 * real and real >= 10, said + wrong

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("mutate", str(tool))
mutator = importlib.util.module_from_spec(importlib.util.spec_from_loader("mutate", loader))
loader.exec_module(mutator)
(folder / "proofs").mkdir()
for style in folders:
    design = mutator.Design(style, folder / "proofs")
    noticed = next(m for m in mutator.mutations(design.files, random.Random(2)) if design.try_out(m) is False)
    assert not design.never_differ(noticed, "net", 20) and not design.same_frames(noticed, 60), noticed.title
    noticed.text = noticed.original
    assert design.never_differ(noticed, "net", 20) and design.same_frames(noticed, 60), style

# From sums on, of those that there can be: were it only 0, it would not matter what it is multiplied by.
constants |= {"s0": np.float32(0.31), "t0": rng.uniform(0.02, 0.04, 5).astype(np.float32), "z0": np.zeros(5, np.int8)}
nodes[2] = node("DequantizeLinear", "w0 t0 z0", "v0", axis=1)
one = save(build(nodes[:6], {"x": [1, 6]}, {"y0": [1, 5]}, constants), folder / "one.onnx")
done = nn_compile(one, "-target=hls", "-style=sequencer", "-rom=case", "-name=one", "-o", folder / "one")
assert done.returncode == 0, done.stderr
design = mutator.Design(folder / "one", folder / "proofs")
core, scales = (next(f for f in design.files if f.stem == stem) for stem in ("one", "one_scales"))
text = scales.read_text()
match = re.search(r"\d+'h([0-9a-f]+);", text)
highest = mutator.Mutation(scales, "weight", text, match, match[0].replace(f"'h{match[1]}", f"'h{int(match[1], 16) ^ 1 << 11:x}"))
assert design.try_out(highest) is False and not design.same_from_sums(highest, 60), highest.title
core.write_text(re.sub(r"of sums from -?\d+ to \d+", "of sums from 0 to 0", core.read_text()))
assert design.same_from_sums(highest, 60), highest.title

# What registers hold depends on what came before: the sum is never 3, so that what is made of it then does not matter.
pipe = folder / "pipe"
pipe.mkdir()
(pipe / "net.json").write_text('{"name": "net", "files": {"verilog": [{"path": "net.v"}]}}')
(pipe / "net.v").write_text("""module net (input wire clk, input wire [1:0] x, output reg [3:0] y);
  reg [1:0] sum;
  always @(posedge clk) begin
    sum <= {1'b0, x[0]} + {1'b0, x[1]};
    y <= sum == 2'h3 ? 4'h5 : {2'h0, sum};
  end
endmodule
""")
design = mutator.Design(pipe, folder / "proofs")
text = design.files[0].read_text()
for was, becomes, same in ("4'h5", "4'h4", True), ("== 2'h3", "== 2'h2", False), ("2'h0, sum", "2'h1, sum", False):
    match = re.search(re.escape(was), text)
    mutation = mutator.Mutation(design.files[0], "constant", text, match, becomes)
    assert design.never_differ(mutation, "net", 20) == same, (was, becomes)

(folders[0] / "tb/net_golden.hex").write_text("0\n" * 3)
code, _, wrong = mutate(folders[0], count=1)
assert code and "does not pass as it is" in wrong, wrong
