# RUN: %python %s %clang %nn-verify %S/Inputs/net.json %t
"""What single instructions do to the analysis: each line of CASES is one way data could slip through, with its twin.

rax points to the input (1024 bytes), rcx to the output (1024 bytes), rdx to the arena (4096 bytes); r8d holds data.
"""

import re
import sys

from handwritten import Checker, function, in_float_mode


# A load at an index from data, r9, made of the unknown numbers in r10 and r11: only its address may depend on data.
CLAMPED = "mov r10, [rax]; mov r11, [rax + 8]; %s; mov r9d, [rdx + 4*r9]"
IN_BOUNDS = "in bounds"

# (what is shown, code, text of the error or None where everything must be proved; IN_BOUNDS where at least memory must)
CASES = [
    ("a flag from data decides a branch", "test r8d, r8d; jz 1f; 1:", "branches on data"),
    ("a flag from a pointer may", "test rcx, rcx; jz 1f; 1:", None),
    ("inc leaves the carry of an earlier sum", "add r8d, r8d; mov r9d, 5; inc r9d; jb 1f; 1:", "branches on data"),
    ("but not the zero flag", "add r8d, r8d; mov r9d, 5; inc r9d; jz 1f; 1:", None),
    ("a shift by a variable count may leave all flags",
     "mov r9d, 3; xor ecx, ecx; add r8d, r8d; shl r9d, cl; jz 1f; 1:", "branches on data"),
    ("legacy SSE leaves the upper half of a vector",
     "vmovups ymm0, [rax]; xorps xmm0, xmm0; vextractf128 xmm1, ymm0, 1; vmovd r9d, xmm1; test r9d, r9d; jz 1f; 1:",
     "branches on data"),
    ("VEX clears it",
     "vmovups ymm0, [rax]; vxorps xmm0, xmm0, xmm0; vextractf128 xmm1, ymm0, 1; vmovd r9d, xmm1; test r9d, r9d;"
     "jz 1f; 1:", None),
    ("a reload from the middle of a spilled vector",
     "vmovups ymm0, [rax]; vmovups [rsp - 64], ymm0; mov r9d, [rsp - 52]; test r9d, r9d; jz 1f; 1:",
     "branches on data"),
    ("a partial overwrite of a public slot",
     "mov qword ptr [rsp - 16], 1; mov [rsp - 12], r8d; mov r9, [rsp - 16]; test r9, r9; jz 1f; 1:",
     "branches on data"),
    ("the whole slot overwritten with a constant",
     "mov [rsp - 16], r8; mov qword ptr [rsp - 16], 1; mov r9, [rsp - 16]; test r9, r9; jz 1f; 1:", None),
    ("a slot that nobody wrote", "mov r9, [rsp - 16]; test r9, r9; jz 1f; 1:", "branches on data"),
    ("a store that LLVM does not mark as one",
     "mov qword ptr [rsp - 32], 1; vmovups zmm0, [rax]; vextractf32x8 [rsp - 32], zmm0, 1; mov r9, [rsp - 32];"
     "test r9, r9; jz 1f; 1:", "branches on data"),
    ("push and pop", "push r8; pop r9; test r9, r9; jz 1f; 1:", "branches on data"),
    ("the low byte of a register made public", "mov r8b, 1; test r8b, r8b; jz 1f; 1:", None),
    ("its other bytes are still data", "mov r8b, 1; test r8d, r8d; jz 1f; 1:", "branches on data"),
    ("setcc carries data", "test r8d, r8d; setz r9b; test r9b, r9b; jz 1f; 1:", "branches on data"),
    ("setcc of a pointer's flags", "test rcx, rcx; setz r9b; test r9b, r9b; jz 1f; 1:", None),
    ("adc carries data", "mov r9d, 0; add r8d, r8d; adc r9d, 0; test r9d, r9d; jz 1f; 1:", "branches on data"),
    ("sbb of a register with itself is its carry", "add r8d, r8d; sbb r9d, r9d; test r9d, r9d; jz 1f; 1:",
     "branches on data"),
    ("xor of a register with itself is not data", "xor r8d, r8d; test r8d, r8d; jz 1f; 1:", None),
    ("cmov on data selects an address", "mov r9, rax; test r8d, r8d; cmovz r9, rdx; mov r9d, [r9]",
     "address_trace: net.steps"),
    ("cmov on data selects a number", "mov r9d, 1; mov r10d, 2; test r8d, r8d; cmovz r9d, r10d; mov [rcx], r9d", None),
    ("the count of a shift is data", "mov r9d, 1; shlx r9d, r9d, r8d; test r9d, r9d; jz 1f; 1:", "branches on data"),
    ("lea of data, then a load", "and r8d, 7; lea r9, [rdx + 4*r8]; mov r9d, [r9]", "address depends on data"),
    ("a comparison of vectors moved to a register",
     "vmovups zmm0, [rax]; vxorps xmm1, xmm1, xmm1; vcmpltps k1, zmm0, zmm1; kmovw r9d, k1; test r9d, r9d; jz 1f; 1:",
     "branches on data"),
    ("kortest", "vmovups zmm0, [rax]; vptestmd k1, zmm0, zmm0; kortestw k1, k1; jz 1f; 1:", "branches on data"),
    ("vptest", "vmovups ymm0, [rax]; vptest ymm0, ymm0; jz 1f; 1:", "branches on data"),
    ("vucomiss", "vmovss xmm0, [rax]; vxorps xmm1, xmm1, xmm1; vucomiss xmm0, xmm1; ja 1f; 1:", "branches on data"),
    ("a mask from data chooses between registers",
     "vmovups zmm0, [rax]; vxorps xmm1, xmm1, xmm1; vcmpltps k1, zmm0, zmm1; vmovaps zmm0{k1}, zmm1;"
     "vmovups [rcx], zmm0", None),
    ("a mask from data chooses which bytes to load",
     "vmovups zmm0, [rax]; vptestmd k1, zmm0, zmm0; vaddps zmm0{k1}, zmm0, [rdx]", "which bytes are accessed"),
    ("a select between a register and a constant, folded into a masked load",
     "vmovups ymm0, [rax]; vptestmd k1, ymm0, ymm0; vmovups ymm0{k1}, [rip + lanes]; vmovups [rcx], ymm0", None),
    ("the same from a variable place",
     "mov r9d, 4; 1: vmovups xmm0, [rax]; vptestmd k1, xmm0, xmm0; lea r10, [rip + lanes];"
     "vmovups xmm0{k1}, [r10 + 4*r9]; dec r9d; jnz 1b", "which bytes are accessed"),
    ("a mask from data chooses which bytes to store",
     "vmovups zmm0, [rax]; vptestmd k1, zmm0, zmm0; vmovups [rdx]{k1}, zmm0", "which bytes are accessed"),
    ("a compress store writes as many bytes as the mask has bits",
     "vmovups zmm0, [rax]; vptestmd k1, zmm0, zmm0; vcompressps [rdx]{k1}, zmm0", "which bytes are accessed"),
    ("a constant mask ends with the buffer",
     "mov r9d, 255; kmovw k1, r9d; vmovups zmm0, [rax]; vmovups [rcx + 992]{k1}, zmm0", None),
    ("one lane more",
     "mov r9d, 511; kmovw k1, r9d; vmovups zmm0, [rax]; vmovups [rcx + 992]{k1}, zmm0", "of output 0, which has 1024"),
    ("lanes that are narrowed are as wide as what is stored",
     "mov r9d, 127; kmovw k1, r9d; vmovups ymm0, [rax]; vpmovdb [rcx + 1017]{k1}, ymm0; vpmovusdw [rcx + 1010]{k1}, ymm0", None),
    ("the last of them beyond the output",
     "mov r9d, 255; kmovw k1, r9d; vmovups ymm0, [rax]; vpmovdb [rcx + 1017]{k1}, ymm0", "of output 0, which has 1024"),
    ("a constant mask in the low word of a register that holds data",
     "vmovups zmm1, [rax]; mov r8w, 255; kmovd k1, r8d; vmovups zmm0{k1}{z}, [rax + 992];"
     "vmovups [rcx + 992]{k1}, zmm0", None),
    ("more lanes than the constant part of the mask has bits",
     "mov r8b, 255; kmovd k1, r8d; vmovups zmm0{k1}{z}, [rdx]", "which bytes are accessed"),
    ("as many lanes", "mov r8b, 15; kmovd k1, r8d; vmovups ymm0{k1}{z}, [rdx + 4080]", None),
    ("a conversion reads wider lanes than it writes",
     "mov r9d, 255; kmovw k1, r9d; vcvtpd2ps ymm0{k1}, [rdx + 4064]", "of the arena"),
    ("the high byte of a constant word", "mov r8w, 257; test r8b, r8b; jz 1f; 1:", None),
    ("a mask in a loop",
     "mov r8w, 255; kmovd k1, r8d; mov r9d, 8; 1: vmovups [rcx + 992]{k1}, zmm0; dec r9d; jnz 1b", None),
    ("a computed mask ends with the buffer",
     "mov r9d, -1; mov r10d, 8; bzhi r9d, r9d, r10d; kmovw k1, r9d; vmovups zmm0, [rax];"
     "vmovups [rcx + 992]{k1}, zmm0", None),
    ("a vector mask from the constants",
     "vmovups ymm1, [rip + lanes]; vmovups ymm0, [rax]; vmaskmovps [rcx + 1008], ymm1, ymm0", None),
    ("a vector mask of two lanes, loaded as a number",
     "vmovsd xmm1, [rip + lanes]; vmovups ymm0, [rax]; vmaskmovps [rcx + 1016], ymm1, ymm0", None),
    ("three lanes would be too many",
     "vmovups xmm1, [rip + lanes]; vmovups ymm0, [rax]; vmaskmovps [rcx + 1016], ymm1, ymm0", "of output 0"),
    ("the lower half of a mask made of ones",
     "vpcmpeqd xmm1, xmm1, xmm1; vmovdqa xmm1, xmm1; vmovups ymm0, [rax]; vmaskmovps [rcx + 1008], ymm1, ymm0", None),
    ("legacy SSE does not clear the rest",
     "vpcmpeqd ymm1, ymm1, ymm1; movdqa xmm1, [rip + lanes]; vmaskmovps [rcx + 1008], ymm1, ymm0", "of output 0"),
    ("that would be too long without it", "vmovups ymm0, [rax]; vmovups [rcx + 1008], ymm0", "of output 0"),
    ("a gather with indices from data",
     "vmovups ymm1, [rax]; vpcmpeqd ymm2, ymm2, ymm2; vgatherdps ymm0, [rdx + 4*ymm1], ymm2", "address depends on data"),
    ("integer division of data", "mov eax, r8d; xor edx, edx; mov r9d, 3; div r9d", "takes a time that depends"),
    ("integer division of constants", "mov eax, 100; xor edx, edx; mov r9d, 3; div r9d", None),
    ("float division of data", "vmovups ymm0, [rax]; vdivps ymm0, ymm0, ymm0; vmovups [rcx], ymm0", None),
    ("a jump into an instruction", "test rcx, rcx; jz 1f + 1; 1: mov eax, 0x90909090; nop", "starts inside another one"),
    ("jrcxz", "mov rcx, r8; jrcxz 1f; 1:", "transfers control"),
    ("the control word may be read but not branched on",
     "stmxcsr [rsp - 8]; mov r9d, [rsp - 8]; test r9d, r9d; jz 1f; 1:", "branches on data"),
    ("the control word of a constant", "mov dword ptr [rsp - 8], 0x9fc0; ldmxcsr [rsp - 8]", None),
    ("the control word from the constants", "ldmxcsr [rip + mode]; vldmxcsr [rip + mode]", None),
    ("another control word", "ldmxcsr [rip + lanes]", "sets another floating-point mode than 0x9fc0"),
    ("a register of the caller is data, however it is read",
     "push r12; vmovq xmm0, [rsp]; pop r9; vmovq r9, xmm0; test r9, r9; jz 1f; 1:", "branches on data"),
    ("counted in memory", "push r12; popcnt r9, [rsp]; add rsp, 8; test r9, r9; jz 1f; 1:", "branches on data"),
    ("thread-local storage", "mov r9, fs:[40]", "thread-local"),
    ("the return address overwritten", "mov [rsp + 16], r8", "touches the return address"),
    ("half of it", "vmovups xmm0, [rax]; vmovups [rsp + 8], xmm0", "touches the return address"),
    ("the return address read", "mov r9, [rsp + 16]", "touches the return address"),
    ("the caller's frame written", "mov [rsp + 24], r8", "writes to the stack outside of the function's frame"),
    ("far above", "vmovups ymm0, [rax]; vmovups [rsp + 0x4080], ymm0", "writes to the stack outside"),
    ("the caller's frame read", "mov r9, [rsp + 24]", "reads the stack outside of the function's frame and arguments"),
    ("a call whose return address lands on the caller's", "add rsp, 24; call saves; sub rsp, 24",
     "touches the return address"),
    ("and higher up", "add rsp, 80; call saves; sub rsp, 80", "writes to the stack outside"),
    ("or on a saved register", "add rsp, 8; call returns_constant; sub rsp, 8", "returns without the caller's rbp"),
    ("a push above the frame", "add rsp, 64; push r8; sub rsp, 56", "writes to the stack outside"),
    ("the end of the red zone", "mov [rsp - 128], r8", None),
    ("below it", "mov [rsp - 136], r8", "touches the stack below its frame"),
    ("a frame given back", "sub rsp, 256; mov [rsp], r8; add rsp, 256; mov r9, [rsp - 256]", "below its frame"),
    ("what was stored there is gone, then",
     "sub rsp, 256; mov qword ptr [rsp], 1; add rsp, 256; sub rsp, 256; mov r9, [rsp]; add rsp, 256; test r9, r9;"
     "jz 1f; 1:", "branches on data"),
    ("but not in the red zone", "push 1; pop r9; sub rsp, 8; mov r9, [rsp]; add rsp, 8; test r9, r9; jz 1f; 1:", None),
    ("a callee that writes its argument", "push 1; push 1; call writes_above; add rsp, 16", "writes to the stack outside"),
    ("a callee that reads the return address of its caller", "call looks_far", "reads the stack outside"),
    ("a callee that reads more than was pushed", "sub rsp, 8; push 1; call looks; add rsp, 16", "reads the stack outside"),
    ("the same callee, once with its argument and once without",
     "push 1; push 1; call looks; add rsp, 16; sub rsp, 512; call looks; add rsp, 512", "reads the stack outside"),
    ("a realigned callee that writes above its frame", "call realigns_and_writes_above", "writes to the stack outside"),
    ("a callee that loses a register", "call clobbers", "returns without the caller's rbx"),
    ("a callee that gives one for the other", "call swaps", "returns without the caller's rbx, rbp"),
    ("a callee that loses a register on one path", "call clobbers_maybe", "returns without the caller's r12"),
    ("a callee that keeps them all", "call saves", None),
    ("an entry that loses a register", "mov r15, r8", "returns without the caller's r15"),
    ("a callee behind a jump", "call jumps_to_clobbers", "clobbers+0x"),
    ("a wrong stack pointer on return", "push rax", "returns with a wrong stack pointer"),
    ("a wild store", "mov r9, [rdx]; mov dword ptr [r9], 1", "address depends on data"),
    ("a store to an absolute address", "mov dword ptr [0x1234], 1", "memory: net.steps"),
    ("a write that ends with the arena", "vmovups ymm0, [rax]; vmovups [rdx + 4064], ymm0", None),
    ("a write that crosses its end", "vmovups ymm0, [rax]; vmovups [rdx + 4068], ymm0", "of the arena, which has 4096"),
    ("a write below the arena", "mov [rdx - 4], r8d", "of the arena"),
    ("a counted loop", "mov r9, 0; 1: mov [rdx + 4*r9], r8d; inc r9; cmp r9, 1024; jne 1b", None),
    ("a counted loop that goes once too far", "mov r9, 0; 1: mov [rdx + 4*r9], r8d; inc r9; cmp r9, 1025; jne 1b",
     "of the arena"),
    ("a loop that never meets its bound", "mov r9, 0; 1: mov [rdx + 4*r9], r8d; add r9, 3; cmp r9, 1024; jne 1b",
     "note: "),
    ("a pointer that a counter bounds",
     "mov r9, rdx; mov r10d, 64; 1: vmovups zmm0, [rax]; vmovups [r9], zmm0; add r9, 64; dec r10d; jnz 1b", None),
    ("one round too many",
     "mov r9, rdx; mov r10d, 65; 1: vmovups zmm0, [rax]; vmovups [r9], zmm0; add r9, 64; dec r10d; jnz 1b",
     "of the arena"),
    ("nested loops with one pointer",
     "mov r9, rdx; mov r10d, 8; 1: mov r11d, 128; 2: mov [r9], r8d; add r9, 4; dec r11d; jnz 2b; dec r10d; jnz 1b",
     None),
    ("nested loops, one row too many",
     "mov r9, rdx; mov r10d, 9; 1: mov r11d, 128; 2: mov [r9], r8d; add r9, 4; dec r11d; jnz 2b; dec r10d; jnz 1b",
     "of the arena"),
    ("an outer pointer reset by a pitch",
     "mov r9, rdx; mov r10d, 8; 1: mov r11, r9; lea rbp, [r9 + 256]; 2: mov [r11], r8d; add r11, 4; cmp r11, rbp;"
     "jb 2b; add r9, 512; dec r10d; jnz 1b", None),
    ("a counter that runs up to zero",
     "mov r9, -4096; 1: mov [rdx + r9 + 4096], r8d; add r9, 4; jnz 1b", None),
    ("a clamped index is in range but still data",
     "mov r9d, 255; cmp r8, r9; cmovg r8, r9; xor r9d, r9d; test r8, r8; cmovs r8, r9; mov r9d, [rdx + 4*r8]",
     "address depends on data"),
    ("a clamped index stays in bounds: by the sign and a maximum",
     CLAMPED % "mov r9, r10; sar r9, 63; andn r9, r9, r10; cmp r9, 1023; mov r10d, 1023; cmovge r9, r10", IN_BOUNDS),
    ("one element more", CLAMPED % "mov r9, r10; sar r9, 63; andn r9, r9, r10; cmp r9, 1024; mov r10d, 1024;"
     "cmovge r9, r10", "not decided"),
    ("the sign of another number",
     CLAMPED % "mov r9, r11; sar r9, 63; andn r9, r9, r10; cmp r9, 1023; mov r10d, 1023; cmovge r9, r10", "not decided"),
    ("the sign of what the register held before",
     CLAMPED % "mov r9, r10; sar r9, 63; mov r10, r11; andn r9, r9, r10; cmp r9, 1023; mov r10d, 1023; cmovge r9, r10",
     "not decided"),
    ("the sign of the low half",
     CLAMPED % "mov r9, r10; sar r9d, 31; andn r9, r9, r10; cmp r9, 1023; mov r10d, 1023; cmovge r9, r10",
     "not decided"),
    ("only the second highest bit", CLAMPED % "mov r9, r10; sar r9, 62; andn r9, r9, r10; cmp r9, 1023;"
     "mov r10d, 1023; cmovge r9, r10", "not decided"),
    ("the same in 32 bits",
     CLAMPED % "mov r9d, r10d; sar r9d, 31; andn r9d, r9d, r10d; cmp r9d, 1023; mov r10d, 1023; cmovge r9d, r10d",
     IN_BOUNDS),
    ("the accumulator, whose comparison has an encoding of its own",
     CLAMPED % "mov r9, r10; sar r9, 63; andn rax, r9, r10; cmp rax, 1023; mov r10d, 1023; cmovge rax, r10; mov r9, rax",
     IN_BOUNDS),
    ("a sign test and a minimum",
     CLAMPED % "xor r9d, r9d; test r10, r10; cmovns r9, r10; mov r10d, 1023; cmp r10, r9; cmovl r9, r10", IN_BOUNDS),
    ("in 32 bits",
     CLAMPED % "xor r9d, r9d; test r10d, r10d; cmovns r9d, r10d; mov r10d, 1023; cmp r10d, r9d; cmovl r9d, r10d",
     IN_BOUNDS),
    ("the sign test turned around",
     CLAMPED % "xor r9d, r9d; test r10, r10; cmovs r9, r10; mov r10d, 1023; cmp r10, r9; cmovl r9, r10", "not decided"),
    ("an unsigned minimum", CLAMPED % "mov r9, r10; mov r10d, 1023; cmp r9, 1023; cmovae r9, r10", IN_BOUNDS),
    ("a signed minimum leaves negative numbers",
     CLAMPED % "mov r9, r10; mov r10d, 1023; cmp r9, 1023; cmovge r9, r10", "not decided"),
    ("signed comparisons with zero", CLAMPED % "mov r9, r10; xor r11d, r11d; cmp r9, r11; cmovl r9, r11;"
     "mov r10d, 1023; cmp r9, r10; cmovg r9, r10", IN_BOUNDS),
    ("a minimum first, then a maximum", CLAMPED % "mov r9, r10; mov r10d, 1023; cmp r9, r10; cmovg r9, r10;"
     "xor r11d, r11d; test r9, r9; cmovs r9, r11", IN_BOUNDS),
    ("what is added after the clamp counts", CLAMPED % "mov r9, r10; mov r10d, 1023; cmp r9, 1023; cmovae r9, r10;"
     "add r9, 1", "not decided"),
    ("what may have wrapped around is no number",
     CLAMPED % "xor r9d, r9d; test r10, r10; cmovns r9, r10; add r9, 1; mov r10d, 1023; cmp r9, r10; cmovg r9, r10",
     "not decided"),
    ("a clamped index through a stack slot",
     CLAMPED % "mov r9, r10; mov r10d, 1023; cmp r9, 1023; cmovae r9, r10; mov [rsp - 8], r9; mov r9, [rsp - 8]",
     IN_BOUNDS),
    ("a callee that returns data", "call returns_data; test eax, eax; jz 1f; 1:", "branches on data"),
    ("a callee that returns a constant", "call returns_constant; test eax, eax; jz 1f; 1:", None),
    ("a callee that leaves data in a saved register", "call clobbers; test ebx, ebx; jz 1f; 1:", "branches on data"),
    ("a callee that restores it", "mov ebx, 3; call saves; test ebx, ebx; jz 1f; 1:", None),
    ("a callee that branches on an argument in memory", "push r8; push r8; call looks; add rsp, 16", "branches on data"),
    ("the same with a constant", "push 1; push 1; call looks; add rsp, 16", None),
    ("a callee that realigns its frame", "mov rdi, rax; mov rsi, rcx; call realigns", None),
    ("a jump through data", "jmp r8", "transfers control"),
    ("undecodable bytes", ".byte 0x0f, 0xff", "no instruction"),
]

