/* SPDX-License-Identifier: MIT */
#include "connection_name.h"

#include "endpoint.h"
#include "tcp_state.h"

#include <string.h>
#include <strings.h>

enum
{
    WORDS_AT_MOST = 128, /* a line of ss -i has some 50 */
    CUT_CHARS = 23,      /* of netstat's columns for ends */
};

static const char blanks[] = " \t\r\n";
static const char arrow[] = "->";

struct word
{
    char text[ENDPOINT_CHARS]; /* "" if it is longer than that: then it is nothing that we know */
    int argument;
};

struct words
{
    struct word all[WORDS_AT_MOST];
    size_t count;
};

/* One of the two. */
struct found
{
    struct connection_end end;
    uint32_t family; /* 0: localhost, of either */
    size_t word;     /* its first */
};

/* ---- words ---- */

static size_t word_length(const char *text)
{
    const size_t length = strcspn(text, blanks);
    const char *next = strstr(text, arrow);

    if (next == text) {
        return sizeof(arrow) - 1;
    }
    return next && (size_t)(next - text) < length ? (size_t)(next - text) : length;
}

static void add_word(struct words *words, const char *text, size_t length, int argument)
{
    struct word *word = &words->all[words->count++];

    *word = (struct word){.argument = argument};
    if (length < sizeof(word->text)) {
        memcpy(word->text, text, length);
    }
}

static const char *split_argument(const char *text, int argument, struct words *words)
{
    text += strspn(text, blanks);
    if (*text == 0) {
        return "is empty";
    }
    while (*text) {
        const size_t length = word_length(text);

        if (words->count == WORDS_AT_MOST) {
            return "has too many words";
        }
        add_word(words, text, length, argument);
        text += length;
        text += strspn(text, blanks);
    }
    return NULL;
}

static bool is_arrow(const struct word *word)
{
    return strcmp(word->text, arrow) == 0;
}

/* An arrow in the middle adds nothing to two ends. */
static void drop_arrow(struct words *words)
{
    const size_t middle = words->count / 2;

    if (words->count % 2 == 1 && is_arrow(&words->all[middle])) {
        words->count--;
        memmove(&words->all[middle], &words->all[middle + 1],
                (words->count - middle) * sizeof(words->all[0]));
    }
}

/* ---- an end ---- */

static const char *read_address(const char *text, struct found *found_out)
{
    const size_t length = strlen(text);

    if (endpoint_is_localhost(text, length)) {
        *found_out = (struct found){.family = 0};
        return NULL;
    }
    return endpoint_read_address(text, length, &found_out->family, &found_out->end);
}

/* Cuts off and returns what ss puts behind an address, "%eth0"; NULL if there is nothing. */
static char *cut_device(char *address)
{
    char *from = *address == '[' ? strchr(address, ']') : address;
    char *percent = from ? strchr(from, '%') : NULL;

    if (percent) {
        *percent++ = 0;
    }
    return percent;
}

static const char *read_address_and_device(char *text, struct found *found_out)
{
    const char *device = cut_device(text);
    const char *wrong = read_address(text, found_out);
    uint32_t number;

    if (!wrong && device && endpoint_read_number(device, UINT32_MAX, &number) &&
        endpoint_is_link_local(found_out->family, &found_out->end)) {
        found_out->end.scope_id = number;
    }
    return wrong;
}

/* "*:80", "0.0.0.0:*", "[::]:0" */
static bool is_listeners(const char *address, const char *port, const struct found *found)
{
    static const struct connection_end nowhere = {.port = 0};

    return strcmp(address, "*") == 0 || strcmp(port, "*") == 0 ||
           (strcmp(port, "0") == 0 && found->family != 0 &&
            memcmp(&found->end, &nowhere, sizeof(nowhere)) == 0);
}

/* Such as "2606:4700::6810:84e:443", which was 2606:4700::6810:84e5 and port 443. */
static bool may_be_cut(const char *text)
{
    return strspn(text, "0123456789abcdefABCDEF:.") == CUT_CHARS && text[CUT_CHARS] == 0 &&
           strchr(text, ':') != strrchr(text, ':');
}

static const char *read_port(const char *address, const char *port, bool is_in_line,
                             struct found *found)
{
    if (is_listeners(address, port, found)) {
        return "is a listener's, not a connection's";
    }
    if (!is_in_line && *address != '[' && strchr(address, ':')) {
        return "has an IPv6 address that is not in brackets";
    }
    return endpoint_read_port(port, &found->end.port) ? "ends in no port: a number from 1 to 65535"
                                                      : NULL;
}

/* "1.2.3.4:80", "[::1]:80"; of "::1:80" by itself nobody could tell what is the port. */
static const char *read_address_and_port(char *text, bool is_in_line, struct found *found_out,
                                         bool *has_address_out)
{
    char *port = strrchr(text, ':');
    const char *wrong;

    *has_address_out = is_in_line && may_be_cut(text);
    if (*has_address_out) {
        return "may have been cut by netstat; a whole address can stand in brackets";
    }
    if (!port || port[1] == 0) {
        return *text ? "has no :PORT" : "is too long";
    }
    *port++ = 0;
    wrong = strcmp(text, "*") == 0 ? NULL : read_address_and_device(text, found_out);
    *has_address_out = !wrong;
    return wrong ? wrong : read_port(text, port, is_in_line, found_out);
}

/* ---- two ends and nothing else ---- */

static const char *read_pair(struct word words[2], struct found *found_out, size_t *bad_out)
{
    const char *wrong = read_address(words[0].text, found_out);

    if (!wrong) {
        wrong = endpoint_read_port(words[1].text, &found_out->end.port);
        ++*bad_out;
    }
    return wrong;
}

