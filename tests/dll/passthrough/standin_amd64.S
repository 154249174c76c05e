/* SPDX-License-Identifier: MIT */
/* A stand-in for the system's DLL: see probe.h. */
#include "probe_results.h"
#define STACK_POINTER 96
#define LAST_ERROR 104
#define XMM 112
#define STACK 368
#define NUMBER 496
#define TEB_LAST_ERROR %gs:0x68

.set number, 0
.macro function symbol, bytes
    .globl standin_\symbol
standin_\symbol:
    movl $number, %eax
    call record
    ret
.set number, number + 1
.endm

    .text
    .def record; .scl 3; .type 32; .endef
    .seh_proc record
record:
    subq $32, %rsp
    .seh_stackalloc 32
    .seh_endprologue
    leaq standin_record(%rip), %r11
    movq %rax, NUMBER(%r11)
    movq %rcx, (%r11)
    movq %rdx, 8(%r11)
    movq %r8, 16(%r11)
    movq %r9, 24(%r11)
    movq %rbx, 32(%r11)
    movq %rbp, 40(%r11)
    movq %rsi, 48(%r11)
    movq %rdi, 56(%r11)
    movq %r12, 64(%r11)
    movq %r13, 72(%r11)
    movq %r14, 80(%r11)
    movq %r15, 88(%r11)
    leaq 40(%rsp), %r10
    movq %r10, STACK_POINTER(%r11)
    movl TEB_LAST_ERROR, %r10d
    movq %r10, LAST_ERROR(%r11)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movups %xmm\n, XMM + \n * 16(%r11)
    movq 48 + \n * 8(%rsp), %r10
    movq %r10, STACK + \n * 8(%r11)
    .endr
    movl standin_code(%rip), %ecx
    testl %ecx, %ecx
    jz 1f
    call standin_raise_it
1:  movl $STANDIN_LAST_ERROR, TEB_LAST_ERROR
    movabsq $STANDIN_VECTOR_LOW, %r10
    movq %r10, %xmm0
    movabsq $STANDIN_VECTOR_HIGH, %r10
    movq %r10, %xmm1
    punpcklqdq %xmm1, %xmm0
    movabsq $STANDIN_SECOND, %rdx
    movabsq $STANDIN_INTEGER, %r10
    addq %r10, %rax
    addq $32, %rsp
    ret
    .seh_endproc

#define SYSTEM(name, bytes) function name, bytes;
#define SYSTEM_UNKNOWN(name) function name, 36;
#define PACKET_FILTER(name, bytes) function name, bytes; function _##name, bytes;
#include "exports.inc"
