# RUN: rm -rf %t && mkdir %t
# RUN: sed 's/x86-64-v4/sapphirerapids+amx/' %S/Inputs/net.json > %t/amx.json
# RUN: %python %s %clang %nn-verify %t/amx.json %S/Inputs/net.json %t
"""Matrix registers (AMX): shapes come from constants, every row of a load or store stays in bounds, what a register
holds is data, and none is in use when a function returns.

rax points to the input (1024 bytes), rcx to the output (1024 bytes), rdx to the arena (4096 bytes); r8d holds data, r9
is 64. Sums are tmm0, factors tmm1 and tmm2, all of 16 rows of 64 bytes; tmm3 has 4 rows of 16 bytes.
"""

import sys

from handwritten import Checker, as_expected, function, in_float_mode


def shapes(name, sizes, palette=1):
    """The 64 bytes of LDTILECFG for registers of (rows, bytes of a row)."""
    rows = [r for r, _ in sizes] + [0] * (16 - len(sizes))
    columns = [c for _, c in sizes] + [0] * (16 - len(sizes))
    return (f"{name}: .byte {palette}, 0\n.zero 14\n.short {', '.join(map(str, columns))}\n"
            f".byte {', '.join(map(str, rows))}\n")


WHOLE = [(16, 64), (16, 64), (16, 64), (4, 16)]
CONSTANTS = "\n".join([
    "\n.section .rodata", shapes("whole", WHOLE), shapes("small", [(4, 16)] * 4), shapes("palette", WHOLE, palette=2),
    shapes("tall", [(17, 64)]), shapes("flat", [(0, 64)]), shapes("ninth", [(16, 64)] * 9),
    shapes("uneven", [(4, 6), (4, 8), (2, 6)]), "reserved: .byte 1, 0, 1\n.zero 61\n",
    '.section .rodata.last, "a"', shapes("last", WHOLE), ".text\n",
])
VARIABLE = "\n.data\n" + shapes("variable", WHOLE) + ".text\n"
SET, ENTER = "ldtilecfg [rip + whole]; ", "push rbx; push rbp; mov rax, [rdi]; mov rcx, [rsi]; mov r8d, [rax]; mov r9, 64; "
LEAVE = "tilerelease; pop rbp; pop rbx; ret"
SPILL = SET + "tilezero tmm0; sub rsp, 1024; tilestored [rsp + r9], tmm0; "
INVALID = "gives matrix registers shapes that are no valid constant"
UNKNOWN = "uses matrix registers of unknown shape"

