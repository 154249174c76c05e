/* SPDX-License-Identifier: MIT */
/* A program as the helper sees it, played by Linux: a page, and what the DLL does with it. */
#ifndef ASKER_H
#define ASKER_H

#include "protocol.h"

#include "pair.h"

#include <stdbool.h>
#include <sys/types.h>

struct asker
{
    int page_file;
    char page_path[64];
    struct host_page *page;
    pid_t helper; /* that was started for it; 0: one that runs outside */
    uint32_t last_id;
    int requests; /* instead of a page: the pipes to and from the helper */
    int answers;
};

/* A new page, with magic and version, under this name, as the DLL makes one in a folder; "" for one of
 * mode 0000, as for a helper of its own.  It can be spoilt before it is handed over. */
void asker_make_page(struct asker *asker, const char *name);

/* Starts the helper with the page.  Before that, in its process, limit() is called, if any. */
void asker_start(struct asker *asker, const char *helper, void (*limit)(void));

/* From now on helpers are run by this command (NULL-terminated), as by strace; NULL: directly. */
void asker_through(const char *const words[]);

/* In a new process: becomes the helper, with these arguments (NULL-terminated). */
void asker_become_helper(const char *helper, const char *const arguments[]);

void asker_ring(struct asker *asker);

/* Waits until the page's state is another than HOST_STARTING; HOST_STARTING: in vain. */
enum host_state asker_wait_until_met(struct asker *asker);

/* All of the above for a page that is as it should be, and the second ring. */
void asker_meet(struct asker *asker, const char *helper);

/* A request for this connection, as seen from local. */
struct host_request asker_request(const union pair_address *local,
                                  const union pair_address *remote);

/* Posts it, and rings if need be. */
void asker_post(struct asker *asker, struct host_request request);

/* Waits for the answer to what was posted last; -1 if none comes, or the helper ends. */
int asker_wait_for_answer(struct asker *asker);

/* Both. */
int asker_ask(struct asker *asker, struct host_request request);

/* Closes the page, as the end of the program does, and removes its name. */
void asker_leave(struct asker *asker);

/* Starts the helper with two pipes; as above, limit() is called before.  Processes that are forked meanwhile hold them
 * open, too. */
void asker_start_stream(struct asker *asker, const char *helper, void (*limit)(void));

/* The next answer from the pipe; false if none comes. */
bool asker_read_answer(struct asker *asker, struct host_answer *answer_out);

/* Writes the request, and waits for the answer to it; its kind, or -1. */
int asker_ask_stream(struct asker *asker, struct host_request request);

/* Closes both pipes, and waits for the helper's end: its wait status, or -1. */
int asker_end_stream(struct asker *asker);

/* Has the helper ended?  It can still be waited for. */
bool asker_helper_has_ended(const struct asker *asker);

/* Waits for the helper's end: its wait status, or -1 if it does not end. */
int asker_wait_for_helper(struct asker *asker);

#endif
