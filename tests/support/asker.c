/* SPDX-License-Identifier: MIT */
#include "asker.h"

#include "testing.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    PATIENCE_MS = 2 * HOST_JOIN_LIMIT_MS,
    WORDS_AT_MOST = 16,
    SPINS = 100000,
};

void asker_make_page(struct asker *asker, const char *name)
{
    *asker = (struct asker){.page_file = -1};
    snprintf(asker->page_path, sizeof(asker->page_path), "%s",
             *name ? name : "/dev/shm/" HOST_PAGE_PREFIX "XXXXXX");
    asker->page_file = *name ? open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
                             : mkostemp(asker->page_path, O_CLOEXEC);
    assert_true(asker->page_file >= 0);
    assert_int_equal(fchmod(asker->page_file, *name ? 0600 : 0), 0);
    assert_int_equal(ftruncate(asker->page_file, HOST_PAGE_BYTES), 0);
    asker->page =
        mmap(NULL, HOST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, asker->page_file, 0);
    assert_ptr_not_equal(asker->page, MAP_FAILED);
    asker->page->version = HOST_VERSION;
    __atomic_store_n(&asker->page->magic, HOST_MAGIC, __ATOMIC_RELEASE);
}

static const char *const *run_through;

void asker_through(const char *const words[])
{
    run_through = words;
}

void asker_become_helper(const char *helper, const char *const arguments[])
{
    const char *argv[WORDS_AT_MOST + 1];
    int count = 0;

    for (int i = 0; run_through && run_through[i] && count < WORDS_AT_MOST; i++) {
        argv[count++] = run_through[i];
    }
    argv[count++] = helper;
    for (int i = 0; arguments[i] && count < WORDS_AT_MOST; i++) {
        argv[count++] = arguments[i];
    }
    argv[count] = NULL;
    execvp(argv[0], (char *const *)argv);
    perror(argv[0]);
    _exit(127);
}

void asker_start(struct asker *asker, const char *helper, void (*limit)(void))
{
    asker->helper = fork();
    assert_true(asker->helper >= 0);
    if (asker->helper == 0) {
        if (limit) {
            limit();
        }
        asker_become_helper(helper, (const char *const[]){"--page", asker->page_path, NULL});
    }
}

void asker_ring(struct asker *asker)
{
    assert_int_equal(pwrite(asker->page_file, "", 1, HOST_BELL_OFFSET), 1);
}

enum host_state asker_wait_until_met(struct asker *asker)
{
    for (int waited = 0; waited < PATIENCE_MS; waited++) {
        const uint32_t state = __atomic_load_n(&asker->page->state, __ATOMIC_ACQUIRE);

        if (state != HOST_STARTING) {
            return (enum host_state)state;
        }
        usleep(1000);
    }
    return HOST_STARTING;
}

void asker_meet(struct asker *asker, const char *helper)
{
    asker_make_page(asker, "");
    asker_start(asker, helper, NULL);
    assert_int_equal(asker_wait_until_met(asker), HOST_READY);
    asker_ring(asker);
}

static struct connection_end end_of(const union pair_address *address)
{
    struct connection_end end = {.port = address->ipv4.sin_port}; /* where IPv6 has it, too */

    if (address->any.sa_family == AF_INET6) {
        memcpy(end.address, &address->ipv6.sin6_addr, 16);
        end.scope_id = address->ipv6.sin6_scope_id;
    } else {
        memcpy(end.address, &address->ipv4.sin_addr, 4);
    }
    return end;
}

struct host_request asker_request(const union pair_address *local, const union pair_address *remote)
{
    return (struct host_request){
        .version = HOST_VERSION,
        .connection =
            {
                .local = end_of(local),
                .remote = end_of(remote),
                .family = local->any.sa_family == AF_INET6 ? CONNECTION_IPV6 : CONNECTION_IPV4,
            },
    };
}