HELPERS = {
    "returns_data": "mov eax, [rax]; ret",
    "returns_constant": "mov eax, 5; ret",
    "clobbers": "mov ebx, [rax]; ret",
    "saves": "push rbx; mov ebx, [rdx]; mov [rdx + 4], ebx; pop rbx; ret",
    "looks_far": "mov eax, [rsp + 24]; ret",
    "writes_above": "mov qword ptr [rsp + 8], 2; ret",
    "swaps": "push rbx; push rbp; pop rbx; pop rbp; ret",
    "clobbers_maybe": "test rdi, rdi; jz 1f; xor r12d, r12d; 1: ret",
    "jumps_to_clobbers": "jmp clobbers",
    "realigns_and_writes_above": "push rbp; mov rbp, rsp; and rsp, -64; mov [rbp + 16], rdi; mov rsp, rbp; pop rbp; ret",
    "looks": "cmp dword ptr [rsp + 16], 1; je 1f; 1: ret",
    "realigns": "push rbp; mov rbp, rsp; and rsp, -64; sub rsp, 128; vmovups zmm0, [rdi]; vmovaps [rsp], zmm0;"
                "vmovaps zmm1, [rsp]; vmovups [rsi], zmm1; mov rsp, rbp; pop rbp; vzeroupper; ret",
}


def source(code):
    body = f"push rbx; push rbp; mov rax, [rdi]; mov rcx, [rsi]; mov r8d, [rax]; {code}\npop rbp; pop rbx; ret"
    return in_float_mode(body) + "".join(function(name, text) for name, text in HELPERS.items() if name in code)


def main():
    check = Checker(*sys.argv[1:])
    failures = 0
    for what, code, error in CASES:
        run = check(source(code))
        proved = len(re.findall(r"(instruction trace|address trace|memory): +proved", run.stdout)) == 3
        memory = re.search(r"memory: +([a-z ]+),", run.stdout).group(1)
        if error is None:
            right = proved and run.returncode == 0
        elif error in (IN_BOUNDS, "not decided"):
            right = memory == ("proved" if error == IN_BOUNDS else error) and "address depends on data" in run.stderr
        else:
            right = not proved and error in run.stderr and run.returncode == (error != "note: ")
        if not right:
            failures += 1
            print(f"wrong: {what}\n  {code}\n  expected {error or 'proved'}\n{run.stdout}{run.stderr}")
    print(f"{len(CASES) - failures} of {len(CASES)} right")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
