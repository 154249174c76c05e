/* SPDX-License-Identifier: MIT */
/* The parts of a call, from the DLL's own objects, run alone as it is told to (commands.h); times are medians, in
 * microseconds. */
#include "commands.h"

#include "clock.h"
#include "host_session.h"
#include "mib_row.h"
#include "privilege.h"
#include "quartiles.h"
#include "token.h"

#include <stdbool.h>
#include <stdio.h>

/* The one place that knows how the DLL has its helper close a connection. */
static bool exchange(const struct connection *connection)
{
    const int begun = host_session_begin(connection);

    return host_session_ask(connection, begun).kind == ANSWER_CLOSED;
}

/* exchange FILE COUNT: a drop without the privilege check. */
static void time_exchange(const char *arguments)
{
    struct batch batch = commands_read_batch(arguments);

    for (size_t i = 0; i < batch.count; i++) {
        const struct connection connection = connection_of_row(&batch.rows[i]);
        const double start = clock_microseconds();
        const bool is_closed = exchange(&connection);

        batch.times[i] = clock_microseconds() - start;
        if (!is_closed) {
            commands_fail("row %u was not closed", (unsigned)i);
        }
    }
    commands_answer(median_of(batch.times, batch.count), 0);
    commands_free_batch(&batch);
}

/* privilege: a privilege check, and one OpenThreadToken, in turns. */
static void time_privilege(const char *arguments)
{
    enum
    {
        CHECKS = 1000,
    };
    static double checks[CHECKS];
    static double tokens[CHECKS];

    (void)arguments;
    for (size_t i = 0; i < CHECKS; i++) {
        const double start = clock_microseconds();
        const bool may = privilege_check().kind == ANSWER_NONE;

        checks[i] = clock_microseconds() - start;
        tokens[i] = token_time();
        if (!may) {
            commands_fail("the privilege check refused");
        }
    }
    commands_answer(median_of(checks, CHECKS), median_of(tokens, CHECKS));
}

int main(void)
{
    static const struct command commands[] = {
        {"exchange", time_exchange},
        {"privilege", time_privilege},
        {0},
    };

    return commands_obey(commands);
}
