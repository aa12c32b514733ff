# RUN: %python %s %source/docs/NumericSpec.md %nn-opt
"""The text of NumericSpec section 6 is enough to compute the functions: this test reads the sequences from the page,
runs them in exact arithmetic, and finds the interpreter's bits."""

import math
import re
import subprocess
import sys
from fractions import Fraction

import numpy as np

np.seterr(all="ignore")
F = np.float32
INF, NAN = F("inf"), F("nan")


def bits(x):
    return int(F(x).view(np.uint32))


def from_bits(u):
    return np.uint32(u & 0xFFFFFFFF).view(F)


def int32(u):
    return ((u + 2**31) % 2**32) - 2**31


def nearest(exact):
    """A rational number as the nearest float, ties to even."""
    size = abs(exact)
    exponent = math.floor(math.log2(size)) if size.denominator == 1 else int(math.log2(float(size)) // 1)
    while Fraction(2) ** exponent > size:
        exponent -= 1
    while Fraction(2) ** (exponent + 1) <= size:
        exponent += 1
    unit = Fraction(2) ** (max(exponent, -126) - 23)
    units = round(exact / unit)  # half to even
    return F(float(units * unit)) if abs(units * unit) < 2**128 else math.copysign(1, exact) * INF


def fma(a, b, c):
    a, b, c = F(a), F(b), F(c)
    if not (np.isfinite(a) and np.isfinite(b) and np.isfinite(c)):
        return F(float(a) * float(b) + float(c))
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    return nearest(exact) if exact else F(float(a) * float(b) + float(c))


def flush(x):
    return F(0) if abs(x) < F(2.0**-125) else x


WORDS = [  # what the page says: what Python says
    (r"\|(\w+)\|", r"np.abs(\1)"),
    (r"bits\((\w+)\) has the sign bit", r"bits(\1) >> 31"),
    (r"(\w+) or (\w+) is NaN", r"(\1 != \1 or \2 != \2)"),
    (r"float of (\w+)", r"F(\1)"),
    (r"int32 of (\w+)", r"int(\1)"),
    (r"odd (\w+)", r"\1 & 1"),
    (r"float\(", "from_bits("),
    (r"-2\^(-?\d+)", r"F(-2.0**\1)"),
    (r"2\^(-?\d+)", r"F(2.0**\1)"),
    (r"-0x1[.0-9a-f]*p[-+]\d+|0x1[.0-9a-f]*p[-+]\d+", lambda m: f'F(float.fromhex("{m[0]}"))'),
    (r"-infinity", "-INF"),
    (r"\+?infinity", "INF"),
    (r"\bNaN\b", "NAN"),
    (r"\bexp\(", "exp("),
]


def translate(text):
    sign = re.fullmatch(r"(.*) with the sign of (\w+)", text)
    parts = re.split(r"[?:](?![^()]*\))", text, maxsplit=2)
    if len(parts) == 3:  # c ? a : b
        return f"(({translate(parts[1])}) if ({translate(parts[0])}) else ({translate(parts[2])}))"
    if sign:
        return f"np.copysign({translate(sign[1])}, {sign[2]})"
    text = text.strip()
    if text.startswith("(") and text.endswith(")") and "?" in text:
        return translate(text[1:-1])
    for words, python in WORDS:
        text = re.sub(words, python, text)
    return text


def read_functions(page):
    """name -> (arguments, lines of Python) for each '**name(x)**' with a sequence."""
    functions = {}
    for name, arguments, block in re.findall(r"\*\*(\w+)\(([xy, ]+)\)\*\*[^`]*```\n(.*?)```", page, re.S):
        lines = [line.split(";")[0].strip() for line in block.strip().splitlines()]
        program = [line.split(" = ", 1) for line in lines]
        functions[name] = (arguments.split(", "), [(k, translate(v)) for k, v in program])
    return functions


def run(function, *operands):
    arguments, lines = function
    scope = dict(zip(arguments, map(F, operands)))
    for target, expression in lines:
        value = eval(expression, globals(), scope)
        scope[target] = F(value) if isinstance(value, (float, np.floating)) or target == "result" else value
    return scope["result"]


def evaluate(nn_opt, op, columns):
    """What the interpreter gives for nn.`op` on these columns of operands."""
    count = len(columns[0])
    module = "func.func @f() -> tensor<%dxf32> {\n" % count
    for i, column in enumerate(columns):
        values = ", ".join("0x%08X" % bits(x) for x in column)
        module += f"  %a{i} = nn.constant dense<[{values}]> : tensor<{count}xf32>\n"
    operands = ", ".join(f"%a{i}" for i in range(len(columns)))
    type = f"tensor<{count}xf32>"
    types = type if len(columns) == 1 else f"({type}, {type}) -> {type}"
    module += f"  %r = nn.{op} {operands} : {types}\n  return %r : {type}\n}}\n"
    command = [nn_opt, "-nn-evaluate", "-o", "/dev/null", "-"]
    output = subprocess.run(command, input=module, text=True, capture_output=True, check=True).stdout
    return [F(word) for word in re.search(r"= \[(.*)\]", output)[1].split(", ")]


def main(page, nn_opt):
    functions = read_functions(open(page).read())
    assert sorted(functions) == ["erf", "exp", "log", "pow", "tanh"], sorted(functions)
    exp = functions["exp"]
    functions["sigmoid"] = (["x"], None)
    random = np.random.default_rng(1)
    edge = F(float.fromhex("-0x1.5a92d6p+6"))  # the least operand of exp with a result
    special = [edge, np.nextafter(edge, -INF), 0.0, -0.0, 1.0, -1.0, INF, -INF, NAN]
    special += [2.0**-126, 3e38, -3e38, 0.5, 88.72283, 88.72284, 9.0]
    spread = [*random.normal(0, 1, 60), *random.normal(0, 30, 60), *np.exp(random.uniform(-87, 88, 60))]
    spread += [*random.uniform(0.66, 1.34, 300)]
    values = [F(x) for x in special + spread]
    wrong = 0
    for name, function in functions.items():
        columns = [values]
        if name == "pow":
            columns = [[a for a in values[:60] for b in values[:15]], [b for a in values[:60] for b in values[:15]]]
        for operands, got in zip(zip(*columns), evaluate(nn_opt, name, columns)):
            if name == "sigmoid":
                expected = flush(F(1) / (F(1) + run(exp, -operands[0])))
            else:
                expected = run(function, *operands)
            if bits(got) != bits(expected) and not (got != got and expected != expected):
                wrong += 1
                print(f"{name}{operands}: page {expected!r}, interpreter {got!r}")
    return wrong != 0


sys.exit(main(*sys.argv[1:]))
