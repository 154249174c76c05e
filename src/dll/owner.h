/* SPDX-License-Identifier: MIT */
/*
 * What a thread has to itself for a while, and leaves as it is when it is ended meanwhile (TerminateThread).
 * A mutex of the system's would tell that, too, at the price of two more system calls each time.
 */
#ifndef OWNER_H
#define OWNER_H

#include <stdbool.h>
#include <stdint.h>

/* Whose it is, by the number of that thread and its mark: in one word, so that nobody sees the number of one and the
 * mark of another.  0: nobody's. */
typedef uint64_t owner_word;

owner_word owner_of(const owner_word *owned);

/* Makes it the calling thread's, if it is that owner's, or with 0 nobody's. */
bool owner_try(owner_word *owned, owner_word owner_before);
void owner_leave(owner_word *owned);

/* Was its owner ended with it? Nobody else of that thread's number would come here.  Wine takes its time to say it. */
bool owner_is_left_behind(owner_word owner);

/* Of many: has one an owner, but for that one (-1: none)?  If it is to look, one that lives. */
bool owner_is_any(const owner_word *owned, int count, int but, bool is_to_look);
bool owner_is_any_left_behind(const owner_word *owned, int count);
void owner_clear_left_behind(owner_word *owned, int count);

#endif
