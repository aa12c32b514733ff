"""TFLite's arithmetic on quantized ONNX networks, written from gemmlowp's and TFLite's formulas and not from ours.

    from tflite import evaluate

    outputs = evaluate(model, {"x": array}, "tflite-double")

Profiles: "tflite-double" (matrices rounded once, all else twice), "tflm-double" (twice), "tflite-single" (once). Knows QDQ
networks of Conv, MatMul, Gemm, AveragePool, Add, Sub, Softmax, ReLU, Clip and of what moves elements.
"""

import itertools
import math

import numpy as np
from onnx import helper, numpy_helper


# --- gemmlowp


def truncate(n, bits):
    """n / 2^bits as C divides: towards zero."""
    return np.sign(n) * (np.abs(n) >> bits)


def doubling_high_product(a, b):
    product = np.asarray(a, np.int64) * np.int64(b)
    return truncate(product + np.where(product >= 0, 1 << 30, 1 - (1 << 30)), 31)


def divide_by_power(x, exponent):
    x = np.asarray(x, np.int64)
    mask = (1 << exponent) - 1
    return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0))


def quantize_multiplier(number):
    fraction, exponent = math.frexp(number)
    multiplier = math.floor(fraction * 2**31 + 0.5)
    if multiplier == 2**31:
        multiplier, exponent = multiplier // 2, exponent + 1
    return (multiplier, exponent) if exponent >= -31 else (0, 0)


def int32(n):
    return np.asarray(n, np.int64).astype(np.int32).astype(np.int64)


def multiply(x, number, once):
    """MultiplyByQuantizedMultiplier."""
    multiplier, exponent = quantize_multiplier(number)
    x = np.asarray(x, np.int64)
    if once:
        total = 31 - exponent
        return int32((x * multiplier + (1 << (total - 1))) >> total)
    return divide_by_power(doubling_high_product(int32(x << max(exponent, 0)), multiplier), max(-exponent, 0))


# --- SOFTMAX


def exp_on_quarter(a):
    """exp on [-1/4, 0), Q0.31."""
    high = lambda p, q: int(doubling_high_product(p, q))
    x = a + (1 << 28)
    x2 = high(x, x)
    x3, x4 = high(x2, x), high(x2, x2)
    tail = int(divide_by_power(high(int(divide_by_power(x4, 2)) + x3, 715827883) + x2, 1))
    return 1895147668 + high(1895147668, x + tail)


def exp_on_negative(a):
    """exp of Q5.26, Q0.31."""
    if a == 0:
        return (1 << 31) - 1
    quarter = 1 << 24
    rest = (a & (quarter - 1)) - quarter
    result, whole = exp_on_quarter(rest << 5), rest - a
    for bit, factor in enumerate((1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)):
        if whole >> (24 + bit) & 1:
            result = int(doubling_high_product(result, factor))
    return result


def one_over_one_plus(fraction):
    """1 / (1 + fraction), Q0.31 of Q0.31."""
    high = lambda p, q: int(doubling_high_product(p, q))
    half = (fraction + (1 << 31)) // 2
    x = 1515870810 + high(half, -1010580540)
    for _ in range(3):
        x += high(x, (1 << 29) - high(half, x)) << 2
    return min(x << 1, (1 << 31) - 1)


def softmax_row(row, scale):
    """Codes less the least one."""
    multiplier, exponent = quantize_multiplier(min(float(scale) * 2**26, 2.0**31 - 1))
    least = -math.floor(31 * 2.0**26 / 2.0**exponent)
    distances = [int(q) - int(max(row)) for q in row]
    powers = [exp_on_negative(int(doubling_high_product(d << exponent, multiplier))) if d >= least else 0 for d in distances]
    total = sum(int(divide_by_power(p, 12)) for p in powers)
    zeros = 32 - total.bit_length()
    reciprocal = one_over_one_plus((total << zeros) - (1 << 31))
    return [int(divide_by_power(doubling_high_product(p, reciprocal), 12 - zeros + 31 - 8)) for p in powers]


# --- networks


