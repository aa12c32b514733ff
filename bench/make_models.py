"""Writes the networks that speed is measured on, with seeded random weights.

    build/venv/bin/python bench/make_models.py [--out build/bench/models] [--folded] [--split-layernorm] [MODEL ...]        all models unless named

Speed does not depend on the values of the weights as long as activations stay near 1 (no subnormals, no infinities), so
they are drawn from He and Xavier distributions. The op sequences are those of common exporters (opset 17): Conv and
BatchNormalization apart, ReLU6 as Clip, attention as MatMul, Add, Reshape, Transpose and Softmax, GELU spelled out. Every
file is checked: onnx.checker, then a run in ONNX Runtime in which each activation must be finite and of a sane size.
"""
import argparse
import pathlib
import zlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
OPSET = 17
F32, I64 = TensorProto.FLOAT, TensorProto.INT64


class Net:
    """Builds one ONNX graph; every helper returns the name of the value that it defines."""

    def __init__(self, name, folded=False, split_layernorm=False):
        self.name, self.folded, self.split_layernorm = name, folded, split_layernorm
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))  # one fixed stream per model
        self.nodes, self.weights, self.inputs, self.outputs, self.count, self.shared = [], [], [], [], {}, {}

    # --- values
    def input(self, name, shape, dtype=F32):
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def output(self, value, shape):
        self.outputs.append(helper.make_tensor_value_info(value, F32, shape))

    def const(self, array, name="const", dtype=np.float32):
        """An initializer; equal small constants are shared."""
        array = np.asarray(array, dtype)
        key = (array.dtype.str, array.shape, array.tobytes()) if array.size <= 8 else None
        if key not in self.shared or key is None:
            self.weights.append(numpy_helper.from_array(array, self.unique(name)))
            self.shared[key] = self.weights[-1].name
        return self.shared[key]

    def ints(self, *values):
        return self.const(values, "shape", np.int64)

    def normal(self, shape, std):
        return (self.rng.standard_normal(shape, np.float32) * np.float32(std)).astype(np.float32)

    # --- nodes
    def unique(self, name):
        self.count[name] = self.count.get(name, 0) + 1
        return f"{name}_{self.count[name]}"

    def op(self, kind, *inputs, outputs=1, rename=None, **attributes):
        label = self.unique(kind)
        names = [rename] if rename else [f"{label}_out" + (f"{i}" if outputs > 1 else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=label, **attributes))
        return names[0] if outputs == 1 else names

    def conv_bn(self, x, cin, cout, kernel, stride=1, group=1, gain=2.0, gamma=1.0):
        """Conv without bias, then BatchNormalization; `gain` 2 where a ReLU fed x (He), else 1 (Xavier)."""
        weight = self.normal((cout, cin // group, kernel, kernel), np.sqrt(gain / (cin // group * kernel * kernel)))
        scale = gamma * self.rng.uniform(0.8, 1.2, cout).astype(np.float32)
        shift, mean = self.normal(cout, 0.1), self.normal(cout, 0.1)
        variance = self.rng.uniform(0.8, 1.2, cout).astype(np.float32)
        attributes = dict(kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[kernel // 2] * 4, group=group,
                          dilations=[1, 1])
        if self.folded:
            factor = scale / np.sqrt(variance + 1e-5)
            bias = self.const(shift - mean * factor, "conv_bias")
            return self.op("Conv", x, self.const(weight * factor[:, None, None, None], "conv_weight"), bias, **attributes)
        y = self.op("Conv", x, self.const(weight, "conv_weight"), **attributes)
        statistics = [self.const(a, f"bn_{n}") for a, n in
                      ((scale, "scale"), (shift, "bias"), (mean, "mean"), (variance, "var"))]
        return self.op("BatchNormalization", y, *statistics, epsilon=1e-5)

    def relu6(self, x):
        return self.op("Clip", x, self.const(0.0, "clip_min"), self.const(6.0, "clip_max"))

    def gemm(self, x, cin, cout, gain=1.0, rename=None):
        """torch.nn.Linear on a matrix: weight stored [out, in]."""
        weight = self.const(self.normal((cout, cin), np.sqrt(gain / cin)), "fc_weight")
        return self.op("Gemm", x, weight, self.const(self.normal(cout, 0.1), "fc_bias"), transB=1, rename=rename)

    def linear(self, x, cin, cout):
        """torch.nn.Linear on [batch, seq, cin]: MatMul, then Add with the bias as first operand."""
        y = self.op("MatMul", x, self.const(self.normal((cin, cout), cin ** -0.5), "linear_weight"))
        return self.op("Add", self.const(self.normal(cout, 0.1), "linear_bias"), y)

    def layernorm(self, x, width, epsilon, rename=None):
        scale = self.const(self.rng.uniform(0.8, 1.2, width).astype(np.float32), "ln_weight")
        bias = self.const(self.normal(width, 0.1), "ln_bias")
        if not self.split_layernorm:
            return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon, rename=rename)
        centred = self.op("Sub", x, self.op("ReduceMean", x, axes=[-1]))
        variance = self.op("ReduceMean", self.op("Pow", centred, self.const(2.0, "two")), axes=[-1])
        deviation = self.op("Sqrt", self.op("Add", variance, self.const(epsilon, "eps")))
        return self.op("Add", self.op("Mul", self.op("Div", centred, deviation), scale), bias, rename=rename)

    def heads(self, x, seq, heads, width):
        """[1, seq, heads*width] -> [1, heads, seq, width]."""
        return self.op("Transpose", self.op("Reshape", x, self.ints(1, seq, heads, width)), perm=[0, 2, 1, 3])

    def model(self):
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8,
                                 producer_name="nn-compile-bench")


# --- the networks

def classifier_head(n, x, channels, classes):
    x = n.op("Flatten", n.op("GlobalAveragePool", x), axis=1)
    n.output(n.gemm(x, channels, classes, rename="logits"), [1, classes])


def resnet50(n):
    """ResNet-50 v1.5 (stride in the 3x3); the last scale of a block is small so that the sum stays near 1."""
    x = n.op("Relu", n.conv_bn(n.input("input", [1, 3, 224, 224]), 3, 64, 7, 2, gain=1.0))
    x, cin = n.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]), 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        mid, cout = 64 << stage, 256 << stage
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            y = n.op("Relu", n.conv_bn(x, cin, mid, 1))
            y = n.op("Relu", n.conv_bn(y, mid, mid, 3, stride))
            y = n.conv_bn(y, mid, cout, 1, gamma=0.3)
            shortcut = x if block else n.conv_bn(x, cin, cout, 1, stride)
            x, cin = n.op("Relu", n.op("Add", y, shortcut)), cout
    classifier_head(n, x, cin, 1000)


