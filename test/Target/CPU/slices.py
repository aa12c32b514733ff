"""A run may be cut anywhere: [0, k) and [k, STEPS), or step after step with another network in between, gives the bits of
one run; leave out one step, and it does not."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import ctypes
import sys

import numpy as np
from nnctest import address, aligned, compile_model, pointers, same_bits
from promises import every_kind

# Up to `cat`: the mean behind it takes a and -a together, and its answer is the same for all images.
net = compile_model(every_kind(), sys.argv[1], "-cpu=x86-64-v3", "-outputs=cat")
steps = len(net.json["steps"])
image = np.random.default_rng(3).standard_normal(net.json["inputs"][0]["shape"]).astype(np.float32)
(whole,) = net(image)
# The same again, in memory that holds something else.
net.arena[:] = 0xFF
assert same_bits(net(image)[0], whole)
x = net.place(net.json["inputs"][0], image)


def run(cuts, fill=0xA5):
    """The output after the slices that `cuts` are."""
    y, arena = net.place(net.json["outputs"][0]), aligned(net.json["arena_bytes"], fill=fill)
    for first, end in cuts:
        code = net.function("run_steps")(pointers([x]), pointers([y]), address(arena), ctypes.c_uint16(first), ctypes.c_uint16(end))
        assert code == 0, code
    return y


assert steps > 10, steps
for k in range(steps + 1):
    assert same_bits(run([(0, k), (k, steps)]), whole), k
assert same_bits(run([(k, k + 1) for k in range(steps)], fill=0xFF), whole)
for left_out in range(steps):
    assert not same_bits(run([(0, left_out), (left_out + 1, steps)]), whole), left_out
