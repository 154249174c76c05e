/* SPDX-License-Identifier: MIT */
/* Closing all connections that match, once: showing them and asking, or not. */
#ifndef CLOSE_H
#define CLOSE_H

#include "match.h"

/* As the options say.  An exit status of tcpdrop. */
int close_once(const struct options *options);

/* Closes these, and says in each row what became of it; and in a line, but for those that are told already (NULL:
 * none) and are not closed this time either. */
void close_matches(const struct options *options, struct match *match,
                   const struct match_set *told);

#endif
