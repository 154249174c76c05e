/* SPDX-License-Identifier: MIT */
#include "tcp_state.h"

#include <stdbool.h>
#include <stddef.h>

/* RFC 9293's; a dash may be any that tcp_state_read takes. */
static const char *const names[STATES] = {
    [STATE_CLOSED] = "CLOSED",           [STATE_LISTEN] = "LISTEN",
    [STATE_SYN_SENT] = "SYN-SENT",       [STATE_SYN_RECEIVED] = "SYN-RECEIVED",
    [STATE_ESTABLISHED] = "ESTABLISHED", [STATE_FIN_WAIT_1] = "FIN-WAIT-1",
    [STATE_FIN_WAIT_2] = "FIN-WAIT-2",   [STATE_CLOSE_WAIT] = "CLOSE-WAIT",
    [STATE_CLOSING] = "CLOSING",         [STATE_LAST_ACK] = "LAST-ACK",
    [STATE_TIME_WAIT] = "TIME-WAIT",
};

static const struct
{
    const char *name;
    uint32_t states;
} other_names[] = {
    {"ALL", STATES_ALL},
    {"CLOSE", STATE_BIT(STATE_CLOSED)},
    {"UNCONN", STATE_BIT(STATE_CLOSED)},
    {"LISTENING", STATE_BIT(STATE_LISTEN)},
    {"SYN-RECV", STATE_BIT(STATE_SYN_RECEIVED)},
    {"SYN-RCVD", STATE_BIT(STATE_SYN_RECEIVED)},
    {"ESTAB", STATE_BIT(STATE_ESTABLISHED)},
};

const char *tcp_state_name(enum tcp_state state)
{
    return state >= STATE_CLOSED && state < STATES ? names[state] : "UNKNOWN";
}

static bool is_spelt(const char *word, const char *name)
{
    for (; *name; name++) {
        const int c = *word >= 'a' && *word <= 'z' ? *word - 'a' + 'A' : *word;

        if (*name == '-') {
            word += c == '-' || c == '_';
        } else if (c != *name) {
            return false;
        } else {
            word++;
        }
    }
    return *word == 0;
}

uint32_t tcp_state_read(const char *word)
{
    for (int state = STATE_CLOSED; state < STATES; state++) {
        if (is_spelt(word, names[state])) {
            return STATE_BIT(state);
        }
    }
    for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++) {
        if (is_spelt(word, other_names[i].name)) {
            return other_names[i].states;
        }
    }
    return 0;
}