void asker_post(struct asker *asker, struct host_request request)
{
    const uint32_t id = ++asker->last_id;
    struct host_page *page = asker->page;

    request.id = request.id == 0 ? id : request.id; /* a test may want a wrong one */
    page->slots[0].request = request;
    page->slots_used = 1;
    __atomic_store_n(&page->slots[0].turn, host_turn(id, HOST_POSTED), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&page->asleep, __ATOMIC_SEQ_CST) != 0) {
        __atomic_store_n(&page->asleep, 0, __ATOMIC_SEQ_CST);
        asker_ring(asker);
    }
}

int asker_wait_for_answer(struct asker *asker)
{
    const uint32_t id = asker->last_id;
    const struct host_page *page = asker->page;

    for (int waits = 0; waits < SPINS + PATIENCE_MS; waits++) {
        if (__atomic_load_n(&page->slots[0].turn, __ATOMIC_ACQUIRE) ==
            host_turn(id, HOST_ANSWERED)) {
            return page->slots[0].answer.id == id && page->slots[0].answer.version == HOST_VERSION
                       ? page->slots[0].answer.kind
                       : -1;
        }
        if (waits >= SPINS) {
            if (asker_helper_has_ended(asker)) {
                return -1;
            }
            usleep(1000);
        }
    }
    return -1;
}

int asker_ask(struct asker *asker, struct host_request request)
{
    asker_post(asker, request);
    return asker_wait_for_answer(asker);
}

/* ---- two pipes ---- */

void asker_start_stream(struct asker *asker, const char *helper, void (*limit)(void))
{
    int requests[2];
    int answers[2];

    assert_int_equal(pipe2(requests, O_CLOEXEC) + pipe2(answers, O_CLOEXEC), 0);
    signal(SIGPIPE, SIG_IGN); /* of a helper that ends */
    *asker = (struct asker){.page_file = -1, .helper = fork()};
    assert_true(asker->helper >= 0);
    if (asker->helper == 0) {
        signal(SIGPIPE, SIG_DFL);
        dup2(requests[0], STDIN_FILENO);
        dup2(answers[1], STDOUT_FILENO);
        if (limit) {
            limit();
        }
        asker_become_helper(helper, (const char *const[]){"--stdio", NULL});
    }
    close(requests[0]);
    close(answers[1]);
    asker->requests = requests[1];
    asker->answers = answers[0];
}

bool asker_read_answer(struct asker *asker, struct host_answer *answer_out)
{
    struct pollfd comes = {.fd = asker->answers, .events = POLLIN};

    for (size_t had = 0; had < sizeof(*answer_out);) {
        const ssize_t got =
            poll(&comes, 1, PATIENCE_MS) == 1
                ? read(asker->answers, (char *)answer_out + had, sizeof(*answer_out) - had)
                : 0;

        if (got <= 0) {
            return false;
        }
        had += (size_t)got;
    }
    return true;
}

int asker_ask_stream(struct asker *asker, struct host_request request)
{
    struct host_answer answer;

    request.id = ++asker->last_id;
    if (write(asker->requests, &request, sizeof(request)) != sizeof(request) ||
        !asker_read_answer(asker, &answer)) {
        return -1;
    }
    return answer.id == request.id && answer.version == HOST_VERSION ? answer.kind : -1;
}

int asker_end_stream(struct asker *asker)
{
    close(asker->requests);
    close(asker->answers);
    return asker_wait_for_helper(asker);
}

/* ---- the end ---- */

bool asker_helper_has_ended(const struct asker *asker)
{
    siginfo_t info = {0};

    return asker->helper != 0 &&
           waitid(P_PID, (id_t)asker->helper, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0;
}

void asker_leave(struct asker *asker)
{
    unlink(asker->page_path); /* if the helper has not */
    munmap(asker->page, HOST_PAGE_BYTES);
    close(asker->page_file);
}

int asker_wait_for_helper(struct asker *asker)
{
    int status;

    for (int waited = 0; waited < PATIENCE_MS; waited++) {
        if (waitpid(asker->helper, &status, WNOHANG) == asker->helper) {
            return status;
        }
        usleep(1000);
    }
    kill(asker->helper, SIGKILL);
    waitpid(asker->helper, &status, 0);
    return -1;
}
