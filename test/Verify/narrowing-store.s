# A store that makes elements narrower touches the lanes that its mask enables, each as wide as it is in memory.
# RUN: sed 's/x86-64-v3/x86-64-v4/' %S/Inputs/seven.json > %t.json
# RUN: %clang -march=x86-64-v4 -c %s -o %t.o && %nn-verify %t.o -manifest=%t.json | FileCheck %s --check-prefix=GOOD
# RUN: %clang -march=x86-64-v4 -Wa,-defsym,ALL=1 -c %s -o %t.bad.o
# RUN: not %nn-verify %t.bad.o -manifest=%t.json 2>&1 | FileCheck %s --check-prefix=BAD
# RUN: %clang -march=x86-64-v4 -Wa,-defsym,WORDS=1 -c %s -o %t.words.o
# RUN: not %nn-verify %t.words.o -manifest=%t.json 2>&1 | FileCheck %s --check-prefix=WORDS
# GOOD: memory: proved
# BAD: error: {{.*}}memory: {{.*}}'vpmovdb {{.*}} accesses bytes 57 to 64 of the arena, which has 64 bytes
# WORDS: error: {{.*}}memory: {{.*}}'vpmovusdw {{.*}} accesses bytes 57 to 70 of the arena, which has 64 bytes
	.intel_syntax noprefix
	.text
	.globl	net_run
	.type	net_run, @function
net_run:
	mov	rax, [rsp + 8]
	vmovdqu	ymm0, [rdi]
.ifdef ALL
	mov	ecx, 0xff
.else
	mov	ecx, 0x7f
.endif
	kmovd	k1, ecx
.ifdef WORDS
	vpmovusdw	xmmword ptr [rax + 57] {k1}, ymm0
.else
	vpmovdb	qword ptr [rax + 57] {k1}, ymm0
.endif
	vzeroupper
	ret
	.size	net_run, . - net_run
	.section	.note.GNU-stack,"",@progbits
