"""Networks of integers with layers of all kinds, small enough to simulate as hardware."""

import numpy as np
from integers import Network


def dense(seed):
    net = Network(seed, [1, 13])
    x = net.requantize(net.matmul(net.input, 11), 2.0**-5)
    x = net.requantize(net.matmul(net.clip(x, 0, 63), 7), [0.0137, 0.0203, 0.0251, 0.0917, 0.0303, 0.0301, 0.0077], zero=3)
    net.matmul(x, 5, bias=False)
    return net


def shifts(seed):
    """Power-of-two scales: ties go to even numbers, and to odd ones before an odd zero point."""
    net = Network(seed, [1, 6], "ui8")
    x = net.clip(net.requantize(net.matmul(net.input, 9, (-2, 2)), 0.25), 0, 31)
    x = net.requantize(net.matmul(x, 6, (-2, 2)), 0.5, zero=5)
    net.requantize(net.matmul(x, 4, (-3, 2)), 2.0**-3)
    return net


def halves(seed):
    """Scales whose float products are halves although they are none: some channels have ties, some have them for some
    results only, some have none."""
    net = Network(seed, [1, 40])
    x = net.requantize(net.matmul(net.input, 6, (-60, 60)), [0.02, 0.03, 0.011, 0.0137, 0.1, 0.00578231], zero=-128)
    net.requantize(net.matmul(x, 5, (-9, 9)), [0.01, 0.02, 0.0301, 0.005, 0.0017], zero=-77)
    return net


def awkward(seed):
    """Scales that no multiplication and shift has: results are counted, behind sums and behind constants of channels."""
    net = Network(3, [1, 60])
    x = net.matmul(net.input, 4, (-100, 100))
    x = net.requantize(x, [0.0004998506046831608, 0.002138222334906459, 0.0019790830556303263, 0.0012542350450530648], zero=-77)
    y = net.arithmetic("mul", net.matmul(net.input, 3, (-100, 100)), [2, -1, 1])
    net.outputs = [x, net.requantize(y, 0.0004883415531367064, zero=3)]
    return net


def images(seed):
    """Strides, dilation, all pads, groups, depthwise, pooling, and a dense layer behind a flattening."""
    net = Network(seed, [1, 2, 9, 7])
    x = net.conv(net.input, 6, [3, 2], strides=[2, 1], pads=[1, 0, 2, 1], pad_value=-7)
    x = net.requantize(x, 0.0171337, zero=-128)
    x = net.requantize(net.conv(x, 6, [2, 2], pads=[1, 1, 0, 0], group=6, pad_value=-128), 0.0310123, zero=-20)
    x = net.max_pool(x, [2, 3], [2, 2], pads=[1, 1, 0, 0])
    x = net.requantize(net.conv(x, 10, [2, 2], dilations=[1, 2], group=2, pads=[0, 1, 0, 1]), [0.0100321 + i / 999 for i in range(10)])
    x = net.reshape(x, [1, x[1][1] * x[1][2] * x[1][3]])
    net.requantize(net.matmul(x, 5, (-3, 3)), 0.0110937)
    return net


def rows(seed):
    """One dimension; a table; a transposed and a cut operand; products of several rows."""
    net = Network(seed, [1, 3, 11])
    x = net.requantize(net.conv(net.input, 5, [3], strides=[2], pads=[1, 1]), 0.0203177)
    x = net.lookup(x)
    x = net.transpose(x, [0, 2, 1])
    x = net.requantize(net.matmul(x, 4), 0.0190511, zero=7)
    x = net.slice(x, [0, 1, 0], [1, 2, 1], [1, 2, 4])
    net.requantize(net.matmul(x, 3), 0.0370813)
    return net


def lines(seed):
    """Padding that makes lines longer, and windows that end behind them."""
    net = Network(seed, [1, 2, 5])
    x = net.requantize(net.conv(net.input, 3, [3], strides=[2], pads=[2, 3], pad_value=9), 0.0203177)
    x = net.requantize(net.conv(x, 2, [5], dilations=[2], pads=[4, 5]), 0.0190511, zero=7)
    net.max_pool(x, [3], [1], pads=[2, 2])
    return net


