# RUN: split-file %s %t
# RUN: %clang -c %t/good.s -o %t/good.o
# RUN: %nn-verify %t/good.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
# RUN: %clang -c %t/traps.s -o %t/traps.o
# RUN: not %nn-verify %t/traps.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=TRAPS
# RUN: %clang -c %t/scan.s -o %t/scan.o
# RUN: not %nn-verify %t/scan.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=SCAN

# Subnormals flushed, nothing traps, round to nearest; the caller's mode comes back from the stack.
# GOOD: instruction trace: proved

# A mode in which arithmetic on data traps is another program.
# TRAPS: error: {{.*}}instruction_trace: {{.*}}sets another floating-point mode than 0x9fc0

# A bit scan of zero leaves its register as it was: here, full of data.
# SCAN: error: {{.*}}instruction_trace: {{.*}}branches on data

#--- good.s
	.globl	net_run_v
	.type	net_run_v,@function
net_run_v:
	subq	$8, %rsp
	stmxcsr	4(%rsp)
	ldmxcsr	mode(%rip)
	ldmxcsr	4(%rsp)
	xorl	%eax, %eax
	addq	$8, %rsp
	ret
	.section	.rodata.cst4,"aM",@progbits,4
mode:	.long	0x9fc0
	.section	.note.GNU-stack,"",@progbits
#--- traps.s
	.globl	net_run_v
	.type	net_run_v,@function
net_run_v:
	subq	$8, %rsp
	stmxcsr	4(%rsp)
	ldmxcsr	mode(%rip)
	ldmxcsr	4(%rsp)
	xorl	%eax, %eax
	addq	$8, %rsp
	ret
	.section	.rodata.cst4,"aM",@progbits,4
mode:	.long	0x8040
	.section	.note.GNU-stack,"",@progbits
#--- scan.s
	.globl	net_run_v
	.type	net_run_v,@function
net_run_v:
	movq	(%rdi), %rdi
	xorl	%eax, %eax
	movl	(%rdi), %ecx
	xorl	%edx, %edx
	bsfl	%edx, %ecx
	testl	%ecx, %ecx
	je	1f
	xorl	%eax, %eax
1:	ret
	.section	.note.GNU-stack,"",@progbits
