/* SPDX-License-Identifier: MIT */
/* A stand-in for the system's DLL: see probe.h. */
#include "probe_results.h"
#define STACK_POINTER 160
#define LAST_ERROR 168
#define VECTORS 176
#define STACK 432
#define NUMBER 560

.set number, 0
.macro function symbol, bytes
    .globl standin_\symbol
standin_\symbol:
    mov w16, #number
    b record
.set number, number + 1
.endm


    .text
    .balign 4
    .def record; .scl 3; .type 32; .endef
    .seh_proc record
record:
    stp x29, x30, [sp, #-32]!
    .seh_save_fplr_x 32
    str x19, [sp, #16]
    .seh_save_reg x19, 16
    .seh_endprologue
    adrp x17, standin_record
    add x17, x17, :lo12:standin_record
    str x16, [x17, #NUMBER]
    stp x0, x1, [x17]
    stp x2, x3, [x17, #16]
    stp x4, x5, [x17, #32]
    stp x6, x7, [x17, #48]
    stp x8, x19, [x17, #64]
    stp x20, x21, [x17, #80]
    stp x22, x23, [x17, #96]
    stp x24, x25, [x17, #112]
    stp x26, x27, [x17, #128]
    stp x28, x29, [x17, #144]
    add x9, sp, #32
    str x9, [x17, #STACK_POINTER]
    stp q0, q1, [x17, #VECTORS]
    stp q2, q3, [x17, #VECTORS + 32]
    stp q4, q5, [x17, #VECTORS + 64]
    stp q6, q7, [x17, #VECTORS + 96]
    stp q8, q9, [x17, #VECTORS + 128]
    stp q10, q11, [x17, #VECTORS + 160]
    stp q12, q13, [x17, #VECTORS + 192]
    stp q14, q15, [x17, #VECTORS + 224]
    add x11, x17, #STACK
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    ldp x9, x10, [sp, #32 + \n * 16]
    stp x9, x10, [x11, #\n * 16]
    .endr
    mov x19, x16
    bl GetLastError
    mov w0, w0
    adrp x17, standin_record
    add x17, x17, :lo12:standin_record
    str x0, [x17, #LAST_ERROR]
    adrp x9, standin_code
    ldr w0, [x9, :lo12:standin_code]
    cbz w0, 1f
    bl standin_raise_it
1:  ldr w0, =STANDIN_LAST_ERROR
    bl SetLastError
    ldr x9, =STANDIN_VECTOR_LOW
    ldr x10, =STANDIN_VECTOR_HIGH
    fmov d0, x9
    mov v0.d[1], x10
    ldr x0, =STANDIN_INTEGER
    add x0, x0, x19
    ldr x1, =STANDIN_SECOND
    .seh_startepilogue
    ldr x19, [sp, #16]
    .seh_save_reg x19, 16
    ldp x29, x30, [sp], #32
    .seh_save_fplr_x 32
    .seh_endepilogue
    ret
    .seh_endproc
    .ltorg

#define SYSTEM(name, bytes) function name, bytes;
#define SYSTEM_UNKNOWN(name) function name, 36;
#define PACKET_FILTER(name, bytes) function name, bytes; function _##name, bytes;
#include "exports.inc"
