/* SPDX-License-Identifier: MIT */
/*
 * Pure: which rows of the TCP table are asked for.
 *
 * Filters of one kind are alternatives, filters of different kinds have to hold all.  A function that adds one returns
 * NULL; or what is wrong with the text, as a sentence goes on after it.  It keeps the text, which has to live as long.
 * Where there is no memory, the program ends.
 */
#ifndef FILTER_H
#define FILTER_H

#include "table.h"

/* One end, or many: addresses of which the first `bits` are these, with ports of this range. */
struct filter_end
{
    const char *text; /* as it was given */
    uint32_t family;  /* enum connection_family; 0: either, and no address */
    uint8_t address[16];
    uint32_t bits;
    uint32_t scope_id; /* 0: any */
    uint16_t port_low; /* host byte order, 1 at least; both 0: any */
    uint16_t port_high;
};

struct filter_ends
{
    struct filter_end *all;
    size_t count;
};

struct filter
{
    struct filter_ends local;
    struct filter_ends remote;
    uint32_t families;   /* bits 1 << enum connection_family, of -4 and -6; 0: any */
    uint32_t states;     /* a set of tcp_state.h; 0: STATES_CONNECTED */
    uint32_t *processes; /* ids */
    size_t process_count;
    const char **names; /* of processes, with wildcards */
    size_t name_count;
};

/*
 * Finds a host's addresses, and gives each to take.  NULL, or why it has none.  NULL instead of the function: names are
 * not to be looked up.
 */
typedef void filter_take_func(void *taker, uint32_t family, const struct connection_end *end);
typedef const char *filter_resolve_func(const char *host, filter_take_func *take, void *taker);

/*
 * An end: *, ADDRESS, ADDRESS/BITS, [ADDRESS], [ADDRESS]/BITS, [ADDRESS/BITS], localhost (127.0.0.1 and ::1), or a
 * host's name, each with :PORT or :LOW-HIGH behind it; or :PORT, :LOW-HIGH alone.  An IPv6 address before a port stands
 * in brackets: without them the last colon is a part of the address, and ::1:80 is 0:0:0:0:0:0:1:80, with any port.
 * What an address has behind its BITS does not matter.  A mapped IPv6 address or network (::ffff:a.b.c.d/96+N) is the
 * IPv4 one.  A scope, fe80::1%2, counts for link-local addresses only; without one any is meant.
 */
const char *filter_add_end(struct filter_ends *ends, const char *text,
                           filter_resolve_func *resolve);
const char *filter_add_state(struct filter *filter, const char *text);
const char *filter_add_process(struct filter *filter, const char *text);
const char *filter_add_name(struct filter *filter, const char *text);

/*
 * NULL; or what is wrong, and in text_out with which end, as the other filters leave nothing for it to match: they are
 * for the other family, or only for listeners, which have no remote end.
 */
const char *filter_check(const struct filter *filter, const char **text_out);

/* What has to be asked of the system. */
struct table_wish filter_wish(const struct filter *filter);

/*
 * One whose owner is not known matches no process.  Where ids and names are asked for, one owner has to have an id and
 * a name of these.
 */
bool filter_matches(const struct filter *filter, const struct table *table,
                    const struct table_row *row);

/* * is any text, ? any one character; letters of ASCII match in either case.  The name's ".exe" may be left out. */
bool filter_name_matches(const char *pattern, const char *name);

void filter_free(struct filter *filter);

#endif
