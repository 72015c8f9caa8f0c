/*
 * mem-run.c - runs a program whose heap is a region of libmem.
 *
 * mem-run stays as the parent of the program, as time(1) does, and loads the module
 * libmem-malloc.so into it by LD_PRELOAD. What the module is to do stands in variables; what it
 * counts, in a file.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "finish.h"
#include "message.h"
#include "run/attend.h"
#include "run/collect.h"
#include "run/convert.h"
#include "run/judge.h"
#include "run/locate.h"
#include "run/module.h"
#include "run/outcome.h"
#include "run/report.h"
#include "run/request.h"
#include "run/start.h"
#include "run/sweep.h"
#include "run/variables.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char program_name[] = "mem-run";

static int finish(void) {
    return finish_output(stdout, "standard output", STARTED, BROKEN);
}

/* One run */

struct run {
    const struct request *request;
    char path[PATH_MAX]; /* the program's file */
    struct module module;
    FILE *out; /* for the report; NULL: none is asked for */
    struct attention before;
    struct collection log;
    struct ending ending;
};

/* Says why the program cannot be run. */
static int prepare(struct run *run) {
    const char *name = run->request->program[0];
    int error = locate(name, run->path, sizeof run->path);
    if (error != 0)
        return fail(error == ENOENT ? NOT_FOUND : UNEXECUTABLE, "%s: %s", name, strerror(error));
    int status = module_find(&run->module);
    if (status != STARTED)
        return status;
    if (!variables_set_module(run->module.path))
        return fail(BROKEN, "cannot set variables: %s", strerror(errno));
    return (int)judge(name, run->path, &run->module.kind);
}

static int open_output(struct run *run) {
    const struct request *r = run->request;
    if (r->stats == STATS_NONE)
        return STARTED;
    run->out = r->output != NULL ? fopen(r->output, "we") : stderr;
    return run->out != NULL ? STARTED : fail(BROKEN, "%s: %s", r->output, strerror(errno));
}

/* Whether there is a log. */
static bool is_logged(const struct run *run) {
    const struct request *r = run->request;
    return run->out != NULL || r->recording.kind != RECORDING_NONE ||
           r->failing.kind != MEM_REFUSING_NONE;
}

static int start_and_attend(struct run *run) {
    bool logged = is_logged(run);
    struct start_terms terms = {&run->before, logged ? run->log.file : -1, false, {-1, -1, -1}};
    char name[COLLECT_NAME] = "";
    if (logged)
        collect_name(&run->log, name);
    if (!variables_set(run->request, logged ? name : NULL))
        return fail(BROKEN, "cannot set variables: %s", strerror(errno));
    pid_t program = start(run->path, run->request->program, &terms);
    if (program < 0)
        return fail(BROKEN, "cannot start a process: %s", strerror(errno));
    attend(program, run->before.started_ns, &run->ending);
    return STARTED;
}

static int report(struct run *run, struct rows *rows) {
    const struct request *r = run->request;
    struct report what = {r->program[0], r->style->name, rows, &run->ending};
    if (r->stats == STATS_CSV)
        report_csv(run->out, &what);
    else
        report_table(run->out, &what);
    return finish_output(run->out, r->output != NULL ? r->output : "standard error",
                         attend_status(&run->ending), BROKEN);
}

/* When the program has ended. A log that is not kept is gone before anything can end mem-run. */
static int tell(struct run *run) {
    const struct recording *recording = &run->request->recording;
    struct rows rows;
    int status = attend_status(&run->ending);
    bool collected = collect_rows(&run->log, &rows);
    int error = errno;
    collect_end(&run->log);
    attend_end(&run->before);
    if (run->out != NULL)
        status = collected ? report(run, &rows)
                           : fail(BROKEN, "cannot read the figures: %s", strerror(error));
    rows_free(&rows);
    return recording->kind != RECORDING_NONE ? convert(&run->log, recording, status) : status;
}

static int run_with_log(struct run *run) {
    int status = collect_begin(&run->log, run->request);
    if (status != STARTED)
        return status;
    status = start_and_attend(run);
    if (status == STARTED)
        return tell(run);
    collect_cancel(&run->log);
    return status;
}

static int run(const struct request *r) {
    struct run run = {.request = r};
    int status = prepare(&run);
    if (status == STARTED)
        status = open_output(&run);
    if (status != STARTED)
        return status;
    if (r->failing.sweep)
        return sweep(r, run.path, &run.before);
    attend_prepare(&run.before);
    if (is_logged(&run))
        return run_with_log(&run);
    status = start_and_attend(&run);
    return status == STARTED ? attend_status(&run.ending) : status;
}

int main(int argc, char **argv) {
    struct request request;
    switch (request_parse(argc, argv, &request)) {
    case SHOW_HELP:
        fputs(request_help, stdout);
        return finish();
    case SHOW_VERSION:
        puts("mem-run (libmem) " PACKAGE_VERSION);
        return finish();
    case MISUSE:
        return BROKEN;
    case RUN:
        break;
    }
    return run(&request);
}
