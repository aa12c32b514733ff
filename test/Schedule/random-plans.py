# RUN: %python %s --count 30 --work %t
"""Random fused networks with random layout needs: the plan must compute what the network computes.

    random-plans.py [--count 60] [--seed 0] --work DIR

nn-opt schedules each network and evaluates it twice, as `nn` and as bytes moved by the plan's steps; both print the
same tensors. Every network comes from its number alone: repeat a failure with `--seed N --count 1`.
"""

import argparse
import pathlib
import random
import subprocess
import sys


def tensor(shape, element="f32"):
    return f"tensor<{''.join(f'{n}x' for n in shape)}{element}>"


def array(values):
    return f"array<i64{': ' if values else ''}{', '.join(map(str, values))}>"


def volume(shape):
    product = 1
    for n in shape:
        product *= n
    return product


class Network:
    """Grows a network; `values` holds (name, shape, element) of all that can be used."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.inputs, self.values, self.count = [], [], [], 0
        for _ in range(self.random.randint(1, 2)):
            self.inputs.append(self.add(self.shape()))
        for _ in range(self.random.randint(2, 12)):
            self.random.choice([self.elementwise, self.elementwise, self.binary, self.conv, self.conv, self.matmul,
                                self.reduce, self.transpose, self.reshape, self.slice, self.broadcast, self.concat,
                                self.concat, self.pad, self.two_results, self.constant])()
        self.outputs = self.random.sample(self.values, min(len(self.values), self.random.randint(1, 3)))
        self.outputs += self.values[-1:]

    # --- helpers

    def shape(self):
        sizes = [1, 2, 3, 4, 5] if self.random.random() < 0.97 else [0, 1, 2]
        rank = self.random.choice([0, 1, 2, 3, 4, 4, 4, 4])
        return [self.random.choice(sizes) for _ in range(rank)]

    def add(self, shape, element="f32"):
        self.count += 1
        value = (f"%v{self.count}", list(shape), element)
        self.values.append(value)
        return value

    def pick(self, ranks=None, element="f32"):
        fitting = [v for v in self.values if v[2] == element and (ranks is None or len(v[1]) in ranks)]
        return self.random.choice(fitting) if fitting else None

    def weights(self, shape):
        data = ", ".join(f"{self.random.choice([-2, -1, 0, 1, 2, 3]) / 2}" for _ in range(volume(shape)))
        self.count += 1
        name = f"%w{self.count}"
        flat = tensor([volume(shape)])
        self.lines.append(f"{name}f = nn.constant dense<[{data}]> : {flat}")
        self.lines.append(f"{name} = nn.reshape {name}f : {flat} to {tensor(shape)}")
        return (name, list(shape), "f32")

    def need(self, rank, fixed=None):
        """A random need of an operand or result of this rank."""
        kind = self.random.random()
        if fixed is not None:
            return fixed
        if rank and kind < 0.3:
            return f"{{unit = {self.random.randrange(rank)} : i64}}"
        return "{row_major}" if kind < 0.4 else "{}"

    def group(self, inputs, body, results, operand_needs=None, result_needs=None, alias=True):
        """A group; `body` uses %a0, %a1, … and yields %r0, %r1, …"""
        operand_needs = operand_needs or [self.need(len(v[1])) for v in inputs]
        result_needs = result_needs or [self.need(len(s)) for s, _ in results]
        flags = ", ".join("true" if alias and self.random.random() < 0.8 else "false" for _ in inputs)
        stated = (f"{{plan.candidates = [{{algorithm = \"any\", alias = array<i1: {flags}>, operands = "
                  f"[{', '.join(operand_needs)}], results = [{', '.join(result_needs)}]}}]}}")
        new = [self.add(*result) for result in results]
        types = [tensor(v[1], v[2]) for v in inputs]
        outs = [tensor(*r) for r in results]
        names = new[0][0].replace("%v", "%g") if len(new) > 1 else new[0][0]
        self.lines.append(f"{names}{f':{len(new)}' if len(new) > 1 else ''} = nn.fused("
                          f"{', '.join(v[0] for v in inputs)}) {stated} : ({', '.join(types)}) -> "
                          f"({', '.join(outs)}) {{")
        self.lines.append(f"^bb0({', '.join(f'%a{i}: {t}' for i, t in enumerate(types))}):")
        self.lines += body
        self.lines.append(f"nn.yield {', '.join(f'%r{i}' for i in range(len(new)))} : {', '.join(outs)}")
        self.lines.append("}")
        if len(new) > 1:
            for i, value in enumerate(new):
                self.lines.append(f"{value[0]} = nn.reshape {names}#{i} : {outs[i]} to {outs[i]}")

    # --- ops

    def constant(self):
        shape = self.shape()
        if volume(shape):
            self.values.append(self.weights(shape))

    def elementwise(self):
        x = self.pick()
        op = self.random.choice(["relu", "neg"])
        self.group([x], [f"%r0 = nn.{op} %a0 : {tensor(x[1])}"], [(x[1], "f32")])

    def two_results(self):
        x = self.pick()
        t = tensor(x[1])
        self.group([x], [f"%r0 = nn.relu %a0 : {t}", f"%r1 = nn.neg %a0 : {t}"], [(x[1], "f32"), (x[1], "f32")])

    def binary(self):
        x = self.pick()
        same = [v for v in self.values if v[1] == x[1] and v[2] == "f32"]
        y = self.random.choice(same)
        if self.random.random() < 0.4:
            y = self.weights([n if self.random.random() < 0.5 else 1 for n in x[1]])
            if 0 in y[1]:
                return
        types = f"({tensor(x[1])}, {tensor(y[1])}) -> {tensor(x[1])}"
        self.group([x, y], [f"%r0 = nn.{self.random.choice(['add', 'sub'])} %a0, %a1 : {types}"], [(x[1], "f32")])

    def conv(self):
        x = self.pick([4])
        if not x or 0 in x[1]:
            return
        n, c, h, w = x[1]
        k = self.random.choice([1, 2, 3])
        pads = [self.random.randint(0, 2) for _ in range(4)]
        oh, ow = h + pads[0] + pads[2] - k + 1, w + pads[1] + pads[3] - k + 1
        if oh < 1 or ow < 1:
            return
        o = self.random.choice([1, 2, 4])
        f = self.weights([o, c, k, k])
        result = [n, o, oh, ow]
        packed = f"#plan.layout<strides = [1, {o}, {c * k * o}, {c * o}]>"
        image = f"{{unit = 1 : i64, low = {array([0, 0, pads[0], pads[1]])}, high = {array([0, 0, pads[2], pads[3]])}}}"
        self.group([x, f], [f"%r0 = nn.conv %a0, %a1 {{strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, "
                            f"pads = {array(pads)}, group = 1 : i64}} : ({tensor(x[1])}, {tensor(f[1])}) -> "
                            f"{tensor(result)}"], [(result, "f32")], [image, f"{{packed = {packed}}}"],
                   ["{unit = 1 : i64}"], alias=False)

    def matmul(self):
        x = self.pick([2, 3, 4])
        if not x or 0 in x[1]:
            return
        w = self.weights([x[1][-1], self.random.choice([1, 2, 3])])
        result = x[1][:-1] + [w[1][1]]
        self.group([x, w], [f"%r0 = nn.matmul %a0, %a1 : ({tensor(x[1])}, {tensor(w[1])}) -> {tensor(result)}"],
                   [(result, "f32")], alias=False)

    def reduce(self):
        x = self.pick([1, 2, 3, 4])
        if not x:
            return
        axes = sorted(self.random.sample(range(len(x[1])), self.random.randint(1, len(x[1]))))
        keep = self.random.random() < 0.5
        result = [1 if d in axes else n for d, n in enumerate(x[1]) if keep or d not in axes]
        self.group([x], [f"%r0 = nn.reduce_sum %a0 {{axes = {array(axes)}, keepdims = {str(keep).lower()}}} : "
                         f"({tensor(x[1])}) -> {tensor(result)}"], [(result, "f32")], alias=False)

    def pad(self):
        x = self.pick([1, 2, 3])
        if not x:
            return
        low, high = ([self.random.randint(0, 1) for _ in x[1]] for _ in range(2))
        result = self.add([a + n + b for a, n, b in zip(low, x[1], high)])
        self.lines.append(f"{result[0]} = nn.pad {x[0]} {{low = {array(low)}, high = {array(high)}, mode = 0 : i64, "
                          f"value = 7.0 : f32}} : ({tensor(x[1])}) -> {tensor(result[1])}")

    def transpose(self):
        x = self.pick()
        order = self.random.sample(range(len(x[1])), len(x[1]))
        result = self.add([x[1][d] for d in order])
        self.lines.append(f"{result[0]} = nn.transpose {x[0]} {{permutation = {array(order)}}} : ({tensor(x[1])}) -> "
                          f"{tensor(result[1])}")

    def reshape(self):
        x = self.pick()
        count, shape = volume(x[1]), []
        if count == 0:
            return
        while count > 1 and len(shape) < 3:
            shape.append(self.random.choice([d for d in range(1, count + 1) if count % d == 0]))
            count //= shape[-1]
        shape.append(count)
        self.random.shuffle(shape)
        result = self.add(shape)
        self.lines.append(f"{result[0]} = nn.reshape {x[0]} : {tensor(x[1])} to {tensor(shape)}")

    def slice(self):
        x = self.pick([1, 2, 3, 4])
        if not x or 0 in x[1]:
            return
        starts, steps, shape = [], [], []
        for n in x[1]:
            if self.random.random() < 0.5:
                start, step, size = 0, 1, n
            else:
                start = self.random.randrange(n)
                step = self.random.choice([1, 1, 2, -1])
                most = (n - 1 - start) // step + 1 if step > 0 else start + 1
                size = self.random.randint(1, most)
            starts.append(start)
            steps.append(step)
            shape.append(size)
        result = self.add(shape)
        self.lines.append(f"{result[0]} = nn.slice {x[0]} {{starts = {array(starts)}, steps = {array(steps)}}} : "
                          f"{tensor(x[1])} to {tensor(shape)}")

    def broadcast(self):
        x = self.pick()
        if volume(x[1]) > 50 or len(x[1]) > 3:
            return
        shape = [self.random.choice([1, 2, 3]) if n == 1 else n for n in x[1]]
        if self.random.random() < 0.5:
            shape = [self.random.choice([1, 2])] + shape
        result = self.add(shape)
        self.lines.append(f"{result[0]} = nn.broadcast {x[0]} : {tensor(x[1])} to {tensor(shape)}")

    def concat(self):
        x = self.pick([1, 2, 3, 4])
        if not x:
            return
        axis = self.random.randrange(len(x[1]))
        fits = [v for v in self.values if len(v[1]) == len(x[1]) and v[2] == "f32" and
                all(a == b for d, (a, b) in enumerate(zip(v[1], x[1])) if d != axis)]
        parts = [self.random.choice(fits) for _ in range(self.random.randint(1, 3))]
        shape = list(x[1])
        shape[axis] = sum(p[1][axis] for p in parts)
        if volume(shape) > 600:
            return
        result = self.add(shape)
        self.lines.append(f"{result[0]} = nn.concat {', '.join(p[0] for p in parts)} {{axis = {axis} : i64}} : "
                          f"({', '.join(tensor(p[1]) for p in parts)}) -> {tensor(shape)}")

    # --- text

    def body(self):
        names = ", ".join(v[0] for v in self.outputs)
        types = ", ".join(tensor(v[1], v[2]) for v in self.outputs)
        lines = "\n    ".join(self.lines)
        return f"    {lines}\n    return {names} : {types}\n  }}\n", f"({types})"

    def function(self):
        body, types = self.body()
        arguments = ", ".join(f"{v[0]}: {tensor(v[1], v[2])}" for v in self.inputs)
        return f"  func.func @net({arguments}) -> {types} {{\n{body}"

    def input_constants(self):
        source = random.Random(self.count)
        lines = []
        for name, shape, element in self.inputs:
            data = ", ".join(str(source.choice([-4, -3, -2, -1, 0, 1, 2, 3]) / 4) for _ in range(volume(shape)))
            flat = tensor([volume(shape)], element)
            lines.append(f"{name}f = nn.constant dense<[{data}]> : {flat}")
            lines.append(f"{name} = nn.reshape {name}f : {flat} to {tensor(shape, element)}")
        return "\n    ".join(lines)

    def reference(self):
        body, types = self.body()
        return f"  func.func @net() -> {types} {{\n    {self.input_constants()}\n{body}"

    def input_function(self):
        names = ", ".join(v[0] for v in self.inputs)
        types = ", ".join(tensor(v[1], v[2]) for v in self.inputs)
        return f"  func.func @inputs() -> ({types}) {{\n    {self.input_constants()}\n    return {names} : {types}\n  }}\n"


def nn_opt(text, *passes):
    done = subprocess.run(["nn-opt", *passes], input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nn-opt {' '.join(passes)} left with {done.returncode}:\n{done.stderr[:3000]}")
    return done.stdout, done.stderr


def printed(text):
    """What nn-evaluate printed about @net."""
    return [line for line in text.splitlines() if line.startswith("@net")]


def check(seed, work):
    network = Network(seed)
    source = work / f"{seed}.mlir"
    source.write_text(network.function())
    plan, _ = nn_opt(network.function(), "--nn-assign-layouts", "--nn-order-steps", "--nn-plan-memory", "--nn-verify-plan")
    source.with_suffix(".plan.mlir").write_text(plan)
    bound = plan.replace("  plan.program", network.input_function() + "  plan.program", 1)
    expected = printed("".join(nn_opt(network.reference(), "--nn-evaluate")))
    actual = printed("".join(nn_opt(bound, "--nn-evaluate")))
    if not expected or expected != actual:
        raise RuntimeError("the plan computes something else:\n" + "\n".join(expected + actual))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    failed = 0
    for seed in range(options.seed, options.seed + options.count):
        try:
            check(seed, options.work)
        except RuntimeError as error:
            failed += 1
            print(f"seed {seed}: {error}")
    print(f"{options.count - failed} of {options.count} plans compute what their networks compute")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
