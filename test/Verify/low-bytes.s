# A byte register holds what was written to the byte, whatever the rest of the register holds, also where an instruction does not
# state it (`cmp al, 1`, `test al, 1`): checks of pointers are no branches on data, and a byte of an input is one.
# RUN: %clang -c %s -o %t.o && %nn-verify %t.o -manifest=%S/Inputs/seven.json | FileCheck %s --check-prefix=GOOD
# RUN: %clang -Wa,-defsym,COMPARED=1 -c %s -o %t.c.o
# RUN: not %nn-verify %t.c.o -manifest=%S/Inputs/seven.json 2>&1 | FileCheck %s --check-prefix=DATA
# RUN: %clang -Wa,-defsym,TESTED=1 -c %s -o %t.t.o
# RUN: not %nn-verify %t.t.o -manifest=%S/Inputs/seven.json 2>&1 | FileCheck %s --check-prefix=DATA
# GOOD: instruction trace: proved
# DATA: error: {{.*}}instruction_trace: net_run+{{.*}} 'je {{.*}}' branches on data
	.intel_syntax noprefix
	.text
	.globl	net_run
	.type	net_run, @function
net_run:
	test	rdi, rdi
	sete	al
	test	rsi, rsi
	sete	r10b
	or	r10b, al
	test	rdx, rdx
	sete	al
	or	al, r10b
.ifdef COMPARED
	mov	al, byte ptr [rdi]
.endif
	cmp	al, 1
	je	1f
.ifdef TESTED
	mov	al, byte ptr [rdi]
.endif
	test	al, 2
	je	1f
	mov	rax, [rsp + 8]
	vmovups	ymm0, [rdi]
	vmovups	[rax + 32], ymm0
	vzeroupper
1:
	ret
	.size	net_run, . - net_run
	.section	.note.GNU-stack,"",@progbits
