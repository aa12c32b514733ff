# RUN: rm -rf %t && mkdir %t
# RUN: nn-compile %source/examples/digits/digits.onnx -target=x86 -cpu=x86-64-v3 -emit=obj -name=net -q -o %t/net
# RUN: %python %s %clang %nn-verify %S/Inputs/net.json %t
"""Floating point runs in the mode that times are claimed for, and the caller's mode is back on every return: what an
entry function may do with MXCSR, and what it may not; the same in a compiled network, of which one instruction is
taken away."""

import pathlib
import re
import subprocess
import sys

from handwritten import Checker, all_proved, as_expected, function

ENTER = "sub rsp, 8; stmxcsr [rsp]; ldmxcsr [rip + mode]; "
LEAVE = "; ldmxcsr [rsp]; add rsp, 8; ret"
WORK = "vaddps ymm0, ymm0, ymm0"
OUTSIDE, LOST = "computes outside of the floating-point mode 0x9fc0", "returns without the caller's floating-point mode"
OTHER = "sets another floating-point mode than 0x9fc0 or the caller's"
# (what is shown, code of net_run_v, text of the error or None)
CASES = [
    ("set, used, given back", ENTER + WORK + LEAVE, None),
    ("no arithmetic needs no mode", "vmovups ymm0, [rip + lanes]; vpaddd ymm0, ymm0, ymm0; ret", None),
    ("never set", WORK + "; ret", OUTSIDE),
    ("set too late", f"sub rsp, 8; stmxcsr [rsp]; {WORK}; ldmxcsr [rip + mode]" + LEAVE, OUTSIDE),
    ("given back too early", ENTER + f"ldmxcsr [rsp]; {WORK}; add rsp, 8; ret", OUTSIDE),
    ("compared, which raises flags", "vucomiss xmm0, xmm0; ret", OUTSIDE),
    ("never given back", ENTER + WORK + "; add rsp, 8; ret", LOST),
    ("not given back on one path", ENTER + "test rdi, rdi; jz 1f; ldmxcsr [rsp]; 1: add rsp, 8; ret", LOST),
    ("not set on one path", f"sub rsp, 8; stmxcsr [rsp]; test rdi, rdi; jz 1f; ldmxcsr [rip + mode]; 1: {WORK}" + LEAVE, OUTSIDE),
    ("left before it was set", "test rdi, rdi; jz 1f; " + ENTER + WORK + LEAVE + "; 1: ret", None),
    ("kept after it was set", "sub rsp, 8; ldmxcsr [rip + mode]; stmxcsr [rsp]" + LEAVE, OTHER),
    ("given back from another slot", "sub rsp, 8; stmxcsr [rsp + 4]; ldmxcsr [rip + mode]; mov dword ptr [rsp], 0" + LEAVE, OTHER),
    ("from a slot that was written over", ENTER + "mov dword ptr [rsp], 0x1f80" + LEAVE, OTHER),
    ("in part", ENTER + "mov byte ptr [rsp], 0" + LEAVE, OTHER),
    ("from a slot that nobody wrote", "sub rsp, 8" + LEAVE, OTHER),
    ("moved through a register", ENTER + f"mov eax, [rsp]; {WORK}; mov dword ptr [rsp], 0; mov [rsp + 4], eax; ldmxcsr [rsp + 4]; add rsp, 8; ret", None),
    ("changed in a register", ENTER + "mov eax, [rsp]; or eax, 64; mov [rsp], eax" + LEAVE, OTHER),
    ("changed by a loop in which it works",
     ENTER + f"mov ecx, 4; 1: {WORK}; ldmxcsr [rsp]; dec ecx; jnz 1b" + LEAVE, OUTSIDE),
    ("set in each iteration", ENTER + f"mov ecx, 4; 1: ldmxcsr [rip + mode]; {WORK}; ldmxcsr [rsp]; dec ecx; jnz 1b" + LEAVE, None),
    ("given back in each iteration but the last", ENTER + f"mov ecx, 4; 1: ldmxcsr [rsp]; ldmxcsr [rip + mode]; dec ecx; jnz 1b; add rsp, 8; ret", LOST),
    ("a callee in the mode and out of it", ENTER + "call works; ldmxcsr [rsp]; call works; add rsp, 8; ret", OUTSIDE),
    ("a callee in the mode", ENTER + "call works" + LEAVE, None),
    ("a callee that sets it", ENTER + "call sets" + LEAVE, "touched outside the entry functions"),
    ("left by a jump", ENTER + "add rsp, 8; jmp works", LOST),
]
# One of each kind of arithmetic; what rounds and flushes nothing, in whatever mode.
GOVERNED = """vsubps zmm0, zmm1, zmm2; vmulsd xmm0, xmm1, xmm2; vdivps ymm0, ymm1, [rip + lanes]; vsqrtss xmm0, xmm1, xmm2
vmaxps ymm0, ymm1, ymm2; vcmpltps k1, zmm1, zmm2; cmpltps xmm0, xmm1; vucomisd xmm0, xmm1; vfnmadd231ps ymm0, ymm1, ymm2
vroundps ymm0, ymm1, 1; vrndscaleps zmm0, zmm1, 1; vcvtps2dq ymm0, ymm1; vcvttss2si eax, xmm0; vcvtsi2ss xmm0, xmm1, eax
vcvtdq2ps ymm0, ymm1; vcvtph2ps ymm0, xmm1; vcvtps2ph xmm0, ymm1, 4; vhaddps ymm0, ymm1, ymm2; vdpps ymm0, ymm1, ymm2, 1
vscalefps zmm0, zmm1, zmm2; vaddps zmm0, zmm1, zmm2, {rz-sae}; addsd xmm0, xmm1; vfpclassps k1, zmm0, 1"""
UNGOVERNED = """vandps ymm0, ymm1, ymm2; vmovaps ymm0, ymm1; vblendvps ymm0, ymm1, ymm2, ymm3; vcvtdq2pd ymm0, xmm1
vpmaddwd ymm0, ymm1, ymm2; vpermps ymm0, ymm1, ymm2; vptestmd k1, zmm0, zmm1; vbroadcastss ymm0, xmm1"""
CALLEES = {"works": WORK + "; ret", "sets": "ldmxcsr [rip + mode]; ret"}


