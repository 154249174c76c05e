/* SPDX-License-Identifier: MIT */
/* backend.h, as the script has it. */
#include "../dll/backend.h"

#include "../dll/os.h"
#include "../tcpdrop/endpoint.h"
#include "mock.h"

#include <string.h>

/* A scope counts for link-local addresses only. */
static void clear_scope(uint32_t family, struct connection_end *end)
{
    if (!endpoint_is_link_local(family, end)) {
        end->scope_id = 0;
    }
}

/* As a script's row has it, whichever of the two functions names it. */
static struct connection as_in_row(const struct connection *connection)
{
    struct connection plain = connection_unmapped(connection);

    clear_scope(plain.family, &plain.local);
    clear_scope(plain.family, &plain.remote);
    return plain;
}

/* Closes it in the listings; false where none has it.  A listener is no connection. */
static bool close_rows(const struct script *script, const struct connection *connection)
{
    const struct connection plain = as_in_row(connection);
    bool found = false;

    for (size_t i = 0; i < script->row_count; i++) {
        const struct script_row *row = &script->rows[i];

        if (row->state != STATE_LISTEN && memcmp(&row->connection, &plain, sizeof(plain)) == 0) {
            found = mock_close(i) || found;
        }
    }
    return found;
}

/* Of successive calls each gets the next one, and all that come later the last one. */
static struct script_reply next_reply(const struct script_rule *rule)
{
    const uint32_t count = mock_count(rule);

    return rule->replies[count < rule->reply_count ? count : rule->reply_count - 1];
}

/* There is nothing to be done beforehand. */
int backend_begin(const struct connection *connection)
{
    (void)connection;
    return 0;
}

void backend_leave(int begun)
{
    (void)begun;
}

struct answer backend_close(const struct connection *connection, int begun)
{
    const struct script *script = &mock_get()->script;
    const struct script_rule *rule = script_rule_for(script, connection);
    struct script_reply reply;

    (void)begun;
    if (connection->family == CONNECTION_IPV4 ? script->lacks_ipv4 : script->lacks_ipv6) {
        return answer_of(connection->family == CONNECTION_IPV4 ? ANSWER_NO_IPV4 : ANSWER_NO_IPV6);
    }
    if (!rule) {
        return answer_of(close_rows(script, connection) ? ANSWER_CLOSED : ANSWER_NOT_FOUND);
    }
    reply = next_reply(rule);
    if (reply.delay > 0) {
        os_sleep(reply.delay);
    }
    if (answer_rows[reply.answer.kind].status == STATUS_DONE) {
        close_rows(script, connection);
    }
    return reply.answer;
}
