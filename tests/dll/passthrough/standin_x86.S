/* SPDX-License-Identifier: MIT */
/* A stand-in for the system's DLL: see probe.h. */
#include "probe_results.h"
#define STACK_POINTER 24
#define LAST_ERROR 28
#define STACK 32
#define NUMBER 96
#define TEB_LAST_ERROR %fs:0x34

.set number, 0
.macro function symbol, bytes
    .globl _standin_\symbol
_standin_\symbol:
    movl $number, %eax
    call record
    ret $\bytes
.set number, number + 1
.endm

    .text
record:
    movl %eax, _standin_record + NUMBER
    movl %ecx, _standin_record
    movl %edx, _standin_record + 4
    movl %ebx, _standin_record + 8
    movl %ebp, _standin_record + 12
    movl %esi, _standin_record + 16
    movl %edi, _standin_record + 20
    leal 4(%esp), %edx
    movl %edx, _standin_record + STACK_POINTER
    movl TEB_LAST_ERROR, %edx
    movl %edx, _standin_record + LAST_ERROR
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movl 8 + \n * 4(%esp), %edx
    movl %edx, _standin_record + STACK + \n * 4
    .endr
    cmpl $0, _standin_code
    je 1f
    pushl _standin_code
    call _standin_raise_it
1:  movl $STANDIN_LAST_ERROR, TEB_LAST_ERROR
    addl $STANDIN_INTEGER, %eax
    movl $STANDIN_SECOND, %edx
    ret

/* Nobody has published how many words the unknown ones take: 9 is what no other takes. */
#define SYSTEM(name, bytes) function name, bytes;
#define SYSTEM_UNKNOWN(name) function name, 36;
#define PACKET_FILTER(name, bytes) function name, bytes;
#include "exports.inc"
