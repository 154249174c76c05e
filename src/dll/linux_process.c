/* SPDX-License-Identifier: MIT */
#include "linux_process.h"

enum
{
    FIELD_STATE = 3,
    FIELD_START_TIME = 22,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The second field is the program's name in parentheses, which may hold anything. */
static DWORD after_name(const char *text, DWORD length)
{
    while (length > 0 && text[length - 1] != ')') {
        length--;
    }
    return length;
}

/* The offset of a field behind the name; length if there is none. */
static DWORD find_field(const char *text, DWORD length, int field)
{
    DWORD i = after_name(text, length);

    if (i == 0) {
        return length;
    }
    for (int at = FIELD_STATE; i < length; i++) {
        if (text[i] == ' ' && at++ == field) {
            return i + 1;
        }
    }
    return length;
}

static bool has_helpers_name(const char *text, DWORD end)
{
    static const char name[] = "(settcpentry-hos)";
    const DWORD length = sizeof(name) - 1;
    DWORD same = 0;

    while (same < length && end >= length && text[end - length + same] == name[same]) {
        same++;
    }
    return same == length;
}

bool linux_process_read(const char *text, DWORD length, struct linux_process *process_out)
{
    const DWORD state = find_field(text, length, FIELD_STATE);
    DWORD digit = find_field(text, length, FIELD_START_TIME);
    ULONGLONG start_time = 0;

    if (digit >= length || !is_digit(text[digit])) {
        return false;
    }
    for (; digit < length && is_digit(text[digit]); digit++) {
        start_time = start_time * 10 + (ULONGLONG)(text[digit] - '0');
    }
    process_out->is_helper = has_helpers_name(text, after_name(text, length));
    process_out->lives = text[state] != 'Z' && text[state] != 'X';
    process_out->is_at_work = text[state] == 'R' || text[state] == 'D';
    process_out->start_time = start_time;
    return true;
}

bool linux_command_line_ends_with(const char *text, DWORD length, const WCHAR *argument)
{
    DWORD chars = 0;

    while (argument[chars]) {
        chars++;
    }
    /* Between two NULs: a command line begins with the program's name. */
    if (length < chars + 2 || text[length - 1] != 0 || text[length - chars - 2] != 0) {
        return false;
    }
    for (DWORD i = 0; i < chars; i++) {
        if ((WCHAR)(BYTE)text[length - chars - 1 + i] != argument[i]) {
            return false;
        }
    }
    return true;
}

/* The number that ends at end; false if there is none. */
static bool number_before(const char *text, DWORD end, DWORD *number_out)
{
    ULONGLONG number = 0;
    ULONGLONG weight = 1;
    DWORD digits = 0;

    for (; digits < end && digits < 10 && is_digit(text[end - 1 - digits]); digits++) {
        number += weight * (ULONGLONG)(text[end - 1 - digits] - '0');
        weight *= 10;
    }
    *number_out = (DWORD)number;
    return digits > 0 && number <= 0xFFFFFFFF &&
           (digits == end || !is_digit(text[end - 1 - digits]));
}

bool linux_network_line_has(const void *inode, const char *line, DWORD length)
{
    DWORD number;

    while (length > 0 && line[length - 1] == ' ') {
        length--; /* lines are filled up */
    }
    return number_before(line, length, &number) && number == *(const DWORD *)inode;
}
