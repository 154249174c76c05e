/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "give_up.h"
#include "quartiles.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum
{
    ROUNDS_AT_MOST = 64,
    CELL_CHARS = 128,
    NUMBER_CHARS = 24,
};

static struct
{
    bool is_wanted;
    const char *excuse;
    size_t count;
    double ours[ROUNDS_AT_MOST];
    double peers[ROUNDS_AT_MOST];
} figures[ROWS];

static const double NOISE = 1.5;

/* What they come to. */
struct verdict
{
    struct quartiles ours;
    struct quartiles peers;
    double ratio;
    bool is_missed;
};

void report_begin(const char *group)
{
    for (size_t i = 0; i < ROWS; i++) {
        figures[i].is_wanted |= strcmp(row_meanings[i].group, group) == 0;
    }
}

void report_add(enum row row, double ours, double peers)
{
    const size_t round = figures[row].count;

    if (round == ROUNDS_AT_MOST) {
        errno = ERANGE;
        give_up("rounds");
    }
    figures[row].ours[round] = ours;
    figures[row].peers[round] = peers;
    figures[row].count++;
}

void report_excuse(enum row row, const char *why)
{
    figures[row].excuse = why;
}

static bool is_missed(const struct row_meaning *meaning, const struct verdict *verdict)
{
    if (meaning->limit == NO_LIMIT) {
        return false;
    }
    if (verdict->ours.median < 0) {
        return true;
    }
    /* In this form what is no number is missed, too. */
    return !(verdict->ratio <= meaning->limit ||
             (meaning->peer && verdict->ours.median <= verdict->peers.median + meaning->margin));
}

/* Where the machine does much else, a ratio proves nothing, whichever way. */
static bool is_noisy(const struct verdict *verdict)
{
    return verdict->ours.high > NOISE * verdict->ours.low ||
           verdict->peers.high > NOISE * verdict->peers.low;
}

static struct verdict judge(enum row row)
{
    const struct row_meaning *meaning = &row_meanings[row];
    struct verdict verdict = {.is_missed = !figures[row].excuse};

    if (figures[row].count == 0) {
        return verdict;
    }
    verdict.ours = quartiles_of(figures[row].ours, figures[row].count);
    verdict.peers = quartiles_of(figures[row].peers, figures[row].count);
    verdict.ratio =
        meaning->peer ? verdict.ours.median / verdict.peers.median : verdict.ours.median;
    verdict.is_missed = is_missed(meaning, &verdict);
    return verdict;
}

/* ---- the table ---- */

enum column
{
    GROUP,
    WHAT,
    OURS,
    PEER,
    PEERS,
    RATIO,
    LIMIT,
    VERDICT,
    COLUMNS,
};

typedef char cells[COLUMNS][CELL_CHARS];

static const char *number(double value, char text_out[NUMBER_CHARS])
{
    const int digits = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4;

    snprintf(text_out, NUMBER_CHARS, "%.*f", digits, value);
    return text_out;
}

static void show_figures(char *cell, const struct quartiles *shown, const char *unit)
{
    char median[NUMBER_CHARS];
    char low[NUMBER_CHARS];
    char high[NUMBER_CHARS];

    snprintf(cell, CELL_CHARS, "%s %s (%s to %s)", number(shown->median, median), unit,
             number(shown->low, low), number(shown->high, high));
}

static void show_limit(char *cell, const struct row_meaning *meaning)
{
    char limit[NUMBER_CHARS];
    char margin[NUMBER_CHARS];

    if (meaning->limit == NO_LIMIT) {
        return;
    }
    number(meaning->limit, limit);
    if (meaning->margin > 0) {
        snprintf(cell, CELL_CHARS, "%s or +%s %s", limit, number(meaning->margin, margin),
                 meaning->unit);
    } else {
        snprintf(cell, CELL_CHARS, "%s%s%s", limit, meaning->peer ? "" : " ",
                 meaning->peer ? "" : meaning->unit);
    }
}

