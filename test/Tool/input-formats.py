"""-input-format names an input of floats and its bits; what does not is refused and says what there is, and nothing is written. -quantize
leaves that input alone."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
import json
import pathlib
import sys

import numpy as np
from nnctest import nn_compile

out = pathlib.Path(sys.argv[1])
(out / "net.mlir").write_text("""func.func @net(%x: tensor<1x2xf32> {nn.name = "x"}, %q: tensor<1x2xi8> {nn.name = "q"})
    -> (tensor<1x2xi8> {nn.name = "y"}, tensor<1x2xi8> {nn.name = "z"}) {
  %s = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.relu %x : tensor<1x2xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %1, %q : tensor<1x2xi8>, tensor<1x2xi8>
}
""")


def run(folder, *formats):
    options = [f"-input-format={format}" for format in formats]
    return nn_compile(out / "net.mlir", "-target=hls", "-name=net", "-q", "-o", out / folder, *options)


for formats, said in (
    (["a:8.4"], ["-input-format=a:8.4: the network has no input 'a', it has 'x', 'q'"]),
    (["q:8.4"], ["-input-format=q:8.4: input 'q' is not float32"]),
    (["x:8"], ["-input-format=x:8: expected NAME:BITS.FRACTION with 1 to 16 bits, as x:8.4"]),
    (["x:17.4"], ["-input-format=x:17.4: expected NAME:BITS.FRACTION"]),
    (["a:8.4", "x:0.0"], ["has no input 'a'", "-input-format=x:0.0: expected"]),
):
    done = run("refused", *formats)
    assert done.returncode == 1 and all(part in done.stderr for part in said), (formats, done.stderr)
    assert not (out / "refused").exists()

for format, lane_bits in ("x:6.3", 8), ("x:12.3", 12):  # the other input has 8 bits
    done = run(format, format)
    assert done.returncode == 0, done.stderr
    facts = json.load(open(out / format / "net.json"))
    assert facts["bus"]["in"]["lane_bits"] == lane_bits, facts["bus"]

# For hardware -quantize quantizes an input that no layer reads, unless its format is stated; for CPUs such inputs stay floats.
(out / "floats.mlir").write_text("""func.func @floats(%x: tensor<1x2xf32> {nn.name = "x"}) -> (tensor<1x2xf32> {nn.name = "y"}) {
  %w = nn.constant dense<[[1.0, 2.0], [3.0, -4.0]]> : tensor<2x2xf32>
  %0 = nn.tanh %x : tensor<1x2xf32>
  %1 = nn.matmul %0, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
""")
np.savez(out / "x.npz", x=np.linspace(-2, 2, 20, dtype=np.float32).reshape(10, 2))
for options, is_quantized in (["-target=hls"], True), (["-target=hls", "-input-format=x:8.4"], False), (["-target=x86"], False):
    done = nn_compile(out / "floats.mlir", "-quantize=int8", f"-calibrate={out}/x.npz", "-stop-after=quantize", "-q", *options)
    assert done.returncode == 0 and done.stdout.count("nn.quantize") == 2 + is_quantized, (options, done.stdout, done.stderr)
    assert ("nn.quantize %arg0" in done.stdout) == is_quantized, (options, done.stdout)
