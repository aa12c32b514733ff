"""What floats make of integers, and the thresholds that take their place: the same for all numbers of a byte, in every channel."""
# RUN: %python %s %t
import pathlib
import random
import re
import sys

import numpy as np
from verilog import checked

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
CHANNELS, ALL = 3, list(range(-128, 128))


def tail(rng):
    """A few ops of floats with constants for all or for each channel, and a quantization; the text of a function of `%x`."""
    lines, last = [], "%d"

    def constant(least, most, one=False):
        values = [rng.uniform(least, most) for _ in range(1 if one else CHANNELS)]
        name = f"%c{len(lines)}"
        shape = "" if one else f"{CHANNELS}x1x"
        text = f"{values[0]:.9e}" if one else "[" + ", ".join(f"[{v:.9e}]" for v in values) + "]"
        lines.append(f"  {name} = nn.constant dense<{text}> : tensor<{shape}f32>")
        return name, f"tensor<{shape}f32>"

    for i in range(rng.randrange(1, 5)):
        kind = rng.choice(["add", "sub", "rsub", "mul", "div", "relu", "clip", "leaky_relu", "neg", "sigmoid"])
        name, x = f"%v{i}", "tensor<1x3x256xf32>"
        if kind in ("add", "sub", "rsub", "mul", "div"):
            value, type = constant(-3, 3, rng.random() < 0.5) if kind != "div" else constant(0.3, 3)
            a, b, types = (value, last, f"{type}, {x}") if kind == "rsub" else (last, value, f"{x}, {type}")
            lines.append(f"  {name} = nn.{kind.removeprefix('r') if kind == 'rsub' else kind} {a}, {b} : ({types}) -> {x}")
        else:
            attributes = {"clip": " {min = -2.0 : f32, max = 3.0 : f32}", "leaky_relu": " {alpha = 0.25 : f32}"}.get(kind, "")
            lines.append(f"  {name} = nn.{kind} {last}{attributes} : {x}")
        last = name
    element, zero = rng.choice([("i8", rng.randrange(-128, 128)), ("ui8", rng.randrange(256)), ("i4", 0), ("ui2", 1)])
    scale = rng.choice([0.25, 0.0371, rng.uniform(0.01, 0.5)])
    return f"""  %s = nn.constant dense<{rng.uniform(0.01, 0.2):.9e}> : tensor<f32>
  %z = nn.constant dense<{rng.randrange(-128, 128)}> : tensor<i8>
  %d = nn.dequantize %x, %s, %z : (tensor<1x3x256xi8>, tensor<f32>, tensor<i8>) -> tensor<1x3x256xf32>
""" + "\n".join(lines) + f"""
  %t = nn.constant dense<{scale:.9e}> : tensor<f32>
  %o = nn.constant dense<{zero}> : tensor<{element}>
  %q = nn.quantize {last}, %t, %o : (tensor<1x3x256xf32>, tensor<f32>, tensor<{element}>) -> tensor<1x3x256x{element}>
  return %q : tensor<1x3x256x{element}>
}}
""", f"tensor<1x3x256x{element}>"


def answers(text):
    """Of all bytes in each channel: the argument becomes a constant."""
    constant = f"nn.constant dense<{[[ALL] * CHANNELS]}> : tensor<1x3x256xi8>"
    text = re.sub(r"\((%\w+): tensor<1x3x256xi8>\)( -> [^{]+)\{", rf"()\2{{\n  \1 = {constant}\n", text)
    (folder / "values.mlir").write_text(text)
    out = checked("nn-opt", folder / "values.mlir", "-nn-evaluate", "-o", "/dev/null").stdout
    return re.findall(r"^@net[^=]*= (.*)$", out, re.M)


found = 0
for seed in range(60):
    body, result = tail(random.Random(seed))
    before = f"func.func @net(%x: tensor<1x3x256xi8>) -> {result} {{\n{body}"
    (folder / "net.mlir").write_text(before)
    after = checked("nn-opt", folder / "net.mlir", "-nn-find-thresholds").stdout
    assert ("nn.threshold" in after) != ("nn.obstacle" in after), after
    found += "nn.threshold" in after
    assert answers(before) == answers(after), f"seed {seed}"
assert found > 45, found
