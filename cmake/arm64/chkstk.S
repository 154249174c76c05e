/* SPDX-License-Identifier: MIT */
/*
 * What clang calls before it takes 4096 bytes of stack or more, a multiple of 16: x15 is a 16th of them.
 * Windows commits a stack page by page, and so every page on the way has to be touched in its turn. Only
 * x16, x17 and the flags may be changed.
 * Source: https://learn.microsoft.com/cpp/build/arm64-windows-abi-conventions, "Stack"
 */
    .globl __chkstk
    .def __chkstk; .scl 2; .type 32; .endef
__chkstk:
    mov x17, sp
    sub x16, x17, x15, lsl #4 /* where the stack is to end */
one_page_down:
    sub x17, x17, #4096
    cmp x17, x16
    b.ls end
    ldr wzr, [x17]
    b one_page_down
end:
    ldr wzr, [x16]
    ret