def corners(seed):
    """Windows larger than the image, whose last rows and columns are always padding."""
    net = Network(seed, [1, 2, 2, 2])
    x = net.requantize(net.conv(net.input, 3, [5, 3], dilations=[1, 2], pads=[2, 2, 2, 2], pad_value=-7), 0.0171337, zero=-20)
    x = net.max_pool(x, [3, 3], [2, 1], pads=[1, 1, 1, 1])
    net.requantize(net.conv(x, 4, [3, 2], pads=[1, 0, 1, 1], pad_value=5), 0.0310123)
    return net


def single(seed):
    """One row of pixels, and padding behind it only."""
    net = Network(seed, [1, 2, 1, 4])
    net.requantize(net.conv(net.input, 3, [2, 2], pads=[0, 0, 1, 0], pad_value=3), 0.0271)
    return net


def skips(seed):
    """Sums of two tensors, also of the input, whose elements stand in another order; a concatenation, a tensor that is
    read twice; two outputs."""
    net = Network(seed, [1, 4, 5, 6])
    a = net.requantize(net.conv(net.input, 4, [3, 3], pads=[1, 1, 1, 1]), 0.0130719)
    b = net.requantize(net.conv(a, 4, [1, 1]), 0.0410337, zero=4)
    c = net.add(a, b, [0.021, 0.034, 0.047], [0, 4, -3])
    c = net.add(net.input, c, [0.031, 0.047, 0.061], [2, -3, 1])
    d = net.concat([c, a], 1)
    e = net.requantize(net.conv(d, 3, [5, 6]), 0.0040613)
    net.outputs = [net.clip(c, -50, 77), e]
    return net


def averages(seed):
    """Means as convolutions with ones; scales that are exact only with ties to even numbers."""
    net = Network(seed, [1, 3, 6, 6])
    x = net.conv(net.input, 3, [2, 2], strides=[2, 2], group=3, weights=(1, 1))
    x = net.lookup(net.requantize(x, 0.25), "ui8")
    x = net.conv(x, 3, [3, 3], group=3, weights=(1, 1))
    net.requantize(x, 1 / 9, element="ui8")
    return net


def fixed(seed):
    """Fixed-point scales; a ReLU by itself; a sum that leaves as it is, and an input that does."""
    net = Network(seed, [1, 10])
    x = net.rescale(net.matmul(net.input, 8), 1431655766, 36, 0)
    x = net.clip(net.lookup(x), -5, 90)
    y = net.rescale(net.matmul(x, 9), 1288490189, 37, 2, zero=-4)
    net.outputs = [net.matmul(y, 3), net.input, x]
    return net


def stairs(seed):
    """Thresholds as multiplications and shifts, as shifts alone, and counted: uneven ones, some out of reach, some equal,
    one row for all channels and one for each; on the input, behind a narrow format's clip, behind sums."""
    net = Network(seed, [1, 12])
    x = net.cast(net.clip(net.input, -50, 49), "i32")
    x = net.cast(net.threshold(x, [[-31, -11, 9, 29]], -2, channel=0), "i8")
    x = net.matmul(x, 6)
    rows = net.rng.integers(-900, 900, [6, 5])
    rows[0], rows[1][:3], rows[2][3:] = np.arange(5) * 37 - 90, 7, 90000
    x = net.cast(net.threshold(x, np.sort(rows), -3, element="i4"), "i8")
    x = net.clip(net.threshold(net.matmul(x, 7), [np.arange(40) * 21 - 450], 0, channel=0, element="ui8"), 3, 30)
    x = net.threshold(net.matmul(x, 5), np.sort(net.rng.integers(-400, 400, [5, 1])), 0)
    net.matmul(x, 3)
    return net


def linear(seed):
    """Constants behind sums, of either sign, and by themselves; sums and greatest elements of whole channels."""
    net = Network(seed, [1, 4, 3, 5])
    x = net.arithmetic("mul", net.conv(net.input, 4, [2, 2]), [1, -1, -3, 2])
    x = net.arithmetic("sub", net.arithmetic("add", x, [5, -77, 1000, 0]), 31, left=True)
    x = net.threshold(x, np.sort(net.rng.integers(-9000, 9000, [4, 7])), -4)
    y = net.reduce("sum", net.cast(x, "i32"), keepdims=False)
    z = net.reshape(net.reduce("max", x), [1, 4])
    w = net.arithmetic("mul", net.cast(z, "i32"), [-5, 7, 1, -1])
    net.outputs = [y, net.requantize(net.matmul(z, 5), 0.0371), net.clip(w, -19, 12)]
    return net


