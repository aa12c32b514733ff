"""A network's name becomes that of modules: what Verilog keeps for itself, or a port has, is refused, and nothing is written."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
import pathlib
import sys

from nnctest import nn_compile

out = pathlib.Path(sys.argv[1])
(out / "net.mlir").write_text("""func.func @net(%x: tensor<1x2xi8> {nn.name = "x"}) -> (tensor<1x2xi8> {nn.name = "y"}) {
  %0 = nn.relu %x : tensor<1x2xi8>
  return %0 : tensor<1x2xi8>
}
""")


def run(name):
    return nn_compile(out / "net.mlir", "-target=hls", f"-name={name}", "-q", "-o", out / name)


for name, why in ("reg", "word"), ("clk", "is the name of a port"), ("out_data", "is the name of a port"):
    done = run(name)
    assert done.returncode == 1 and f"error: '{name}' " in done.stderr and why in done.stderr, (name, done.stderr)
    assert "choose another one by -name=" in done.stderr and not (out / name).exists(), (name, done.stderr)
done = run("clock")
assert done.returncode == 0, done.stderr
