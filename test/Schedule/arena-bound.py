# REQUIRES: onnx
# RUN: %python %s --work %t
"""The arena is never larger than the plain liveness peak of the imported network, plus halos.

    arena-bound.py [--cpu x86-64-v3] [--work DIR] [MODEL.onnx ...]

The peak is the largest sum of live tensors in file order, graph inputs and outputs counted, nothing in place,
innermost dimensions rounded up to 16 elements and tensors to 64 bytes. Without models, small networks are made whose
memory is hard to plan: skip connections, dense blocks, branches of unequal length.
"""

import argparse
import pathlib
import re
import subprocess
import sys

import numpy as np

BYTES = {"f32": 4, "i64": 8, "i32": 4, "i1": 1, "i8": 1, "ui8": 1, "f64": 8, "i16": 2, "f16": 2, "bf16": 2}


def stage(model, name, cpu):
    command = ["nn-compile", str(model), "-target=x86", f"-cpu={cpu}", f"-stop-after={name}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        lines = []
        for line in process.stdout:
            if line.startswith("{-#"):  # blobs follow
                break
            lines.append(line.split(" loc(")[0].rstrip())
        process.stdout.close()
        errors = process.stderr.read()
        if process.wait() > 0:  # a closed pipe is our doing
            raise RuntimeError(next((e for e in errors.splitlines() if "error:" in e), "refused"))
    return lines


def up(value, unit):
    return -(-value // unit) * unit


def padded_bytes(shape, element):
    count = 1
    for n in shape[:-1]:
        count *= n
    return up(count * (up(shape[-1], 16) if shape else 1) * BYTES[element], 64)


def tensors(text):
    for match in re.finditer(r"tensor<((?:\d+x)*)(\w+)>", text):
        yield [int(n) for n in match.group(1).split("x")[:-1]], match.group(2)


def liveness_peak(lines):
    """From `-stop-after=import`."""
    first, last, size, step = {}, {}, {}, 0
    for line in lines:
        if "func.func" in line:
            for name, kind in re.findall(r"(%arg\d+): (tensor<[^>]*>)", line):
                first[name] = last[name] = 0
                size[name] = padded_bytes(*next(tensors(kind)))
            continue
        match = re.match(r"\s*(%\w+) = (nn\.\w+) ", line)
        if match and match.group(2) != "nn.constant":
            step += 1
            name = match.group(1)
            first[name] = last[name] = step
            size[name] = padded_bytes(*list(tensors(line))[-1])
        elif line.strip().startswith("return"):
            step += 1
        for used in re.findall(r"%\w+", line):
            if used in last:
                last[used] = step
    live = [sum(size[n] for n in size if first[n] <= t <= last[n]) for t in range(step + 1)]
    return max(live)


def numbers(text, key):
    match = re.search(key + r" = \[([^\]]*)\]", text)
    return [int(n) for n in match.group(1).split(",")] if match and match.group(1) else []


def arena_and_halo(lines):
    """Arena bytes, and the most halo that is live at once, from `-stop-after=schedule`."""
    halo_of, kernel, slots, halo, arena, step = {}, None, {}, {}, 0, 0
    for line in lines:
        match = re.search(r"plan\.kernel @(\w+) attributes", line)
        if match:
            kernel = match.group(1)
            layouts = re.findall(r"#plan\.layout<([^>]*)>", line.split("result_layouts = ")[1])
        elif line.strip().startswith("nn.yield"):
            halo_of[kernel] = [halo_bytes(layout, *t) for layout, t in zip(layouts, tensors(line))]
        match = re.search(r"arena_bytes = (\d+)", line)
        if match:
            arena = int(match.group(1))
        match = re.match(r"\s*(%\w+) = plan\.slot offset \d+ bytes \d+ live (\d+) to (\d+)", line)
        if match:
            slots[match.group(1)] = (int(match.group(2)), int(match.group(3)))
        match = re.match(r"\s*plan\.step @(\w+) \(.*\) -> \((.*)\) nodes", line)
        if match:
            for target, extra in zip(re.findall(r"(%\w+)\[", match.group(2)), halo_of[match.group(1)]):
                halo[target] = max(halo.get(target, 0), extra)
            step += 1
    live = [sum(halo.get(n, 0) for n, (a, b) in slots.items() if a <= t <= b) for t in range(step)]
    return arena, max(live, default=0)


def halo_bytes(layout, shape, element):
    low, high, strides = (numbers(layout, key) for key in ("low", "high", "strides"))
    if not low or not all(shape):
        return 0
    span = 1 + sum((n - 1 + a + b) * s for n, a, b, s in zip(shape, low, high, strides))
    return up(span * BYTES[element], 64) - up(int(np.prod(shape)) * BYTES[element], 64)


def hard_networks(folder):
    from nnctest import build, node, save  # only here: the rest works on any model

    def u_net():
        nodes, names, channels = [], ["x"], 8
        for level in range(3):
            nodes += [node("Conv", f"{names[-1]} w{level}", f"c{level}", pads=[1, 1, 1, 1]),
                      node("MaxPool", f"c{level}", f"p{level}", kernel_shape=[2, 2], strides=[2, 2])]
            names.append(f"p{level}")
        value = names[-1]
        for level in reversed(range(3)):
            nodes += [node("Transpose", value, f"t{level}", perm=[0, 1, 3, 2]),
                      node("Concat", f"t{level} {value}", f"s{level}", axis=2),
                      node("Concat", f"s{level} s{level}", f"u{level}", axis=3),
                      node("Concat", f"u{level} c{level}", f"j{level}", axis=1),
                      node("Conv", f"j{level} v{level}", f"d{level}", pads=[1, 1, 1, 1])]
            value = f"d{level}"
        weights = {f"w{level}": np.ones((channels, 4 if level == 0 else channels, 3, 3), np.float32) for level in range(3)}
        weights |= {f"v{level}": np.ones((channels, 2 * channels, 3, 3), np.float32) for level in range(3)}
        return build(nodes, {"x": [1, 4, 64, 64]}, {value: [1, channels, 64, 64]}, weights)

    def dense_block():
        nodes, value, channels, weights = [], "x", 16, {}
        for i in range(8):
            weights[f"w{i}"] = np.ones((12, channels, 3, 3), np.float32)
            nodes += [node("Relu", value, f"r{i}"), node("Conv", f"r{i} w{i}", f"c{i}", pads=[1, 1, 1, 1]),
                      node("Concat", f"{value} c{i}", f"y{i}", axis=1)]
            value, channels = f"y{i}", channels + 12
        return build(nodes, {"x": [1, 16, 20, 20]}, {value: [1, channels, 20, 20]}, weights)

    def branches():
        nodes = [node("Relu", "x", "r"), node("MaxPool", "r", "b0", kernel_shape=[3, 3], pads=[1, 1, 1, 1])]
        for branch in range(1, 4):
            value = "r"
            for depth in range(branch):
                nodes.append(node("Conv", f"{value} w", f"b{branch}d{depth}", pads=[1, 1, 1, 1]))
                value = f"b{branch}d{depth}"
        nodes += [node("Concat", "b0 b1d0 b2d1 b3d2", "j", axis=1), node("Relu", "j", "y")]
        weights = {"w": np.ones((16, 16, 3, 3), np.float32)}
        return build(nodes, {"x": [1, 16, 24, 24]}, {"y": [1, 64, 24, 24]}, weights)

    def early_skip():
        """The joint buffer of a concat would be live, all of it, while the big tensor is."""
        nodes = [node("Conv", "x s", "a"), node("Concat", "x x x x x x x x", "big", axis=1), node("Relu", "big", "r"),
                 node("ReduceMean", "r", "m", axes=[1], keepdims=1), node("Conv", "m t", "b"),
                 node("Concat", "a b", "j", axis=1), node("Relu", "j", "y")]
        weights = {"s": np.ones((1, 4, 1, 1), np.float32), "t": np.ones((31, 1, 1, 1), np.float32)}
        return build(nodes, {"x": [1, 4, 32, 32]}, {"y": [1, 32, 32, 32]}, weights)

    for make in (u_net, dense_block, branches, early_skip):
        yield save(make(), folder / f"{make.__name__}.onnx")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    parser.add_argument("--cpu", default="x86-64-v3")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("."))
    options = parser.parse_args()
    above = 0
    print(f"{'model':40} {'arena':>12} {'peak':>12} {'halo':>10}")
    for model in options.models or hard_networks(options.work):
        try:
            peak = liveness_peak(stage(model, "import", options.cpu))
            arena, halo = arena_and_halo(stage(model, "schedule", options.cpu))
        except RuntimeError as error:
            print(f"{model.stem:40} {error}")
            above += not options.models  # our own must compile
            continue
        verdict = "" if arena <= peak + halo else "  ABOVE"
        above += bool(verdict)
        print(f"{model.stem:40} {arena:12} {peak:12} {halo:10} {arena / max(peak, 1):6.2f}{verdict}")
    return above > 0


if __name__ == "__main__":
    sys.exit(main())
