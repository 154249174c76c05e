/* SPDX-License-Identifier: MIT */
#include "fake_world.h"

#include "system.h"
#include "tcpdrop.h"
#include "testing.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    ARGUMENTS_AT_MOST = 32,
};

struct world world;

void world_begin(void)
{
    memset(&world, 0, sizeof(world));
    world.look_count = 1;
}

struct table_row *world_add(size_t look, uint16_t port, uint64_t identity)
{
    struct table_row *row = &world.looks[look].rows[world.looks[look].count++];

    assert_true(look < WORLD_LOOKS && world.looks[look].count <= WORLD_ROWS);
    world.look_count = look + 1 > world.look_count ? look + 1 : world.look_count;
    *row = (struct table_row){
        .connection =
            {
                .local = {.address = {127, 0, 0, 1}, .port = htons(port)},
                .remote = {.address = {127, 0, 0, 2}, .port = htons(port)},
                .family = CONNECTION_IPV4,
            },
        .state = STATE_ESTABLISHED,
        .identity = identity,
        .owners = 1,
    };
    return row;
}

/* ---- the seams ---- */

const char *table_read(const struct table_wish *wish, struct table *table_out)
{
    const size_t look = world.looked < world.look_count ? world.looked : world.look_count - 1;
    const size_t count = world.looks[look].count;

    world.looked++;
    if (world.looks[look].wrong) {
        return world.looks[look].wrong;
    }
    world.owners_were_asked = world.owners_were_asked || wish->owners;
    *table_out = (struct table){
        .rows = calloc(count + 1, sizeof(struct table_row)),
        .count = count,
        .owners = calloc(1, sizeof(struct table_owner)),
        .owner_count = 1,
    };
    assert_non_null(table_out->rows);
    assert_non_null(table_out->owners);
    memcpy(table_out->rows, world.looks[look].rows, count * sizeof(struct table_row));
    table_out->owners[0] = (struct table_owner){100, "game.exe"};
    return NULL;
}

void table_free(struct table *table)
{
    free(table->rows);
    free(table->owners);
}

static enum answer_kind answer_for(uint16_t port)
{
    const enum answer_kind kind = world.answers[port];

    if (world.refusals[port] > 0 && --world.refusals[port] == 0) {
        world.answers[port] = ANSWER_NONE;
    }
    return kind;
}

void closer_close(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                  void *told)
{
    for (size_t i = 0; i < count; i++) {
        const enum answer_kind kind = answer_for(ntohs(rows[i]->connection.remote.port));
        const struct answer answer = answer_of(kind == ANSWER_NONE ? ANSWER_CLOSED : kind);
        const uint32_t family = rows[i]->connection.family;
        const struct closer_outcome outcome = {
            .code = answer_code(answer, family),
            .last_error = answer_last_error(answer),
            .kind = answer.kind,
        };

        world.closed[world.closed_count++] = *rows[i];
        tell(told, i, &outcome);
    }
}

void closer_foresee(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                    void *told)
{
    for (size_t i = 0; i < count; i++) {
        const struct answer answer =
            answer_of(rows[i]->whose == WHOSE_ANOTHERS ? ANSWER_NOT_OWNER : ANSWER_CLOSED);
        const struct closer_outcome outcome = {
            .code = answer_code(answer, rows[i]->connection.family),
            .last_error = answer_last_error(answer),
            .kind = answer.kind,
        };

        tell(told, i, &outcome);
    }
}

struct meaning closer_meaning(uint32_t family, const struct closer_outcome *outcome)
{
    const struct answer_row *row = &answer_rows[outcome->kind];
    struct meaning meaning = {.status = row->status};

    (void)family;
    snprintf(meaning.reason, sizeof(meaning.reason), "%s", row->reason);
    snprintf(meaning.remedy, sizeof(meaning.remedy), "%s", row->remedy);
    return meaning;
}

void closer_print_version(void)
{
    puts("tcpdrop of a test");
}

bool system_is_terminal(int descriptor)
{
    return world.is_terminal[descriptor];
}

/* It takes its time, so that how far it has come is shown each time. */
uint32_t system_milliseconds(void)
{
    static uint32_t now;

    return now += 1000;
}

void system_catch_stop(void)
{
}

bool system_wait(uint32_t milliseconds)
{
    assert_true(milliseconds > 0);
    return world.waits-- > 0;
}

const char *system_resolve(const char *host, filter_take_func *take, void *taker)
{
    static const struct connection_end ipv4 = {.address = {127, 0, 0, 2}};
    static const struct connection_end ipv6 = {.address = {[15] = 1}};

    if (strcmp(host, "here.test") != 0) {
        return "is the name of no host in this test";
    }
    take(taker, CONNECTION_IPV4, &ipv4);
    take(taker, CONNECTION_IPV6, &ipv6);
    return NULL;
}

/* ---- running it ---- */

/* Puts a file in the place of a standard stream; the stream's own descriptor. */
static int replace(FILE *stream, FILE *file)
{
    const int own = dup(fileno(stream));

    fflush(stream);
    assert_true(own >= 0 && dup2(fileno(file), fileno(stream)) >= 0);
    return own;
}

static void put_back(FILE *stream, int own)
{
    fflush(stream);
    assert_true(dup2(own, fileno(stream)) >= 0);
    close(own);
}

static void read_back(FILE *file, char text_out[WORLD_OUTPUT_BYTES])
{
    rewind(file);
    text_out[fread(text_out, 1, WORLD_OUTPUT_BYTES - 1, file)] = 0;
    fclose(file);
}

static int split(char *words, char *argv[ARGUMENTS_AT_MOST + 1])
{
    int argc = 0;

    argv[argc++] = "tcpdrop";
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        assert_true(argc < ARGUMENTS_AT_MOST);
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    return argc;
}

static FILE *typed_file(void)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    fputs(world.typed ? world.typed : "", file);
    rewind(file);
    return file;
}

int world_run(const char *arguments)
{
    FILE *const files[] = {typed_file(), world.is_full ? fopen("/dev/full", "r+") : tmpfile(),
                           tmpfile()};
    FILE *const streams[] = {stdin, stdout, stderr};
    char words[1024];
    char *argv[ARGUMENTS_AT_MOST + 1];
    int own[3];
    int status;

    snprintf(words, sizeof(words), "%s", arguments);
    optind = 0; /* getopt begins anew */
    opterr = 0;
    clearerr(stdin);
    clearerr(stdout);
    for (int i = 0; i < 3; i++) {
        own[i] = replace(streams[i], files[i]);
    }
    status = tcpdrop_run(split(words, argv), argv);
    for (int i = 0; i < 3; i++) {
        put_back(streams[i], own[i]);
    }
    fclose(files[0]);
    read_back(files[1], world.output);
    read_back(files[2], world.errors);
    return status;
}
