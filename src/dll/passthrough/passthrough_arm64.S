/* SPDX-License-Identifier: MIT */
/* See passthrough.h.  Arguments are in x0 to x7 and q0 to q7, the address for a large result in x8;
 * x16 and x17 are the linker's, and nobody keeps anything there across a call. */

/* struct passthrough_thunk, and the code that belongs to it */
.macro thunk symbol, exported
    .text
    .balign 8
    .globl passthrough_\symbol
passthrough_\symbol:
    adrp x16, thunk_\symbol
    ldr x16, [x16, :lo12:thunk_\symbol]
    br x16
    .section .text$first, "xr"
first_\symbol:
    adrp x17, thunk_\symbol
    add x17, x17, :lo12:thunk_\symbol
    b bind

    .section .rdata, "dr"
name_\symbol:
    .asciz "\exported"

    .data
    .balign 16
thunk_\symbol:
    .xword first_\symbol
    .xword name_\symbol
.endm

/* Above the frame pointer and the return address. */
#define INTEGERS 16
#define VECTORS (INTEGERS + 10 * 8)
#define FRAME (VECTORS + 8 * 16)

    .section .text$first, "xr"
    .balign 4
    .def bind; .scl 3; .type 32; .endef
    .seh_proc bind
bind:
    stp x29, x30, [sp, #-FRAME]!
    .seh_save_fplr_x FRAME
    mov x29, sp
    .seh_set_fp
    .seh_endprologue
    stp x0, x1, [sp, #INTEGERS]
    stp x2, x3, [sp, #INTEGERS + 16]
    stp x4, x5, [sp, #INTEGERS + 32]
    stp x6, x7, [sp, #INTEGERS + 48]
    str x8, [sp, #INTEGERS + 64]
    stp q0, q1, [sp, #VECTORS]
    stp q2, q3, [sp, #VECTORS + 32]
    stp q4, q5, [sp, #VECTORS + 64]
    stp q6, q7, [sp, #VECTORS + 96]
    mov x0, x17
    bl passthrough_bind
    mov x16, x0
    ldp x0, x1, [sp, #INTEGERS]
    ldp x2, x3, [sp, #INTEGERS + 16]
    ldp x4, x5, [sp, #INTEGERS + 32]
    ldp x6, x7, [sp, #INTEGERS + 48]
    ldr x8, [sp, #INTEGERS + 64]
    ldp q0, q1, [sp, #VECTORS]
    ldp q2, q3, [sp, #VECTORS + 32]
    ldp q4, q5, [sp, #VECTORS + 64]
    ldp q6, q7, [sp, #VECTORS + 96]
    .seh_startepilogue
    ldp x29, x30, [sp], #FRAME
    .seh_save_fplr_x FRAME
    .seh_endepilogue
    br x16
    .seh_endproc

#define THUNK(symbol, exported) thunk symbol, #exported;
#include "thunks.inc"
