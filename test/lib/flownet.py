"""Random flow networks as text, and what they compute, written down a second time in numpy."""

import random

import numpy as np


def dense(array):
    return "[" + ", ".join(dense(a) for a in array) + "]" if array.ndim else str(int(array))


def width(least, most):
    return max(1, int(most).bit_length()) if least >= 0 else max(int(most).bit_length(), int(-least - 1).bit_length()) + 1


class Stream:
    """Frames as (frames, rows, columns, lanes); `rank` is how many dimensions the raster has in the text."""

    def __init__(self, name, rank, values, least, most):
        self.name, self.rank, self.values, self.least, self.most = name, rank, values, least, most

    @property
    def raster(self):
        return self.values.shape[3 - self.rank : 3]

    @property
    def lanes(self):
        return self.values.shape[3]

    @property
    def type(self):
        return f"!flow.stream<[{', '.join(map(str, self.raster))}] x {self.lanes}, {self.least}, {self.most}>"

    @property
    def lane_width(self):
        return width(self.least, self.most)

    def beats(self):
        """By frame and beat: the bits of all lanes as one number."""
        frames = self.values.reshape(len(self.values), -1, self.lanes).astype(object)
        mask, number = (1 << self.lane_width) - 1, 0
        for lane in reversed(range(self.lanes)):
            number = (number << self.lane_width) | (frames[:, :, lane] & mask)
        return number


