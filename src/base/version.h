/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the program; the numbers themselves are versioned by PS_STREAM_VERSION. */
#ifndef PS_BASE_VERSION_H
#define PS_BASE_VERSION_H

#define PS_VERSION "0.1.0"

#endif
