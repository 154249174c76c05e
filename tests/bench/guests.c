/* SPDX-License-Identifier: MIT */
#include "guests.h"

#include "asker.h"
#include "give_up.h"

#include <errno.h>

enum
{
    GUESTS_AT_MOST = 1000,
};

static struct asker guests[GUESTS_AT_MOST];
static size_t guest_count;

static void come(const char *folder, size_t index)
{
    struct asker *guest = &guests[index];
    char name[sizeof(guest->page_path)];

    snprintf(name, sizeof(name), "%s/" HOST_PAGE_PREFIX "%08zx", folder, index);
    asker_make_page(guest, name);
    asker_ring(guest);
    if (asker_wait_until_met(guest) != HOST_READY) {
        errno = EBUSY;
        give_up("a helper outside does not serve as many programs");
    }
    asker_ring(guest);
}

void guests_come(const char *folder, size_t count)
{
    for (; guest_count < count; guest_count++) {
        come(folder, guest_count);
    }
}

void guests_leave(void)
{
    while (guest_count > 0) {
        asker_leave(&guests[--guest_count]);
    }
}