static void show_row(cells line, enum row row)
{
    const struct row_meaning *meaning = &row_meanings[row];
    const struct verdict verdict = judge(row);
    const char *word = meaning->limit == NO_LIMIT ? "" : is_noisy(&verdict) ? "noisy" : "ok";

    snprintf(line[GROUP], CELL_CHARS, "%s", meaning->group);
    snprintf(line[WHAT], CELL_CHARS, "%s", meaning->what);
    snprintf(line[PEER], CELL_CHARS, "%s", meaning->peer ? meaning->peer : "");
    snprintf(line[VERDICT], CELL_CHARS, "%s", verdict.is_missed ? "MISSED" : word);
    show_limit(line[LIMIT], meaning);
    if (figures[row].count == 0) {
        snprintf(line[OURS], CELL_CHARS, "%s", figures[row].excuse ? figures[row].excuse : "none");
        snprintf(line[VERDICT], CELL_CHARS, "%s", verdict.is_missed ? "MISSED" : "");
        return;
    }
    show_figures(line[OURS], &verdict.ours, meaning->unit);
    if (meaning->peer) {
        show_figures(line[PEERS], &verdict.peers, meaning->unit);
        number(verdict.ratio, line[RATIO]);
    }
}

static void print_line(cells line, const size_t widths[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        printf("| %-*s ", (int)widths[i], line[i]);
    }
    printf("|\n");
}

static void print_table(void)
{
    static cells lines[2 + ROWS] = {
        {"group", "what", "ours", "peer", "its figure", "ratio", "at most", ""},
    };
    size_t widths[COLUMNS];
    size_t count = 2;

    for (enum row row = 0; row < ROWS; row++) {
        if (figures[row].is_wanted) {
            show_row(lines[count++], row);
        }
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        widths[i] = strlen("---");
        for (size_t j = 0; j < count; j++) {
            widths[i] = strlen(lines[j][i]) > widths[i] ? strlen(lines[j][i]) : widths[i];
        }
        memset(lines[1][i], '-', widths[i]);
    }
    for (size_t j = 0; j < count; j++) {
        print_line(lines[j], widths);
    }
}

/* ---- JSON ---- */

static void write_figures(FILE *file, const char *name, const struct quartiles *written)
{
    fprintf(file, "\"%s\": {\"median\": %.4f, \"low\": %.4f, \"high\": %.4f}", name,
            written->median, written->low, written->high);
}

static void write_row(FILE *file, enum row row, const char *architecture, const char *wine)
{
    const struct row_meaning *meaning = &row_meanings[row];
    const struct verdict verdict = judge(row);

    fprintf(file,
            " {\"architecture\": \"%s\", \"wine\": \"%s\", \"group\": \"%s\", \"what\": \"%s\","
            " \"unit\": \"%s\", \"rounds\": %zu, ",
            architecture, wine, meaning->group, meaning->what, meaning->unit, figures[row].count);
    write_figures(file, "ours", &verdict.ours);
    if (meaning->peer) {
        fprintf(file, ", \"peer\": \"%s\", ", meaning->peer);
        write_figures(file, "peers", &verdict.peers);
        if (verdict.peers.median > 0) {
            fprintf(file, ", \"ratio\": %.4f", verdict.ratio);
        }
    }
    if (meaning->limit != NO_LIMIT) {
        fprintf(file, ", \"limit\": %.4f, \"margin\": %.4f", meaning->limit, meaning->margin);
    }
    if (figures[row].excuse) {
        fprintf(file, ", \"excuse\": \"%s\"", figures[row].excuse);
    }
    fprintf(file, ", \"noisy\": %s, \"missed\": %s}", is_noisy(&verdict) ? "true" : "false",
            verdict.is_missed ? "true" : "false");
}

static void write_json(const char *path, const char *architecture, const char *wine)
{
    FILE *file = fopen(path, "w");
    const char *between = "[\n";

    if (!file) {
        give_up(path);
    }
    for (enum row row = 0; row < ROWS; row++) {
        if (figures[row].is_wanted) {
            fputs(between, file);
            write_row(file, row, architecture, wine);
            between = ",\n";
        }
    }
    fputs("\n]\n", file);
    if (fclose(file) != 0) {
        give_up(path);
    }
}

bool report_end(const char *json_path, const char *architecture, const char *wine)
{
    bool is_kept = true;

    for (enum row row = 0; row < ROWS; row++) {
        is_kept = is_kept && !(figures[row].is_wanted && judge(row).is_missed);
    }
    print_table();
    write_json(json_path, architecture, wine);
    return is_kept;
}
