/*
 * sweep.c - a sweep: two runs without a refusal, which must do the same, and then the others.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "sweep.h"

#include "complaint.h"
#include "findings.h"
#include "finish.h"
#include "message.h"
#include "numbers.h"
#include "outcome.h"
#include "plain.h"
#include "progress.h"
#include "trial.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

struct sweep {
    const struct request *request;
    struct trials trials;
    struct trial model; /* the program as it is */
    struct numbers numbers;
    struct findings findings;
    struct progress progress;
    uint64_t done; /* runs */
    uint64_t idle; /* of them: runs that ended before their refusal */
    uint64_t found;
    int signal; /* that interrupted them, or 0 */
};

enum { HUNG_FACTOR = 10, HUNG_MORE_S = 1 };

/* The runs without a refusal */

/* The callers are recorded when they are asked for. */
static int run_model(struct sweep *s, struct trial *result) {
    struct request r = *s->request;
    r.failing.kind = MEM_REFUSING_LATER;
    r.failing.number = UINT64_MAX;
    r.recording.kind = r.failing.by_caller ? RECORDING_LOG : RECORDING_NONE;
    int status = trial_run(&s->trials, &r, 0, result);
    if (status == STARTED && result->end == TRIAL_INTERRUPTED)
        s->signal = result->signal;
    return status;
}

/* Says why the program cannot be swept. */
static int compare_models(const struct sweep *s, const struct trial *other) {
    const struct trial *model = &s->model;
    const char *name = s->request->program[0];
    if (model->end == TRIAL_STOPPED)
        return fail(BROKEN, "%s: a signal stops it without any refusal: %s", name,
                    strsignal(model->signal));
    if (WIFSIGNALED(model->status))
        return fail(BROKEN, "%s: a signal ends it without any refusal: %s", name,
                    strsignal(WTERMSIG(model->status)));
    if (model->refusal.asked == 0)
        return fail(BROKEN, "%s: it makes no allocation", name);
    if (model->refusal.asked != other->refusal.asked)
        return fail(BROKEN,
                    "%s: two runs differ without any refusal: %" PRIu64 " and %" PRIu64
                    " allocations",
                    name, model->refusal.asked, other->refusal.asked);
    if (model->status != other->status || !trial_same_output(model, other))
        return fail(BROKEN, "%s: two runs differ without any refusal: in their %s", name,
                    model->status != other->status ? "exit statuses" : "output");
    return STARTED;
}

static int find_model(struct sweep *s) {
    struct trial other;
    int status = run_model(s, &s->model);
    if (status != STARTED || s->signal != 0)
        return status;
    status = run_model(s, &other);
    if (status == STARTED && s->signal == 0)
        status = compare_models(s, &other);
    trial_free(&other);
    return status;
}

/* Which allocations are refused. */
static int choose_numbers(struct sweep *s) {
    const struct failing *f = &s->request->failing;
    const struct mem_refusal *model = &s->model.refusal;
    struct complaint c = {.text = "out of memory"};
    uint64_t last = f->last > 0 && f->last < model->asked ? f->last : model->asked;
    if (f->first > model->asked)
        return fail(BROKEN,
                    "%s: it makes %" PRIu64 " allocations, and is to be refused from %" PRIu64,
                    s->request->program[0], model->asked, f->first);
    bool chosen = f->by_caller
                      ? numbers_by_caller(&s->numbers, s->model.log.file, model, f->first, last, &c)
                      : numbers_all(&s->numbers, f->first, last);
    return chosen ? (int)STARTED : fail(BROKEN, "%s", c.text);
}

/* The others */

/* What the program did that it should not, in words; NULL if nothing. */
static const char *judge_trial(const struct sweep *s, const struct trial *t, char *text,
                               size_t room) {
    if (t->end == TRIAL_HUNG)
        return "hung";
    if (t->end == TRIAL_STOPPED) {
        snprintf(text, room, "stopped by signal %d (%s)", t->signal, strsignal(t->signal));
        return text;
    }
    if (WIFSIGNALED(t->status)) {
        snprintf(text, room, "signal %d (%s)", WTERMSIG(t->status), strsignal(WTERMSIG(t->status)));
        return text;
    }
    if (WEXITSTATUS(t->status) == 0 && !trial_same_output(t, &s->model))
        return "exit 0, other output";
    return NULL;
}

static int take_result(struct sweep *s, uint64_t number, const struct trial *t) {
    char text[64];
    const char *what = judge_trial(s, t, text, sizeof text);
    if (t->refusal.refused == 0) {
        s->idle++;
        return STARTED;
    }
    s->found += what != NULL;
    if (what != NULL && !findings_add(&s->findings, what, number, &t->refusal))
        return fail(BROKEN, "out of memory");
    return STARTED;
}

static int refuse_one(struct sweep *s, uint64_t number) {
    struct request r = *s->request;
    struct trial t;
    r.failing.kind = MEM_REFUSING_ONE;
    r.failing.number = number;
    uint64_t limit = s->model.elapsed_ns * HUNG_FACTOR + HUNG_MORE_S * UINT64_C(1000000000);
    int status = trial_run(&s->trials, &r, limit, &t);
    if (status == STARTED && t.end == TRIAL_INTERRUPTED)
        s->signal = t.signal;
    else if (status == STARTED)
        status = take_result(s, number, &t);
    trial_free(&t);
    return status;
}

static int refuse_each(struct sweep *s) {
    int status = STARTED;
    progress_start(&s->progress, s->request->program[0], 1);
    progress_stage(&s->progress, "refusing");
    while (status == STARTED && s->done < s->numbers.count) {
        progress_step(&s->progress, s->done, s->numbers.count);
        status = refuse_one(s, s->numbers.of[s->done]);
        if (s->signal != 0)
            break;
        s->done++;
    }
    progress_erase(&s->progress);
    return status;
}

/* The program's name as it may be printed. */
static const char *name_of(const struct sweep *s) {
    static char name[PATH_MAX];
    snprintf(name, sizeof name, "%s", s->request->program[0]);
    plain_make(name);
    return name;
}

static void tell_runs(const struct sweep *s) {
    findings_print(&s->findings, stdout);
    printf("%s: %" PRIu64 " allocations, %" PRIu64 " refused in a run each, %" PRIu64 " findings\n",
           name_of(s), s->model.refusal.asked, s->done - s->idle, s->found);
    if (s->idle > 0)
        printf("%" PRIu64 " runs did not come to their refusal\n", s->idle);
    if (s->signal != 0)
        printf("interrupted: %zu runs were not made\n", s->numbers.count - (size_t)s->done);
}

static int tell(const struct sweep *s) {
    if (s->numbers.count > 0)
        tell_runs(s);
    else
        printf("%s: interrupted before the first refusal\n", name_of(s));
    int status = s->signal != 0 ? BY_SIGNAL + s->signal
                 : s->found > 0 ? SWEEP_FOUND
                                : SWEEP_FOUND_NOTHING;
    return finish_output(stdout, "standard output", status, BROKEN);
}

int sweep(const struct request *r, const char *path, struct attention *before) {
    struct sweep s = {.request = r};
    trials_prepare(&s.trials, path, before);
    int status = find_model(&s);
    if (status == STARTED && s.signal == 0)
        status = choose_numbers(&s);
    if (status == STARTED && s.signal == 0)
        status = refuse_each(&s);
    if (status == STARTED)
        status = tell(&s);
    trial_free(&s.model);
    numbers_free(&s.numbers);
    findings_free(&s.findings);
    return status;
}
