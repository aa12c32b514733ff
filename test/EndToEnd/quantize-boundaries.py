"""Where a quotient crosses from one level to the next, quantization rounds as a division does, though kernels multiply by the reciprocal:
scales of all magnitudes, numbers around every boundary, all that a float can be. In a sum of two grids, too, as residual networks have it."""
# RUN: %python %s %t
# REQUIRES: onnx
import sys

import numpy as np
from nnctest import build, compile_model, node, tensor

rng = np.random.default_rng(5)
C = 64


def quantized(x, scale, zero):
    with np.errstate(all="ignore"):
        level = np.rint(x / scale) + np.float32(zero)
    return np.nan_to_num(np.clip(level, 0, 255), nan=0).astype(np.uint8)


def nudged(x, ulps):
    for _ in range(abs(ulps)):
        x = np.nextafter(x, np.float32(np.inf if ulps > 0 else -np.inf), dtype=np.float32)
    return x


# Significands of all kinds, and exponents to both ends of what kernels divide by multiplying, and beyond.
scales = np.ldexp(rng.uniform(1, 2, C), rng.integers(-12, 3, C)).astype(np.float32)
scales[:8] = [2.0**-64, 2.0**64, np.float32(2.0**-64 * 1.999999), 2.0**-65, 2.0**65, 1.0, np.float32(1 / 3), np.nextafter(np.float32(2), np.float32(1))]
zero = 100
middles = ((np.arange(-zero - 1, 256 - zero + 1) + 0.5)[None] * scales[:, None].astype(np.float64)).astype(np.float32)
x = np.concatenate([nudged(middles, k) for k in range(-3, 4)], axis=1)
odd = np.array([0, -0.0, np.inf, -np.inf, np.nan, 3.4e38, -3.4e38, 1e-45, -1e-45, 2.0**-126, 1e30, -1e30], np.float32)
x = np.concatenate([x, np.tile(odd, (C, 1))], axis=1)[None]

model = build([node("QuantizeLinear", "x s z", "q", axis=1)], [tensor("x", x.shape)], [tensor("q", x.shape, np.uint8)],
              {"s": scales, "z": np.full(C, zero, np.uint8)})
expected = quantized(x, scales[None, :, None], zero)
for cpu in ("x86-64-v3", "native"):
    network = compile_model(model, f"{sys.argv[1]}/per-channel-{cpu}", f"-cpu={cpu}")
    result = network(x)[0]
    wrong = np.argwhere(result != expected)
    assert not len(wrong), (cpu, len(wrong), [(x[tuple(i)], scales[i[1]], result[tuple(i)], expected[tuple(i)]) for i in wrong[:5]])

# a * sa + b * sb in units of sy, for all pairs of bytes.
for trial in range(12):
    sa, sb, sy = np.ldexp(rng.uniform(1, 2, 3), rng.integers(-8, -4, 3)).astype(np.float32)
    za, zb, zy = rng.integers(0, 256, 3).astype(np.uint8)
    a, b = (m.astype(np.uint8) for m in np.meshgrid(np.arange(256), np.arange(256)))
    nodes = [node("DequantizeLinear", "a sa za", "fa"), node("DequantizeLinear", "b sb zb", "fb"), node("Add", "fa fb", "f"),
             node("QuantizeLinear", "f sy zy", "q")]
    model = build(nodes, [tensor("a", a.shape, np.uint8), tensor("b", b.shape, np.uint8)], [tensor("q", a.shape, np.uint8)],
                  {"sa": sa, "sb": sb, "sy": sy, "za": za, "zb": zb, "zy": zy})
    total = (a.astype(np.float32) - np.float32(za)) * sa + (b.astype(np.float32) - np.float32(zb)) * sb
    for cpu in ("x86-64-v3", "native"):
        network = compile_model(model, f"{sys.argv[1]}/sum-{trial}-{cpu}", f"-cpu={cpu}")
        assert np.array_equal(network(a, b)[0], quantized(total, sy, zy)), (trial, cpu)
