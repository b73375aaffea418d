/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory there is. */
#ifndef PS_BASE_MEMORY_H
#define PS_BASE_MEMORY_H

/* Bytes that this process may sensibly take: the least of 80 % of the machine's memory, the limits
 * of its control group (containers, Slurm), and the limit of its address space. */
double ps_memory_limit(void);

#endif
