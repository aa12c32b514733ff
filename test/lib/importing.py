"""What the tests of the importer share: a model in, the nn ops that it became or the reasons of its refusal out."""

import pathlib
import re
import sys

from nnctest import build, nn_compile, save


def run(model, *options):
    path = model if isinstance(model, (str, pathlib.Path)) else save(model, f"{sys.argv[1]}/model.onnx")
    return nn_compile(path, "-target=x86", "-stop-after=import", *options)


def imported(model, *options):
    """The function's lines without locations and without what only names values: `nn.relu : tensor<4xf32>`."""
    done = run(model, *options)
    assert done.returncode == 0, done.stderr
    body = done.stdout.split("{-#")[0]
    lines = [re.sub(r" loc\((?:[^()]|\([^()]*\))*\)", "", line).strip() for line in body.splitlines()]
    return [line for line in lines if line.startswith(("func", "%", "return"))]


def ops(model, *options):
    """The nn ops that are no constants: their names, attributes and types, operands left out."""
    lines = [line.split(" = ", 1)[1] for line in imported(model, *options) if line.startswith("%")]
    return [re.sub(r"%\w+(, )?", "", line).replace("  ", " ") for line in lines if "nn.constant" not in line]


def constants(model, *options):
    """The values of the constants as MLIR writes them."""
    return [line.split("nn.constant ")[1] for line in imported(model, *options) if "nn.constant" in line]


def refused(model, *options, code=1):
    """The diagnostics."""
    done = run(model, *options)
    assert done.returncode == code, (done.returncode, done.stderr)
    assert "error:" in done.stderr and not done.stdout, (done.stdout, done.stderr)
    return done.stderr


def one(kind, shapes, constants=None, opset=17, outputs=1, operands=None, **attributes):
    """A model of one node. `shapes` are those of the run-time inputs x0, x1, …; `operands` orders inputs and constants,
    by default inputs first."""
    from onnx import TensorProto, helper

    names = [f"x{i}" for i in range(len(shapes))]
    results = ["y"] + [f"y{i}" for i in range(1, outputs)]
    words = operands.split() if operands is not None else [*names, *(constants or {})]
    words = ["" if w == "-" else w for w in words]
    step = helper.make_node(kind, words, results, name="step", **attributes)
    # The output's type is left to the importer, so that one helper serves every operator.
    untyped = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    untyped.ClearField("type")
    model = build([step], dict(zip(names, shapes)), [], constants, opset)
    model.graph.output.append(untyped)
    for name in results[1:]:
        model.graph.output.add(name=name)
    return model


def check(found, *words):
    """Every word is in the text (or in one of the lines) that was found."""
    text = found if isinstance(found, str) else "\n".join(found)
    for word in words:
        assert word in text, f"missing: {word}\nfound:\n{text}"