def mobilenet_v2(n):
    """MobileNetV2-1.0-224: inverted residuals with linear bottlenecks."""
    x, cin = n.relu6(n.conv_bn(n.input("input", [1, 3, 224, 224]), 3, 32, 3, 2, gain=1.0)), 32
    for expand, cout, repeat, first_stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                               (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
        for i in range(repeat):
            stride, wide = first_stride if i == 0 else 1, cin * expand
            y = n.relu6(n.conv_bn(x, cin, wide, 1, gain=1.0)) if expand > 1 else x
            y = n.relu6(n.conv_bn(y, wide, wide, 3, stride, group=wide))
            y = n.conv_bn(y, wide, cout, 1, gamma=0.3 if i else 1.0)
            x, cin = n.op("Add", x, y) if i else y, cout
    x = n.relu6(n.conv_bn(x, cin, 1280, 1, gain=1.0))
    classifier_head(n, x, 1280, 1000)


def mobilenet_v1_025_96(n):
    """MobileNetV1-0.25 at 96x96, two classes: the shape of the MLPerf Tiny visual-wake-words network."""
    x, cin = n.op("Relu", n.conv_bn(n.input("input", [1, 3, 96, 96]), 3, 8, 3, 2, gain=1.0)), 8
    for cout, stride in ((16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), *[(128, 1)] * 5, (256, 2), (256, 1)):
        x = n.op("Relu", n.conv_bn(x, cin, cin, 3, stride, group=cin))
        x, cin = n.op("Relu", n.conv_bn(x, cin, cout, 1)), cout
    classifier_head(n, x, cin, 2)


def bert_base(n, layers=12, seq=128, heads=12, width=64, vocab=30522):
    """BERT-base encoder with pooler, sequence 128, additive attention mask, GELU by Erf."""
    hidden, table = heads * width, lambda rows: n.normal((rows, hidden), 0.5)
    ids = n.input("input_ids", [1, seq], I64)
    mask = n.input("attention_mask", [1, seq], I64)
    word = n.op("Gather", n.const(table(vocab), "word_embeddings"), ids)
    x = n.op("Add", word, n.const(table(1)[None], "token_type_embedding"))
    x = n.layernorm(n.op("Add", x, n.const(table(seq)[None], "position_embeddings")), hidden, 1e-12)
    mask = n.op("Cast", n.op("Unsqueeze", mask, n.ints(1, 2)), to=F32)
    mask = n.op("Mul", n.op("Sub", n.const(1.0, "one"), mask), n.const(np.finfo(np.float32).min, "mask_value"))
    for _ in range(layers):
        q, k, v = (n.linear(x, hidden, hidden) for _ in range(3))
        q, v = n.heads(q, seq, heads, width), n.heads(v, seq, heads, width)
        k = n.op("Transpose", n.op("Reshape", k, n.ints(1, seq, heads, width)), perm=[0, 2, 3, 1])
        score = n.op("Div", n.op("MatMul", q, k), n.const(width ** 0.5, "sqrt_width"))
        y = n.op("MatMul", n.op("Softmax", n.op("Add", score, mask), axis=-1), v)
        y = n.op("Reshape", n.op("Transpose", y, perm=[0, 2, 1, 3]), n.ints(1, seq, hidden))
        x = n.layernorm(n.op("Add", n.linear(y, hidden, hidden), x), hidden, 1e-12)
        y = n.linear(x, hidden, 4 * hidden)
        y_erf = n.op("Add", n.op("Erf", n.op("Div", y, n.const(2 ** 0.5, "sqrt_two"))), n.const(1.0, "one"))
        y = n.op("Mul", n.op("Mul", y, y_erf), n.const(0.5, "half"))
        x = n.layernorm(n.op("Add", n.linear(y, 4 * hidden, hidden), x), hidden, 1e-12)
    x = n.op("Identity", x, rename="last_hidden_state")
    n.output(x, [1, seq, hidden])
    first = n.op("Gather", x, n.const(0, "first", np.int64), axis=1)
    n.output(n.op("Tanh", n.gemm(first, hidden, hidden), rename="pooler_output"), [1, hidden])


def gpt2_decode(n, layers=12, past=127, heads=12, width=64, vocab=50257, positions=1024):
    """GPT-2-124M, one token at position `past`: past keys and values in, present ones out, GELU by Tanh.

    The output projection is stored transposed beside the embedding table, as exporters do with tied weights; only
    one row of the table is read for each token."""
    hidden, total = heads * width, past + 1
    ids = n.input("input_ids", [1, 1], I64)
    pasts = [[n.input(f"past_{i}_{kind}", [1, heads, past, width]) for kind in ("key", "value")] for i in range(layers)]
    table = n.normal((vocab, hidden), 0.5)
    where = n.op("Gather", n.const(n.normal((positions, hidden), 0.5), "wpe"), n.ints(past))
    x = n.op("Add", n.op("Gather", n.const(table, "wte"), ids), n.op("Unsqueeze", where, n.ints(0)))

    def conv1d(x, cin, cout):
        """The Conv1D of GPT-2: a Gemm on a matrix view with the weight stored [in, out]."""
        weight = n.const(n.normal((cin, cout), cin ** -0.5), "weight")
        y = n.op("Gemm", n.op("Reshape", x, n.ints(-1, cin)), weight, n.const(n.normal(cout, 0.1), "bias"))
        return n.op("Reshape", y, n.ints(1, 1, cout))

    for i in range(layers):
        y = n.layernorm(x, hidden, 1e-5)
        q, k, v = n.op("Split", conv1d(y, hidden, 3 * hidden), n.ints(hidden, hidden, hidden), outputs=3, axis=2)
        q, k, v = (n.heads(t, 1, heads, width) for t in (q, k, v))
        k = n.op("Concat", pasts[i][0], k, axis=2, rename=f"present_{i}_key")
        v = n.op("Concat", pasts[i][1], v, axis=2, rename=f"present_{i}_value")
        n.output(k, [1, heads, total, width])
        n.output(v, [1, heads, total, width])
        score = n.op("MatMul", q, n.op("Transpose", k, perm=[0, 1, 3, 2]))
        score = n.op("Softmax", n.op("Div", score, n.const(width ** 0.5, "sqrt_width")), axis=-1)
        y = n.op("Reshape", n.op("Transpose", n.op("MatMul", score, v), perm=[0, 2, 1, 3]), n.ints(1, 1, hidden))
        x = n.op("Add", conv1d(y, hidden, hidden), x)
        y = conv1d(n.layernorm(x, hidden, 1e-5), hidden, 4 * hidden)
        cubic = n.op("Mul", n.op("Pow", y, n.const(3.0, "three")), n.const(0.044715, "gelu"))
        tanh = n.op("Tanh", n.op("Mul", n.op("Add", y, cubic), n.const((2 / np.pi) ** 0.5, "sqrt_two_over_pi")))
        y = n.op("Mul", n.op("Mul", y, n.const(0.5, "half")), n.op("Add", tanh, n.const(1.0, "one")))
        x = n.op("Add", x, conv1d(y, 4 * hidden, hidden))
    x = n.layernorm(x, hidden, 1e-5)
    head = np.ascontiguousarray(table.T) * np.float32(2 * hidden ** -0.5)
    n.output(n.op("MatMul", x, n.const(head, "lm_head"), rename="logits"), [1, 1, vocab])
    n.outputs.insert(0, n.outputs.pop())


def mlp(n):
    """784-512-256-10 with ReLU."""
    x = n.op("Relu", n.gemm(n.input("input", [1, 784]), 784, 512))
    x = n.op("Relu", n.gemm(x, 512, 256, 2.0))
    n.output(n.gemm(x, 256, 10, 2.0, rename="logits"), [1, 10])


MODELS = {f.__name__: f for f in (mlp, mobilenet_v1_025_96, mobilenet_v2, resnet50, bert_base, gpt2_decode)}


# --- inputs and checks

def example_inputs(model, seed=0):
    """Seeded inputs for a model: normal floats, small token ids, and ones for an attention mask."""
    rng, feeds = np.random.default_rng(seed), {}
    weights = {w.name for w in model.graph.initializer}
    for value in (v for v in model.graph.input if v.name not in weights):
        shape = [max(d.dim_value, 1) for d in value.type.tensor_type.shape.dim]
        dtype = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        if "mask" in value.name:
            feeds[value.name] = np.ones(shape, dtype)
        elif np.issubdtype(dtype, np.integer):
            low, high = (0, 1000) if dtype.itemsize > 1 else (np.iinfo(dtype).min, np.iinfo(dtype).max + 1)
            feeds[value.name] = rng.integers(low, high, shape).astype(dtype)
        else:
            feeds[value.name] = rng.standard_normal(shape).astype(dtype)
    return feeds


def session(model_or_path, optimise=True):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not optimise:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(model_or_path, options, providers=["CPUExecutionProvider"])


def check(path):
    """onnx.checker with shape inference, then a run: outputs finite, every float activation of a sane size."""
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.load(str(path))
    kept = {o.name for o in model.graph.output}
    inferred = onnx.shape_inference.infer_shapes(model)
    model.graph.output.extend(v for v in inferred.graph.value_info
                              if v.type.tensor_type.elem_type == F32 and v.name not in kept)
    feeds, names = example_inputs(model), [o.name for o in model.graph.output]
    spread = []
    for name, value in zip(names, session(model.SerializeToString(), optimise=False).run(None, feeds)):
        if value.dtype.kind == "f" and value.size > 16:
            if not np.isfinite(value).all():
                raise ValueError(f"{path}: {name} is not finite")
            if np.any((value != 0) & (np.abs(value) < np.finfo(np.float32).tiny)):
                raise ValueError(f"{path}: {name} holds denormals")
            spread.append(value.std())
    return f"activation deviation {min(spread):.2g} to {max(spread):.2g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="of " + ", ".join(MODELS) + "; default all")
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "build/bench/models")
    parser.add_argument("--folded", action="store_true", help="fold BatchNormalization into the Conv")
    parser.add_argument("--split-layernorm", action="store_true", help="spell LayerNormalization out in primitive ops")
    args = parser.parse_args()
    if unknown := set(args.models) - set(MODELS):
        parser.error(f"unknown model: {', '.join(sorted(unknown))}; choose of {', '.join(MODELS)}")
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.models or MODELS:
        net = Net(name, args.folded, args.split_layernorm)
        MODELS[name](net)
        path = args.out / f"{name}{'-folded' if args.folded else ''}.onnx"
        onnx.save(net.model(), path)
        print(f"{path.name:28s} {path.stat().st_size / 1e6:8.2f} MB  {check(path)}", flush=True)


if __name__ == "__main__":
    main()