def squares(seed):
    """Counted layers beside scaled ones, in images, with more lanes than channels have taps."""
    net = Network(seed, [1, 3, 5, 4])
    x = net.threshold(net.conv(net.input, 5, [1, 1]), np.sort(net.rng.integers(-2000, 2000, [5, 6])), 100)
    x = net.requantize(net.conv(x, 4, [3, 3], pads=[1, 1, 1, 1], pad_value=100), 0.00371, zero=3)
    x = net.lookup(net.threshold(x, [[-90, -88, 0, 5, 99]], -2))
    x = net.conv(x, 6, [2, 2], strides=[2, 2], group=2)
    net.threshold(net.arithmetic("mul", x, -1), np.sort(net.rng.integers(-900, 900, [6, 2])), 0, element="ui4")
    return net


def greater(seed):
    """The greater of two tensors, one of them an input, whose elements stand in another order; greatest numbers of an input."""
    net = Network(seed, [1, 3, 4, 5])
    x = net.requantize(net.conv(net.input, 3, [3, 3], pads=[1, 1, 1, 1]), 0.0171, zero=-9)
    y = net.requantize(net.conv(net.binary("max", net.input, x), 2, [1, 1]), 0.0371)
    net.outputs = [net.reduce("max", net.binary("max", y, net.clip(y, -3, 5))), net.reduce("max", net.input)]
    return net


def narrow(seed):
    """Activations with fewer bits than weights, whose greatest are found."""
    net = Network(seed, [1, 2, 5, 6], "i4")
    x = net.requantize(net.conv(net.input, 3, [2, 2], weights=(-128, 127)), 0.0031, element="i4")
    x = net.max_pool(x, [2, 2], [2, 2])
    net.requantize(net.conv(x, 3, [2, 2], weights=(-128, 127)), 0.0071)
    return net


def upsampled(seed):
    """Elements that stand in memory once and are there several times: in both layouts of an image, enlarged and joined
    with others, pooled, added to others, multiplied by a matrix."""
    net = Network(seed, [1, 3, 4, 5])
    x = net.requantize(net.conv(net.input, 4, [1, 1]), 0.0171)
    y = net.reshape(x, [1, 4, 4, 1, 5, 1])
    y = net.reshape(net.broadcast(y, [1, 4, 4, 2, 5, 3]), [1, 4, 8, 15])
    a = net.conv(y, 3, [3, 3], pads=[1, 1, 1, 1])
    b = net.max_pool(y, [2, 2], [2, 2])
    z = net.reshape(net.transpose(x, [0, 2, 3, 1]), [1, 4, 1, 5, 4])
    z = net.threshold(net.broadcast(z, [1, 4, 2, 5, 4]), np.sort(net.rng.integers(-128, 128, [4, 9])), -4, channel=4)
    z = net.reshape(z, [1, 8, 5, 4])
    z = net.concat([z, net.slice(net.transpose(y, [0, 2, 3, 1]), [0, 0, 0, 1], [1, 1, 3, 1], [1, 8, 5, 2])], 3)
    c = net.requantize(net.conv(net.transpose(z, [0, 3, 1, 2]), 2, [2, 2]), 0.0231)
    d = net.add(c, net.reduce("max", c), [0.021, 0.034, 0.047], [0, 4, -3])
    net.outputs = [a, b, d, net.matmul(z, 3)]
    return net


def shuffled(seed):
    """Channels that become pixels; products of rows that stand in memory in different orders; sums and greatest elements
    of channels that stand last, with a factor for each; an order that two tensors do not share."""
    net = Network(seed, [1, 8, 3, 2])
    x = net.requantize(net.conv(net.input, 8, [2, 1]), 0.0131)
    y = net.transpose(net.reshape(x, [1, 2, 2, 2, 2, 2]), [0, 1, 4, 2, 5, 3])
    y = net.reshape(y, [1, 2, 4, 4])
    a = net.requantize(net.conv(y, 5, [3, 2], pads=[0, 1, 1, 0]), 0.0237, zero=5)
    rows = net.reshape(net.transpose(y, [0, 3, 1, 2]), [2, 2, 8])
    b = net.requantize(net.matmul(rows, 6), 0.0271)
    last = net.transpose(a, [0, 2, 3, 1])
    c = net.arithmetic("mul", net.reduce("sum", net.cast(last, "i32"), axes=[1, 2], keepdims=False), [3, -1, 2, 1, -5])
    d = net.reduce("max", last, axes=[1, 2])
    e = net.add(net.reshape(net.transpose(x, [0, 2, 1, 3]), [1, 32]), net.reshape(y, [1, 32]), [0.02, 0.034, 0.05], [0, 1, -3])
    net.outputs = [b, net.requantize(c, 0.0071), d, e]
    return net


