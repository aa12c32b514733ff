"""Trains the example network on scikit-learn's digits and writes it as ONNX, with a test set and an image.

    build/venv/bin/python examples/digits/train.py [--epochs 60] [--seed 7]        writes digits.onnx, test.npz and seven.pgm beside this file

1797 images of 8x8 grey levels 0..16; a fifth, 360, is held out before anything is looked at and never trained on. The
network has two 3x3 convolutions (8 and 16 channels), each with ReLU and a 2x2 maximum, and one dense layer. Everything is
numpy: a convolution is a matrix product over windows, so the gradient is one too.
"""
import argparse
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits

HERE = pathlib.Path(__file__).resolve().parent
BATCH = 32


# --- layers: each forward returns (result, what its gradient needs)


def windows(x):
    """[N, C, H, W] -> [N, H, W, C * 9]: the 3x3 neighbourhood of each pixel, zero outside."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    view = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    n, c, h, w = x.shape
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(n, h, w, c * 9)


def conv(x, weight, bias):
    patches = windows(x)
    y = patches @ weight.reshape(len(weight), -1).T + bias
    return y.transpose(0, 3, 1, 2), patches


def conv_gradient(dy, patches, weight):
    """Gradients of input, weight and bias; the input's is a convolution with the turned filters."""
    flat = dy.transpose(0, 2, 3, 1).reshape(-1, len(weight))
    dweight = (flat.T @ patches.reshape(len(flat), -1)).reshape(weight.shape)
    turned = weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    return conv(dy, turned, np.float32(0))[0], dweight, flat.sum(0)


def relu_pool(x):
    """ReLU, then the maximum of each 2x2 block."""
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // 2, 2, w // 2, 2)
    y = np.maximum(blocks.max((3, 5)), 0)
    chosen = (blocks == y[:, :, :, None, :, None]) & (blocks > 0)
    return y, chosen


def relu_pool_gradient(dy, chosen):
    n, c, h, _, w, _ = chosen.shape
    return (chosen * dy[:, :, :, None, :, None]).reshape(n, c, h * 2, w * 2)


# --- the network


def initial(rng):
    def he(*shape):
        return (rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))).astype(np.float32)

    def zeros(n):
        return np.zeros(n, np.float32)

    return {"conv1.weight": he(8, 1, 3, 3), "conv1.bias": zeros(8), "conv2.weight": he(16, 8, 3, 3),
            "conv2.bias": zeros(16), "dense.weight": he(10, 64), "dense.bias": zeros(10)}


def forward(p, x):
    c1, patches1 = conv(x, p["conv1.weight"], p["conv1.bias"])
    p1, chosen1 = relu_pool(c1)
    c2, patches2 = conv(p1, p["conv2.weight"], p["conv2.bias"])
    p2, chosen2 = relu_pool(c2)
    flat = p2.reshape(len(x), 64)
    return flat @ p["dense.weight"].T + p["dense.bias"], (patches1, chosen1, patches2, chosen2, flat)


def gradients(p, x, labels):
    """Gradients of the mean cross entropy."""
    scores, (patches1, chosen1, patches2, chosen2, flat) = forward(p, x)
    e = np.exp(scores - scores.max(1, keepdims=True))
    d = e / e.sum(1, keepdims=True)
    d[np.arange(len(x)), labels] -= 1
    d /= len(x)
    g = {"dense.weight": d.T @ flat, "dense.bias": d.sum(0)}
    d = relu_pool_gradient((d @ p["dense.weight"]).reshape(-1, 16, 2, 2), chosen2)
    d, g["conv2.weight"], g["conv2.bias"] = conv_gradient(d, patches2, p["conv2.weight"])
    d = relu_pool_gradient(d, chosen1)
    _, g["conv1.weight"], g["conv1.bias"] = conv_gradient(d, patches1, p["conv1.weight"])
    return g


def shifted(x, rng):
    """The images moved by up to one pixel in each direction, each its own way."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    down, right = rng.integers(0, 3, (2, len(x)))
    return np.stack([image[:, i : i + 8, j : j + 8] for image, i, j in zip(padded, down, right)])


def train(images, labels, epochs, rng):
    """Adam with a rate that falls to zero along a cosine; every second batch is shifted."""
    p = initial(rng)
    m, v = ({k: np.zeros_like(a) for k, a in p.items()} for _ in range(2))
    steps, step = epochs * (len(images) // BATCH), 0
    while step < steps:
        order = rng.permutation(len(images))
        for start in range(0, len(images) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            x = images[chosen] if step % 2 else shifted(images[chosen], rng)
            rate = 0.004 * 0.5 * (1 + np.cos(np.pi * step / steps))
            step += 1
            for k, g in gradients(p, x, labels[chosen]).items():
                m[k] = 0.9 * m[k] + 0.1 * g
                v[k] = 0.999 * v[k] + 0.001 * g * g
                update = (m[k] / (1 - 0.9**step)) / (np.sqrt(v[k] / (1 - 0.999**step)) + 1e-8)
                p[k] = (p[k] - rate * (update + 1e-4 * p[k])).astype(np.float32)
    return p


# --- files


def to_onnx(p):
    def node(kind, name, inputs, output, **attributes):
        return helper.make_node(kind, inputs.split(), [output], name=name, **attributes)

    pads, pool = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1]), dict(kernel_shape=[2, 2], strides=[2, 2])
    nodes = [
        node("Conv", "conv1", "image conv1.weight conv1.bias", "conv1.out", **pads),
        node("Relu", "relu1", "conv1.out", "relu1.out"),
        node("MaxPool", "pool1", "relu1.out", "pool1.out", **pool),
        node("Conv", "conv2", "pool1.out conv2.weight conv2.bias", "conv2.out", **pads),
        node("Relu", "relu2", "conv2.out", "relu2.out"),
        node("MaxPool", "pool2", "relu2.out", "pool2.out", **pool),
        node("Flatten", "flatten", "pool2.out", "features", axis=1),
        node("Gemm", "dense", "features dense.weight dense.bias", "scores", transB=1),
    ]
    graph = helper.make_graph(
        nodes, "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 10])],
        [numpy_helper.from_array(a, k) for k, a in p.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
                              producer_name="examples/digits/train.py")
    onnx.checker.check_model(model, full_check=True)
    return model


def write_pgm(path, image):
    rows = "\n".join(" ".join(f"{int(v):2d}" for v in row) for row in image)
    path.write_text(f"P2\n8 8\n16\n{rows}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    digits = load_digits()
    order = rng.permutation(len(digits.images))
    test, rest = order[:360], order[360:]
    images = (digits.images[:, None] / 16).astype(np.float32)
    p = train(images[rest], digits.target[rest], args.epochs, rng)
    right = forward(p, images[test])[0].argmax(1) == digits.target[test]
    print(f"held out: {right.sum()} of {len(test)} right, {right.mean():.2%}")
    onnx.save(to_onnx(p), args.out / "digits.onnx")
    np.savez_compressed(args.out / "test.npz", images=digits.images[test].astype(np.uint8),
                        labels=digits.target[test].astype(np.uint8))
    seven = next(i for i in test if digits.target[i] == 7)
    write_pgm(args.out / "seven.pgm", digits.images[seven])


if __name__ == "__main__":
    main()
