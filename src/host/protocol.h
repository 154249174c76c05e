/* SPDX-License-Identifier: MIT */
/*
 * How the DLL and settcpentry-host talk: one page of memory that both map, and a pipe as doorbell.
 *
 * Meeting
 *   1. The DLL makes the page, a file of HOST_PAGE_BYTES that nobody can open (mode 0000), fills
 *      in magic and version, and starts the helper with the file as its standard input.  So the
 *      page needs no name that others could take first.
 *   2. The helper checks that the file belongs to its own user, removes the file's name, makes a
 *      pipe, says in the page where in /proc the DLL finds it, and sets state to HOST_READY.  If it
 *      cannot, it sets state to HOST_REFUSED.
 *   3. The DLL opens the pipe for writing and writes one byte.
 *   So nothing of the two is ever left in the file system, whoever is killed when.
 *
 * A request
 *   Its way is in one word, turn, which holds the request's id and how far it has come:
 *     DLL:    fill request;                            turn = id, HOST_POSTED
 *     helper: turn from HOST_POSTED to HOST_TAKEN in one step, copy request, act, fill answer;
 *                                                      turn = id, HOST_ANSWERED
 *     DLL:    out of patience, turn from HOST_POSTED to HOST_CANCELLED in one step: if that
 *             succeeds, the helper never acts on it; if not, nobody can tell whether it did.
 *   The helper watches turn for a while after each answer; before it goes to sleep it sets asleep
 *   and looks once more.  Who posts and finds asleep set clears it and writes a byte into the
 *   doorbell.  The DLL watches turn too, giving way more and more.
 *
 * End
 *   When the last writer of the doorbell is gone, which the kernel sees to even for a program
 *   that is killed, the helper ends.  The DLL tells from /proc whether the helper still lives.
 *
 * Limits on waiting
 *   The DLL: HOST_CALL_LIMIT_MS for a call, starting and one restart of the helper included.
 *   The helper: HOST_JOIN_LIMIT_MS for the DLL to open the doorbell; then as long as the program
 *   lives.
 *
 * Who may ask
 *   Who shares the page.  What the helper does for them is decided by its own real user id:
 *   root may close any connection, anybody else their own.  The page says nothing about rights.
 *
 * Two kinds of failure
 *   The call failed (the helper is missing, dead, late, or answers nonsense): the DLL finds that
 *   out by itself.  The helper said no: one of HOST_VERDICTS.
 *
 * All integers are in host byte order unless a comment says network.  magic and version keep their
 * places in every version; a helper that does not know the version refuses.
 */
#ifndef HOST_PROTOCOL_H
#define HOST_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#define HOST_MAGIC 0x50435453u /* "STCP" */
#define HOST_VERSION 1

#define HOST_PAGE_BYTES 4096

#define HOST_CALL_LIMIT_MS 5000
#define HOST_JOIN_LIMIT_MS 5000

enum host_state
{
    HOST_STARTING, /* a new page is all zeros */
    HOST_READY,
    HOST_REFUSED, /* the helper does not serve this page; its own version is in version */
};

enum host_family
{
    HOST_IPV4 = 4,
    HOST_IPV6 = 6,
};

struct host_request
{
    uint16_t version;           /* HOST_VERSION */
    uint16_t family;            /* enum host_family */
    uint32_t id;                /* the same as in turn */
    uint8_t local_address[16];  /* network byte order; IPv4 in the first 4 bytes, the rest 0 */
    uint8_t remote_address[16]; /* the same */
    uint16_t local_port;        /* network byte order */
    uint16_t remote_port;       /* network byte order */
    uint32_t local_scope_id;  /* interface index; counts for link-local addresses only, and only */
    uint32_t remote_scope_id; /* if there is such an interface */
};

/*
 * The helper's answers.  Each row: name, what SetTcpEntry and SetTcp6Entry return for it, what
 * LastError says.  The Win32 columns are used by the DLL only.
 */
#define HOST_VERDICTS(X)                                                                           \
    /* the connection is gone */                                                                   \
    X(VERDICT_GONE, NO_ERROR, NO_ERROR, NO_ERROR)                                                  \
    /* there is none, it is a listener, or nobody can tell any more whose it was */                \
    X(VERDICT_NOT_FOUND, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, ERROR_NOT_FOUND)                 \
    /* it belongs to another user */                                                               \
    X(VERDICT_NOT_OWNER, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED)            \
    /* the helper lacks CAP_NET_ADMIN in this network */                                           \
    X(VERDICT_NO_CAPABILITY, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD)   \
    /* the kernel has no such protocol, cannot list it, or cannot close its connections */         \
    X(VERDICT_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED)        \
    /* the request makes no sense: a version, family or id that was not to be expected */          \
    X(VERDICT_BAD_REQUEST, ERROR_INVALID_DATA, ERROR_INVALID_DATA, ERROR_INVALID_DATA)             \
    /* a system call failed unexpectedly: error has its errno */                                   \
    X(VERDICT_FAILED, ERROR_GEN_FAILURE, ERROR_GEN_FAILURE, ERROR_GEN_FAILURE)

enum host_verdict
{
#define X(name, ipv4_code, ipv6_code, last_error) name,
    HOST_VERDICTS(X)
#undef X
};

struct host_answer
{
    uint16_t version; /* HOST_VERSION */
    uint16_t verdict; /* enum host_verdict */
    uint32_t id;      /* the request's */
    uint32_t error;   /* Linux errno behind VERDICT_FAILED, else 0 */
};

/* turn = id << 2 | step, so ids have 30 bits.  A new page, all zeros, has nothing posted. */
enum host_step
{
    HOST_ANSWERED,
    HOST_POSTED,
    HOST_TAKEN,
    HOST_CANCELLED,
};

static inline uint32_t host_turn(uint32_t id, enum host_step step)
{
    return id << 2 | (uint32_t)step;
}

struct host_page
{
    uint32_t magic;            /* HOST_MAGIC, from the DLL */
    uint32_t version;          /* HOST_VERSION, from the DLL; replaced by a helper that refuses */
    uint32_t state;            /* enum host_state, from the helper */
    uint32_t process;          /* the helper's process id, as soon as it can say it */
    uint32_t doorbell_process; /* the doorbell is /proc/doorbell_process/fd/doorbell_descriptor */
    uint32_t doorbell_descriptor; /* until it was rung once */

    /* What each side writes often has a cache line of its own. */
    uint32_t turn __attribute__((aligned(64)));
    struct host_request request;
    uint32_t asleep __attribute__((aligned(64)));
    struct host_answer answer;
};

_Static_assert(sizeof(struct host_request) == 52, "the same for every compiler and architecture");
_Static_assert(sizeof(struct host_answer) == 12, "the same for every compiler and architecture");
_Static_assert(offsetof(struct host_page, turn) == 64, "the same everywhere");
_Static_assert(offsetof(struct host_page, asleep) == 128, "the same everywhere");
_Static_assert(sizeof(struct host_page) <= HOST_PAGE_BYTES, "one page");

#endif
