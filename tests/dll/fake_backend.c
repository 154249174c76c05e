/* SPDX-License-Identifier: MIT */
#include "fake_backend.h"

#include "fake_os.h"
#include "testing.h"

struct fake_backend fake_backend;

int backend_begin(const struct connection *connection)
{
    assert_int_equal(fake_os.tokens_opened, 0);
    fake_backend.begins++;
    fake_backend.begun = *connection;
    return FAKE_BEGUN;
}

void backend_leave(int begun)
{
    assert_int_equal(begun, FAKE_BEGUN);
    fake_backend.leaves++;
}

struct answer backend_close(const struct connection *connection, int begun)
{
    assert_int_equal(begun, FAKE_BEGUN);
    fake_backend.calls++;
    fake_backend.connection = *connection;
    return fake_backend.answer;
}
