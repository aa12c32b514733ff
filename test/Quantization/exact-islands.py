"""Where no float of two tensors of words is rounded, the form that is stated gives what the floats give, on random and extreme pairs; where
one may be rounded, there is no form."""
# RUN: %python %s %t
import pathlib
import re
import subprocess
import sys

import numpy as np

work = pathlib.Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(5)
f32 = np.float32
STEPS = {"add": "nn.add %x, %y : (F, F) -> F", "sub": "nn.sub %x, %y : (F, F) -> F", "mul": "nn.mul %x, %y : (F, F) -> F"}
ROUNDED = {"half_even": np.rint, "floor": np.floor, "ceil": np.ceil}
SIGNED = {  # of what is not negative
    "half_away": lambda v: np.floor(v + 0.5),
    "half_to_zero": lambda v: np.ceil(v - 0.5),
    "away": np.ceil,
    "to_zero": np.floor,
}
MODES = ("half_even", "half_away", "half_to_zero", "away", "to_zero", "ceil", "floor")


def island(op, limit, rounding, scales, zeros, bits):
    """(text, what numpy's floats make of a and b)."""
    sa, sb, sy = map(f32, scales)
    za, zb, zy = zeros
    words, floats = "tensor<4xi16>", "tensor<4xf32>"
    lines = [f"func.func @net(%a: {words}, %b: {words}) -> {words} {{"]
    lines += [f"%s{n} = nn.constant dense<{float(s)!r}> : tensor<f32>" for n, s in zip("aby", (sa, sb, sy))]
    lines += [f"%z{n} = nn.constant dense<{z}> : tensor<i16>" for n, z in zip("aby", zeros)]
    for n, to in ("a", "x"), ("b", "y"):
        lines.append(f"%c{n} = nn.clip %{n} {{min = {-(1 << bits - 1)} : i16, max = {(1 << bits - 1) - 1} : i16}} : {words}")
        lines.append(f"%{to} = nn.dequantize %c{n}, %s{n}, %z{n} : ({words}, tensor<f32>, tensor<i16>) -> {floats}")
    lines.append("%v = " + STEPS[op].replace("F", floats))
    if limit:
        lines.append(f"%l = nn.clip %v {{min = {limit[0]!r} : f32, max = {limit[1]!r} : f32}} : {floats}")
    if rounding in SIGNED:
        lines.append(f"%r = nn.relu {'%l' if limit else '%v'} : {floats}")
    last = "%r" if rounding in SIGNED else "%l" if limit else "%v"
    mode = "" if rounding == "half_even" else f" {{rounding = {MODES.index(rounding)}}}"
    lines.append(f"%q = nn.quantize {last}, %sy, %zy{mode} : ({floats}, tensor<f32>, tensor<i16>) -> {words}")
    lines += [f"return %q : {words}", "}"]

    def values(a, b):
        x, y = f32(a - za) * sa, f32(b - zb) * sb
        v = x + y if op == "add" else x - y if op == "sub" else x * y
        if limit:
            v = np.clip(v, f32(limit[0]), f32(limit[1]))
        if rounding in SIGNED:
            v = np.maximum(v, f32(0))
        return np.clip((ROUNDED | SIGNED)[rounding](np.float64(v / sy)), -32768 - zy, 32767 - zy).astype(int) + zy

    return "\n".join(lines), values


def form(text, name):
    (work / name).write_text(text)
    done = subprocess.run(["nn-opt", "--nn-prove-elementwise", work / name], capture_output=True, text=True)
    assert done.returncode == 0, (text, done.stderr)
    found = re.search(r"nn.bilinear = dense<\[(.*?)\]>", done.stdout)
    return [int(n) for n in found[1].split(",")] if found else None


def computed(form, a, b):
    left, right, product, offset, shift, least, most, ties = form
    total = a * left + b * right + a * b * product + offset
    if ties:
        total += (1 << shift - 1) - ((total >> shift) % 2 == (0 if ties == 1 else 1))
    return np.clip(total >> shift, least, most)


counts = {True: 0, False: 0}
for case in range(120):
    op, rounding = rng.choice(list(STEPS)), rng.choice(MODES)
    bits = int(rng.integers(9, 13 if op == "mul" else 17))
    # Exact ones: powers of two, one with a small factor. Others have all their digits.
    isExact = case % 4 != 3
    scales = [float(2.0 ** rng.integers(-6, 1)) for _ in range(3)]
    scales[0] *= 1 if op == "mul" else rng.choice([1, 3])
    if not isExact:
        scales[case % 3] *= 0.7
    zeros = [int(rng.integers(-3, 4)) if bits < 16 else 0, 0, int(rng.integers(-5, 6))]
    limit = (float(rng.integers(-8, 0)), float(rng.integers(1, 90))) if case % 3 == 0 else None
    text, values = island(op, limit, rounding, scales, zeros, bits)
    found = form(text, f"{case}.mlir")
    assert bool(found) == isExact, (text, found)
    counts[isExact] += 1
    if not found:
        continue
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    a, b = rng.integers(low, high + 1, (2, 40000))
    near = rng.integers(-40, 41, (2, 20000)).clip(low, high)
    ends = np.array([[x, y] for x in (low, high, 0, 1) for y in (low, high, 0, -1)]).T
    a, b = np.concatenate([[a, b], near, ends], axis=1)
    wrong = np.flatnonzero(computed(found, a, b) != values(a, b))
    assert wrong.size == 0, (text, found, a[wrong[:3]], b[wrong[:3]])
assert min(counts.values()) >= 30, counts
