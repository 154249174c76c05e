/* SPDX-License-Identifier: MIT */
/* All folders in which a helper that stays meets programs: the user's own, and those that its containers share.
 * Each keeps the rules of folder.h; one that is lost is no loss to the others. */
#ifndef FOLDERS_H
#define FOLDERS_H

#include "folder.h"

/* Before the environment is given up: what it says of HOST_FOLDERS. */
void folders_read_environment(void);

/*
 * Opens the folders of a list that ends with NULL; or if it is empty those of HOST_FOLDERS, as far as they can
 * be had, and from then on those of applications that come.  Says what cannot be served, and why.  False if
 * one of the list cannot be, or none but those of applications can.
 */
bool folders_open(char *const paths[], int inotify);

/* Enters the sandbox, in which these folders can be used.  False and errno. */
bool folders_enter_sandbox(void);

/* What inotify has told; false if it is of none of them.  Acts on a page that was rung. */
bool folders_hear(const struct inotify_event *event, folder_act_func act);

/* Acts on each name that is there already; the second after inotify has lost something. */
void folders_for_each(folder_act_func act);
void folders_catch_up(folder_act_func act);

/* None is left but those of applications, which are not the user's to rely on. */
bool folders_are_lost(void);

void folders_close(void);

#endif