def tables(seed):
    """Products, also by a number for each channel; sums that no weights give; of a tensor and itself, of few bits, behind
    which bounds and another table stand; two of them equal."""
    net = Network(seed, [1, 3, 4, 5])
    x = net.requantize(net.conv(net.input, 3, [1, 1]), 0.0171, zero=5)
    a = net.island("mul", x, net.lookup(x), [0.1, 0.02, 0.05], [5, -20, 3])
    b = net.island("mul", a, net.reduce("max", x), [0.1, 0.02, 0.05], [5, -20, 3])
    c = net.island("add", a, net.clip(b, -20, 63), [0.1, 0.3, 0.2], [1, 0, 0])
    d = net.requantize(net.conv(c, 2, [2, 1]), 0.0031, element="i4")
    e = net.lookup(net.clip(net.island("mul", d, d, [0.7, 0.7, 0.3], [1, 1, -3]), -7, 90))
    net.outputs = [c, e, net.island("add", d, d, [0.1, 0.1, 0.2], [0, 0, 9], "ui4")]
    return net


def few(seed):
    """Functions of two tensors of few bits, which no weighted sum gives."""
    net = Network(seed, [1, 3, 4, 5], "i4")
    x = net.requantize(net.conv(net.input, 3, [3, 3], pads=[1, 1, 1, 1]), 0.0371, element="i4")
    x = net.island("add", x, net.input, [0.1, 0.3, 0.2], [1, 0, 0], "i4")
    y = net.island("mul", x, net.requantize(net.conv(x, 3, [1, 1]), 0.0371, element="ui4"), [0.1, 0.3, 0.2], [1, 0, 0])
    net.conv(net.island("mul", x, x, [0.7, 0.7, 0.3], [1, 1, 2], "ui4"), 2, [4, 5])
    net.outputs = [y, net.last]
    return net


def padded(seed):
    """Images with other numbers around them, that no convolution pads with."""
    net = Network(seed, [1, 3, 4, 5])
    x = net.pad(net.input, [0, 0, 1, 0], [0, 0, 2, 1], 77)
    x = net.requantize(net.conv(x, 4, [2, 2], pads=[1, 0, 0, 1]), 0.0171, element="ui8")
    x = net.clip(net.pad(x, [0, 0, 0, 3], [0, 0, 0, 0], 200), 10, 190)
    net.requantize(net.matmul(x, 3), 0.0073)
    return net


def softmaxes(seed):
    """At the end, of one row; elements are often equal."""
    net = Network(seed, [1, 9])
    net.softmax(net.requantize(net.matmul(net.input, 11), 0.0137), [1], 0.0371)
    return net


def pixel_softmaxes(seed):
    """Of the channels of each pixel, to a grid whose steps are no power of two, and that ends within the quotients."""
    net = Network(seed, [1, 2, 3, 4])
    x = net.requantize(net.conv(net.input, 5, [2, 2]), 0.0137, element="ui8")
    net.softmax(x, [1], 0.0171, bits=26, factor=5, shift=11, zero=9, element="ui8")
    return net


def indices(seed):
    """The last of the greatest numbers in rows, of sums that leave by it only."""
    net = Network(seed, [1, 3, 7])
    net.reshape(net.arg_max(net.matmul(net.input, 6, (-1, 1), bias=False), 2, last=True), [3])
    return net


def pixel_indices(seed):
    """The first of the greatest channels; most are equal."""
    net = Network(seed, [1, 3, 4, 5])
    x = net.clip(net.requantize(net.conv(net.input, 6, [1, 2]), 0.0031), -2, 1)
    net.arg_max(x, 1, keepdims=True)
    return net


KINDS = [dense, shifts, halves, awkward, images, rows, lines, corners, skips, averages, fixed, stairs, linear, squares, greater, narrow, few, single]
SEQUENCED = [upsampled, shuffled, tables, padded]  # what needs a memory
ENDS = [softmaxes, pixel_softmaxes, indices, pixel_indices]
