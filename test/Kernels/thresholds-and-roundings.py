"""Thresholds and every rounding mode of nn.quantize: compiled code gives the interpreter's bits on ties, their neighbours, zeros,
infinities, NaN and random numbers, on every x86-64, whatever the layout and the type of the elements."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import pathlib
import subprocess
import sys

import numpy as np

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(1)


def compare(name, text, data, cpus=("x86-64", "x86-64-v3", "native")):
    path = out / f"{name}.mlir"
    path.write_text(text)
    np.savez(out / f"{name}.npz", **data)
    for cpu in cpus:
        done = subprocess.run(["nn-run", path, "--via=native", "--compare", f"--data={out / name}.npz", f"-cpu={cpu}"],
                              capture_output=True, text=True)
        assert done.returncode == 0, (name, cpu, done.stdout[-500:], done.stderr)


def specials(count):
    """Halves and integers, each with both neighbours, ends, and random numbers around them."""
    ties = np.arange(-40, 41, dtype=np.float32) / 2
    near = np.concatenate([ties, np.nextafter(ties, np.float32(np.inf)), np.nextafter(ties, np.float32(-np.inf))])
    ends = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-38, -1e-38, 3e-38, -3e-38, 1e-30, -1e-30, 3e38, -3e38], np.float32)
    return np.resize(np.concatenate([near, ends, rng.normal(0, 20, count).astype(np.float32)]), count)


# Roundings: a scale of 1, one that is no power of two, one beyond what a reciprocal may replace, one per channel.
scales = {"one": "1.0", "third": "0.333333343", "tiny": "1.0e-30", "rows": "[[[1.0]], [[0.7]], [[3.0e+20]], [[2.5e-25]]]"}
for name, values in scales.items():
    kind = "tensor<4x1x1xf32>" if name == "rows" else "tensor<f32>"
    for stored in ("i8", "ui8", "i4", "i16"):
        body, results = "", []
        for mode in range(7):
            body += (f"  %{mode} = nn.quantize %x, %s, %z {{rounding = {mode} : i64}} : (tensor<1x4x9x33xf32>, {kind}, tensor<{stored}>)"
                     f" -> tensor<1x4x9x33x{stored}>\n")
            if stored == "i4":  # the caller's elements of less than a byte are packed
                body += f"  %w{mode} = nn.cast %{mode} : tensor<1x4x9x33xi4> to tensor<1x4x9x33xi8>\n"
            results.append(f"%w{mode}" if stored == "i4" else f"%{mode}")
        shown = "i8" if stored == "i4" else stored
        types = ", ".join(f'tensor<1x4x9x33x{shown}> {{nn.name = "y{m}"}}' for m in range(7))
        text = (f'func.func @model(%x: tensor<1x4x9x33xf32> {{nn.name = "x"}}) -> ({types}) {{\n'
                f"  %s = nn.constant dense<{values}> : {kind}\n  %z = nn.constant dense<1> : tensor<{stored}>\n{body}"
                f"  return {', '.join(results)} : {', '.join(f'tensor<1x4x9x33x{shown}>' for _ in range(7))}\n}}\n")
        x = specials(1188).reshape(1, 4, 9, 33)
        compare(f"round-{name}-{stored}", text, {"x": x if name != "third" else x / np.float32(3)})


# Thresholds: all types, one row and one per channel, the channel outside and inside, vectors with and without a rest.
def number(value, kind):
    return repr(float(value)) if kind == "f32" else str(int(value))


numpy_types = {"f32": np.float32, "i8": np.int8, "ui8": np.uint8, "i16": np.int16, "ui16": np.uint16, "i32": np.int32, "i64": np.int64}
for kind, dtype in numpy_types.items():
    for shape, channel, rows, count in (((1, 5, 7, 3), 1, 5, 3), ((3, 37), 1, 37, 15), ((2, 40), 0, 1, 1), ((1, 3, 50), 1, 3, 255),
                                        ((1, 6, 6, 4), 3, 4, 2), ((7,), 0, 7, 2)):
        low, high = (-30, 30) if kind == "f32" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        thresholds = np.sort(rng.uniform(low, high, (rows, count)).astype(dtype), axis=1)
        if kind == "f32":
            thresholds = np.sort(np.round(thresholds * 2) / 2, axis=1)
            x = specials(int(np.prod(shape)))
        else:
            x = rng.integers(low, high, int(np.prod(shape)), dtype, endpoint=True)
        size = int(np.prod(shape))
        for i in range(0, size, 3):  # on a threshold
            x[i] = thresholds.flat[i % thresholds.size]
        dims = "x".join(map(str, shape))
        table = "[" + ", ".join("[" + ", ".join(number(v, kind) for v in row) + "]" for row in thresholds) + "]"
        least, stored = (-(count // 2) - 1, "i16") if count > 100 else (-2, "i8")
        text = (f'func.func @model(%x: tensor<{dims}x{kind}> {{nn.name = "x"}}) -> (tensor<{dims}x{stored}> {{nn.name = "y"}}) {{\n'
                f"  %t = nn.constant dense<{table}> : tensor<{rows}x{count}x{kind}>\n"
                f"  %y = nn.threshold %x, %t {{channel = {channel} : i64, least = {least} : i64}} : (tensor<{dims}x{kind}>, "
                f"tensor<{rows}x{count}x{kind}>) -> tensor<{dims}x{stored}>\n  return %y : tensor<{dims}x{stored}>\n}}\n")
        compare(f"reach-{kind}-{dims}", text, {"x": x.reshape(shape)})

# Thresholds that the caller gives, and none.
compare("run-time", 'func.func @model(%x: tensor<4x9xf32> {nn.name = "x"}, %t: tensor<4x3xf32> {nn.name = "t"}) -> '
        '(tensor<4x9xi8> {nn.name = "y"}) {\n'
        "  %y = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<4x9xf32>, tensor<4x3xf32>) -> tensor<4x9xi8>\n"
        "  return %y : tensor<4x9xi8>\n}\n",
        {"x": specials(36).reshape(4, 9), "t": np.sort(rng.normal(0, 20, (4, 3)).astype(np.float32), axis=1)})
compare("none", 'func.func @model(%x: tensor<4xf32> {nn.name = "x"}) -> (tensor<4xi8> {nn.name = "y"}) {\n'
        "  %t = nn.constant dense<> : tensor<1x0xf32>\n"
        "  %y = nn.threshold %x, %t {channel = 0 : i64, least = 7 : i64} : (tensor<4xf32>, tensor<1x0xf32>) -> tensor<4xi8>\n"
        "  return %y : tensor<4xi8>\n}\n", {"x": specials(4)})
