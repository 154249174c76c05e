/* SPDX-License-Identifier: MIT */
/*
 * Calls a function with every register and stack word that matters set to a known value, and
 * records them again on both sides: in the stand-in for the system's DLL, and after the return.
 * One thread only.
 */
#ifndef PROBE_H
#define PROBE_H

#include "probe_results.h"

#include <windows.h>

#include <stdint.h>

/* A register's width, and a stack word's. */
typedef uintptr_t probe_word;

#define PROBE_STACK_WORDS 16

/*
 *   PROBE_GENERAL            how many general registers are looked at,
 *   PROBE_SCRATCH            of which the first so many may be changed by a callee
 *   PROBE_VECTOR_ARGUMENTS   how many vector registers have arguments
 *   PROBE_VECTOR_KEPT        from this one on, a callee keeps
 *   PROBE_VECTOR_KEPT_BYTES  so many bytes of each
 *   PROBE_RETURN_BYTES       by which a call moves the stack pointer
 */
#if defined(__i386__)
#define PROBE_GENERAL 6 /* ecx edx, ebx ebp esi edi */
#define PROBE_SCRATCH 2
#define PROBE_RETURN_BYTES sizeof(probe_word)
#elif defined(__x86_64__)
#define PROBE_GENERAL 12 /* rcx rdx r8 r9, rbx rbp rsi rdi r12 r13 r14 r15 */
#define PROBE_SCRATCH 4
#define PROBE_VECTOR_ARGUMENTS 4 /* xmm0 to xmm3 */
#define PROBE_VECTOR_KEPT 6
#define PROBE_VECTOR_KEPT_BYTES 16
#define PROBE_RETURN_BYTES sizeof(probe_word)
#else
#define PROBE_GENERAL 20 /* x0 to x8, x19 to x29 */
#define PROBE_SCRATCH 9
#define PROBE_VECTOR_ARGUMENTS 8 /* q0 to q7 */
#define PROBE_VECTOR_KEPT 8
#define PROBE_VECTOR_KEPT_BYTES 8
#define PROBE_RETURN_BYTES 0 /* it goes into a register */
#endif

struct probe_registers
{
    probe_word general[PROBE_GENERAL];
    probe_word stack_pointer; /* before the call; in the callee, as it finds it */
    probe_word last_error;    /* the thread's */
#ifdef _WIN64
    probe_word vector[16][2];
#endif
    probe_word stack[PROBE_STACK_WORDS]; /* above the return address */
};

struct probe_result
{
    probe_word integer[2]; /* eax edx, rax rdx, x0 x1 */
#ifdef _WIN64
    probe_word vector[2]; /* xmm0, q0 */
#endif
};

/* Sets all of in but the stack pointer, which it fills in; after's stack is not filled in. */
void probe_call(FARPROC function, struct probe_registers *in, struct probe_registers *after,
                struct probe_result *result);

/* Calls a function without arguments.  The code of the exception that it raised, found by a handler
 * in the caller's frame and unwound to there; 0 if there was none. */
DWORD probe_guarded(FARPROC function);

/* What the stand-in saw when it was called last, and which of its functions that was. */
struct standin_seen
{
    struct probe_registers registers;
    probe_word number; /* counted in the order of def/thunks.inc, from 0 */
};

/* Exports of the stand-in, besides all of def/thunks.inc. */
typedef struct standin_seen *(*standin_seen_func)(void);
typedef void (*standin_raise_func)(DWORD code); /* in every call from now on; 0: no more */

#endif