static const char *read_ends(struct words *words, struct found found[2], size_t *bad_out)
{
    const size_t step = words->count / 2;

    drop_arrow(words);
    if (words->count != 2 && words->count != 4) {
        return "wants LADDR LPORT FADDR FPORT, or LADDR:LPORT FADDR:FPORT, or a line of netstat";
    }
    for (size_t i = 0; i < 2; i++) {
        struct word *first = &words->all[i * step];
        bool has_address;
        const char *wrong;

        *bad_out = i * step;
        wrong = step == 1 ? read_address_and_port(first->text, false, &found[i], &has_address)
                          : read_pair(first, &found[i], bad_out);
        if (wrong) {
            return wrong;
        }
        found[i].word = i * step;
    }
    return NULL;
}

/* ---- whole lines ---- */

/* "tcp", "TCP", "tcp6", or another */
static bool is_protocol(const char *text, const char *name)
{
    const size_t length = strlen(name);

    return strncasecmp(text, name, length) == 0 &&
           (text[length] == 0 || strcmp(text + length, "4") == 0 ||
            strcmp(text + length, "6") == 0);
}

static bool is_other_protocol(const char *text)
{
    static const char *const others[] = {"udp", "udpl", "udplite", "raw", "sctp", "dccp", "mptcp"};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (is_protocol(text, others[i])) {
            return true;
        }
    }
    return false;
}

/* A set of one, or 0; lsof has it in parentheses. */
static uint32_t state_of(const char *text)
{
    const size_t length = strlen(text);
    char word[ENDPOINT_CHARS];
    uint32_t states = tcp_state_read(text);

    if (length >= 2 && text[0] == '(' && text[length - 1] == ')') {
        memcpy(word, text + 1, length - 2);
        word[length - 2] = 0;
        states = tcp_state_read(word);
    }
    return states == STATES_ALL ? 0 : states;
}

static const char *look_for_words(const struct words *words, bool *is_line_out, size_t *bad_out)
{
    *is_line_out = false;
    for (size_t i = 0; i < words->count; i++) {
        const char *text = words->all[i].text;
        const uint32_t state = state_of(text);

        *bad_out = i;
        if (is_other_protocol(text)) {
            return "is of another protocol than TCP";
        }
        if (state == STATE_BIT(STATE_LISTEN)) {
            return "is a listener's, not a connection's";
        }
        *is_line_out = *is_line_out || state != 0 || is_protocol(text, "tcp");
    }
    return NULL;
}

/* How many there are, and the first two. */
static const char *find_ends(struct words *words, struct found found[2], size_t *count_out,
                             size_t *bad_out)
{
    *count_out = 0;
    for (size_t i = 0; i < words->count; i++) {
        struct found end;
        bool has_address;
        const char *wrong = read_address_and_port(words->all[i].text, true, &end, &has_address);

        if (wrong && has_address) {
            *bad_out = i;
            return wrong;
        }
        if (!wrong && ++*count_out <= 2) {
            found[*count_out - 1] = end;
            found[*count_out - 1].word = i;
        }
    }
    return NULL;
}

static const char *read_line(struct words *words, struct found found[2], size_t *bad_out)
{
    size_t count;
    const char *wrong = find_ends(words, found, &count, bad_out);

    if (wrong) {
        return wrong;
    }
    if (count == 2) {
        const size_t next = found[0].word + 1;

        count += found[1].word != next + (is_arrow(&words->all[next]) ? 1 : 0);
    }
    return count == 2 ? NULL : "has not exactly two ends, ADDRESS:PORT, side by side";
}

/* ---- all of it ---- */

static const char *split(int count, char *const arguments[], struct words *words_out, int *bad_out)
{
    words_out->count = 0;
    for (int i = 0; i < count; i++) {
        const char *wrong = split_argument(arguments[i], i, words_out);

        if (wrong) {
            *bad_out = i;
            return wrong;
        }
    }
    return NULL;
}

static const char *join(const struct found found[2], struct connection *connection_out,
                        size_t *bad_out)
{
    struct connection_end *const ends[] = {&connection_out->local, &connection_out->remote};
    const uint32_t family = found[0].family != 0 ? found[0].family : found[1].family;

    connection_out->family = family != 0 ? family : CONNECTION_IPV4;
    for (size_t i = 0; i < 2; i++) {
        *ends[i] = found[i].end;
        if (found[i].family == 0) {
            *ends[i] = endpoint_localhost(connection_out->family);
            ends[i]->port = found[i].end.port;
        } else if (found[i].family != family) {
            *bad_out = found[i].word;
            return "is of another family than the local address";
        }
    }
    return NULL;
}

/* What is wrong with which word; or with none, if that is their number. */
static const char *read_words(struct words *words, struct connection *connection_out,
                              size_t *bad_out)
{
    struct found found[2];
    bool is_line;
    const char *wrong = look_for_words(words, &is_line, bad_out);

    if (!wrong) {
        *bad_out = words->count;
        wrong = is_line ? read_line(words, found, bad_out) : read_ends(words, found, bad_out);
    }
    return wrong ? wrong : join(found, connection_out, bad_out);
}

const char *connection_name_read(int count, char *const arguments[],
                                 struct connection *connection_out, int *bad_out)
{
    struct words words;
    const char *wrong = split(count, arguments, &words, bad_out);
    size_t bad;

    memset(connection_out, 0, sizeof(*connection_out));
    if (wrong) {
        return wrong;
    }
    wrong = read_words(&words, connection_out, &bad);
    *bad_out = wrong && bad < words.count ? words.all[bad].argument : count;
    return wrong;
}
