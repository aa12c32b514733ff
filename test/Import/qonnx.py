"""QONNX: Quant and its kin are nn.quantize, nn.clip where levels are missing, and nn.dequantize; signs and steps are nn.threshold; the forms
with the channels behind are transposed. What does not fit is refused by name."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, imported, one, ops, refused

f32 = np.float32
GENERAL, LAST = "qonnx.custom_op.general", "qonnx.custom_op.channels_last"


def quant(bits=4, scale=0.5, zero=0.0, shape=(2, 4), kind="Quant", domain=GENERAL, signed=1, narrow=0, operands=None, **attributes):
    constants = {"s": np.asarray(scale, f32), "z": np.asarray(zero), "b": np.asarray(bits)}
    if isinstance(zero, float):
        constants["z"] = np.asarray(zero, f32)
    attributes = {"signed": signed, "narrow": narrow, "domain": domain} | attributes
    return one(kind, [list(shape)], constants, operands=operands, **{k: v for k, v in attributes.items() if v is not None})


# --- One type for as many bits as it has, a clip for fewer.
for domain in (GENERAL, "finn.custom_op.general", "onnx.brevitas"):
    found = ops(quant(domain=domain))
    assert found == ["nn.quantize : (tensor<2x4xf32>, tensor<f32>, tensor<i4>) -> tensor<2x4xi4>",
                     "nn.dequantize : (tensor<2x4xi4>, tensor<f32>, tensor<i4>) -> tensor<2x4xf32>"], found
check(ops(quant(kind="IntQuant")), "-> tensor<2x4xi4>")
for bits, signed, narrow, text in ((2, 1, 0, "i2"), (4, 0, 0, "ui4"), (8, 1, 0, "i8"), (16, 0, 0, "ui16")):
    found = ops(quant(f32(bits), signed=signed, narrow=narrow))
    check(found, f"-> tensor<2x4x{text}>")
    assert not any("nn.clip" in line for line in found), found
for bits, signed, narrow, bounds, text in ((3, 1, 0, (-4, 3), "i4"), (2, 1, 1, (-1, 1), "i2"), (8, 1, 1, (-127, 127), "i8"), (1, 0, 0, (0, 1), "ui2"),
                                           (8, 0, 1, (0, 254), "ui8"), (9, 1, 0, (-256, 255), "i16"), (12, 0, 0, (0, 4095), "ui16")):
    check(ops(quant(np.int64(bits), signed=signed, narrow=narrow)), f"nn.clip {{max = {bounds[1]} : {text}, min = {bounds[0]} : {text}}} : tensor<2x4x{text}>")

# --- Rounding modes by either case; half to even is not stated.
for mode, number in (("ROUND", None), ("half_even", None), ("HALF_UP", 1), ("half_down", 2), ("UP", 3), ("DOWN", 4), ("ROUND_TO_ZERO", 4), ("Ceil", 5), ("FLOOR", 6)):
    found = ops(quant(rounding_mode=mode))[0]
    assert (f"{{rounding = {number} : i64}}" in found) if number else "rounding" not in found, found

# --- Scales per channel; a zero point is added before the sum is rounded, and taken away behind.
check(ops(quant(scale=[[0.5], [0.25]])), "nn.quantize : (tensor<2x4xf32>, tensor<2x1xf32>, tensor<i4>)", "nn.dequantize : (tensor<2x4xi4>, tensor<2x1xf32>, tensor<i4>)")
check(ops(quant(scale=[0.5])), "nn.quantize : (tensor<2x4xf32>, tensor<f32>, tensor<i4>)")
found = ops(quant(zero=3.0, rounding_mode="UP"))
assert [line.split()[0] for line in found] == ["nn.div", "nn.add", "nn.quantize", "nn.dequantize"], found
check(ops(quant(zero=[[1], [2]], scale=[[0.5], [0.25]])), "nn.add : (tensor<2x4xf32>, tensor<2x1xf32>)", "tensor<2x1xf32>, tensor<2x1xi4>) -> tensor<2x4xf32>")
check(ops(quant(zero=100)), "-> tensor<2x4xi8>", "nn.clip {max = 7 : i8, min = -8 : i8}")

# --- Signs: two equal thresholds.
for model in (quant(1), one("BipolarQuant", [[2, 4]], {"s": f32([0.5])}, domain=GENERAL)):
    check(ops(model), "nn.threshold {channel = 0 : i64, least = -1 : i64} : (tensor<2x4xf32>, tensor<1x2xf32>) -> tensor<2x4xi2>", "nn.dequantize")
check(imported(quant(1)), "dense<0.000000e+00> : tensor<1x2xf32>")
check(ops(one("BipolarQuant", [[]], {"s": f32(0.5)}, domain=GENERAL)), "nn.reshape : tensor<f32> to tensor<1xf32>", "to tensor<i2>")


# --- Trunc of both definitions.
def trunc(shift=(8, 4), out=None, scale=0.25, zero=0.0, **attributes):
    constants = {"s": f32(scale), "z": f32(zero), "a": f32(shift[0])} | ({} if out is None else {"o": f32(out)}) | {"b": f32(shift[1])}
    return one("Trunc", [[2, 4]], constants, domain=GENERAL, **attributes)


check(ops(trunc()), "-> tensor<2x4xi16>", "nn.quantize {rounding = 6 : i64} : (tensor<2x4xf32>, tensor<f32>, tensor<i16>) -> tensor<2x4xi16>")
check(ops(trunc(out=4.0, rounding_mode="ROUND")), "nn.quantize : (tensor<2x4xf32>, tensor<f32>, tensor<i4>) -> tensor<2x4xi4>")
check(ops(trunc(out=4.0, narrow=1, rounding_mode="CEIL")), "nn.clip {max = 7 : i4, min = -7 : i4}")
check(ops(trunc((8, 3), 8.0, signed=0)), "-> tensor<2x4xui16>", "nn.clip {max = 7 : ui4, min = 0 : ui4}")


# --- MultiThreshold: a bias of whole or half steps is where counting begins, another is added.
def steps(thresholds, shape=(1, 2, 3), **attributes):
    return one("MultiThreshold", [list(shape)], {"t": f32(thresholds)}, domain=GENERAL, out_dtype="UINT4", **attributes)


check(ops(steps([[3, 1, 2]])), "nn.threshold {channel = 0 : i64, least = 0 : i64} : (tensor<1x2x3xf32>, tensor<1x3xf32>) -> tensor<1x2x3xui2>")
check(imported(steps([[3, 1, 2]])), "dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00]]> : tensor<1x3xf32>")
check(ops(steps([[0], [1]])), "channel = 1 : i64")
check(ops(steps([[0], [1], [2]], data_layout="NWC")), "channel = 2 : i64")
check(ops(steps([[0, 1]], out_scale=0.5, out_bias=-1.0)), "least = -2 : i64", "-> tensor<1x2x3xi2>")
found = steps([[0, 1]], out_scale=2.0, out_bias=-1.0)
check(ops(found), "least = -1 : i64", "tensor<1x4xf32>) -> tensor<1x2x3xi4>")
check(imported(found), "dense<[[0.000000e+00, 0.000000e+00, 1.000000e+00, 1.000000e+00]]>")
check(ops(steps([[0, 1]], out_scale=1.0, out_bias=0.3)), "least = 0 : i64", "nn.add")

# --- Channels behind.
check(ops(one("Conv", [[1, 8, 9, 3], [4, 3, 3, 3]], domain=LAST, pads=[1, 1, 1, 1], strides=[1, 1], dilations=[1, 1], kernel_shape=[3, 3], group=1)),
      "nn.transpose {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x8x9x3xf32>)", "nn.transpose {permutation = array<i64: 0, 3, 1, 2>} : (tensor<4x3x3x3xf32>)",
      "-> tensor<1x4x8x9xf32>", "nn.transpose {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x4x8x9xf32>) -> tensor<1x8x9x4xf32>")
check(ops(one("MaxPool", [[1, 8, 3]], domain=LAST, kernel_shape=[2], strides=[2], pads=[0, 0])),
      "nn.transpose {permutation = array<i64: 0, 2, 1>} : (tensor<1x8x3xf32>)", "nn.max_pool", "-> tensor<1x4x3xf32>")
check(ops(one("BatchNormalization", [[1, 2, 2, 3]], {n: np.ones(3, f32) for n in "abcd"}, domain=LAST, epsilon=1e-3, momentum=0.9)), "nn.batch_norm", "-> tensor<1x2x2x3xf32>")

# --- Refused, by the node's name and why.
for model, why in (
    (quant(f32(4.5)), "the bit width is 4.5, expected an integer from 1 to 16"),
    (quant(17), "the bit width is 17, expected an integer from 1 to 16"),
    (quant(f32([4, 4])), "the bit width is f32[2], expected one number"),
    (quant(zero=0.5), "the zero point is 0.5, expected an integer"),
    (quant(zero=-1.0, signed=0), "the zero point is -1, expected an integer from 0 to 65535"),
    (quant(1, zero=1.0), "a sign has no zero point"),
    (quant(zero=np.zeros(0, np.float32)), "the zero point f32[0] is empty"),
    (trunc((8, 4), 4.0, zero=np.zeros(0, np.float32)), "the zero point f32[0] is empty"),
    (quant(scale=-1.0), "the scale is -1; a scale is a number from 2^-125 on"),
    (quant(scale=[1.0, 2.0, 3.0]), "the scale f32[3] does not broadcast to the input"),
    (quant(scale=[[[1.0]], [[2.0]]]), "does not broadcast to the input"),
    (quant(rounding_mode="NEAREST"), "rounding_mode is 'NEAREST', expected ROUND"),
    (quant(signed=2), "signed is 2, expected 0 or 1"),
    (quant(narrow=None), "the attribute 'narrow' is missing"),
    (quant(unknown=1), "unknown attribute 'unknown'"),
    (one("Quant", [[2, 4], [], [], []], domain=GENERAL, signed=1, narrow=0), "must be known when we compile"),
    (one("Quant", [[2, 4], []], {"z": f32(0), "b": f32(4)}, domain=GENERAL, signed=1, narrow=0), "the scale must be known when we compile"),
    (one("BipolarQuant", [[2, 4], []], domain=GENERAL), "the scale must be known when we compile"),
    (trunc((4, 8)), "-4 bits are cut off, expected 0 to 15"),
    (trunc((8, 4), 4.0, zero=3.0), "the zero point 3 is no multiple of 2^4"),
    (trunc((16, 8)), "an input of 16 bits"),
    (steps([0, 1]), "expected float32 of channels x steps"),
    (steps([[np.nan]]), "a threshold is no number"),
    (steps([[0], [1], [2]]), "there are 3 rows of thresholds for dimension 1"),
    (steps([[0]], out_scale=0.0), "out_scale is 0"),
    (one("MultiThreshold", [[1, 2], [1, 1]], domain=GENERAL, out_dtype="UINT2"), "the thresholds must be known"),
    (one("Conv", [[1, 8], [4, 8]], domain=LAST), "the input has rank 2, expected 3 or 4"),
    (one("FloatQuant", [[1, 8]], domain=GENERAL), "this operator is not supported"),
    (one("Quant", [[1, 8]], domain="qonnx.custom_op.fpgadataflow"), "operators of the domain 'qonnx.custom_op.fpgadataflow' are not supported"),
):
    check(refused(model), "step", why)
