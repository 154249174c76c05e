/* SPDX-License-Identifier: MIT */
/*
 * How settcpentry-host is talked to: by the DLL through one page of memory, a file that both map; by a Linux
 * program through two pipes, or a socket.
 *
 * Meeting
 *   The page is a file of HOST_PAGE_BYTES.  For a helper of its own the DLL makes it with mode 0000, so
 *   that no other user can open it, for all can reach its folder; for one outside, whose folder is its
 *   user's alone, with an ordinary mode.  Its name is HOST_PAGE_PREFIX and 8 hexadecimal digits, which
 *   are no secret.  The DLL fills in version, then magic, and the helper comes by the name
 *     - on its command line, if the DLL starts it: --page FOLDER/NAME, in /dev/shm or else in /tmp;
 *     - by watching the folder, if it runs outside already (settcpentry-host --serve): it is one that
 *       both see (host_places.h), where the file HOST_SERVING_NAME says that somebody serves.  The DLL
 *       rings (below), which the helper notices.
 *   The helper opens the name relative to the folder, without following links, checks that the file
 *   belongs to its own user, removes the name, maps the file, and sets state to HOST_READY, or to
 *   what hinders it.  The DLL then looks whether network_socket is in its own network
 *   (/proc/net/netlink), and rings once more.
 *   So nothing of the two is left in the file system, whichever is killed when.  (Where Wine's server is killed before
 *   the helper has come, the page is: it was the server's to remove.)
 *
 * Ringing
 *   The DLL writes one byte, anything, at HOST_BELL_OFFSET of the file, by a system call: the helper
 *   watches the file with inotify(7), which also tells when the program closes it.  Where inotify cannot be
 *   had the helper never sets asleep, and looks by itself, after naps.
 *
 * A request
 *   It has a slot of the page: each thread of the program that calls takes one that is free, so that they
 *   need not wait for each other.  slots_used says how many of them the helper has to look at.
 *   A request's way is in one word, turn, which holds its id and how far it has come:
 *     DLL:    fill request;                            turn = id, HOST_ANNOUNCED
 *     helper: look up what is meant, and remember it; nothing is acted on yet
 *     DLL:    once the caller may:                     turn = id, HOST_POSTED
 *     helper: turn from HOST_POSTED to HOST_TAKEN in one step, act, fill answer;
 *                                                      turn = id, HOST_ANSWERED
 *     DLL:    where the caller may not, or out of patience, turn to HOST_CANCELLED, from HOST_POSTED in
 *             one step: if that succeeds, the helper never acts on it; if not, nobody can tell
 *             whether it did.
 *   So the helper looks while the DLL asks Wine for the caller's rights, which takes longer.  The first step may be
 *   left out, and the helper need not have seen it.  What is announced does not change until it is answered.
 *   The helper watches turn for a while after each step; before it goes to sleep it sets asleep
 *   and looks once more.  Who announces or posts and finds asleep set clears it and rings.  The DLL watches turn
 *   too, giving way more and more.
 *
 * End
 *   When the program closes the page, which the kernel sees to even if it is killed, the helper
 *   forgets it; one that the DLL started ends then.  A helper that ends sets state to HOST_ENDED;
 *   one that is killed cannot, and the DLL tells from /proc whether it still lives.
 *
 * Limits on waiting
 *   The DLL: HOST_CALL_LIMIT_MS for a call, everything included, of which HOST_MEET_LIMIT_MS for a
 *   helper outside to notice it, HOST_MEET_AGAIN_LIMIT_MS in each further folder, and
 *   HOST_START_LIMIT_MS for one that it starts to be ready, unless /proc says that this one is at
 *   work.  The helper: HOST_JOIN_LIMIT_MS for the DLL's second ring; then as long as the program lives.
 *
 * Two pipes
 *   A Linux program starts a helper of its own: settcpentry-host --stdio.  On its standard input comes one
 *   struct host_request after another; on its standard output goes a struct host_answer to each, in their
 *   order.  It answers what it has been able to read at once, up to HOST_REQUESTS_AT_ONCE, and only then reads
 *   on: who asks for more than that has to read answers meanwhile, or the two wait for each other.  A
 *   request that makes no sense is answered so, and those behind it as usual.  Where the kernel does not give
 *   the helper what it needs, each answer says so.  It ends where its input does: with status 0, or if that is within
 *   a request, with 1; and when nobody reads its answers any more, with 0.
 *
 * Who may ask
 *   Who shares the page, or has started the helper.  What the helper does for them is decided by its own
 *   real user id: root may close any connection, anybody else their own.  Nothing that is asked says
 *   anything about rights.
 *
 * Two kinds of failure
 *   The call failed (the helper is missing, dead, late, or answers nonsense): the DLL finds that
 *   out by itself.  The helper said no: def/answers.inc has both.
 *
 * All integers are in host byte order unless a comment says network.  magic and version keep their
 * places in every version; a helper that does not know the version refuses.
 */
