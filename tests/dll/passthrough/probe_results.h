/* SPDX-License-Identifier: MIT */
/* For C and for assembly. */
#ifndef PROBE_RESULTS_H
#define PROBE_RESULTS_H

/* What each of the stand-in's functions returns; its number is added to the first. */
#ifndef __i386__
#define STANDIN_INTEGER 0xA11CE5ED87650000
#define STANDIN_SECOND 0x0F1E2D3C4B5A6978
#define STANDIN_VECTOR_LOW 0x1122334455667788
#define STANDIN_VECTOR_HIGH 0x99AABBCCDDEEFF00
#else
#define STANDIN_INTEGER 0xA11C0000
#define STANDIN_SECOND 0x4B5A6978
#endif
#define STANDIN_LAST_ERROR 0x0BADCAFE

#endif
