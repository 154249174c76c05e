/* SPDX-License-Identifier: MIT */
/* See probe.h; the offsets are those of its structs. */
#define STACK_POINTER 96
#define LAST_ERROR 104
#define XMM 112
#define STACK 368
#define TEB_LAST_ERROR %gs:0x68
#define SAVED_XMM 128

    .data
    .balign 8
target: .quad 0
own_rsp: .quad 0
after: .quad 0
result: .quad 0

    .text
    .globl probe_call
probe_call:
    pushq %rbx
    pushq %rbp
    pushq %rsi
    pushq %rdi
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $296, %rsp
    .irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps %xmm\n, SAVED_XMM + (\n - 6) * 16(%rsp)
    .endr
    movq %rcx, target(%rip)
    movq %rsp, own_rsp(%rip)
    movq %r8, after(%rip)
    movq %r9, result(%rip)
    movq %rdx, %r10
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movq STACK + \n * 8(%r10), %rax
    movq %rax, \n * 8(%rsp)
    movups XMM + \n * 16(%r10), %xmm\n
    .endr
    movq %rsp, STACK_POINTER(%r10)
    movl LAST_ERROR(%r10), %eax
    movl %eax, TEB_LAST_ERROR
    movq (%r10), %rcx
    movq 8(%r10), %rdx
    movq 16(%r10), %r8
    movq 24(%r10), %r9
    movq 32(%r10), %rbx
    movq 40(%r10), %rbp
    movq 48(%r10), %rsi
    movq 56(%r10), %rdi
    movq 64(%r10), %r12
    movq 72(%r10), %r13
    movq 80(%r10), %r14
    movq 88(%r10), %r15
    call *target(%rip)
    movq result(%rip), %r11
    movq %rax, (%r11)
    movq %rdx, 8(%r11)
    movups %xmm0, 16(%r11)
    movq after(%rip), %r11
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
    movq %rsp, STACK_POINTER(%r11)
    movl TEB_LAST_ERROR, %eax
    movq %rax, LAST_ERROR(%r11)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movups %xmm\n, XMM + \n * 16(%r11)
    .endr
    movq own_rsp(%rip), %rsp
    .irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps SAVED_XMM + (\n - 6) * 16(%rsp), %xmm\n
    .endr
    addq $296, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rdi
    popq %rsi
    popq %rbp
    popq %rbx
    ret

    .globl probe_guarded
    .globl probe_landing
    .def probe_guarded; .scl 2; .type 32; .endef
    .seh_proc probe_guarded
    .seh_handler probe_handler, @except
probe_guarded:
    pushq %rbx
    .seh_pushreg %rbx
    subq $32, %rsp
    .seh_stackalloc 32
    .seh_endprologue
    movq $0x5AFE, %rbx
    call *%rcx
    xorl %eax, %eax
probe_landing: /* eax is the code here */
    cmpq $0x5AFE, %rbx
    je 1f
    ud2
1:  addq $32, %rsp
    popq %rbx
    ret
    .seh_endproc
