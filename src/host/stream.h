/* SPDX-License-Identifier: MIT */
/* The helper's side of protocol.h's two pipes: requests come on standard input, answers go on standard output. */
#ifndef STREAM_H
#define STREAM_H

/* Answers until the input ends, or nobody reads the answers any more.  Returns an exit status. */
int stream_serve(void);

#endif
