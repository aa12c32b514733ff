"""What the operators of QONNX compute, in numpy from their definitions, and nodes of theirs."""

import numpy as np
from onnx import helper

GENERAL = "qonnx.custom_op.general"
LAST = "qonnx.custom_op.channels_last"
MODES = ("ROUND", "HALF_EVEN", "HALF_UP", "HALF_DOWN", "UP", "DOWN", "ROUND_TO_ZERO", "CEIL", "FLOOR")
f32 = np.float32


def qnode(kind, inputs, outputs, domain=GENERAL, **attributes):
    """A node called after its first output."""
    inputs, outputs = inputs.split(), outputs.split()
    return helper.make_node(kind, inputs, outputs, name=f"{kind}_{outputs[0]}", domain=domain, **attributes)


def rounded(y, mode):
    """Exact: doubles hold a float and a half."""
    y = np.asarray(y, np.float64)
    size, whole = np.abs(y), np.floor(np.abs(y))
    part = size - whole
    return {
        "ROUND": np.rint,
        "HALF_EVEN": np.rint,
        "HALF_UP": lambda v: np.sign(v) * (whole + (part >= 0.5)),
        "HALF_DOWN": lambda v: np.sign(v) * (whole + (part > 0.5)),
        "UP": lambda v: np.sign(v) * np.ceil(size),
        "DOWN": np.trunc,
        "ROUND_TO_ZERO": np.trunc,
        "CEIL": np.ceil,
        "FLOOR": np.floor,
    }[mode.upper()](y).astype(f32)


def ends(bits, signed, narrow):
    if signed:
        return -(2 ** (bits - 1)) + int(narrow), 2 ** (bits - 1) - 1
    return 0, 2**bits - 1 - int(narrow)


def quant(x, scale, zero, bits, signed, narrow, mode):
    scale, zero = np.asarray(scale, f32), np.asarray(zero, f32)
    y = x / scale + zero
    if bits == 1 and signed:
        y = np.where(y >= 0, f32(1), f32(-1))
    else:
        y = rounded(np.clip(y, *map(f32, ends(bits, signed, narrow))), mode)
    return (y - zero) * scale


def bipolar(x, scale):
    return np.where(x >= 0, f32(1), f32(-1)) * np.asarray(scale, f32)


def trunc(x, scale, zero, bits_in, bits_out, mode):
    """Definition 1: scale and zero point stay."""
    y = np.rint(x / f32(scale) + f32(zero)) / f32(2.0 ** (bits_in - bits_out))
    return (rounded(y, mode) - f32(zero)) * f32(scale)


def trunc2(x, scale, zero, scale_out, bits_out, signed, narrow, mode):
    """Definition 2."""
    step = f32(2.0 ** np.rint(np.log2(f32(scale_out) / f32(scale))))
    y = np.rint(x / f32(scale) + f32(zero)) / step
    y = rounded(np.clip(y, *map(f32, ends(bits_out, signed, narrow))), mode)
    return (y - f32(zero) / step) * f32(scale_out)


def multithreshold(x, thresholds, scale=1.0, bias=0.0, last=False):
    v = x if last or thresholds.shape[0] == 1 else np.moveaxis(x, 1, -1)
    count = np.count_nonzero(v[..., None] >= thresholds, axis=-1).astype(f32)
    if not (last or thresholds.shape[0] == 1):
        count = np.moveaxis(count, -1, 1)
    return f32(scale) * count + f32(bias)


def hard_numbers(count, scale=1.0, seed=0):
    """Multiples of a half of `scale` with both neighbours, the far ends, zeros, infinities, and random numbers."""
    rng = np.random.default_rng(seed)
    ties = (np.arange(-70, 71) / 2).astype(f32) * f32(scale)
    far = (np.array([127.5, 128.5, 255.5, 32766.5, 32767.5, 65534.5, 1e6, 3e38]) * scale).clip(-3e38, 3e38).astype(f32)
    special = np.concatenate([ties, far, -far, f32([0.0, -0.0, np.inf, -np.inf])])
    near = [np.nextafter(ties, f32(np.inf)), np.nextafter(ties, f32(-np.inf))]
    # What is below 2^-125 counts as 0 with us; numpy rounds it up.
    near = [np.where(np.abs(v) < 2.0**-120, f32(0), v) for v in near]
    fill = (rng.normal(0, 12, count) * scale).astype(f32)
    return np.resize(np.concatenate([special, *near, fill]), count).astype(f32)
