"""Functions of one byte and of two are looked at however many ops they are made of."""
# RUN: %python %s %t
import pathlib
import subprocess
import sys

work = pathlib.Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)


def quantized(name, first, steps):
    """Bytes a and b, `first` of what they stand for, that negated `steps` times, bytes again."""
    f32, i8 = "tensor<4xf32>", "tensor<4xi8>"
    lines = [f"func.func @net(%a: {i8}, %b: {i8}) -> {i8} {{", "%s = nn.constant dense<0.5> : tensor<f32>", "%z = nn.constant dense<0> : tensor<i8>"]
    lines += [f"%{to} = nn.dequantize %{q}, %s, %z : ({i8}, tensor<f32>, tensor<i8>) -> {f32}" for q, to in (("a", "x"), ("b", "y"))]
    lines.append(f"%v0 = nn.add %x, %{first} : ({f32}, {f32}) -> {f32}")
    lines += [f"%v{i + 1} = nn.neg %v{i} : {f32}" for i in range(steps)]
    lines += [f"%q = nn.quantize %v{steps}, %s, %z : ({f32}, tensor<f32>, tensor<i8>) -> {i8}", f"return %q : {i8}", "}"]
    path = work / name
    path.write_text("\n".join(lines))
    done = subprocess.run(["nn-opt", "--nn-tabulate", "--nn-prove-elementwise", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


for steps, sign in ((300, 1), (301, -1)):
    assert f"nn.bilinear = dense<[{sign}, {sign}, 0, 0, 0, -128, 127, 0]>" in quantized(f"two-{steps}.mlir", "y", steps)
assert "nn.lookup %arg0 {table = array<i32: 0, 2, 4," in quantized("one.mlir", "x", 20000)
