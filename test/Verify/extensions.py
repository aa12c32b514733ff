# RUN: %python %s %clang %nn-verify %S/Inputs/net.json %t
"""An instruction of an extension that the core lacks is refused, and so is one of an extension that the checker does not
know: LLVM's disassembler decodes them all. Each line is one instruction on a core, with the extension that is missing."""

import json
import pathlib
import sys

from handwritten import Checker, as_expected, in_float_mode

V1, V2, V3, V4 = "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"
UNKNOWN = "belongs to no instruction set extension that the checker knows"
CASES = [
    # What the levels have.
    (V1, "pmaddwd xmm0, xmm1; pextrw eax, xmm1, 2; pextrw r9d, xmm9, 2; pinsrw xmm0, eax, 1; cvtps2dq xmm0, xmm1", None),
    (V2, "pmulld xmm0, xmm1; pextrb eax, xmm0, 2; crc32 rax, rcx", None),
    (V3, "vaddps ymm0, ymm1, ymm2", None),
    (V3, "vfmadd213ps ymm0, ymm1, ymm2", None),
    (V3, "vcmpltps ymm0, ymm1, ymm2", None),
    (V3, "cmpltps xmm0, xmm1", None),
    (V3, "vcvtph2ps ymm0, xmm1", None),
    (V3, "movbe eax, [rdi]", None),
    (V3, "crc32 rax, rcx", None),
    (V3, "andn rax, rcx, rdx; bzhi rax, rax, rdx; lzcnt rax, rax; tzcnt rax, rax; popcnt rax, rax", None),
    (V3, "movabs rax, 0x123456789abcdef0; .nops 9; .nops 15; .byte 0x66, 0x66, 0x2e; nop word ptr [rax + rax + 512]", None),
    (V3, "endbr64; nop word ptr [rax + rax]; prefetcht0 [rdi]", None),
    (V4, "vaddps zmm0, zmm1, zmm2", None),
    (V4, "vaddps zmm0, zmm1, zmm2, {rz-sae}", None),
    (V4, "vaddps xmm16, xmm1, xmm2; vaddss xmm16, xmm1, xmm2", None),
    (V4, "vcmpltps k1, zmm0, zmm1; vcmpnltps k2, zmm1, dword ptr [rip + lanes]{1to16}; vcmpltss k1, xmm16, xmm1; vpcmpltub k1, ymm0, ymm1; vpcmpeqd k2, zmm0, zmm1; kmovq rax, k1", None),
    (V4, "vpmullq zmm0, zmm1, zmm2; vplzcntd zmm0, zmm1; vpmovdb xmm1, zmm0", None),
    # What they lack.
    (V1, "pmulld xmm0, xmm1", "needs sse4.1, which the core lacks"),
    (V1, "pextrw word ptr [rip + lanes], xmm0, 2", "needs sse4.1, which the core lacks"),
    (V1, "crc32 rax, rcx", "needs sse4.2, which the core lacks"),
    (V2, "vaddps xmm0, xmm1, xmm2", "needs avx, which the core lacks"),
    (V3, "vaddps zmm0, zmm1, zmm2", "needs avx512f, which the core lacks"),
    (V3, "vaddps xmm16, xmm1, xmm2", "needs avx512f, avx512vl, which the core lacks"),
    (V3, "vaddss xmm16, xmm1, xmm2", "needs avx512f, which the core lacks"),
    (V3, "kmovw k1, eax", "needs avx512f, which the core lacks"),
    (V3, "kmovd k1, eax", "needs avx512bw, which the core lacks"),
    (V3, "{vex} vpdpbusd ymm0, ymm1, ymm2", "needs avxvnni, which the core lacks"),
    (V4, "{vex} vpdpbusd ymm0, ymm1, ymm2", "needs avxvnni, which the core lacks"),
    (V4, "vpdpbusd zmm0, zmm1, zmm2", "needs avx512vnni, which the core lacks"),
    (V4, "vpdpwssds ymm0, ymm1, [rdi]", "needs avx512vnni, which the core lacks"),
    (V4, "vpermb zmm0, zmm1, zmm2", "needs avx512vbmi, which the core lacks"),
    (V4, "vpopcntb zmm0, zmm1", "needs avx512bitalg, which the core lacks"),
    (V4, "vpopcntd zmm0, zmm1", "needs avx512vpopcntdq, which the core lacks"),
    (V4, "vpmadd52luq zmm0, zmm1, zmm2", "needs avx512ifma, which the core lacks"),
    (V4, "vdpbf16ps zmm0, zmm1, zmm2", "needs avx512bf16, which the core lacks"),
    (V4, "vaddph zmm0, zmm1, zmm2", "needs avx512fp16, which the core lacks"),
    (V4, "vgf2p8mulb zmm0, zmm1, zmm2", "needs gfni, which the core lacks"),
    (V3, "gf2p8mulb xmm0, xmm1", "needs gfni, which the core lacks"),
    (V4, "vaesenc zmm0, zmm1, zmm2", "needs vaes, which the core lacks"),
    (V4, "sha256msg1 xmm0, xmm1", "needs sha, which the core lacks"),
    # What the table does not have.
    (V4, "aesenc xmm0, xmm1", UNKNOWN),
    (V4, "pclmulqdq xmm0, xmm1, 0", UNKNOWN),
    (V4, "vfmaddps xmm0, xmm1, xmm2, xmm3", UNKNOWN),
    (V4, "vpmacsdd xmm0, xmm1, xmm2, xmm3", UNKNOWN),
    (V4, "blcfill eax, ecx", UNKNOWN),
    (V4, "adcx eax, ecx", UNKNOWN),
    (V4, "vsm4key4 xmm0, xmm1, xmm2", UNKNOWN),
    (V4, "extrq xmm0, xmm1", UNKNOWN),
]


def main():
    clang, verify, manifest, work = sys.argv[1:]
    check = Checker(clang, verify, manifest, work)
    description = json.loads(pathlib.Path(manifest).read_text())

    def written(**fields):
        path = check.work / "net.json"
        path.write_text(json.dumps(description | fields))
        return path

    wrong = 0

    def expect(what, run, error):
        nonlocal wrong
        if not as_expected(run, error):
            print(f"wrong: {what}, expected {error or 'proved'}\n{run.stdout}{run.stderr}")
            wrong += 1

    for cpu, code, error in CASES:
        expect(f"{code} on {cpu}", check(in_float_mode(f"mov rdi, [rdi]; {code}; ret"), written(cpu=cpu)), error)

    # A description holds code to fewer features than its core has, not to more.
    obj = check.assemble(in_float_mode("vfmadd213ps ymm0, ymm1, ymm2; ret"))
    expect("fewer features", check.run(obj, written(cpu=V3, cpu_features=["sse4.2", "avx2"])), "needs fma")
    expect("all that is needed", check.run(obj, written(cpu=V3, cpu_features=["fma"])), None)
    expect("a feature that the core lacks", check.run(obj, written(cpu=V3, cpu_features=["fma", "gfni"])),
           "names 'gfni', which cpu 'x86-64-v3' lacks")
    expect("no list", check.run(obj, written(cpu=V3, cpu_features="fma")), "'cpu_features' is not a list of names")
    expect("no names", check.run(obj, written(cpu=V3, cpu_features=["fma", 3])), "'cpu_features' is not a list of names")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
