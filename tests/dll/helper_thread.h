/* SPDX-License-Identifier: MIT */
/* A helper that is a thread of this process, over a kernel that answers by the port that is asked for, so that each
 * answer can be told from all others.  It ends after a thousand answers, until it is started again. */
#ifndef HELPER_THREAD_H
#define HELPER_THREAD_H

#include "protocol.h"

enum answer_kind helper_thread_answer_to(uint16_t port);

void helper_thread_begin(void);
void helper_thread_end(void);

/* As if one was started for this page, which is there until helper_thread_end. */
void helper_thread_serve(struct host_page *page);
void helper_thread_ring(void);

#endif
