/* SPDX-License-Identifier: MIT */
#include "owner.h"

#include "os.h"

owner_word owner_of(const owner_word *owned)
{
    return __atomic_load_n(owned, __ATOMIC_SEQ_CST);
}

bool owner_try(owner_word *owned, owner_word owner_before)
{
    const owner_word thread = (owner_word)os_thread_mark() << 32 | os_thread();

    return __atomic_compare_exchange_n(owned, &owner_before, thread, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_RELAXED);
}

void owner_leave(owner_word *owned)
{
    __atomic_store_n(owned, 0, __ATOMIC_SEQ_CST);
}

bool owner_is_left_behind(owner_word owner)
{
    const DWORD thread = (DWORD)owner;

    return owner != 0 &&
           (thread == os_thread() || os_thread_has_ended(thread, (DWORD)(owner >> 32)));
}

bool owner_is_any(const owner_word *owned, int count, int but, bool is_to_look)
{
    for (int i = 0; i < count; i++) {
        const owner_word owner = owner_of(&owned[i]);

        if (i != but && owner != 0 && !(is_to_look && owner_is_left_behind(owner))) {
            return true;
        }
    }
    return false;
}

bool owner_is_any_left_behind(const owner_word *owned, int count)
{
    for (int i = 0; i < count; i++) {
        if (owner_is_left_behind(owner_of(&owned[i]))) {
            return true;
        }
    }
    return false;
}

void owner_clear_left_behind(owner_word *owned, int count)
{
    for (int i = 0; i < count; i++) {
        owner_word owner = owner_of(&owned[i]);

        if (owner_is_left_behind(owner)) {
            __atomic_compare_exchange_n(&owned[i], &owner, 0, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED);
        }
    }
}
