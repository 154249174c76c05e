/* SPDX-License-Identifier: MIT */
/* The input is what the kernel says: its answers over netlink, its list of interfaces, and a number of its own. */
#include "fuzz.h"

#include "host/diag.h"
#include "host/diag_each.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
    QUESTIONS = 4,
    INTERFACES = 3,
    SOCKET = 1000, /* descriptors that there are not */
    NUMBER = 1001,
    INODE = 4711,
    MAX_ERRNO = 4095,
};

enum answer_flags
{
    IS_ERROR = 1,
    IS_OUT_OF_TURN = 2,
    HAS_OWN_LENGTH = 4,
};

static struct input input;
static uint32_t sequence; /* of the question that was sent last */
static FILE *interfaces;
static char *list; /* what is in it */

/* What lies behind the answer that came last. */
static char *behind;
static size_t behind_bytes;

/* ---- in place of the C library's, whose names the parameters have ---- */

int socket(int domain, int type, int protocol)
{
    (void)domain;
    (void)type;
    (void)protocol;
    return SOCKET;
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    (void)addr;
    (void)len;
    promise(fd == SOCKET);
    return 0;
}

int fstat(int fd, struct stat *buf)
{
    promise(fd == SOCKET);
    *buf = (struct stat){.st_ino = INODE};
    return 0;
}

/* Only one file of it is opened here; others are libFuzzer's. */
FILE *fopen(const char *filename, const char *modes)
{
    size_t bytes;

    if (strcmp(filename, "/proc/net/dev") != 0) {
        return fopen64(filename, modes);
    }
    list = (char *)take_part(&input, &bytes);
    interfaces = bytes > 0 ? fmemopen(list, bytes, "r") : fopen64("/dev/null", "r");
    return interfaces;
}

int open(const char *file, int oflag, ...)
{
    (void)oflag;
    promise(strcmp(file, "/proc/sys/kernel/overflowuid") == 0);
    return NUMBER;
}

ssize_t read(int fd, void *buf, size_t nbytes)
{
    const size_t bytes = fd == NUMBER ? take_below(&input, nbytes + 1) : 0;

    if (fd != NUMBER) {
        return syscall(SYS_read, fd, buf, nbytes);
    }
    take(&input, buf, bytes);
    return (ssize_t)bytes;
}

int ioctl(int fd, unsigned long request, ...)
{
    struct ifreq *asked;
    va_list more;

    va_start(more, request);
    asked = va_arg(more, struct ifreq *);
    va_end(more);
    promise(fd == SOCKET && request == SIOCGIFINDEX);
    promise(memchr(asked->ifr_name, 0, sizeof(asked->ifr_name)) != NULL);
    asked->ifr_ifindex = take_byte(&input);
    return asked->ifr_ifindex == UINT8_MAX ? -1 : 0;
}

ssize_t send(int fd, const void *buf, size_t n, int flags)
{
    (void)flags;
    promise(fd == SOCKET && n >= sizeof(struct nlmsghdr));
    sequence = ((const struct nlmsghdr *)buf)->nlmsg_seq;
    return (ssize_t)n;
}

static void may_be_read(void)
{
    ASAN_UNPOISON_MEMORY_REGION(behind, behind_bytes);
    behind_bytes = 0;
}

/* Nobody may look behind what came, although there is room. */
ssize_t recv(int fd, void *buf, size_t n, int flags)
{
    struct nlmsghdr header = {.nlmsg_seq = sequence};
    const uint8_t answer_flags = take_byte(&input);
    uint8_t *part;
    size_t bytes;

    (void)flags;
    promise(fd == SOCKET && n > sizeof(header));
    may_be_read();
    if (input.left == 0 || answer_flags & IS_ERROR) {
        errno = input.left == 0 ? ENODATA : 1 + take_byte(&input);
        return -1;
    }
    header.nlmsg_seq += answer_flags & IS_OUT_OF_TURN ? 1 : 0;
    take(&input, &header.nlmsg_type, sizeof(header.nlmsg_type));
    if (answer_flags & HAS_OWN_LENGTH) {
        take(&input, &header.nlmsg_len, sizeof(header.nlmsg_len));
    }
    part = take_part(&input, &bytes);
    bytes = bytes < n - sizeof(header) ? bytes : n - sizeof(header);
    if (!(answer_flags & HAS_OWN_LENGTH)) {
        header.nlmsg_len = (uint32_t)(sizeof(header) + bytes);
    }
    memcpy(buf, &header, sizeof(header));
    memcpy((char *)buf + sizeof(header), part, bytes);
    free(part);
    bytes += sizeof(header);
    behind = (char *)buf + bytes;
    behind_bytes = n - bytes;
    ASAN_POISON_MEMORY_REGION(behind, behind_bytes);
    return (ssize_t)bytes;
}

/* ---- what is promised ---- */

static void promise_errno(int error)
{
    may_be_read();
    promise(error >= 0 && error <= MAX_ERRNO);
}

static size_t listed;

static void take_listed(void *taker, const struct diag_socket *socket)
{
    promise(taker == &listed);
    promise(socket->connection.family == CONNECTION_IPV4 ||
            socket->connection.family == CONNECTION_IPV6);
    promise(!socket->is_subflow);
    listed++;
}

static void ask(void)
{
    const struct connection connection = {
        .family = take_byte(&input) & 1 ? CONNECTION_IPV6 : CONNECTION_IPV4,
    };
    uint32_t indexes[INTERFACES];
    struct diag_socket found = {.connection = connection};

    switch (take_below(&input, 5)) {
    case 0:
        promise_errno(diag_find(&connection, 0, &found));
        break;
    case 1:
        promise_errno(diag_destroy(&connection, &found));
        break;
    case 2:
        promise_errno(diag_probe(connection.family));
        break;
    case 3:
        promise(diag_interfaces(indexes, INTERFACES) <= INTERFACES);
        break;
    default:
        promise_errno(diag_each(connection.family, UINT32_MAX, take_listed, &listed));
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input = (struct input){data, size};
    promise(diag_open() == 0 && diag_socket_inode() == INODE);
    for (int i = 0; i < QUESTIONS; i++) {
        ask();
    }
    fclose(interfaces);
    free(list);
    return 0;
}
