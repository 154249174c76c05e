/* SPDX-License-Identifier: MIT */
/* The helper's side of protocol.h: one program, one page, one doorbell. */
#ifndef SESSION_H
#define SESSION_H

/*
 * Serves the program whose page is open as this descriptor until the program ends.
 * Returns the exit status: 0, or 1 with a line on standard error where the page cannot be served.
 */
int session_serve(int page_file);

#endif
