"""Fixed-point factors, numerators and sums that are known at run time only may be anything: outside of its range the nearest number inside
counts, in the compiled code as in the interpreter and in exact arithmetic."""
# RUN: %python %s %t x86-64-v3
# RUN: %python %s %t native
# REQUIRES: onnx, x86-64-v3
import pathlib
import subprocess
import sys

import numpy as np
from nnctest import compile_model
from onnx import numpy_helper

folder, cpu = pathlib.Path(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(5)
COUNT = 1021


def op(name, operands, types, attributes, i):
    return f"%{i} = nn.{name} {operands}, %z {{{attributes} : i64}} : ({types}, tensor<i8>) -> tensor<{COUNT}xi8>\n"


word, wide, byte = (f"tensor<{COUNT}x{t}>" for t in ("i32", "i64", "i8"))
ports = ", ".join(f'%{n}: {t} {{nn.name = "{n}"}}' for n, t in (("x", word), ("m", word), ("s", word), ("n", wide)))
text = f"func.func @net({ports}) -> (" + ", ".join(f'{byte} {{nn.name = "y{i}"}}' for i in range(5)) + ") {\n"
text += "%z = nn.constant dense<3> : tensor<i8>\n"
for i in range(3):
    text += op("rescale", "%x, %m, %s", f"{word}, {word}, {word}", f"rounding = {i}", i)
for i in range(2):
    text += op("proportion", "%x, %n", f"{word}, {wide}", f"shift = 8 : i64, division = {i}", 3 + i)
text += "return %0, %1, %2, %3, %4 : " + ", ".join([byte] * 5) + "\n}\n"
folder.mkdir(parents=True, exist_ok=True)
(folder / "net.mlir").write_text(text)


def words(bits):
    """Of all magnitudes and either sign, the ends among them."""
    ends = [0, 1, -1, 2**19, 2**20, 2**20 - 1, 2**30, 2**30 + 1, 2**(bits - 1) - 1, -2**(bits - 1)]
    rest = [int(rng.integers(-2**(bits - 1), 2**(bits - 1))) >> int(rng.integers(0, bits)) for _ in range(COUNT - len(ends))]
    return rng.permutation(np.array(ends + rest, f"int{bits}"))


inputs = [words(32), words(32), rng.integers(-9, 80, COUNT).astype(np.int32), words(64)]
inputs[2][:2] = -2**31, 2**31 - 1
inputs[3][::2] = rng.integers(2**19, 2**31, len(inputs[3][::2]))  # what the fixed-point division is for


def wrap(n):
    return (n + 2**31) % 2**32 - 2**31


def half(n, bits):
    return (n + (1 << bits >> 1)) >> bits


def away(n, bits):
    return -half(-n, bits) if n < 0 else half(n, bits)


def within(n, least, most):
    return min(max(n, least), most)


def expected(x, m, s, n):
    m, s = max(m, 0), within(s, 1, 62)
    raised = wrap(x << max(31 - s, 0))
    results = [wrap(half(x * m, s)), wrap(away(half(raised * m, 31), max(s - 31, 0))), wrap(away(x * m, s))]
    scaled, total = within(x, 0, 2**30) << 8, within(n, 2**20, 2**61 - 1)
    quotient, rest = divmod(scaled, total)
    results.append(quotient + (2 * rest > total or (2 * rest == total and quotient % 2)))
    total = within(n, 2**19, 2**31 - 1)
    high = lambda a, b: half(a * b, 31)
    zeros = 32 - total.bit_length()
    h = (total << zeros) >> 1
    r = 1515870810 + high(h, -1010580540)
    for _ in range(3):
        r += 4 * high(r, 2**29 - high(h, r))
    results.append(away(high(max(x, 0), min(2 * r, 2**31 - 1)), 43 - zeros - 8))
    return [within(r + 3, -128, 127) for r in results]


results = compile_model(folder / "net.mlir", folder / cpu, f"-cpu={cpu}")(*inputs)
wanted = np.array([expected(*map(int, row)) for row in zip(*inputs)], np.int8).T
for i, (y, want) in enumerate(zip(results, wanted)):
    bad = np.flatnonzero(y != want)
    assert not len(bad), (i, [int(v[bad[0]]) for v in inputs], int(y[bad[0]]), int(want[bad[0]]))

data = folder / "test_data_set_0"
data.mkdir(exist_ok=True)
for i, (name, value) in enumerate(zip("xmsn", inputs)):
    (data / f"input_{i}.pb").write_bytes(numpy_helper.from_array(value, name).SerializeToString())
done = subprocess.run(["nn-run", folder / "net.mlir", "--compare", f"-cpu={cpu}"], capture_output=True, text=True)
assert done.returncode == 0, done.stderr
