# Pointers beyond the sixth come on the stack: they may be read there, and nothing else of the caller's frame may.
# RUN: %clang -c %s -o %t.o && %nn-verify %t.o -manifest=%S/Inputs/seven.json | FileCheck %s --check-prefix=GOOD
# RUN: %clang -Wa,-defsym,EIGHTH=1 -c %s -o %t.8.o
# RUN: not %nn-verify %t.8.o -manifest=%S/Inputs/seven.json 2>&1 | FileCheck %s --check-prefix=EIGHTH
# RUN: %clang -Wa,-defsym,WRITE=1 -c %s -o %t.w.o
# RUN: not %nn-verify %t.w.o -manifest=%S/Inputs/seven.json 2>&1 | FileCheck %s --check-prefix=WRITE
# GOOD: memory: proved
# EIGHTH: error: {{.*}}memory: net_run+{{.*}} reads the stack outside of the function's frame and arguments
# WRITE: error: {{.*}}memory: net_run+{{.*}} writes to the stack outside of the function's frame
	.intel_syntax noprefix
	.text
	.globl	net_run
	.type	net_run, @function
net_run:
	mov	rax, [rsp + 8]
	vmovups	ymm0, [rdi]
	vmovups	[rax + 32], ymm0
.ifdef EIGHTH
	mov	rax, [rsp + 16]
.endif
.ifdef WRITE
	mov	[rsp + 8], rdi
.endif
	vzeroupper
	ret
	.size	net_run, . - net_run
	.section	.note.GNU-stack,"",@progbits