def mutations(check, obj, wrong):
    """Takes each ldmxcsr out of the compiled network in turn."""
    text = subprocess.run(["llvm-objdump", "-d", obj], capture_output=True, text=True, check=True).stdout
    found = [bytes.fromhex(code) for code in re.findall(r":\s+((?:[0-9a-f]{2} )+)\s+vldmxcsr", text)]
    if len(found) < 2:
        wrong.append(f"the network sets its mode {len(found)} times")
    data = obj.read_bytes()
    for code, error in zip(found, (OUTSIDE, LOST)):
        at = data.index(code)
        patched = check.work / "patched.o"
        # The address of the constant is filled in later: a load of as many bytes takes its place, no-ops that of the other.
        harmless = bytes.fromhex("c5fa1005") + code[4:] if len(code) == 8 and code[3] == 0x15 else bytes([0x90] * len(code))
        patched.write_bytes(data[:at] + harmless + data[at + len(code):])
        run = subprocess.run([check.verify, patched], capture_output=True, text=True)
        if not (run.returncode == 1 and error in run.stderr):
            wrong.append(f"without {code.hex()}: status {run.returncode}\n{run.stdout}{run.stderr}")


def main():
    check = Checker(*sys.argv[1:])
    wrong = []
    for what, code, error in CASES:
        callees = "".join(function(name, body) for name, body in CALLEES.items() if name in code)
        run = check(function("net_run_v", code) + callees)
        if not as_expected(run, error):
            wrong.append(f"{what}\n  {code}\n  expected {error or 'proved'}\n{run.stdout}{run.stderr}")
    for codes, error in ((GOVERNED, OUTSIDE), (UNGOVERNED, None)):
        for code in re.split("[;\n] *", codes):
            run = check(function("net_run_v", code + "; ret"))
            if not as_expected(run, error):
                wrong.append(f"{code}\n  expected {error or 'proved'}\n{run.stdout}{run.stderr}")
    obj = check.work / "net" / "net.o"
    run = subprocess.run([check.verify, obj], capture_output=True, text=True)
    if not all_proved(run):
        wrong.append(f"as compiled\n{run.stdout}{run.stderr}")
    mutations(check, obj, wrong)
    for text in wrong:
        print("wrong:", text)
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main())
