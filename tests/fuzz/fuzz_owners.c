/* SPDX-License-Identifier: MIT */
/* The input is what /proc says of a process: a descriptor's link, /proc/PID/comm, and /proc/PID/cmdline. */
#include "tcpdrop/owners_linux.h"

#include "common/text.h"

#include "fuzz.h"

/* As text, which ends with a NUL.  The caller frees it. */
static char *take_text(struct input *input)
{
    size_t bytes;
    uint8_t *part = take_part(input, &bytes);
    char *text = malloc(bytes + 1);

    promise(text != NULL);
    memcpy(text, part, bytes);
    text[bytes] = 0;
    free(part);
    return text;
}

static void promise_clean(const char *text)
{
    char *again = strdup(text);

    promise(again != NULL);
    for (const char *c = text; *c; c++) {
        promise((unsigned char)*c >= ' ' && *c != 0x7F);
    }
    text_clean(again);
    promise(strcmp(again, text) == 0);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    char *link = take_text(&input);
    char *comm = take_text(&input);
    char name[OWNER_NAME_BYTES];
    size_t bytes;
    char *command_line = (char *)take_part(&input, &bytes);
    const size_t length = strlen(comm);

    promise(owners_socket_inode(link) == 0 || link[strlen(link) - 1] == ']');
    owners_choose_name(comm, command_line, bytes, name);
    promise(strlen(name) < sizeof(name));
    promise_clean(name);
    text_clean(comm);
    promise(strlen(comm) <= length);
    promise_clean(comm);
    free(link);
    free(comm);
    free(command_line);
    return 0;
}
