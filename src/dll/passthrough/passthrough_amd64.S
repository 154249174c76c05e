/* SPDX-License-Identifier: MIT */
/* See passthrough.h.  The first four arguments are in rcx, rdx, r8, r9 or xmm0 to xmm3. */

/* struct passthrough_thunk, and the code that belongs to it */
.macro thunk symbol, exported
    .text
    .balign 8
    .globl passthrough_\symbol
passthrough_\symbol:
    jmp *thunk_\symbol(%rip)
    .text 1
first_\symbol:
    leaq thunk_\symbol(%rip), %rax
    jmp bind

    .section .rdata, "dr"
name_\symbol:
    .asciz "\exported"

    .data
    .balign 16
thunk_\symbol:
    .quad first_\symbol
    .quad name_\symbol
.endm

/* The callee's own 32 bytes, and below the return address what keeps the stack aligned to 16. */
#define XMM 32
#define INTEGERS (XMM + 4 * 16)
#define FRAME (INTEGERS + 4 * 8 + 8)

    .text 1
    .def bind; .scl 3; .type 32; .endef
    .seh_proc bind
bind:
    subq $FRAME, %rsp
    .seh_stackalloc FRAME
    .seh_endprologue
    movups %xmm0, XMM(%rsp)
    movups %xmm1, XMM + 16(%rsp)
    movups %xmm2, XMM + 32(%rsp)
    movups %xmm3, XMM + 48(%rsp)
    movq %rcx, INTEGERS(%rsp)
    movq %rdx, INTEGERS + 8(%rsp)
    movq %r8, INTEGERS + 16(%rsp)
    movq %r9, INTEGERS + 24(%rsp)
    movq %rax, %rcx
    call passthrough_bind
    movups XMM(%rsp), %xmm0
    movups XMM + 16(%rsp), %xmm1
    movups XMM + 32(%rsp), %xmm2
    movups XMM + 48(%rsp), %xmm3
    movq INTEGERS(%rsp), %rcx
    movq INTEGERS + 8(%rsp), %rdx
    movq INTEGERS + 16(%rsp), %r8
    movq INTEGERS + 24(%rsp), %r9
    addq $FRAME, %rsp
    rex.W jmp *%rax /* with this prefix, unwinders know it for the end of an epilogue */
    .seh_endproc

#define THUNK(symbol, exported) thunk symbol, #exported;
#include "thunks.inc"