# (what is shown, code, text of the error or None where everything must be proved)
CASES = [
    ("a product", SET + "tilezero tmm0; tileloadd tmm1, [rax + r9]; tileloadd tmm2, [rdx + r9];"
     "tdpbusd tmm0, tmm1, tmm2; tilestored [rcx + r9], tmm0", None),
    ("signs in all ways", SET + "tdpbssd tmm0, tmm1, tmm2; tdpbsud tmm0, tmm1, tmm2; tdpbuud tmm0, tmm1, tmm2", None),
    ("a load that starts a row too late", SET + "tileloadd tmm1, [rax + r9 + 64]", "of input 0, which has 1024 bytes"),
    ("rows too far apart", SET + "mov r9, 72; tileloadd tmm1, [rax + r9]", "of input 0, which has 1024 bytes"),
    ("a scaled distance", SET + "mov r9, 32; tileloadd tmm1, [rax + 2*r9]", None),
    ("and one too large", SET + "tileloadd tmm1, [rax + 2*r9]", "of input 0, which has 1024 bytes"),
    ("the same row again and again", SET + "xor r9d, r9d; tileloadd tmm1, [rax + r9 + 960]", None),
    ("rows from the last to the first", SET + "mov r9, -64; tileloadd tmm1, [rax + r9 + 960]", None),
    ("and one before it", SET + "mov r9, -64; tileloadd tmm1, [rax + r9 + 896]", "of input 0, which has 1024 bytes"),
    ("few rows at the end", SET + "tileloadd tmm3, [rax + r9 + 816]", None),
    ("few rows beyond it", SET + "tileloadd tmm3, [rax + r9 + 820]", "of input 0, which has 1024 bytes"),
    ("a distance from data", SET + "tileloadd tmm1, [rdx + r8]", "the address depends on data"),
    ("an address from data", SET + "and r8d, 64; add r8, rdx; tileloadd tmm1, [r8 + r9]", "the address depends on data"),
    ("a distance that a loop moves",
     SET + "mov r9, 4; 1: tileloadd tmm1, [rdx + r9]; add r9, 4; cmp r9, 64; jne 1b", "at a distance that is not known"),
    ("an address that a loop moves",
     SET + "mov r10, rdx; mov r11d, 4; 1: tileloadd tmm1, [r10 + r9]; add r10, 1024; dec r11d; jnz 1b", None),
    ("once too often",
     SET + "mov r10, rdx; mov r11d, 5; 1: tileloadd tmm1, [r10 + r9]; add r10, 1024; dec r11d; jnz 1b", "of the arena"),
    ("a store beyond the output", SET + "tilezero tmm0; tilestored [rcx + r9 + 4], tmm0", "of output 0, which has 1024"),
    ("a store to the input", SET + "tilezero tmm0; tilestored [rax + r9], tmm0", "writes to input 0"),
    ("a store to constants", SET + "lea r10, [rip + whole]; tilezero tmm0; tilestored [r10 + r9], tmm0", "writes to the constants"),
    ("registers that nobody shaped", "tilezero tmm0", UNKNOWN),
    ("shaped too late", "tileloadd tmm1, [rax + r9]; " + SET, UNKNOWN),
    ("used after they were given back", SET + "tilerelease; tilezero tmm0", UNKNOWN),
    ("shapes from data", "ldtilecfg [rdx]", INVALID),
    ("shapes from memory that may be written", "ldtilecfg [rip + variable]", INVALID),
    ("shapes from the stack", "sub rsp, 64; ldtilecfg [rsp]; add rsp, 64", INVALID),
    ("shapes that end behind the constants", "lea r10, [rip + last]; ldtilecfg [r10 + 1]", INVALID),
    ("shapes that a loop moves",
     "lea r10, [rip + whole]; mov r11d, 2; 1: ldtilecfg [r10]; add r10, 64; dec r11d; jnz 1b", INVALID),
    ("shapes stored", SET + "sttilecfg [rdx]", "has effects that the analysis does not know"),
    ("a load with a hint", SET + "tileloaddt1 tmm1, [rax + r9]", "has effects that the analysis does not know"),
    ("products of floats", SET + "tdpbf16ps tmm0, tmm1, tmm2", "has effects that the analysis does not know"),
    ("shapes of another palette", "ldtilecfg [rip + palette]", INVALID),
    ("too many rows", "ldtilecfg [rip + tall]", INVALID),
    ("a ninth register", "ldtilecfg [rip + ninth]", INVALID),
    ("a reserved byte", "ldtilecfg [rip + reserved]", INVALID),
    ("bytes without rows", "ldtilecfg [rip + flat]", INVALID),
    ("a register without rows", SET + "tilezero tmm7", "uses a matrix register that has no rows"),
    ("factors whose rows do not fit", SET + "tdpbusd tmm0, tmm3, tmm2", "whose shapes do not fit"),
    ("factors whose columns do not fit", SET + "tdpbusd tmm0, tmm1, tmm3", "whose shapes do not fit"),
    ("rows that end within a sum", "ldtilecfg [rip + uneven]; tdpbusd tmm0, tmm1, tmm2", "whose shapes do not fit"),
    # Assemblers refuse these: tdpbusd tmm0, tmm1, tmm1 and tdpbusd tmm0, tmm0, tmm1.
    ("a factor twice", SET + ".byte 0xc4, 0xe2, 0x71, 0x5e, 0xc1", "one matrix register in two places"),
    ("sums as a factor", SET + ".byte 0xc4, 0xe2, 0x71, 0x5e, 0xc0", "one matrix register in two places"),
    ("other shapes, later", SET + "tilezero tmm0; ldtilecfg [rip + small]; tileloadd tmm1, [rax + r9 + 816]", None),
    ("other shapes on one path",
     SET + "test rdi, rdi; jz 1f; ldtilecfg [rip + small]; 1: tileloadd tmm3, [rax + r9]", UNKNOWN),
    ("the same shapes on both paths", "test rdi, rdi; jz 1f; ldtilecfg [rip + whole]; jmp 2f; 1: ldtilecfg [rip + whole];"
     "2: tileloadd tmm1, [rax + r9]", None),
    ("other shapes from the second round on",
     SET + "mov r10d, 4; 1: tileloadd tmm3, [rax + r9]; ldtilecfg [rip + small]; dec r10d; jnz 1b", UNKNOWN),
    ("shapes that each round sets",
     "mov r10d, 4; 1: ldtilecfg [rip + small]; tileloadd tmm3, [rax + r9]; ldtilecfg [rip + whole]; dec r10d; jnz 1b", None),
    ("shapes that a callee may have changed", SET + "call shapes_own; tilezero tmm0", UNKNOWN),
    ("shapes that a callee inherits", SET + "call inherits", UNKNOWN),
    ("a callee with its own", "call shapes_own", None),
    ("a callee that leaves them in use", "call leaves_in_use", "returns with matrix registers in use"),
    ("a tail call of one with its own", SET + "pop rbp; pop rbx; jmp shapes_own", "returns with matrix registers in use"),
    ("rows that wrap around to the first", SET + "mov r9, 0x2000000000000000; tileloadd tmm1, [rax + 8*r9 + 960]", None),
    ("and to the one before", SET + "mov r9, 0x1ffffffffffffff8; tileloadd tmm1, [rax + 8*r9]", "of input 0, which has 1024"),
    ("what a register held is data", SPILL + "mov r10d, [rsp + 960]; add rsp, 1024; test r10d, r10d; jz 1f; 1:",
     "branches on data"),
    ("a row over a public slot", SET + "tilezero tmm0; sub rsp, 1024; mov dword ptr [rsp + 192], 5; mov r10d, [rsp + 192];"
     "tilestored [rsp + r9], tmm0; add rsp, 1024; test r10d, r10d; jz 1f; 1:", None),
    ("rows beyond the frame", SET + "tilezero tmm0; sub rsp, 1000; tilestored [rsp + r9], tmm0; add rsp, 1000",
     "touches the return address"),
    ("a loop over what was spilled", SPILL + "xor r10d, r10d; 1: mov r11d, [rsp + r10]; mov [rcx + r10], r11d; add r10, 4;"
     "cmp r10, 1024; jne 1b; add rsp, 1024", None),
    ("over data, still", SPILL + "xor r10d, r10d; 1: mov r11d, [rsp + r10]; test r11d, r11d; jz 2f; 2: add r10, 4;"
     "cmp r10, 1024; jne 1b; add rsp, 1024", "branches on data"),
    ("over public slots: they count as data there", "sub rsp, 16; mov qword ptr [rsp], 1; mov qword ptr [rsp + 8], 1;"
     "xor r10d, r10d; 1: mov r11, [rsp + r10]; test r11, r11; jz 2f; 2: add r10, 8; cmp r10, 16; jne 1b; add rsp, 16",
     "branches on data"),
    ("a loop that reads the return address", SPILL + "xor r10d, r10d; 1: mov r11d, [rsp + r10]; add r10, 4; cmp r10, 1048;"
     "jne 1b; add rsp, 1024", "stack access at a variable offset"),
    ("a tile that a loop stores to places of its own", SET + "sub rsp, 2048; mov r10, rsp; mov r11d, 2; 1: tilezero tmm0;"
     "tilestored [r10 + r9], tmm0; add r10, 1024; dec r11d; jnz 1b; add rsp, 2048", "stack access at a variable offset"),
    ("a loop that reads a caller's frame", "sub rsp, 64; mov rdi, rsp; call reads_caller; add rsp, 64",
     "stack access at a variable offset"),
    ("a loop that reads below the red zone", "mov r10, -136; 1: mov r11, [rsp + r10]; add r10, 8; jnz 1b",
     "stack access at a variable offset"),
    ("and not below", "mov r10, -128; 1: mov r11, [rsp + r10]; add r10, 8; jnz 1b", None),
    ("a loop that reads in steps of 1 GiB", "mov rbx, rsp; and rsp, -64; sub rsp, 64; xor r10d, r10d; mov r11d, 5;"
     "1: mov rax, [rsp + r10]; add r10, 0x40000000; dec r11d; jnz 1b; mov rsp, rbx", "stack access at a variable offset"),
    ("its twin in a realigned frame", "mov rbx, rsp; and rsp, -64; sub rsp, 64; xor r10d, r10d; mov r11d, 5;"
     "1: mov rax, [rsp + r10]; add r10, 8; dec r11d; jnz 1b; mov rsp, rbx", None),
    ("a loop that stores to the frame", SPILL + "xor r10d, r10d; 1: mov [rsp + r10], r8d; add r10, 4; cmp r10, 1024; jne 1b;"
     "add rsp, 1024", "stack access at a variable offset"),
]

