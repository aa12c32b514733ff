"""cpu_ok is 0 where the system does not keep the vector registers, whatever the processor can: it asks XCR0. Here xgetbv is
replaced by an instruction that gives the states to be believed."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: x86-64-v3
import ctypes
import pathlib
import subprocess
import sys

out, digits = map(pathlib.Path, sys.argv[1:])
XGETBV = b"\x0f\x01\xd0"
flags = pathlib.Path("/proc/cpuinfo").read_text().split()
# States of XCR0: 2 SSE, 4 AVX, 0xe0 AVX-512.
answers = {"x86-64-v3": {0x00: 0, 0x02: 0, 0x04: 0, 0x06: 1, 0xE6: 1}}
if {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= set(flags):
    answers["x86-64-v4"] = {0x00: 0, 0x06: 0, 0xE0: 0, 0xE2: 0, 0xE4: 0, 0x26: 0, 0x66: 0, 0xA6: 0, 0xC6: 0, 0xE6: 1, 0xE7: 1}
for cpu, expected in answers.items():
    subprocess.run(["nn-compile", digits, "-target=x86", f"-cpu={cpu}", "-name=net", "-emit=so", "-q", "-o", out / cpu], check=True)
    code = (out / cpu / "libnet.so").read_bytes()
    assert code.count(XGETBV) == 1
    for state, answer in expected.items():
        path = out / f"{cpu}-{state:02x}.so"
        path.write_bytes(code.replace(XGETBV, bytes([0xB0, state, 0x90])))  # mov al, state; nop
        assert ctypes.CDLL(str(path)).net_cpu_ok() == answer, (cpu, hex(state))
