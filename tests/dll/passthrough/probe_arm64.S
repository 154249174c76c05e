/* SPDX-License-Identifier: MIT */
/* See probe.h; the offsets are those of its structs.  The last error is not looked up in the TEB itself,
 * as Debian's Wine does not keep x18, which should point to it. */
#define STACK_POINTER 160
#define LAST_ERROR 168
#define VECTORS 176
#define STACK 432

    .data
    .balign 8
target: .xword 0
own_sp: .xword 0
after: .xword 0
result: .xword 0

/* x0 to x8 and x19 to x29 from or to what \at points to. */
.macro general op, at
    \op x2, x3, [\at, #16]
    \op x4, x5, [\at, #32]
    \op x6, x7, [\at, #48]
    \op x8, x19, [\at, #64]
    \op x20, x21, [\at, #80]
    \op x22, x23, [\at, #96]
    \op x24, x25, [\at, #112]
    \op x26, x27, [\at, #128]
    \op x28, x29, [\at, #144]
.endm

.macro vectors op, at
    \op q0, q1, [\at, #VECTORS]
    \op q2, q3, [\at, #VECTORS + 32]
    \op q4, q5, [\at, #VECTORS + 64]
    \op q6, q7, [\at, #VECTORS + 96]
    \op q8, q9, [\at, #VECTORS + 128]
    \op q10, q11, [\at, #VECTORS + 160]
    \op q12, q13, [\at, #VECTORS + 192]
    \op q14, q15, [\at, #VECTORS + 224]
.endm

/* The address of one of the words above, in x16. */
.macro address_of word
    adrp x16, \word
    add x16, x16, :lo12:\word
.endm

    .text
    .balign 4
    .globl probe_call
    .def probe_call; .scl 2; .type 32; .endef
probe_call:
    stp x29, x30, [sp, #-160]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    address_of target
    mov x17, sp
    stp x0, x17, [x16]
    stp x2, x3, [x16, #16]
    mov x19, x1
    ldr w0, [x19, #LAST_ERROR]
    bl SetLastError
    mov x17, x19
    sub sp, sp, #128
    add x11, x17, #STACK
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    ldp x9, x10, [x11, #\n * 16]
    stp x9, x10, [sp, #\n * 16]
    .endr
    mov x9, sp
    str x9, [x17, #STACK_POINTER]
    vectors ldp, x17
    general ldp, x17
    ldp x0, x1, [x17]
    address_of target
    ldr x16, [x16]
    blr x16
    address_of result
    ldr x16, [x16]
    stp x0, x1, [x16]
    str q0, [x16, #16]
    address_of after
    ldr x16, [x16]
    stp x0, x1, [x16]
    general stp, x16
    vectors stp, x16
    mov x9, sp
    str x9, [x16, #STACK_POINTER]
    address_of own_sp
    ldr x16, [x16]
    mov sp, x16
    bl GetLastError
    address_of after
    ldr x16, [x16]
    mov w0, w0
    str x0, [x16, #LAST_ERROR]
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #160
    ret

    .globl probe_guarded
    .globl probe_landing
    .def probe_guarded; .scl 2; .type 32; .endef
    .seh_proc probe_guarded
    .seh_handler probe_handler, @except
probe_guarded:
    stp x29, x30, [sp, #-32]!
    .seh_save_fplr_x 32
    str x19, [sp, #16]
    .seh_save_reg x19, 16
    mov x29, sp
    .seh_set_fp
    .seh_endprologue
    mov x19, #0x5AFE
    blr x0
    mov w0, #0
probe_landing: /* w0 is the code here */
    mov x17, #0x5AFE
    cmp x19, x17
    b.eq 1f
    brk #0xF000
1:  .seh_startepilogue
    ldr x19, [sp, #16]
    .seh_save_reg x19, 16
    ldp x29, x30, [sp], #32
    .seh_save_fplr_x 32
    .seh_endepilogue
    ret
    .seh_endproc
