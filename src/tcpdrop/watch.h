/* SPDX-License-Identifier: MIT */
/* Closing connections as they come, until stopped. */
#ifndef WATCH_H
#define WATCH_H

#include "options.h"

/* As the options say.  An exit status of tcpdrop. */
int watch(const struct options *options);

#endif
