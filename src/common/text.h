/* SPDX-License-Identifier: MIT */
/* Text of others, such as a process's name, made fit to be shown: on a terminal, or in JSON. */
#ifndef TEXT_H
#define TEXT_H

/*
 * Leaves nothing in it but characters, in UTF-8, that stay in their line and in their order.  Of anything else there is
 * a question mark instead: for each byte that is no part of a character, and for each control character, one that
 * ends a line or a paragraph, and one that turns the direction of others.  It gets no longer.
 */
void text_clean(char *text);

/* Prints a text in UTF-8 as a string of JSON, with its quotes, on standard output. */
void text_print_json(const char *text);

#endif
