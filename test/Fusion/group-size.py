"""A group takes 64 ops or 24 operands at most, so that a kernel compiles in bounded time: 200 ops in a row become four groups, 60
ops stay one; a sum of 100 values becomes several groups, one of 20 stays one."""
# RUN: %python %s %t
# REQUIRES: onnx
import sys

from nnctest import build, nn_compile, node, save


def groups(model):
    done = nn_compile(save(model, f"{sys.argv[1]}/model.onnx"), "-target=x86", "-stop-after=fusion")
    assert done.returncode == 0, done.stderr
    return done.stdout.count("nn.fused")


def chain(length):
    nodes = [node("Tanh", f"t{i}", f"t{i + 1}") for i in range(length)]
    return build(nodes, {"t0": [4]}, {f"t{length}": [4]})


def total(terms):
    names = [f"x{i}" for i in range(terms)]
    return build([node("Sum", " ".join(names), "y")], {name: [4] for name in names}, {"y": [4]})


assert groups(chain(60)) == 1
assert groups(chain(200)) == 4
assert groups(total(11)) == 1
assert 5 <= groups(total(100)) <= 10, groups(total(100))
