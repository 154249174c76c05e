/* SPDX-License-Identifier: MIT */
#include "system.h"

#include "child_linux.h"
#include "endpoint.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum
{
    HOST_BYTES = 253,     /* of the longest name.  Source: RFC 1035, 2.3.4 */
    GETENT_NOT_FOUND = 2, /* its exit status */
};

bool system_is_terminal(int descriptor)
{
    return isatty(descriptor) == 1;
}

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

uint32_t system_milliseconds(void)
{
    return (uint32_t)now();
}

/* ---- being told to end ---- */

static sigset_t stops;
static bool is_stopped;

/* They wait in the kernel until system_wait takes one: so what is going on is not cut short, neither here nor in the
 * helper, which is started with the same signals blocked and gets a terminal's Ctrl-C, too.  What nohup or a shell has
 * us ignore would wait there as well. */
void system_catch_stop(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action;

    sigemptyset(&stops);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN) {
            sigaddset(&stops, signals[i]);
        }
    }
    sigprocmask(SIG_BLOCK, &stops, NULL);
}

bool system_wait(uint32_t milliseconds)
{
    const uint64_t end = now() + milliseconds;
    uint64_t left = milliseconds;
    int error = EINTR;

    while (!is_stopped && error == EINTR) {
        const struct timespec time = {
            .tv_sec = (time_t)(left / 1000),
            .tv_nsec = (long)(left % 1000) * 1000000,
        };

        is_stopped = sigtimedwait(&stops, NULL, &time) > 0;
        error = errno;
        left = now() < end ? end - now() : 0;
    }
    return !is_stopped;
}

/* ---- names ---- */

/* Each line begins with an address; most come several times, one after the other. */
static void give_addresses(FILE *lines, filter_take_func *take, void *taker)
{
    struct connection_end before = {.port = 0};
    uint32_t family_before = 0;
    struct connection_end end;
    uint32_t family;
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, lines) > 0) {
        if (endpoint_read_address(line, strcspn(line, " \t\n"), &family, &end) ||
            (family == family_before && memcmp(&end, &before, sizeof(end)) == 0)) {
            continue;
        }
        take(taker, family, &end);
        before = end;
        family_before = family;
    }
    free(line);
}

static bool is_host_name(const char *host)
{
    const size_t length = strlen(host);

    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)host[i] <= ' ' || host[i] == 0x7F) {
            return false;
        }
    }
    return length > 0 && length <= HOST_BYTES && host[0] != '-'; /* which would be an option */
}

static const char *why_not_asked(int error)
{
    static char wrong[128];

    if (error == ENOENT) {
        return "cannot be looked up: there is no program getent here";
    }
    snprintf(wrong, sizeof(wrong), "cannot be looked up: getent: %s", strerror(error));
    return wrong;
}

static const char *why_not_found(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == GETENT_NOT_FOUND) {
        return "is the name of no host that is known here";
    }
    return status == 0 ? NULL : "cannot be looked up: getent failed";
}

/* Not by getaddrinfo: in a program that is linked statically that does without what /etc/nsswitch.conf names, or
 * crashes over it. */
const char *system_resolve(const char *host, filter_take_func *take, void *taker)
{
    const char *const arguments[] = {"getent", "ahosts", host, NULL};
    struct child getent;
    FILE *lines;
    int error;

    if (!is_host_name(host)) {
        return "is no name that a host can have";
    }
    error = child_start(arguments[0], arguments, &getent);
    if (error != 0) {
        return why_not_asked(error);
    }
    lines = fdopen(getent.socket, "r");
    if (!lines) {
        error = errno;
        close(getent.socket);
        child_kill(&getent);
        return why_not_asked(error);
    }
    give_addresses(lines, take, taker);
    fclose(lines);
    return why_not_found(child_wait(&getent));
}
