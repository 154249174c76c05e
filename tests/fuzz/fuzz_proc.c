/* SPDX-License-Identifier: MIT */
/*
 * The input is what Linux says in /proc, of a process and of all connections and netlink sockets; the lists come
 * in parts of any length.
 */
#include "fake_proc.h"

#include "dll/linux_list.h"
#include "dll/linux_process.h"
#include "dll/linux_tcp.h"

#include "fuzz.h"

#define PROC_NET L"\\\\?\\unix\\proc\\net\\"

/* A connection, and how /proc/net/tcp and tcp6 have it. */
static const struct connection connection = {
    .local = {.address = {127, 0, 0, 1}, .port = 0x901F},
    .remote = {.address = {127, 0, 0, 1}, .port = 0x50C3},
    .family = CONNECTION_IPV4,
};
static const char over_ipv4[] = "0100007F:1F90 0100007F:C350 ";
static const char over_ipv6[] = "0000000000000000FFFF00000100007F:1F90 "
                                "0000000000000000FFFF00000100007F:C350 ";

/* ---- of a process, on the heap and no longer than it is ---- */

static void read_process(struct input *input)
{
    struct linux_process process;
    const DWORD length = (DWORD)input->left;
    char *text = malloc(length > 0 ? length : 1);

    promise(text != NULL);
    take(input, text, length);
    if (linux_process_read(text, length, &process)) {
        promise(memchr(text, ')', length) != NULL);
    }
    linux_command_line_ends_with(text, length, L"/dev/shm/settcpentry-1234");
    free(text);
}

/* ---- lists ---- */

/* Up to a NUL, or the input's end.  The caller frees it. */
static char *take_text(struct input *input)
{
    const size_t length = strnlen((const char *)input->at, input->left);
    char *text = malloc(length + 1);

    promise(text != NULL);
    take(input, text, length);
    text[length] = 0;
    take_byte(input);
    return text;
}

static bool is_whole(const char *text)
{
    return *text && text[strlen(text) - 1] == '\n';
}

static void set_list(int i, const WCHAR *path, const char *text, bool is_there)
{
    fake_proc.files[i].path = is_there ? path : NULL;
    fake_proc.files[i].text = text;
}

/* However long the parts are, it comes to the same. */
static enum linux_tcp_presence look_for_connection(DWORD part_chars)
{
    fake_proc.part_chars = part_chars;
    fake_proc.readings = 0;
    return linux_tcp_look(&connection);
}

static void read_connections(struct input *input, DWORD part_chars)
{
    const uint8_t flags = take_byte(input);
    char *tcp = take_text(input);
    char *tcp6 = take_text(input);
    enum linux_tcp_presence presence;

    set_list(0, PROC_NET L"tcp", tcp, !(flags & 1));
    set_list(1, PROC_NET L"tcp6", tcp6, !(flags & 2));
    fake_proc.files[0].error = flags & 4 ? ERROR_ACCESS_DENIED : NO_ERROR;
    fake_proc.files[1].error = flags & 8 ? ERROR_ACCESS_DENIED : NO_ERROR;
    presence = look_for_connection(part_chars);
    promise(presence == look_for_connection(INT32_MAX));
    if (presence == LINUX_TCP_PRESENT) {
        promise(strstr(tcp, over_ipv4) || strstr(tcp6, over_ipv6));
    } else if (presence == LINUX_TCP_ABSENT) {
        promise(is_whole(tcp) && !(flags & 5) && (flags & 2 || (is_whole(tcp6) && !(flags & 8))));
    }
    free(tcp);
    free(tcp6);
}

static enum linux_listed look_for_socket(DWORD part_chars)
{
    static const DWORD inode = 4711;

    fake_proc.part_chars = part_chars;
    fake_proc.readings = 0;
    return linux_list_look(L"/proc/net/netlink", linux_network_line_has, &inode);
}

static void read_sockets(struct input *input, DWORD part_chars)
{
    char *text = take_text(input);
    enum linux_listed listed;

    set_list(0, PROC_NET L"netlink", text, true);
    listed = look_for_socket(part_chars);
    promise(listed == look_for_socket(INT32_MAX));
    if (listed == LINUX_LISTED) {
        promise(strstr(text, "4711") != NULL);
    } else {
        promise(listed == (is_whole(text) ? LINUX_NOT_LISTED : LINUX_LIST_UNKNOWN) ||
                strlen(text) > LINUX_LINE_CHARS);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    const size_t kind = take_below(&input, 3);
    const DWORD part_chars = 1 + take_byte(&input);

    memset(&fake_proc, 0, sizeof(fake_proc));
    switch (kind) {
    case 0:
        read_process(&input);
        break;
    case 1:
        read_connections(&input, part_chars);
        break;
    default:
        read_sockets(&input, part_chars);
        break;
    }
    return 0;
}
