# What the core does not have is refused, although LLVM's disassembler decodes it for every core and prints encodings of
# APX like plain ones.
# RUN: %clang -c %s -o %t.o
# RUN: %nn-verify %t.o -manifest=%S/Inputs/net.json | FileCheck %s --check-prefix=GOOD
# RUN: sed 's/x86-64-v4/x86-64-v3/' %S/Inputs/net.json > %t.v3.json
# RUN: not %nn-verify %t.o -manifest=%t.v3.json 2>&1 | FileCheck %s --check-prefix=V3
# RUN: %clang -Wa,-defsym,APX=1 -c %s -o %t.apx.o
# RUN: not %nn-verify %t.apx.o -manifest=%S/Inputs/net.json 2>&1 | FileCheck %s --check-prefix=APX
# GOOD: instruction trace: proved
# GOOD: address trace: proved
# GOOD: memory: proved
# V3: error: {{.*}}instruction_trace: net_run_v+0x3: 'vmovups zmm0, {{.*}} needs avx512f, which the core lacks
# V3: error: {{.*}}instruction_trace: net_run_v+0x9: 'kmovw k1, eax' needs avx512f, which the core lacks
# V3-NOT: instruction_trace: {{.*}}andn
# APX: error: {{.*}}instruction_trace: net_run_v+0x15: 'mov r9, rcx' is encoded for APX
# APX: error: {{.*}}instruction_trace: net_run_v+0x19: {{.*}} is encoded for APX
# APX: error: {{.*}}instruction_trace: net_run_v+0x1f: {{.*}} is encoded for APX
# APX: error: {{.*}}instruction_trace: net_run_v+0x25: {{.*}} is encoded for APX
# APX: error: {{.*}}instruction_trace: net_run_v+0x2c: {{.*}} is encoded for APX
	.text
	.globl	net_run_v
	.type	net_run_v, @function
net_run_v:
	mov	(%rdi), %rax
	vmovups	(%rax), %zmm0
	kmovw	%eax, %k1
	andn	%rax, %rcx, %r9
	mov	%rcx, %r9
.ifdef APX
	.byte	0xd5, 0x09, 0x89, 0xc9			# mov rcx to r9 with REX2
	.byte	0x62, 0xf4, 0xfc, 0x0c, 0x01, 0xc8	# add rcx to rax, leaving the flags
	.byte	0x62, 0xf9, 0x7c, 0x48, 0x58, 0x00	# vaddps from r16
	.byte	0x62, 0xf1, 0x78, 0x48, 0x58, 0x04, 0x08
	.byte	0x62, 0xf2, 0xf4, 0x08, 0xf2, 0xd0	# andn, promoted
.endif
	ret
	.size	net_run_v, . - net_run_v
	.section	.note.GNU-stack,"",@progbits
