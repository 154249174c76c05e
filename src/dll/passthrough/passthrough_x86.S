/* SPDX-License-Identifier: MIT */
/* See passthrough.h.  All arguments are on the stack, above the return address; ecx and edx are
 * kept for whoever calls a function as fastcall. */

/* struct passthrough_thunk, and the code that belongs to it */
.macro thunk symbol, exported
    .text
    .balign 8
    .globl _passthrough_\symbol
_passthrough_\symbol:
    jmp *thunk_\symbol
    .text 1
first_\symbol:
    pushl $thunk_\symbol
    jmp bind

    .section .rdata, "dr"
name_\symbol:
    .asciz "\exported"

    .data
    .balign 8
thunk_\symbol:
    .long first_\symbol
    .long name_\symbol
.endm

    .text 1
bind:
    pushl %ecx
    pushl %edx
    pushl 8(%esp)
    call _passthrough_bind
    addl $4, %esp
    popl %edx
    popl %ecx
    addl $4, %esp
    jmp *%eax

#define THUNK(symbol, exported) thunk symbol, #exported;
#include "thunks.inc"
