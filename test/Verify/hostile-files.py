# RUN: %python %s %clang %nn-verify %S/Inputs %S/good-kernels.c %t
"""Damaged files end in a verdict or a diagnostic, never in a crash or a hang; and no damage to the code that moves an
access, an operand or a branch goes unseen where a twin of the test below says it must be seen."""

import pathlib
import random
import subprocess
import sys

from handwritten import Checker, in_float_mode

# (what the patch does, code, bytes to find, bytes to put there, text of the error)
PATCHES = [
    ("compares data instead of a pointer", "test rcx, rcx; jz 1f; 1:", "4885c9", "4585c0", "branches on data"),
    ("indexes by data instead of a counter",
     "mov r9d, 3; mov r10d, [rdx + 4*r9]", "468b148a", "468b1482", "address depends on data"),
    ("moves a store past the end", "mov [rdx + 0x7c], r8d; mov [rdx + 0xffc], r8d", "448982fc0f0000",
     "448982fd0f0000", "of the arena"),
    ("makes a loop longer", "mov r9, 0; 1: mov [rdx + 4*r9], r8d; inc r9; cmp r9, 1024; jne 1b",
     "4981f900040000", "4981f901040000", "of the arena"),
    ("turns the exit test around", "mov r9, 0; 1: mov [rdx + 4*r9], r8d; inc r9; cmp r9, 1024; jb 1b",
     "72", "77", None),
    ("turns a select into a branch", "mov r9d, 1; test r8d, r8d; cmovns r9d, r8d; nop; nop",
     "450f49c8", "79029090", "branches on data"),
    ("jumps into an instruction", "test rcx, rcx; jz 1f; mov eax, 0x90909090; 1: nop", "7405", "7401",
     "starts inside another one"),
    ("drops a return", "nop; nop", "5d5bc3", "5d5b90", "instruction_trace"),
]


def source(code):
    return in_float_mode(f"push rbx; push rbp; mov rax, [rdi]; mov rcx, [rsi]; mov r8d, [rax]; {code}\npop rbp; pop rbx; ret")


def patches(check):
    wrong = 0
    for what, code, old, new, error in PATCHES:
        path = check.assemble(source(code))
        data = path.read_bytes()
        good = check.run(path)
        at = data.find(bytes.fromhex(old))
        if at < 0 or good.returncode:
            print(f"wrong: {what}: bytes {old} not found, or not proved before\n{good.stderr}")
            wrong += 1
            continue
        path.write_bytes(data[:at] + bytes.fromhex(new) + data[at + len(old) // 2:])
        bad = check.run(path)
        proved = bad.stdout.count("proved") == 3
        if (error is None and bad.returncode not in (0, 1)) or (error and (proved or error not in bad.stderr)):
            print(f"wrong: {what}\n{bad.stdout}{bad.stderr}")
            wrong += 1
    return wrong


def damage(verify, manifest, original, work):
    """Truncations and random bytes, in headers and tables as well as in code."""
    wrong = 0
    rng = random.Random(1)
    for number in range(150):
        data = bytearray(original)
        if number % 3 == 0:
            del data[rng.randrange(len(data)):]
        for _ in range(rng.choice([1, 1, 4, 64])):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        path = work / "damaged.o"
        path.write_bytes(data)
        run = subprocess.run([verify, path, manifest], capture_output=True, text=True, timeout=20)
        if run.returncode not in (0, 1) or (run.returncode == 1 and "error:" not in run.stderr):
            print(f"wrong: damage {number} ends with status {run.returncode}\n{run.stderr[-2000:]}")
            (work / f"crash{number}.o").write_bytes(data)
            wrong += 1
    return wrong


def main():
    clang, verify, inputs, kernels, work = sys.argv[1:]
    work = pathlib.Path(work)
    work.mkdir(exist_ok=True)
    manifest = f"-manifest={inputs}/net.json"
    wrong = patches(Checker(clang, verify, f"{inputs}/net.json", work))
    obj = work / "good.o"
    subprocess.run([clang, "-O2", "-march=x86-64-v4", "-ffreestanding", "-fno-stack-protector", f"-I{inputs}", "-c",
                    kernels, "-o", obj], check=True)
    wrong += damage(verify, manifest, obj.read_bytes(), work)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
