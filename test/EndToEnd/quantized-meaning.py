"""What a quantized operator becomes is what ONNX says it is: integer forms against the arithmetic of its definition."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import sys

import numpy as np
from nnctest import build, compile_model, node, tensor

f32, i8, u8 = np.float32, np.int8, np.uint8
rng = np.random.default_rng(4)


def network(kind, words, inputs, result, constants, opset=21, outputs="y", **attributes):
    """One node, compiled. `inputs` and `result` are of tensor()."""
    model = build([node(kind, words, outputs, **attributes)], inputs, result, constants, opset=opset)
    network.count += 1
    return compile_model(model, f"{sys.argv[1]}/{network.count}", "-cpu=x86-64-v3", name=f"network{network.count}")


network.count = 0


def on_grid(t, zero, dtype):
    """NumericSpec section 9 behind the division or product: clamp, round half to even, add the zero point."""
    ends = np.iinfo(dtype)
    t = np.where(np.isnan(t), -np.inf, t)
    return (np.rint(np.clip(t, f32(ends.min) - f32(zero), f32(ends.max) - f32(zero))) + int(zero)).astype(dtype)


def equal(found, wanted, what):
    assert found.dtype == wanted.dtype and found.shape == wanted.shape, (what, found.dtype, found.shape)
    where = np.flatnonzero(found.ravel() != wanted.ravel())
    assert not where.size, (what, where[:5], found.ravel()[where[:5]], wanted.ravel()[where[:5]])


# --- QuantizeLinear: ties, both ends, NaN and infinities, zero points anywhere, all narrow types.
special = f32([0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 1e30, -1e30, 1e-40, np.inf, -np.inf, np.nan, 3.4e38, 127.5, 255.5, -128.5, 32767.5, 65534.5])
for dtype in (i8, u8, np.int16, np.uint16):
    ends = np.iinfo(dtype)
    for zero in (0, ends.min, ends.max, ends.max // 3):
        for scale in (1, 0.1, 7, 2.0**-125, 3e38):
            with np.errstate(all="ignore"):
                x = np.concatenate([special, special * f32(scale), rng.normal(0, 200, 60).astype(f32) * f32(min(scale, 1e30))])
            run = network("QuantizeLinear", "x s z", [tensor("x", x.shape)], [tensor("y", x.shape, dtype)], {"s": f32(scale), "z": dtype(zero)})
            with np.errstate(all="ignore"):
                flushed = np.where(np.abs(x) < 2.0**-125, f32(0), x)
                equal(run(x)[0], on_grid(flushed / f32(scale), zero, dtype), f"quantize to {dtype.__name__}, {scale}, {zero}")

# --- Words times bytes: exact sums, of words with and without a sign that have 16 bits less their zero point.
for x_type, zero in ((np.int16, 0), (np.uint16, 32768)):
    x = (rng.integers(-32768, 32768, [5, 130]) + zero).astype(x_type)
    x[0], x[1] = np.iinfo(x_type).min, np.iinfo(x_type).max
    w = rng.integers(-128, 128, [130, 7]).astype(i8)
    sx, sw, sy = f32(0.003), f32(0.02), f32(0.9)
    nodes = [node("DequantizeLinear", "x sx zx", "xf"), node("DequantizeLinear", "w sw", "wf"), node("MatMul", "xf wf", "yf"),
             node("QuantizeLinear", "yf sy zx", "y")]  # fmt: skip
    words = build(nodes, [tensor("x", x.shape, x_type)], [tensor("y", [5, 7], x_type)], {"w": w, "sx": sx, "sw": sw, "sy": sy, "zx": x_type(zero)}, opset=21)
    sums = (x.astype(np.int32) - zero) @ w.astype(np.int32)
    for cpu in ("x86-64", "x86-64-v3"):
        run = compile_model(words, f"{sys.argv[1]}/{x_type.__name__}-{cpu}", f"-cpu={cpu}", name="words")
        equal(run(x)[0], on_grid(f32(sums) * (sx * sw) / sy, zero, x_type), f"{x_type.__name__} on {cpu}")

# --- MatMulInteger, ConvInteger: exact sums, zero points of both sides, all mixes of signs, an odd count of products.
for a_type, b_type in ((u8, i8), (i8, i8), (u8, u8), (i8, u8)):
    for inner in (1, 3, 4, 7, 130):
        a = rng.integers(np.iinfo(a_type).min, np.iinfo(a_type).max + 1, [3, inner]).astype(a_type)
        b = rng.integers(np.iinfo(b_type).min, np.iinfo(b_type).max + 1, [inner, 5]).astype(b_type)
        for ends in (False, True):
            if ends:
                a[:], b[:] = np.iinfo(a_type).min, np.iinfo(b_type).max
            az, bz = a_type(np.iinfo(a_type).max), b_type([np.iinfo(b_type).min, 0, 1, 5, 9])
            wanted = (a.astype(np.int32) - int(az)) @ (b.astype(np.int32) - bz.astype(np.int32))
            run = network("MatMulInteger", "a b az bz", [tensor("a", a.shape, a_type)], [tensor("y", wanted.shape, np.int32)], {"b": b, "az": az, "bz": bz})
            equal(run(a)[0], wanted.astype(np.int32), f"{a_type.__name__} x {b_type.__name__} x {inner}")

# --- DynamicQuantizeLinear: the definition, float operation by float operation. Of zeros only the scale is 1, as in ONNX Runtime.
for x in (rng.normal(0, 3, 50).astype(f32), f32([1, 2, 3, 4]), f32([-1, -2, -3]), f32([0.5]), rng.uniform(-1, 7, 33).astype(f32), f32([0, -0.0, 0])):
    results = [tensor("y", x.shape, u8), tensor("s", []), tensor("z", [], u8)]
    run = network("DynamicQuantizeLinear", "x", [tensor("x", x.shape)], results, {}, outputs="y s z")
    least, most = min(f32(0), x.min()), max(f32(0), x.max())
    scale = f32(f32(most - least) / f32(255)) if most > least else f32(1)
    zero = on_grid(f32(f32(0 - least) / scale), 0, u8)
    y, s, z = run(x)
    equal(s, np.asarray(scale, f32), "dynamic scale"), equal(z, np.asarray(zero), "dynamic zero point")
    equal(y, on_grid(x / scale, int(zero), u8), "dynamic")

# --- DequantizeLinear of every byte.
every = np.arange(256).astype(u8)
for zero in (0, 128, 255):
    run = network("DequantizeLinear", "x s z", [tensor("x", [256], u8)], [tensor("y", [256])], {"s": f32(0.037), "z": u8(zero)})
    equal(run(every)[0], (every.astype(np.int32) - zero).astype(f32) * f32(0.037), "dequantize")

# --- QLinearConv: the sum is exact, its product with the scale rounded once. No accumulator leaves a float's 24 bits here.
for _ in range(6):
    x = rng.integers(0, 256, [1, 5, 9]).astype(u8)
    w = rng.integers(-128, 128, [4, 5, 3]).astype(i8)
    b = rng.integers(-9000, 9000, 4).astype(np.int32)
    sx, sw, sy = f32(0.013), rng.uniform(0.001, 0.1, 4).astype(f32), f32(0.7)
    run = network("QLinearConv", "x sx zx w sw zw sy zy b", [tensor("x", x.shape, u8)], [tensor("y", [1, 4, 9], i8)],
                  {"sx": sx, "zx": u8(200), "w": w, "sw": sw, "zw": np.full(4, 3, i8), "sy": sy, "zy": i8(-5), "b": b}, pads=[1, 1])  # fmt: skip
    padded = np.pad(x.astype(np.int64) - 200, [(0, 0), (0, 0), (1, 1)])
    sums = np.stack([np.stack([(padded[0, :, i : i + 3] * (w[c].astype(np.int64) - 3)).sum() + b[c] for i in range(9)]) for c in range(4)])[None]
    factor = (sx * sw) / sy
    products = (sums.astype(np.float64) * factor[None, :, None]).astype(f32)  # exact, then rounded once
    assert abs(sums).max() < 2**24
    equal(run(x)[0], on_grid(products, -5, i8), "QLinearConv")

# --- QGemm: alpha belongs to the scale of A; a bias of one row is one per column.
for alpha, shape in (1.0, [1, 3]), (0.5, [3]), (0.3, [1, 3]):
    x, w = rng.integers(0, 256, [4, 7]).astype(u8), rng.integers(-128, 128, [7, 3]).astype(i8)
    b = rng.integers(-9000, 9000, shape).astype(np.int32)
    run = network("QGemm", "x sx zx w sw zw b sy zy", [tensor("x", x.shape, u8)], [tensor("y", [4, 3], u8)],
                  {"sx": f32(0.013), "zx": u8(99), "w": w, "sw": f32(0.02), "zw": i8(0), "b": b, "sy": f32(0.4), "zy": u8(60)}, alpha=alpha, domain="com.microsoft")  # fmt: skip
    sums = (x.astype(np.int64) - 99) @ w + b
    factor = f32(f32(f32(alpha) * f32(0.013)) * f32(0.02)) / f32(0.4)
    equal(run(x)[0], on_grid((sums.astype(np.float64) * factor).astype(f32), 60, u8), f"QGemm with alpha {alpha}")

# --- QGemm: whatever broadcasts is a bias, and belongs to the sums also where these stay floats.
for shape in [], [1], [3], [1, 3], [4, 1], [4, 3]:
    for per_column in False, True:
        x, w = rng.integers(0, 256, [4, 7]).astype(u8), rng.integers(-128, 128, [3, 7]).astype(i8)
        b, sw = np.int32(rng.integers(-9000, 9000, shape)), rng.uniform(0.001, 0.1, 3 if per_column else ()).astype(f32)
        run = network("QGemm", "x sx zx w sw zw b", [tensor("x", x.shape, u8)], [tensor("y", [4, 3])],
                      {"sx": f32(0.013), "zx": u8(99), "w": w, "sw": sw, "zw": np.zeros(sw.shape, i8), "b": b}, transB=1, domain="com.microsoft")  # fmt: skip
        sums = (x.astype(np.int64) - 99) @ w.T.astype(np.int64) + b
        equal(run(x)[0], sums.astype(f32) * (f32(0.013) * sw), f"QGemm of floats with a bias of {shape}")
        run = network("QGemm", "x sx zx w sw zw b sy zy", [tensor("x", x.shape, u8)], [tensor("y", [4, 3], u8)],
                      {"sx": f32(0.013), "zx": u8(99), "w": w, "sw": sw, "zw": np.zeros(sw.shape, i8), "b": b, "sy": f32(0.37), "zy": u8(60)},
                      transB=1, domain="com.microsoft")  # fmt: skip
        factor = (f32(0.013) * sw) / f32(0.37)
        equal(run(x)[0], on_grid((sums.astype(np.float64) * factor).astype(f32), 60, u8), f"QGemm with a bias of {shape}")

# --- GlobalMaxPool and ReduceMax: the greatest integer, on one grid that of the byte itself, on another one that of the float.
for pooled in node("GlobalMaxPool", "d", "p"), node("ReduceMax", "d axes", "p"):
    for scale in f32(0.25), f32(0.31):
        nodes = [node("DequantizeLinear", "x s z", "d"), pooled, node("QuantizeLinear", "p t z", "y")]
        constants = {"s": f32(0.25), "t": scale, "z": u8(9)} | ({"axes": np.array([2, 3])} if "axes" in pooled.input else {})
        x = rng.integers(0, 256, [1, 5, 3, 4]).astype(u8)
        model = build(nodes, [tensor("x", x.shape, u8)], [tensor("y", [1, 5, 1, 1], u8)], constants, opset=18)
        network.count += 1
        run = compile_model(model, f"{sys.argv[1]}/{network.count}", "-cpu=x86-64-v3", name=f"network{network.count}")
        greatest = (x.max((2, 3), keepdims=True).astype(f32) - 9) * f32(0.25)
        equal(run(x)[0], on_grid(greatest / scale, 9, u8), pooled.op_type)

# --- AveragePool: the sum is exact and scaled once. The float operators give the same but where the mean is as good as half-way between two
# integers: on one grid those go to the even one if the window holds 2^n elements, and there are none if it holds an odd number.
for window in (2, 3, 6, 8, 9):
    for scale, result in ((0.0235, 0.0235), (0.0371, 0.0213), (2.0**-5, 2.0**-5)):
        x = rng.integers(0, 256, [1, 1, 3000, window]).astype(u8)
        nodes = [node("DequantizeLinear", "x sx zx", "d"), node("AveragePool", "d", "m", kernel_shape=[1, window]), node("QuantizeLinear", "m sy zy", "y")]
        constants = {"sx": f32(scale), "zx": u8(77), "sy": f32(result), "zy": u8(77)}
        model = build(nodes, [tensor("x", x.shape, u8)], [tensor("y", [1, 1, 3000, 1], u8)], constants, opset=21)
        found = compile_model(model, f"{sys.argv[1]}/pool/{window}-{scale}", "-cpu=x86-64-v3", name="pool")(x)[0].ravel()
        centered = x.reshape(-1, window).astype(np.int32) - 77
        sums = centered.sum(1)
        what = f"mean of {window} from {scale} to {result}"
        equal(found, on_grid(sums.astype(f32) * (f32(scale) / (f32(result) * f32(window))), 77, u8), what)
        floats = np.zeros(len(x.ravel()) // window, f32)
        for column in (centered.astype(f32) * f32(scale)).T:
            floats = floats + column
        literal = on_grid(floats * (f32(1) / f32(window)) / f32(result), 77, u8)
        means = sums * float(f32(scale)) / (float(f32(result)) * window)
        halfway = np.abs(means - np.floor(means) - 0.5) < 1e-4
        assert not (found != literal)[~halfway].any(), what
        exact = scale == 2.0**-5 and window in (2, 8)
        if scale == result:
            assert halfway.any() == (window % 2 == 0), what
        if exact:
            assert (found == literal).all(), what
        if scale == result and window in (2, 8):
            equal(found, np.clip(np.rint(sums / window) + 77, 0, 255).astype(u8), what)