#ifndef HOST_PROTOCOL_H
#define HOST_PROTOCOL_H

#include "answer.h"
#include "connection.h"
#include "host_places.h"

#include <stddef.h>
#include <stdint.h>

#define HOST_MAGIC 0x50435453u /* "STCP" */
#define HOST_VERSION                                                                               \
    4 /* another one whenever this file or the helper's rows of def/answers.inc change */

#define HOST_PAGE_BYTES 4096

#define HOST_CALL_LIMIT_MS 5000
#define HOST_MEET_LIMIT_MS 2000
#define HOST_MEET_AGAIN_LIMIT_MS 500
#define HOST_START_LIMIT_MS 1000
#define HOST_JOIN_LIMIT_MS 5000

#define HOST_PAGE_PREFIX "settcpentry-"

#define HOST_REQUESTS_AT_ONCE 64

enum host_state
{
    HOST_STARTING, /* a new page is all zeros */
    HOST_READY,
    HOST_REFUSED, /* the helper does not serve this page; its own version is in version */
    HOST_BUSY,    /* it serves as many programs as it can */
    HOST_FAILED,  /* it cannot serve: the kernel does not give it what it needs */
    HOST_ENDED,   /* it did serve it, but will not any more */
};

struct host_request
{
    uint32_t version;             /* HOST_VERSION */
    uint32_t id;                  /* the same as in turn; in a pipe, any number */
    struct connection connection; /* scope ids count only if there is such an interface */
    /* That very socket is meant, by the kernel's cookie, lower half first; both 0, as the DLL has it: whichever has
     * these addresses now. */
    uint32_t identity[2];
};

/* Copies one, word by word and each once: the other side may change or read the one on the page meanwhile. */
static inline void host_copy_request(struct host_request *to, const struct host_request *from)
{
    typedef uint32_t __attribute__((may_alias)) word;

    for (size_t i = 0; i < sizeof(*to) / sizeof(word); i++) {
        __atomic_store_n((word *)to + i, __atomic_load_n((const word *)from + i, __ATOMIC_RELAXED),
                         __ATOMIC_RELAXED);
    }
}

static inline uint64_t host_identity(const struct host_request *request)
{
    return request->identity[0] | (uint64_t)request->identity[1] << 32;
}

struct host_answer
{
    uint16_t version; /* HOST_VERSION */
    uint16_t kind;    /* enum answer_kind, of those that are the helper's */
    uint32_t id;      /* the request's */
    uint32_t detail;  /* as in struct answer */
};

/* A new page, all zeros, has nothing posted. */
enum host_step
{
    HOST_ANSWERED,
    HOST_ANNOUNCED,
    HOST_POSTED,
    HOST_TAKEN,
    HOST_CANCELLED,
};

#define HOST_SLOTS 16

/* turn = id << 3 | step. */
#define HOST_LAST_ID (UINT32_MAX >> 3)

static inline uint32_t host_turn(uint32_t id, enum host_step step)
{
    return id << 3 | (uint32_t)step;
}

static inline uint32_t host_turn_id(uint32_t turn)
{
    return turn >> 3;
}

static inline uint32_t host_turn_step(uint32_t turn)
{
    return turn & 7;
}

/* What each side writes often shares no cache line with what others do. */
struct host_slot
{
    struct host_request request;
    uint32_t turn;
    struct host_answer answer;
    uint32_t unused[11];
};

struct host_page
{
    uint32_t magic;             /* HOST_MAGIC, from the DLL */
    uint32_t version;           /* HOST_VERSION, from the DLL; replaced by a helper that refuses */
    uint32_t state;             /* enum host_state, from the helper */
    uint32_t process;           /* the helper's process id, as soon as it can say it */
    uint32_t network_socket;    /* the inode of its netlink socket, which tells its network */
    uint32_t has_one_processor; /* the helper: it cannot run while the one who asks it spins */
    uint32_t slots_used;        /* from the DLL, never less than before */
    uint8_t bell;
    uint32_t unused[24];
    uint32_t asleep;
    uint32_t unused_too[31];
    struct host_slot slots[HOST_SLOTS];
};

#define HOST_BELL_OFFSET offsetof(struct host_page, bell)

_Static_assert(sizeof(struct host_request) == 68, "the same for every compiler and architecture");
_Static_assert(sizeof(struct host_answer) == 12, "the same for every compiler and architecture");
_Static_assert(sizeof(struct host_slot) == 128, "the same everywhere, and whole lines");
_Static_assert(HOST_BELL_OFFSET == 28, "the same everywhere");
_Static_assert(offsetof(struct host_page, asleep) == 128,
               "the same everywhere, and a line's begin");
_Static_assert(offsetof(struct host_page, slots) == 256, "the same everywhere, and a line's begin");
_Static_assert(sizeof(struct host_page) <= HOST_PAGE_BYTES, "one page");

#endif
