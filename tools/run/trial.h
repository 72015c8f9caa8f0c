/*
 * trial.h - one run of a program among many: nothing of it is seen, it may not take long, and ends
 * with all that it has started.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "attend.h"
#include "collect.h"
#include "request.h"

#include "malloc/log.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What all runs have in common. */
struct trials {
    const char *path; /* of the program */
    const struct attention *before;
    int input;      /* a file that each run reads anew, or -1: /dev/null */
    off_t input_at; /* from here on */
};

/* How a run ended. */
enum trial_end {
    TRIAL_ENDED,
    TRIAL_STOPPED,    /* by a signal, as one that reads from the terminal */
    TRIAL_HUNG,       /* it took too long */
    TRIAL_INTERRUPTED /* by a signal to this process */
};

struct trial {
    enum trial_end end;
    int status; /* as wait() tells it */
    int signal; /* that stopped or interrupted it */
    uint64_t elapsed_ns;
    int output; /* what the program wrote to its standard output */
    struct mem_refusal refusal;
    struct collection log;
};

/* Before the first: signals wait, and standard input is looked at. */
void trials_prepare(struct trials *t, const char *path, struct attention *before);

/* Runs the program as it is asked for; limit_ns 0: however long it takes. STARTED; or it has told
 * what is wrong, and returns the status to end with. trial_free is to be called in either case. */
int trial_run(const struct trials *t, const struct request *r, uint64_t limit_ns,
              struct trial *result);
void trial_free(struct trial *t);

/* Whether both wrote the same. */
bool trial_same_output(const struct trial *a, const struct trial *b);

#endif /* TRIAL_H */
