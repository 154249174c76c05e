/* SPDX-License-Identifier: MIT */
/* tcpdrop: lists TCP connections, closes them, and says what came of it.  See docs/tcpdrop.1. */
#ifndef TCPDROP_H
#define TCPDROP_H

/* The whole program, with its arguments in UTF-8; its exit status. */
int tcpdrop_run(int argc, char *argv[]);

#endif
