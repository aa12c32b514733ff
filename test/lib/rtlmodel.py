"""Designs of dialect rtl that are written and computed at once: each method adds an op to the text and to a model of Python
integers, which is stepped clock by clock.

    m = Module("kws", {"x": 8})
    count = m.register(8, reset=0)
    m.drive(count, m.add(count, m.input("x")))
    m.output("y", count)
    state = m.initial()
    outputs, state = m.step(state, {"x": 3})
"""

from functools import partial


def signed(value, width):
    return value - (1 << width) if value >> (width - 1) else value


class Value:
    def __init__(self, name, width):
        self.name, self.width, self.used = name, width, False

    @property
    def type(self):
        return f"i{self.width}"


class Register:
    def __init__(self, result, reset, line):
        self.result, self.reset, self.line, self.next, self.enable = result, reset, line, None, None

    @property
    def reset_bits(self):
        return self.reset & ((1 << self.result.width) - 1)


PREDICATES = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def compare(predicate, a, b, width):
    if predicate[0] == "s":
        a, b = signed(a, width), signed(b, width)
    return int(PREDICATES[predicate if predicate in PREDICATES else predicate[1:]](a, b))


REDUCTIONS = {
    "and": lambda a, width: int(a == (1 << width) - 1),
    "or": lambda a, width: int(a != 0),
    "xor": lambda a, width: a.bit_count() & 1,
}


