"""NAME_pack.h: tensors as the bytes of TDATA and back, quantized as ONNX does, strict C99."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc
# REQUIRES: onnx
import pathlib
import random
import subprocess
import sys

import numpy as np
import rtlcores
from hlspackage import package, tensor
from verilog import checked

folder, cc = pathlib.Path(sys.argv[1]), sys.argv[2]



def round_trip(core, arguments, frames):
    """What the functions make of frames, one a line of numbers: the bytes of the frame, and the tensors of its own bytes."""
    package(core, folder, frames=1)
    name = core.name
    inputs, outputs = arguments
    reads = "\n".join(
        f'    for (i = 0; i < {n}; ++i) if (scanf("%lf", &number) != 1) return 0; else {t}[i] = ({c})number;' for t, c, n in inputs
    )
    prints = "\n".join(f'    for (i = 0; i < {n}; ++i) printf(" %.9g", (double){t}[i]);' for t, c, n in outputs)
    declare = "\n".join(f"  static {c} {t}[{n}];" for t, c, n in inputs + outputs)
    (folder / "main.c").write_text(f"""#include "{name}_pack.h"
#include <stdio.h>
int main(void) {{
{declare}
  static uint8_t frame[{name.upper()}_IN_BYTES], result[{name.upper()}_OUT_BYTES];
  unsigned i;
  double number;
  for (;;) {{
{reads}
    {name}_pack({", ".join(t for t, _, _ in inputs)}, frame);
    for (i = 0; i < sizeof frame; ++i) printf(" %u", frame[i]);
    for (i = 0; i < sizeof result; ++i) if (scanf("%lf", &number) != 1) return 0; else result[i] = (uint8_t)number;
    {name}_unpack(result, {", ".join(t for t, _, _ in outputs)});
{prints}
    printf("\\n");
  }}
}}
""")
    checked(cc, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "main.c", "-o", "main", cwd=folder)
    text = "\n".join(" ".join(repr(float(v)) for v in frame) for frame in frames)
    done = subprocess.run([folder / "main"], input=text, capture_output=True, text=True, check=True)
    return [[float(v) for v in line.split()] for line in done.stdout.splitlines()]


def beats(bus, elements):
    """The bytes of a frame."""
    data = b""
    for beat in range(bus.beats):
        word = 0
        for lane in range(bus.lanes):
            word |= (int(elements[beat * bus.lanes + lane]) & ((1 << bus.lane_bits) - 1)) << lane * bus.lane_bits
        data += word.to_bytes((bus.width + 7) // 8, "little")
    return list(data)


rng = random.Random(3)
core = rtlcores.several()  # 4 beats of 2 lanes of 5 bits in, 3 beats of 11 bits out, signed
core.input.order = [[3, 1, 0, 2], [0, 1, 2, 3]]
core.output.order = [[2, 0, 1]]
core.inputs = [
    tensor("a b", "float32", 4, [2, 2], scale=0.1, zero_point=-3),
    tensor("c", "int8", 1, [4]),
]
core.outputs = [tensor("y", "float32", 4, [3], scale=0.3, zero_point=5)]
frames, wanted = [], []
for trial in range(300):
    halves = [float(np.float32(0.1)) * (k + 0.5) for k in range(-20, 20)]
    floats = [np.float32(rng.choice([rng.gauss(0, 1), rng.choice(halves), 1e9, -1e9, 0.0])) for _ in range(4)]
    integers = [rng.randint(-16, 15) for _ in range(4)]
    quantized = [int(np.clip(np.rint(f / np.float32(0.1)) - 3, -16, 15)) for f in floats]
    results = [rng.randint(-1024, 1023) for _ in range(3)]
    order = [3, 1, 0, 2]
    tensor = [0.0] * 3
    for place, element in enumerate([2, 0, 1]):
        tensor[element] = np.float32(results[place] - 5) * np.float32(0.3)
    frames.append([*floats, *integers, *beats(core.output, results)])
    wanted.append(beats(core.input, [quantized[i] for i in order] + integers) + [float(f"{v:.9g}") for v in tensor])
got = round_trip(core, ([("a_b", "float", 4), ("c", "int8_t", 4)], [("y", "float", 3)]), frames)
assert got == wanted, next((g, w) for g, w in zip(got, wanted) if g != w)

# Integers only; results without a sign.
core = rtlcores.slow()
frames = [[x, y, *beats(core.output, [x + 64, 4095, 0, y + 64])] for x, y in ((-64, 63), (5, -1))]
wanted = [beats(core.input, f[:2]) + [f[0] + 64, 4095, 0, f[1] + 64] for f in frames]
assert round_trip(core, ([("x", "int8_t", 2)], [("y", "uint16_t", 4)]), frames) == wanted
