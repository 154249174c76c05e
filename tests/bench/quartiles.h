/* SPDX-License-Identifier: MIT */
/* What is said of many figures: the middle one, and the two between which half of them lie. */
#ifndef QUARTILES_H
#define QUARTILES_H

#include <stdlib.h>

struct quartiles
{
    double low;
    double median;
    double high;
};

static inline int quartiles_compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts the values, of which there is one at least. */
static inline struct quartiles quartiles_of(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), quartiles_compare);
    return (struct quartiles){values[count / 4], values[count / 2], values[count - 1 - count / 4]};
}

static inline double median_of(double *values, size_t count)
{
    return quartiles_of(values, count).median;
}

#endif
