"""Every level and core gives the same bits; what a core changes is speed, so the objects do differ."""
# RUN: rm -rf %t
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import sys

import numpy as np
from nnctest import compile_model, same_bits
from promises import adversarial, every_kind

out = sys.argv[1]
has_v4 = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= set(open("/proc/cpuinfo").read().split())
cpus = ["x86-64-v3", "haswell", "znver3", "native"] + ["x86-64-v4", "znver4", "sapphirerapids"] * has_v4
# Up to `cat`, whose numbers all depend on the image.
nets = {cpu: compile_model(every_kind(), f"{out}/{cpu}", f"-cpu={cpu}", "-outputs=cat") for cpu in cpus}
inputs = adversarial(nets["native"].json["inputs"][0]["shape"])
for name, array in inputs.items():
    answers = {cpu: net(array)[0] for cpu, net in nets.items()}
    for cpu, answer in answers.items():
        assert same_bits(answer, answers["x86-64-v3"]), f"{cpu} on {name}: {(answer != answers['x86-64-v3']).sum()} differ"
normal = nets["x86-64-v3"](inputs["normal"])[0]
assert not same_bits(normal, nets["x86-64-v3"](np.flip(inputs["normal"]))[0])
assert all(net.function("cpu_ok")() == 1 for net in nets.values())
hashes = {cpu: net.json["files"]["obj"]["sha256"] for cpu, net in nets.items()}
if has_v4:
    assert hashes["x86-64-v4"] != hashes["x86-64-v3"] != hashes["znver4"], hashes
