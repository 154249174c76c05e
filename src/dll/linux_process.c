/* SPDX-License-Identifier: MIT */
#include "linux_process.h"

enum
{
    FIELD_STATE = 3,
    FIELD_START_TIME = 22,
};

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

bool linux_process_read(const char *text, DWORD length, struct linux_process *process_out)
{
    const DWORD state = find_field(text, length, FIELD_STATE);
    DWORD digit = find_field(text, length, FIELD_START_TIME);
    ULONGLONG start_time = 0;

    if (digit >= length || text[digit] < '0' || text[digit] > '9') {
        return false;
    }
    for (; digit < length && text[digit] >= '0' && text[digit] <= '9'; digit++) {
        start_time = start_time * 10 + (ULONGLONG)(text[digit] - '0');
    }
    process_out->lives = text[state] != 'Z' && text[state] != 'X';
    process_out->start_time = start_time;
    return true;
}