class Stored:
    """Integers and what they stand for."""

    def __init__(self, q, scale, zero):
        self.q, self.scale, self.zero = np.asarray(q), np.asarray(scale, np.float32), np.asarray(zero)

    def centred(self, axis=None):
        zero = self.zero.astype(np.int64)
        if zero.size > 1:
            zero = zero.reshape([-1 if d == axis else 1 for d in range(self.q.ndim)])
        return self.q.astype(np.int64) - zero

    def floats(self):
        return self.centred().astype(np.float32) * self.number

    @property
    def number(self):
        return np.float32(self.scale.reshape(-1)[0])


class Pending:
    """What becomes integers at the next QuantizeLinear: to_codes(result grid) gives them less the zero point (of averages:
    the codes themselves), unclamped."""

    def __init__(self, to_codes, bounds=(-np.inf, np.inf), is_code=False):
        self.to_codes, self.bounds, self.is_code = to_codes, bounds, is_code

    def limited(self, low, high):
        limit = lambda n: min(max(n, low), high)
        return Pending(self.to_codes, tuple(map(limit, self.bounds)), self.is_code)


def away(x):
    """round() of C."""
    return np.sign(x) * np.floor(np.abs(np.asarray(x, np.float64)) + 0.5)


class Evaluator:
    def __init__(self, model, profile):
        self.graph, self.once = model.graph, profile == "tflite-single"
        self.once_matrix = profile in ("tflite-single", "tflite-double")
        self.values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}

    def run(self, inputs):
        self.values.update(inputs)
        for node in self.graph.node:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            operands = [self.values[n] if n else None for n in node.input]
            self.values[node.output[0]] = getattr(self, node.op_type)(attributes, *operands)
        outputs = [self.values[o.name] for o in self.graph.output]
        return [x.floats() if isinstance(x, Stored) else x for x in outputs]

    def DequantizeLinear(self, attributes, q, scale, zero=0):
        return Stored(q, scale, zero)

    def QuantizeLinear(self, attributes, x, scale, zero):
        ends, z = np.iinfo(zero.dtype), int(zero.reshape(-1)[0])
        scale = np.float32(np.asarray(scale).reshape(-1)[0])
        if isinstance(x, np.ndarray):
            with np.errstate(over="ignore", invalid="ignore"):
                t = np.nan_to_num(x / scale, nan=-np.inf)
            q = away(np.clip(t, ends.min - z, ends.max - z)) + z
        else:
            x = self.pending(x)
            q = x.to_codes(scale) + (0 if x.is_code else z)
            bounds = [np.clip(away(np.float32(b) / scale) + z, ends.min, ends.max) for b in x.bounds]
            q = np.clip(q, *bounds)
        return np.clip(q, ends.min, ends.max).astype(zero.dtype)

    def pending(self, x):
        if isinstance(x, Pending):
            return x
        return Pending(lambda scale: multiply(x.centred(), float(x.number) / float(scale), self.once))

    # What is limited.
    def Relu(self, attributes, x):
        return self.pending(x).limited(0.0, np.inf)

    def Clip(self, attributes, x, low, high):
        return self.pending(x).limited(float(low), float(high))

    # What is summed.
    def scaled(self, sums, x, w, axis, in_float, once):
        def to_codes(scale):
            numbers = w.scale.reshape(-1)
            product = [float(np.float32(x.number * n)) if in_float and numbers.size == 1 else float(x.number) * float(n) for n in numbers]
            parts = [multiply(np.take(sums, [i], axis) if numbers.size > 1 else sums, p / float(scale), once) for i, p in enumerate(product)]
            return np.concatenate(parts, axis) if numbers.size > 1 else parts[0]

        return Pending(to_codes)

    def Conv(self, attributes, x, w, bias=None):
        sums = windows(x.centred(), w.centred(0), attributes)
        if bias is not None:
            sums = sums + bias.q.astype(np.int64).reshape([1, -1] + [1] * (sums.ndim - 2))
        return self.scaled(sums, x, w, 1, x.q.dtype == np.uint8, self.once)

    def MatMul(self, attributes, x, w):
        return self.scaled(x.centred() @ w.centred(w.q.ndim - 1), x, w, x.q.ndim - 1, True, self.once_matrix)

    def Gemm(self, attributes, x, w, bias=None):
        turned = attributes.get("transB", 0)
        weights = w.centred(0 if turned else 1)
        sums = x.centred() @ (weights.T if turned else weights)
        if bias is not None:
            sums = sums + bias.q.astype(np.int64)
        return self.scaled(sums, x, w, 1, True, self.once_matrix)

    def sum(self, a, b, sign):
        def to_codes(scale):
            s, t = float(a.number), float(b.number)
            twice = 2 * max(s, t)
            term = lambda v, number: multiply(v.centred() << 20, number / twice, self.once)
            return multiply(term(a, s) + sign * term(b, t), twice / (2**20 * float(scale)), self.once)

        return Pending(to_codes)

    def Add(self, attributes, a, b):
        return self.sum(a, b, 1)

    def Sub(self, attributes, a, b):
        return self.sum(a, b, -1)

    def AveragePool(self, attributes, x):
        ones = np.ones([x.q.shape[1], 1, *attributes["kernel_shape"]], np.int64)
        geometry = {**attributes, "group": x.q.shape[1]}
        sums = windows(x.q.astype(np.int64), ones, geometry)
        counts = windows(np.ones(x.q.shape, np.int64), ones, geometry)
        half = counts // 2
        average = np.where(sums > 0, (sums + half) // counts, -((half - sums) // counts))
        return Pending(lambda scale: average, is_code=True)

    def Softmax(self, attributes, x):
        rows = x.q.reshape(-1, x.q.shape[-1])
        codes = np.array([softmax_row(row, x.number) for row in rows]).reshape(x.q.shape)
        return Pending(lambda scale: codes)

    # What is moved.
    def moved(self, x, move):
        return Stored(move(x.q), x.scale, x.zero) if isinstance(x, Stored) else move(x)

    def Transpose(self, attributes, x):
        return self.moved(x, lambda a: np.transpose(a, attributes["perm"]))

    def Reshape(self, attributes, x, shape):
        return self.moved(x, lambda a: a.reshape(shape))

    def Flatten(self, attributes, x):
        return self.moved(x, lambda a: a.reshape(a.shape[0], -1))

    def MaxPool(self, attributes, x):
        return self.moved(x, lambda a: greatest(a, attributes))


def padded(x, pads, value):
    space = x.ndim - 2
    return np.pad(x, [(0, 0), (0, 0)] + list(zip(pads[:space], pads[space:])), constant_values=value)


def taps(x, kernel, attributes, out):
    """The elements under each tap of the window, tap by tap."""
    space = x.ndim - 2
    strides, dilations = (attributes.get(k, [1] * space) for k in ("strides", "dilations"))
    for tap in itertools.product(*map(range, kernel)):
        places = [slice(t * d, t * d + (n - 1) * s + 1, s) for t, d, n, s in zip(tap, dilations, out, strides)]
        yield tap, x[(slice(None), slice(None), *places)]


def extents(x, kernel, attributes):
    space = x.ndim - 2
    strides, dilations = (attributes.get(k, [1] * space) for k in ("strides", "dilations"))
    return [(n - (k - 1) * d - 1) // s + 1 for n, k, d, s in zip(x.shape[2:], kernel, dilations, strides)]


def windows(x, w, attributes):
    """The exact convolution; padding counts as 0."""
    group, kernel = attributes.get("group", 1), list(w.shape[2:])
    x = padded(x, attributes.get("pads", [0] * 2 * (x.ndim - 2)), 0)
    out = extents(x, kernel, attributes)
    sums = np.zeros([x.shape[0], w.shape[0], *out], np.int64)
    channels, outputs = w.shape[1], w.shape[0] // group
    for tap, under in taps(x, kernel, attributes, out):
        for g in range(group):
            part = under[:, g * channels : (g + 1) * channels]
            weights = w[(slice(g * outputs, (g + 1) * outputs), slice(None), *tap)]
            sums[:, g * outputs : (g + 1) * outputs] += np.moveaxis(np.tensordot(weights, part, (1, 1)), 0, 1)
    return sums


def greatest(x, attributes):
    kernel = attributes["kernel_shape"]
    x = padded(x, attributes.get("pads", [0] * 2 * (x.ndim - 2)), np.iinfo(x.dtype).min)
    out = extents(x, kernel, attributes)
    return np.max([under for _, under in taps(x, kernel, attributes, out)], axis=0)


def evaluate(model, inputs, profile):
    """The outputs of a quantized network as TFLite rounds them."""
    return Evaluator(model, profile).run(inputs)
