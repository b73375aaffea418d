/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signal handlers. A handler can only reach file-scope state: the one place in the program that has
 * some. */
#include "app/signals.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static atomic_bool stop;
static atomic_int first_signal;
static _Atomic(const char *) guarded;
static _Atomic(const char *) last_words;

static void remove_guarded(void)
{
    const char *path = atomic_load(&guarded);

    if (path != NULL) {
        unlink(path);
    }
}

static void on_signal(int number)
{
    int none = 0;

    if (!atomic_compare_exchange_strong(&first_signal, &none, number)) {
        remove_guarded();
        _exit(128 + number);
    }
    atomic_store(&stop, true);
}

static void on_deadline(int number)
{
    const char *message = atomic_load(&last_words);

    (void)number;
    if (message != NULL && write(STDERR_FILENO, message, strlen(message)) < 0) {
        message = NULL; /* nobody is left who could be told */
    }
    remove_guarded();
    _exit(PS_ERR_TIMEOUT);
}

void ps_signals_install(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = on_deadline;
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler =
        SIG_DFL; /* a reader that is gone ends us quietly, whatever our parent ignored */
    sigaction(SIGPIPE, &action, NULL);
    action.sa_handler = SIG_IGN; /* a file size limit is an error of write(), not a kill */
    sigaction(SIGXFSZ, &action, NULL);
}

const atomic_bool *ps_signals_stop(void)
{
    return &stop;
}

ps_status ps_signals_status(void)
{
    const int number = atomic_load(&first_signal);

    return number == 0 ? PS_OK : number == SIGTERM ? PS_ERR_TERMINATED : PS_ERR_INTERRUPTED;
}

void ps_signals_guard(const char *path)
{
    atomic_store(&guarded, path);
}

void ps_signals_deadline(unsigned seconds, const char *message)
{
    alarm(0);
    atomic_store(&last_words, message);
    alarm(seconds);
}
