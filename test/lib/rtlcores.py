"""Small cores, with what they answer: designs of dialect rtl that keep to include/nnc/Target/HLS/Core.h."""

import random
from dataclasses import dataclass, field

from rtlmodel import Module, signed


@dataclass
class Bus:
    beats: int
    lanes: int
    lane_bits: int
    signed: bool = True
    order: list = field(default_factory=list)  # per tensor; empty: as they are

    @property
    def width(self):
        return self.lanes * self.lane_bits

    @property
    def elements(self):
        return self.beats * self.lanes

    def range(self):
        values = 1 << self.lane_bits
        return (-values // 2, values // 2 - 1) if self.signed else (0, values - 1)

    def wrap(self, value):
        value &= (1 << self.lane_bits) - 1
        return signed(value, self.lane_bits) if self.signed else value


@dataclass
class Core:
    name: str
    input: Bus
    output: Bus
    latency: int
    pause: int
    weights: list
    text: str = ""
    inputs: list = None  # tensors as NAME.json has them; None: one of integers
    outputs: list = None

    def answer(self, frame):
        """A matrix times the frame, plus the index of the row: wrapped around at the width of a lane."""
        return [self.output.wrap(sum(w * x for w, x in zip(row, frame)) + i) for i, row in enumerate(self.weights)]

    def vectors(self, count, seed=1):
        rng, (low, high) = random.Random(seed), self.input.range()
        n = self.input.elements
        frames = [[low] * n, [high] * n, [0] * n, [low if i % 2 else high for i in range(n)]]
        while len(frames) < count:
            frames.append([rng.randint(low, high) for _ in range(n)])
        return frames[:count], [self.answer(f) for f in frames[:count]]


def lanes(m, data, bus, width):
    extend = m.sext if bus.signed else m.zext
    return [extend(m.extract(data, i * bus.lane_bits, bus.lane_bits), width) for i in range(bus.lanes)]


def row(m, core, index, elements):
    """One result, in as many bits as its lane has."""
    width = core.output.lane_bits
    total = m.constant(index, width)
    for weight, x in zip(core.weights[index], elements):
        total = m.add(total, m.mul(x, m.constant(weight & ((1 << width) - 1), width)))
    return total


def fitted(m, core, data, width):
    """The elements of a beat, cut down or extended to `width`."""
    wide = max(width, core.input.lane_bits)
    return [m.extract(x, 0, width) if wide > width else x for x in lanes(m, data, core.input, wide)]


def pipeline(core, leak=False):
    """One beat in, one beat out, a register at each clock of the latency. `leak`: zeros are no results."""
    m = Module(core.name, {"in_valid": 1, "in_data": core.input.width})
    valid, data = m.input("in_valid"), m.input("in_data")
    elements = fitted(m, core, data, core.output.lane_bits)
    results = m.concat(*[row(m, core, i, elements) for i in reversed(range(core.output.lanes))])
    if leak:
        valid = m.and_(valid, m.reduce("or", data))
    for _ in range(core.latency):
        late, results_late = m.register(1, 0), m.register(core.output.width)
        m.drive(late, valid)
        m.drive(results_late, results)
        valid, results = late, results_late
    m.output("out_valid", valid)
    m.output("out_data", results)
    return m


def beat_counter(m, count, enable, name_width=None):
    width = max(1, (count - 1).bit_length())
    value = m.register(width, 0)
    is_last = m.icmp("eq", value, m.constant(count - 1, width))
    m.drive(value, m.mux(is_last, m.constant(0, width), m.add(value, m.constant(1, width))), enable)
    return value, is_last


def collector(core, delays):
    """Several beats: they are collected, and result beat k comes delays[k] clocks after the last of them. The frame is kept
    until the next one has come."""
    m = Module(core.name, {"in_valid": 1, "in_data": core.input.width})
    valid, data = m.input("in_valid"), m.input("in_data")
    _, is_last = beat_counter(m, core.input.beats, valid)
    beats = [data]  # the newest first
    for _ in range(core.input.beats - 1):
        earlier = m.register(core.input.width)
        m.drive(earlier, beats[-1], valid)
        beats.append(earlier)
    done = m.and_(valid, is_last)
    frame = m.register(core.input.width * core.input.beats)
    m.drive(frame, m.concat(*beats), done)
    elements = []
    for beat in range(core.input.beats):
        part = m.extract(frame, beat * core.input.width, core.input.width)
        elements += fitted(m, core, part, core.output.lane_bits)
    token, tokens = done, [done]
    for _ in range(delays[-1]):
        following = m.register(1, 0)
        m.drive(following, token)
        token = following
        tokens.append(token)
    out_valid, out_data = m.constant(0, 1), m.constant(0, core.output.width)
    for k, delay in enumerate(delays):
        rows = range(k * core.output.lanes, (k + 1) * core.output.lanes)
        word = m.concat(*[row(m, core, i, elements) for i in reversed(rows)])
        out_valid = m.or_(out_valid, tokens[delay])
        out_data = m.mux(tokens[delay], word, out_data)
    m.output("out_valid", out_valid)
    m.output("out_data", out_data)
    return m


def matrix(rows, columns, seed):
    rng = random.Random(seed)
    return [[rng.choice([-7, -3, -1, 1, 2, 5, 9]) for _ in range(columns)] for _ in range(rows)]


def finished(core, module):
    core.text = f"rtl.design @{core.name} {{\n{module.text()}}}\n"
    return core


def at_once():
    """No register at all."""
    core = Core("now", Bus(1, 3, 5), Bus(1, 2, 9), 0, 0, matrix(2, 3, 1))
    return finished(core, pipeline(core))


def bits():
    """Vectors of one bit."""
    core = Core("bits", Bus(3, 1, 1, False), Bus(1, 1, 1, False), 2 + 2, 0, matrix(1, 3, 6))
    return finished(core, collector(core, [2]))


def late(leak=False):
    """A pipeline of three clocks."""
    core = Core("late", Bus(1, 4, 8, False), Bus(1, 3, 14), 3, 0, matrix(3, 4, 2))
    return finished(core, pipeline(core, leak))


def several():
    """Four beats in, three out at irregular clocks, frames without a pause."""
    core = Core("several", Bus(4, 2, 5), Bus(3, 1, 11), 3 + 1, 0, matrix(3, 8, 3))
    return finished(core, collector(core, [1, 3, 4]))


def slow():
    """Two beats in, two out, and a long pause between frames."""
    core = Core("slow", Bus(2, 1, 7), Bus(2, 2, 12, False), 1 + 9, 13, matrix(4, 2, 4))
    return finished(core, collector(core, [9, 14]))


def lookup():
    """A table in a memory: three lanes of four bits, the first of which is looked up."""
    words = [7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5, -6, -7, -8]
    core = Core("lookup", Bus(1, 3, 4), Bus(1, 3, 4), 1, 0, [])
    core.answer = lambda frame: [words[frame[0]], *frame[1:]]
    m = Module("lookup", {"in_valid": 1, "in_data": 12})
    valid, rest = m.register(1, 0), m.register(8)
    m.drive(valid, m.input("in_valid"))
    m.drive(rest, m.extract(m.input("in_data"), 4, 8))
    first = m.extract(m.input("in_data"), 0, 4)
    looked_up = m.rom("words", "lookup_words", [w & 15 for w in words], 4, m.input("in_valid"), first)
    m.output("out_valid", valid)
    m.output("out_data", m.concat(rest, looked_up))
    rom = f"  rtl.rom @lookup_words = dense<{words}> : tensor<16xi4>\n"
    core.text = f"rtl.design @lookup {{\n{rom}{m.text()}}}\n"
    return core


ALL = [at_once, bits, late, several, slow]
