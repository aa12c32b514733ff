"""A design in which every construct of dialect rtl occurs, with random operands and widths."""

import random
from functools import partial

from rtlmodel import Module

PREDICATES = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"]


def fit(m, value, width, rng):
    """`value` with `width` bits: a part of it, or extended one way or the other."""
    if value.width > width:
        return m.extract(value, rng.randrange(value.width - width + 1), width)
    return rng.choice([m.sext, m.zext])(value, width)


def mixed(m, values, rng, count):
    """`count` ops on what is there, each kind in turn; adds their results to `values`."""

    def pick(width):
        return fit(m, rng.choice(values), width, rng)

    def binary(kind, *widths):
        width = rng.choice(widths)
        return kind(pick(width), pick(width))

    def icmp(predicate):
        return binary(lambda a, b: m.icmp(predicate, a, b), 1, 2, 8, 40)

    def mux():
        return binary(lambda a, b: m.mux(pick(1), a, b), 1, 8, 40)

    def table():
        index, width = rng.choice([1, 3, 5]), rng.choice([1, 4, 9])
        return m.table(pick(index), [rng.randrange(1 << width) for _ in range(1 << index)], width)

    def concat():
        return m.concat(*[pick(rng.randrange(1, 6)) for _ in range(rng.randrange(1, 5))])

    kinds = [partial(binary, kind, 1, 5, 8, 33, 70) for kind in (m.add, m.sub, m.and_, m.or_, m.xor)]
    kinds += [partial(binary, m.mul, 1, 5, 8, 9), mux, table, concat]
    kinds += [partial(icmp, predicate) for predicate in PREDICATES]
    kinds += [lambda kind=kind: m.reduce(kind, pick(8)) for kind in ("and", "or", "xor")]
    kinds += [
        lambda: m.not_(pick(8)),
        lambda: m.replicate(pick(rng.randrange(1, 4)), rng.randrange(1, 5)),
        lambda: m.sext(m.concat(pick(4), m.constant(0, 3)), 11),
        lambda: m.add(pick(8), m.constant(rng.randrange(-128, 256), 8)),
    ]
    for i in range(count):
        values.append(kinds[i % len(kinds)]())


def registers(m, values, enable, rng):
    """Registers of all kinds."""
    for reset, enabled in [(None, None), (5, None), (0, enable), (None, enable)] * 2:
        source = rng.choice([v for v in values if v.width > 3])
        values.append(m.register(source.width, reset))
        m.drive(values[-1], source, enabled)


def everything(seed=1):
    """The design's text and the model of its top, `all`."""
    rng = random.Random(seed)
    inner = Module("all_inner", {"a": 8, "b": 13})
    mixed(inner, list(inner.inputs.values()), rng, 30)
    inner.output_unused()

    top = Module("all", {"x": 8, "y": 16, "go": 1, "wide": 70, "put": 3, "get": 3})
    go, put, get = (top.input(port) for port in ("go", "put", "get"))
    counter = top.register(5, reset=-3)  # it stands above what drives it
    top.drive(counter, top.add(counter, top.constant(1, 5)), enable=go)
    values = [*top.inputs.values(), counter]
    mixed(top, values, rng, 30)
    a, b = (fit(top, rng.choice(values), width, rng) for width in (8, 13))
    values += top.module("inner", inner, {"a": a, "b": b})
    registers(top, values, go, rng)
    words = [rng.randrange(1 << 9) for _ in range(20)]
    # Past the last word comes an unknown one; so does a word that is being written.
    address = top.concat(top.constant(0, 1), top.extract(counter, 0, 4))
    values.append(top.rom("weights", "all_weights", words, 9, go, address))
    free = top.not_(top.and_(go, top.icmp("eq", put, get)))
    values.append(top.ram("line", "all_line", 9, go, put, values[-1], free, get))
    mixed(top, values, rng, 60)
    top.output_unused()

    rom = f"  rtl.rom @all_weights = dense<{[w - 512 if w > 255 else w for w in words]}> : tensor<20xi9>\n"
    return f"rtl.design @all {{\n{top.text()}{rom}  rtl.ram @all_line : 8 x i9\n{inner.text()}}}\n", top
