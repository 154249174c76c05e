/* SPDX-License-Identifier: MIT */
/* Pure: the states of a TCP connection, by RFC 9293's names. */
#ifndef TCP_STATE_H
#define TCP_STATE_H

#include <stdint.h>

/* Numbers are those of the TCP table, enum MIB_TCP_STATE. */
enum tcp_state
{
    STATE_CLOSED = 1,
    STATE_LISTEN,
    STATE_SYN_SENT,
    STATE_SYN_RECEIVED,
    STATE_ESTABLISHED,
    STATE_FIN_WAIT_1,
    STATE_FIN_WAIT_2,
    STATE_CLOSE_WAIT,
    STATE_CLOSING,
    STATE_LAST_ACK,
    STATE_TIME_WAIT,
    STATES
};

/* A set of states has bit 1 << state of each. */
#define STATE_BIT(state) (1u << (state))
#define STATES_ALL (STATE_BIT(STATES) - STATE_BIT(STATE_CLOSED))

/* Those in which a program has, or may have, a connection: what is taken when nothing else is asked for. */
#define STATES_CONNECTED                                                                           \
    (STATES_ALL & ~(STATE_BIT(STATE_CLOSED) | STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_TIME_WAIT)))

/* Those that nobody can close. */
#define STATES_NEVER_CLOSED (STATE_BIT(STATE_CLOSED) | STATE_BIT(STATE_LISTEN))

/* "FIN-WAIT-1"; of a number that is none, "UNKNOWN". */
const char *tcp_state_name(enum tcp_state state);

/*
 * The set that a word means: RFC 9293's name, or how netstat of Windows or Linux, or ss, spells it (FIN_WAIT1,
 * ESTAB, LISTENING, SYN_RECV), in any case, with - or _ or nothing between; "all" is all.  0: it means none.
 */
uint32_t tcp_state_read(const char *word);

#endif
