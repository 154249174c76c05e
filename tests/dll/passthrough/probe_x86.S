/* SPDX-License-Identifier: MIT */
/* See probe.h; the offsets are those of its structs. */
#define STACK_POINTER 24
#define LAST_ERROR 28
#define STACK 32
#define TEB_LAST_ERROR %fs:0x34

    .data
    .balign 4
target: .long 0
own_esp: .long 0
after: .long 0
result: .long 0

    .text
    .globl _probe_call
_probe_call:
    pushl %ebx
    pushl %ebp
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    movl %eax, target
    movl 24(%esp), %edx
    movl 28(%esp), %eax
    movl %eax, after
    movl 32(%esp), %eax
    movl %eax, result
    movl %esp, own_esp
    .irp n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
    pushl STACK + \n * 4(%edx)
    .endr
    movl %esp, STACK_POINTER(%edx)
    movl LAST_ERROR(%edx), %eax
    movl %eax, TEB_LAST_ERROR
    movl %edx, %eax
    movl (%eax), %ecx
    movl 4(%eax), %edx
    movl 8(%eax), %ebx
    movl 12(%eax), %ebp
    movl 16(%eax), %esi
    movl 20(%eax), %edi
    call *target
    pushl %ecx
    movl result, %ecx
    movl %eax, (%ecx)
    movl %edx, 4(%ecx)
    popl %eax
    movl after, %ecx
    movl %eax, (%ecx)
    movl %edx, 4(%ecx)
    movl %ebx, 8(%ecx)
    movl %ebp, 12(%ecx)
    movl %esi, 16(%ecx)
    movl %edi, 20(%ecx)
    movl %esp, STACK_POINTER(%ecx)
    movl TEB_LAST_ERROR, %eax
    movl %eax, LAST_ERROR(%ecx)
    movl own_esp, %esp
    popl %edi
    popl %esi
    popl %ebp
    popl %ebx
    ret

/* An exception handler's frame: the one before, the handler, and our registers. */
    .globl _probe_guarded
_probe_guarded:
    pushl %ebx
    pushl %ebp
    pushl %esi
    pushl %edi
    pushl $handler
    pushl %fs:0
    movl %esp, %fs:0
    call *28(%esp)
    xorl %eax, %eax
leave:
    popl %fs:0
    addl $4, %esp
    popl %edi
    popl %esi
    popl %ebp
    popl %ebx
    ret

/* (record, frame, context, dispatcher); 6: unwinding */
handler:
    movl 4(%esp), %eax
    testl $6, 4(%eax)
    jnz 1f
    pushl (%eax)
    pushl $0
    pushl %eax
    pushl $2f
    pushl 24(%esp)
    call _RtlUnwind@16
2:  popl %eax
    movl 8(%esp), %esp
    jmp leave
1:  movl $1, %eax
    ret
