/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C and termination: the first signal asks the run to finish its batches, the second ends at
 * once. */
#ifndef PS_APP_SIGNALS_H
#define PS_APP_SIGNALS_H

#include <stdatomic.h>

#include "base/status.h"

void ps_signals_install(void);

/* Becomes true with the first signal. */
const atomic_bool *ps_signals_stop(void);

/* PS_ERR_INTERRUPTED or PS_ERR_TERMINATED by the first signal, PS_OK without one. */
ps_status ps_signals_status(void);

/* A half-written file to remove when a second signal ends the program; NULL: none. The text must
 * stay. */
void ps_signals_guard(const char *path);

/* Ends the process with PS_ERR_TIMEOUT after so many seconds, saying `message`, which must stay,
 * unless it is called again before; 0 seconds: never. */
void ps_signals_deadline(unsigned seconds, const char *message);

#endif
