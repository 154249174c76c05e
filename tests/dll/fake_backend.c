/* SPDX-License-Identifier: MIT */
#include "fake_backend.h"

struct fake_backend fake_backend;

struct answer backend_close(const struct connection *connection)
{
    fake_backend.calls++;
    fake_backend.connection = *connection;
    return fake_backend.answer;
}
