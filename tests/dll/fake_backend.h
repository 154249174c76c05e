/* SPDX-License-Identifier: MIT */
/* A backend that answers what a test wants. */
#ifndef FAKE_BACKEND_H
#define FAKE_BACKEND_H

#include "backend.h"

enum
{
    FAKE_BEGUN = 4711, /* what is handed on */
};

struct fake_backend
{
    struct answer answer;
    int begins;
    int leaves;
    int calls;
    struct connection begun;
    struct connection connection; /* of the last call */
};

extern struct fake_backend fake_backend;

#endif
