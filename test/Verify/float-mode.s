# Subnormals flushed, nothing traps, round to nearest; the caller's mode comes back from the stack. A mode in which arithmetic on data
# traps is another program. A bit scan of zero leaves its register as it was: here, full of data.
# RUN: %clang -Wa,-defsym,MODE=0x9fc0 -c %s -o %t.o && %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
# RUN: %clang -Wa,-defsym,MODE=0x8040 -c %s -o %t.t.o
# RUN: not %nn-verify %t.t.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=TRAPS
# RUN: %clang -Wa,-defsym,MODE=0x9fc0 -Wa,-defsym,SCAN=1 -c %s -o %t.s.o
# RUN: not %nn-verify %t.s.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=SCAN
# GOOD: instruction trace: proved
# TRAPS: error: {{.*}}instruction_trace: {{.*}}sets another floating-point mode than 0x9fc0
# SCAN: error: {{.*}}instruction_trace: {{.*}}branches on data
	.text
	.globl	net_run_v
	.type	net_run_v,@function
net_run_v:
	subq	$8, %rsp
	stmxcsr	4(%rsp)
	ldmxcsr	mode(%rip)
	.ifdef SCAN
	movq	(%rdi), %rdi
	movl	(%rdi), %ecx
	xorl	%edx, %edx
	bsfl	%edx, %ecx
	testl	%ecx, %ecx
	je	1f
1:
	.endif
	ldmxcsr	4(%rsp)
	xorl	%eax, %eax
	addq	$8, %rsp
	ret
	.section	.rodata.cst4,"aM",@progbits,4
mode:	.long	MODE
	.section	.note.GNU-stack,"",@progbits
