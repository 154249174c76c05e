/* SPDX-License-Identifier: MIT */
/* What is measured together; each adds its figures to the report, in rounds in which all that are compared have
 * their turns. */
#ifndef GROUPS_H
#define GROUPS_H

/* Bursts: a drop in the middle of many. */
void bench_burst(void);
void bench_outside_burst(void);
void bench_growth(void);
void bench_programs(void);
void bench_threads(void);
void bench_processor(void);

/* Single drops. */
void bench_rest(void);
void bench_first(void);
void bench_outside_first(void);

/* What a drop is made of, what else the DLL does, what happens when nothing does, and the command line. */
void bench_parts(void);
void bench_passed_on(void);
void bench_idle(void);
void bench_tcpdrop(void);

#endif