class Module:
    def __init__(self, name, inputs):
        self.name, self.lines, self.steps, self.registers, self.memories, self.outputs = name, [], [], [], [], []
        self.inputs = {port: Value(f"%{port}", width) for port, width in inputs.items()}
        self.values = []

    # --- text and model of one op

    def op(self, text, width, compute, *operands):
        """`text` follows the result; `compute` gets the operands' integers."""
        result = Value(f"%v{len(self.values)}", width)
        self.values.append(result)
        self.lines.append(f"{result.name} = {text}")
        self.steps.append((result, lambda env: compute(*(env[o.name] for o in operands)) & ((1 << width) - 1)))
        for operand in operands:
            operand.used = True
        return result

    def input(self, port):
        return self.inputs[port]

    def constant(self, value, width):
        return self.op(f"rtl.constant {value} : i{width}", width, lambda: value)

    def binary(self, mnemonic, compute, a, b):
        return self.op(f"rtl.{mnemonic} {a.name}, {b.name} : {a.type}", a.width, compute, a, b)

    def add(self, a, b):
        return self.binary("add", lambda x, y: x + y, a, b)

    def sub(self, a, b):
        return self.binary("sub", lambda x, y: x - y, a, b)

    def mul(self, a, b):
        return self.binary("mul", lambda x, y: x * y, a, b)

    def and_(self, a, b):
        return self.binary("and", lambda x, y: x & y, a, b)

    def or_(self, a, b):
        return self.binary("or", lambda x, y: x | y, a, b)

    def xor(self, a, b):
        return self.binary("xor", lambda x, y: x ^ y, a, b)

    def not_(self, a):
        return self.op(f"rtl.not {a.name} : {a.type}", a.width, lambda x: ~x, a)

    def reduce(self, kind, a):
        return self.op(f"rtl.reduce {kind} {a.name} : {a.type}", 1, lambda x: REDUCTIONS[kind](x, a.width), a)

    def icmp(self, predicate, a, b):
        text = f"rtl.icmp {predicate} {a.name}, {b.name} : {a.type}"
        return self.op(text, 1, lambda x, y: compare(predicate, x, y, a.width), a, b)

    def mux(self, c, a, b):
        text = f"rtl.mux {c.name}, {a.name}, {b.name} : {a.type}"
        return self.op(text, a.width, lambda k, x, y: x if k else y, c, a, b)

    def table(self, index, values, width):
        dense = f"dense<{[signed(v, width) if width > 1 else v for v in values]}> : tensor<{len(values)}xi{width}>"
        return self.op(f"rtl.table {index.name} in {dense} : {index.type} -> i{width}", width, lambda i: values[i], index)

    def sext(self, a, width):
        return self.op(f"rtl.sext {a.name} : {a.type} -> i{width}", width, lambda x: signed(x, a.width), a)

    def zext(self, a, width):
        return self.op(f"rtl.zext {a.name} : {a.type} -> i{width}", width, lambda x: x, a)

    def extract(self, a, low, width):
        return self.op(f"rtl.extract {a.name} from {low} : {a.type} -> i{width}", width, lambda x: x >> low, a)

    def replicate(self, a, times):
        copies = sum(1 << (a.width * i) for i in range(times))
        return self.op(f"rtl.replicate {a.name} : {a.type} -> i{a.width * times}", a.width * times, lambda x: x * copies, a)

    def concat(self, *parts):
        def join(*values):
            result = 0
            for part, value in zip(parts, values):
                result = result << part.width | value
            return result

        text = f"rtl.concat {', '.join(p.name for p in parts)} : {', '.join(p.type for p in parts)}"
        return self.op(text, sum(p.width for p in parts), join, *parts)

    # --- state

    def register(self, width, reset=None):
        """A register that drive() connects; it stands where this was called."""
        result = Value(f"%v{len(self.values)}", width)
        self.values.append(result)
        self.registers.append(Register(result, reset, len(self.lines)))
        self.lines.append(None)
        return result

    def drive(self, register, following, enable=None):
        entry = next(r for r in self.registers if r.result is register)
        entry.next, entry.enable = following, enable
        following.used = True
        words = [f"{register.name} = rtl.reg {following.name}"]
        if enable:
            enable.used = True
            words.append(f"enable {enable.name}")
        if entry.reset is not None:
            words.append(f"reset {entry.reset}")
        self.lines[entry.line] = f"{' '.join(words)} : {register.type}"

    def instance(self, name, target, inputs, outputs, registered=None):
        """An instance of `target`, a name, from ports to operands and to widths of results. `registered`: a memory's function
        from old words and operands to what is read (None: nothing) and new words."""
        results = []
        for port, width in outputs.items():
            results.append(Value(f"%v{len(self.values)}", width))
            self.values.append(results[-1])
        operands = ", ".join(f"{port}: {v.name} : {v.type}" for port, v in inputs.items())
        ports = ", ".join(f"{port}: {v.type}" for port, v in zip(outputs, results))
        names = ", ".join(v.name for v in results)
        self.lines.append(f'{names} = rtl.instance "{name}" @{target}({operands}) -> ({ports})')
        for value in inputs.values():
            value.used = True
        if registered:
            self.memories.append((results[0], list(inputs.values()), registered))
        return results

    def rom(self, name, target, words, width, enable, address):
        def access(memory, e, a):
            return (words[a] if e and a < len(words) else None), memory

        return self.instance(name, target, {"enable": enable, "addr": address}, {"data": width}, access)[0]

    def ram(self, name, target, width, write_enable, write_addr, write_data, read_enable, read_addr):
        def access(memory, we, wa, wd, re, ra):
            return (memory.get(ra, 0) if re else None), ({**memory, wa: wd} if we else memory)

        inputs = {"write_enable": write_enable, "write_addr": write_addr, "write_data": write_data,
                  "read_enable": read_enable, "read_addr": read_addr}  # fmt: skip
        return self.instance(name, target, inputs, {"read_data": width}, access)[0]

    def module(self, name, inner, inputs):
        """An instance of another model without state."""
        results = self.instance(name, inner.name, inputs, {p: v.width for p, v in inner.outputs})

        def compute(env, port):
            outputs, _ = inner.step(inner.initial(), {p: env[v.name] for p, v in inputs.items()})
            return outputs[port]

        for (port, _), result in zip(inner.outputs, results):
            self.steps.append((result, partial(compute, port=port)))
        return results

    def output(self, port, value):
        value.used = True
        self.outputs.append((port, value))

    def output_unused(self):
        for value in [v for v in self.values if not v.used]:
            self.output(f"out{len(self.outputs)}", value)

    # --- the whole

    def text(self):
        ports = [f"in {v.name}: {v.type}" for v in self.inputs.values()] + [f"out {p}: {v.type}" for p, v in self.outputs]
        body = "\n".join(f"    {line}" for line in self.lines)
        drives = f" {', '.join(v.name for _, v in self.outputs)} : {', '.join(v.type for _, v in self.outputs)}"
        return f"  rtl.module @{self.name}({', '.join(ports)}) {{\n{body}\n    rtl.output{drives}\n  }}\n"

    def initial(self):
        return {v.name: 0 for v in self.values}, [{} for _ in self.memories]

    def step(self, state, inputs, reset=False, asynchronous=False):
        """Outputs before the clock, and the state after it."""
        values, memories = dict(state[0]), list(state[1])
        resetting = [r for r in self.registers if reset and r.reset is not None]
        if asynchronous:
            values.update({r.result.name: r.reset_bits for r in resetting})
        env = {**values, **{f"%{port}": value for port, value in inputs.items()}}
        for result, compute in self.steps:
            env[result.name] = compute(env)
        following = dict(values)
        for r in self.registers:
            if r.enable is None or env[r.enable.name]:
                following[r.result.name] = env[r.next.name]
        following.update({r.result.name: r.reset_bits for r in resetting})
        for i, (result, operands, access) in enumerate(self.memories):
            read, memories[i] = access(memories[i], *(env[o.name] for o in operands))
            if read is not None:
                following[result.name] = read
        return {port: env[value.name] for port, value in self.outputs}, (following, memories)
