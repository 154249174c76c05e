/* SPDX-License-Identifier: MIT */
/* A backend that answers what a test wants. */
#ifndef FAKE_BACKEND_H
#define FAKE_BACKEND_H

#include "backend.h"

struct fake_backend
{
    struct answer answer;
    int calls;
    struct connection connection; /* of the last call */
};

extern struct fake_backend fake_backend;

#endif
