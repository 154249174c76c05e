/* SPDX-License-Identifier: MIT */
/* settcpentry-host --check: could it close connections, if it were started like this? */
#ifndef CHECK_H
#define CHECK_H

/* Says so in lines of "what: yes" or "no"; returns 0 if it could, else 1. */
int check_report(void);

#endif
