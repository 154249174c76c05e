/* SPDX-License-Identifier: MIT */
/*
 * What clang calls before it takes 4096 bytes of stack or more: touches the pages that will be in use,
 * in order, since Windows commits a stack page by page.  x15 is the number of bytes, divided by 16;
 * x16 and x17 may be changed, nothing else.
 * Source: https://learn.microsoft.com/cpp/build/arm64-windows-abi-conventions, "Stack"
 */
    .globl __chkstk
    .def __chkstk; .scl 2; .type 32; .endef
__chkstk:
    lsl x16, x15, #4
    mov x17, sp
next_page:
    sub x17, x17, #4096
    subs x16, x16, #4096
    ldr xzr, [x17]
    b.gt next_page
    ret
