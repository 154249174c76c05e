/* SPDX-License-Identifier: MIT */
/* Who had what done by a helper that serves many: a line on standard error, which is the journal's if
 * systemd has started it.  What would have to be waited for is left out, and counted, and so is what comes
 * too fast. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "../common/answer.h"
#include "../common/connection.h"

/* Before the sandbox.  Until then the others do nothing. */
void journal_begin(void);

/* After the answer: that the connection was closed for the program with this page, or why not.  That
 * there is no such connection is not worth a line. */
void journal_answer(const char *page, const struct connection *connection, struct answer answer);

/* That a page was not taken, for the reason of this errno. */
void journal_refusal(const char *page, int error);

/* That programs can come to a folder from now on; or that they can no more, for the reason of this errno. */
void journal_folder(const char *folder, int error);

#endif