class Network:
    """Engines are added one after another; each gives the stream that it makes."""

    def __init__(self, seed, name="net", pipeline=None):
        self.rng, self.np = random.Random(seed), np.random.default_rng(seed)
        self.name, self.pipeline, self.lines, self.count = name, pipeline, [], 0

    def add(self, op, inputs, values, least, most, rank):
        stream = Stream(f"%{self.count}", rank, values, least, most)
        self.count += 1
        types = ", ".join(i.type for i in inputs)
        self.lines.append(f'  {stream.name} = {op} : {types} -> {stream.type} loc("layer{self.count}")')
        return stream

    def input(self, frames, raster, lanes, least, most):
        shape = (frames, *([1] * (2 - len(raster))), *raster, lanes)
        values = self.np.integers(least, most + 1, shape)
        corners = self.np.random(shape) < 0.2
        values[corners] = self.np.choice([least, most], int(corners.sum()))
        self.stream = Stream("%x", len(raster), values, least, most)
        self.lines.append(f'  %x = flow.input "x" : {self.stream.type}')
        return self.stream

    def matrix(self, x, outputs, kind=None, weights=None):
        rng = self.rng
        if weights is None:
            weights = self.np.integers(-8, 8, (outputs, x.lanes))
            weights[self.np.random(weights.shape) < 0.3] = 0
        constants = self.np.integers(-50, 50, outputs)
        sums = x.values @ weights.T + constants
        least = constants + np.minimum(weights * x.least, weights * x.most).sum(1)
        most = constants + np.maximum(weights * x.least, weights * x.most).sum(1)
        text = f"flow.matrix {x.name} by dense<{dense(weights)}> : tensor<{outputs}x{x.lanes}xi8> plus "
        text += f"dense<{dense(constants)}> : tensor<{outputs}xi64>"
        kind = kind or rng.choice(["sums", "forms", "thresholds"])
        if kind == "sums":
            return self.add(text, [x], sums, int(least.min()), int(most.max()), x.rank)
        low, high = rng.choice([(0, 1), (0, 3), (-2, 1), (-8, 7), (0, 63), (-31, 31), (-128, 127), (3, 9)])
        if kind == "forms":
            rows = []
            for lane in range(outputs):
                reach = max(abs(int(least[lane])), abs(int(most[lane])), 1)
                shift = max(0, reach.bit_length() - max(high - low, 1).bit_length() + rng.randrange(-1, 3))
                ties = rng.randrange(3) if shift else 0
                factor = rng.choice([1, 1, rng.randrange(1, 200)])
                if factor > 1:
                    shift, ties = shift + 7, rng.randrange(3)
                rows.append([factor, rng.randrange(-40, 40), shift, ties, low, high])
            rows = np.array(rows)
            values = np.stack([self.form(sums[..., i].astype(np.int64), *rows[i]) for i in range(outputs)], -1)
            text += f" forms dense<{dense(rows)}> : tensor<{outputs}x6xi64>"
        else:
            count = high - low
            thresholds = np.sort(self.np.integers(least.min() - 2, most.max() + 2, (outputs, count)), 1)
            values = low + (sums[..., None] >= thresholds).sum(-1)
            text += f" thresholds dense<{dense(thresholds)}> : tensor<{outputs}x{count}xi64> {{least = {low} : i64}}"
        return self.add(text, [x], values, low, high, x.rank)

    @staticmethod
    def form(x, factor, offset, shift, ties, least, most):
        product = x * factor + offset
        floor = product >> shift
        if ties:
            rest, half = product - (floor << shift), 1 << (shift - 1)
            floor += (rest > half) | ((rest == half) & ((floor & 1) == (ties == 1)))
        return np.clip(floor, least, most)

    def window(self, x, kernel, strides, dilations, pads, fill):
        k, s, d = ([1] * (2 - x.rank) + list(v) for v in (kernel, strides, dilations))
        begin = [0] * (2 - x.rank) + list(pads[: x.rank])
        end = [0] * (2 - x.rank) + list(pads[x.rank :])
        padded = np.pad(x.values, ((0, 0), (begin[0], end[0]), (begin[1], end[1]), (0, 0)), constant_values=fill)
        rows = (padded.shape[1] - (k[0] - 1) * d[0] - 1) // s[0] + 1
        columns = (padded.shape[2] - (k[1] - 1) * d[1] - 1) // s[1] + 1
        taps = [
            padded[:, i * d[0] :, j * d[1] :][:, : (rows - 1) * s[0] + 1 : s[0], : (columns - 1) * s[1] + 1 : s[1]]
            for i in range(k[0])
            for j in range(k[1])
        ]
        text = f"flow.window {x.name} kernel {list(kernel)} strides {list(strides)} dilations {list(dilations)} "
        text += f"pads {list(pads)} fill {fill}"
        return self.add(text, [x], np.concatenate(taps, -1), min(x.least, fill), max(x.most, fill), x.rank)

    def max(self, x, lanes):
        values = x.values.reshape(*x.values.shape[:3], -1, lanes).max(3)
        return self.add(f"flow.max {x.name}", [x], values, x.least, x.most, x.rank)

    def table(self, x, least, most):
        values = self.np.integers(least, most + 1, (self.rng.choice([1, x.lanes]), x.most - x.least + 1))
        index = np.broadcast_to(np.arange(x.lanes) % len(values), x.values.shape)
        text = f"flow.table {x.name} in dense<{dense(values)}> : tensor<{values.shape[0]}x{values.shape[1]}xi16>"
        return self.add(text, [x], values[index, x.values - x.least], least, most, x.rank)

    def multiply(self, x, y):
        assert x.type == y.type
        ends = [x.least * x.least, x.most * x.most, x.least * x.most]
        stream = Stream(f"%{self.count}", x.rank, x.values * y.values, min(ends), max(ends))
        self.count += 1
        self.lines.append(f"  {stream.name} = flow.multiply {x.name}, {y.name} : {x.type} -> {stream.type}")
        return stream

    def lanes(self, inputs, lanes):
        x = inputs[0]
        values = np.concatenate([i.values for i in inputs], -1)
        take = [self.rng.randrange(values.shape[3]) for _ in range(lanes)]
        text = f"flow.lanes {', '.join(i.name for i in inputs)} take {take}"
        least, most = min(i.least for i in inputs), max(i.most for i in inputs)
        return self.add(text, inputs, values[..., take], least, most, x.rank)

    def reduce(self, x, kind):
        values = (x.values.sum if kind == "sum" else x.values.max)(axis=(1, 2), keepdims=True)
        count = x.values.shape[1] * x.values.shape[2] if kind == "sum" else 1
        return self.add(f"flow.reduce {kind} {x.name}", [x], values, x.least * count, x.most * count, 0)

    def collect(self, x):
        values = x.values.reshape(len(x.values), 1, 1, -1)
        return self.add(f"flow.collect {x.name}", [x], values, x.least, x.most, 0)

    def output(self, stream):
        self.result = stream
        self.lines.append(f"  flow.output {stream.name} : {stream.type}")

    @property
    def text(self):
        how = f" attributes {{pipeline = {self.pipeline} : i64}}" if self.pipeline else ""
        return f'flow.network "{self.name}"{how} {{\n' + "\n".join(self.lines) + "\n}\n"
