/* SPDX-License-Identifier: MIT */
/* Closing all connections that match: showing them and asking, or not, once or until stopped. */
#ifndef CLOSE_H
#define CLOSE_H

#include "options.h"

/* As the options say.  An exit status of tcpdrop. */
int close_all(const struct options *options);

#endif
