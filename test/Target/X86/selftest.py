"""The self-test is 0 on what was written and NN_ERR_SELFTEST when one bit of the constants has fallen over, in the first
byte or in the last."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import ctypes
import sys

import numpy as np
from nnctest import address, build, compile_model, node

out = sys.argv[1]
weights = np.random.default_rng(5).standard_normal((37, 20)).astype(np.float32)
net = compile_model(build([node("MatMul", "x w", "y")], {"x": [3, 37]}, {"y": [3, 20]}, {"w": weights}), out, "-cpu=x86-64-v3")
assert net.function("selftest")(address(net.arena)) == 0
net.arena[:] = 0xFF  # it needs no particular contents
assert net.function("selftest")(address(net.arena)) == 0

library = net.folder / "libnetwork.so"
whole = library.read_bytes()
at = [whole.find(value.tobytes()) for value in (weights[0, 0:8], weights[36, 12:20])]
assert min(at) > 0, at
for number, place in enumerate((at[0], at[1] + 31)):
    broken = bytearray(whole)
    broken[place] ^= 0x10
    path = net.folder / f"broken{number}.so"
    path.write_bytes(broken)
    assert ctypes.CDLL(str(path.resolve())).network_selftest(address(net.arena)) == 6, place
