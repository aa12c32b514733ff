"""A design in which every construct of dialect rtl occurs, with random operands and widths."""

import random

from rtlmodel import Module

PREDICATES = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"]
BINARY = ["add", "sub", "mul", "and_", "or_", "xor"]


def fit(m, value, width, rng):
    """`value` with `width` bits: a part of it, or extended one way or the other."""
    if value.width > width:
        return m.extract(value, rng.randrange(value.width - width + 1), width)
    return rng.choice([m.sext, m.zext])(value, width)


def mixed(m, values, rng, count):
    """`count` ops on what is there; adds their results to `values`."""

    def pick(width=None):
        value = rng.choice(values)
        return value if width is None else fit(m, value, width, rng)

    kinds = [
        *[lambda kind=kind: (lambda w: getattr(m, kind)(pick(w), pick(w)))(rng.choice([1, 5, 8, 9, 33, 70])) for kind in BINARY],
        *[lambda p=p: (lambda w: m.icmp(p, pick(w), pick(w)))(rng.choice([1, 2, 8, 40])) for p in PREDICATES],
        *[lambda k=k: m.reduce(k, pick(rng.choice([3, 8]))) for k in ("and", "or", "xor")],
        lambda: m.not_(pick()),
        lambda: (lambda w: m.mux(pick(1), pick(w), pick(w)))(rng.choice([1, 8, 40])),
        lambda: (lambda n, w: m.table(pick(n), [rng.randrange(1 << w) for _ in range(1 << n)], w))(rng.choice([1, 3, 5]), rng.choice([1, 4, 9])),
        lambda: m.concat(*[pick(rng.randrange(1, 6)) for _ in range(rng.randrange(1, 5))]),
        lambda: m.replicate(pick(rng.randrange(1, 4)), rng.randrange(1, 5)),
        lambda: m.sext(m.concat(pick(4), m.constant(0, 3)), 11),
        lambda: m.add(pick(8), m.constant(rng.randrange(-128, 256), 8)),
    ]  # fmt: skip
    for i in range(count):
        values.append(kinds[i % len(kinds)]())


def everything(seed=1):
    """Returns the design's text and the model of its top, `all`."""
    rng = random.Random(seed)
    inner = Module("all_inner", {"a": 8, "b": 13})
    values = list(inner.inputs.values())
    mixed(inner, values, rng, 30)
    inner.output_unused()

    top = Module("all", {"x": 8, "y": 16, "go": 1, "wide": 70, "put": 3, "get": 3})
    go, put, get = (top.input(port) for port in ("go", "put", "get"))
    values = list(top.inputs.values())
    counter = top.register(5, reset=-3)  # it stands above what drives it
    top.drive(counter, top.add(counter, top.constant(1, 5)), enable=go)
    values.append(counter)
    mixed(top, values, rng, 30)
    values += top.module("inner", inner, {"a": fit(top, rng.choice(values), 8, rng), "b": fit(top, rng.choice(values), 13, rng)})
    for reset, enable in [(None, None), (5, None), (0, go), (None, go)] * 2:
        source = rng.choice(values)
        values.append(top.register(source.width, reset=reset if source.width > 3 or reset is None else 1))
        top.drive(values[-1], source, enable)
    words = [rng.randrange(1 << 9) for _ in range(20)]
    # Addresses stay below the number of words: past it a word is unknown.
    address = top.extract(counter, 0, 4)
    read = top.rom("weights", "all_weights", words, 9, go, top.concat(top.constant(0, 1), address))
    values.append(read)
    free = top.not_(top.and_(go, top.icmp("eq", put, get)))  # what is being written is not read
    values.append(top.ram("line", "all_line", 9, go, put, read, free, get))
    mixed(top, values, rng, 60)
    top.output_unused()

    rom = f"  rtl.rom @all_weights = dense<{[w - 512 if w > 255 else w for w in words]}> : tensor<20xi9>\n"
    return f"rtl.design @all {{\n{top.text()}{rom}  rtl.ram @all_line : 8 x i9\n{inner.text()}}}\n", top