HELPERS = {
    "shapes_own": "ldtilecfg [rip + small]; tilezero tmm0; tilerelease; ret",
    "inherits": "tilezero tmm0; tilerelease; ret",
    "reads_caller": "xor r10d, r10d; 1: mov r11, [rdi + r10]; add r10, 8; cmp r10, 64; jne 1b; ret",
    "leaves_in_use": "ldtilecfg [rip + small]; ret",
}


def depths(check):
    """The stack that net.steps takes when it reads 128 bytes below its frame: at once, and in a loop."""
    for code in "mov r10, [rsp - 128]", "mov r10, -128; 1: mov r11, [rsp + r10]; add r10, 8; jnz 1b":
        yield check.describe(in_float_mode(f"{code}; ret"))["memory"]["stack_bytes_of"]["net_run_v"]


def fingerprints(check):
    """The hash of the code, which a description compares in linked images, with two shapes that bounds allow."""
    for rows in 16, 15:
        code = "mov rax, [rdi]; mov r9, 64; ldtilecfg [rip + whole]; tileloadd tmm0, [rax + r9]; tilerelease; ret"
        constants = "\n.section .rodata\n" + shapes("whole", [(rows, 64)]) + ".text\n"
        run = check.describe(in_float_mode(code) + constants)
        yield run["instruction_trace"]["code_sha256"]


def source(code):
    data = CONSTANTS + (VARIABLE if "variable" in code else "")
    helpers = "".join(function(name, text) for name, text in HELPERS.items() if name in code)
    return in_float_mode(f"{ENTER}{code}\n{LEAVE}") + helpers + data


def main():
    *tools, amx, vectors, work = sys.argv[1:]
    check = Checker(*tools, amx, work)
    wrong = [(what, code, run) for what, code, error in CASES if not as_expected(run := check(source(code)), error)]
    for what, code, run in wrong:
        print(f"wrong: {what}\n  {code}\n{run.stdout}{run.stderr}")
    lacking = check(source(CASES[0][1]), vectors)
    assert lacking.returncode == 1 and "needs amx-int8, which the core lacks" in lacking.stderr, lacking.stderr
    assert "needs amx-tile, which the core lacks" in lacking.stderr, lacking.stderr
    assert len(set(depths(check))) == 1, list(depths(check))
    assert len(set(fingerprints(check))) == 2, "other shapes, but the same fingerprint"
    print(f"{len(CASES) - len(wrong)} of {len(CASES)} right")
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main())
