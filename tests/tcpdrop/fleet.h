/* SPDX-License-Identifier: MIT */
/*
 * Connections of other processes (holder.c), whose other ends the test itself has: 200 of them, of all kinds, and as
 * many more as a test wants.  All of it ends the program, with a word, if something does not work.
 */
#ifndef FLEET_H
#define FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct holder
{
    char name[32]; /* as the system has it */
    uint32_t id;   /* of the process, as the program's own system has it */
    pid_t process; /* the same for Linux */
    int control;
    uint32_t slots; /* taken so far */
};

struct held
{
    struct holder *holder;
    const char *family; /* "4", "6", or "dual": IPv4 over an IPv6 socket */
    const char *local;  /* the address of the holder's end */
    const char *remote;
    uint32_t slot;
    int server; /* the test's end */
    uint16_t local_port;
    uint16_t remote_port;
    bool is_half_closed; /* by the test: CLOSE-WAIT there, FIN-WAIT-2 here */
    bool is_meant;       /* the test wants it dropped */
};

enum
{
    FLEET = 200,
    FLEET_HOLDERS = 5,
};
extern struct held fleet[FLEET];
extern struct holder fleet_holders[FLEET_HOLDERS];

/* Where the test listens, at every address. */
enum
{
    FLEET_PORTS = 3,
};
extern const uint16_t fleet_ports[FLEET_PORTS];

/* Closes whatever connections there are in this network, and makes the 200; holders are programs in this folder. */
void fleet_open(const char *folder, bool is_windows);
void fleet_close(void);

void holder_start(struct holder *holder, const char *folder, const char *name, bool is_windows);
void holder_end(struct holder *holder);

/* Opens it, in a slot of its own; or again, in the one that it has. */
void held_open(struct held *held);

/* Abruptly, so that nothing of it stays in the table. */
void held_close(struct held *held);

/* Waits until the test's end sees the connection reset; false: it does not, in a time that is long enough. */
bool held_is_reset(const struct held *held);

/*
 * Looks at both ends of all of these: are those that are meant, and no others, dropped?  If not, this prints which is
 * otherwise.  Those that are dropped are to be opened again.
 */
bool held_are_dropped_as_meant(struct held *all, size_t count);
void held_open_again(struct held *all, size_t count);

#endif
