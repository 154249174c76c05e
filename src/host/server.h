/* SPDX-License-Identifier: MIT */
/* The helper's side of protocol.h: takes pages, and answers what is asked in them. */
#ifndef SERVER_H
#define SERVER_H

/* Serves the program whose page has this path, until it ends.  Returns an exit status. */
int server_serve_page(const char *path);

/* Serves all programs that put a page into one of these folders, a list that ends with NULL, or if it is
 * empty of HOST_FOLDERS (folders_read_environment), until SIGTERM or SIGINT.  Returns an exit status. */
int server_serve_folders(char *const paths[]);

#endif
