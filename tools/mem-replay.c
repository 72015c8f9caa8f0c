/*
 * mem-replay.c - replays allocation traces on libmem and prints what the heap
 * made of them: processes and reports.
 *
 * Each trace is replayed in a child of its own, because a heap that fails may
 * end the process. The parent reads no trace; it waits, and tells when a child
 * was killed. In a search for the smallest region, the parent reads the trace
 * once for all, and each probe of a region is a child (probe.c).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "answer.h"
#include "answer_print.h"
#include "child.h"
#include "complaint.h"
#include "finish.h"
#include "heap.h"
#include "holders/holders.h"
#include "holders/print.h"
#include "message.h"
#include "options.h"
#include "page/page.h"
#include "picture/picture.h"
#include "progress.h"
#include "replacement.h"
#include "replay.h"
#include "search.h"
#include "status.h"
#include "trace.h"
#include "trace_file.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <mem.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char program_name[] = "mem-replay";

/* Messages */

static enum status fail_trace(enum status status, const char *path, const struct complaint *c,
                              struct progress *p) {
    progress_erase(p);
    if (c->line == 0)
        return fail(status, "%s: %s", trace_file_name(path), c->text);
    return fail(status, "%s:%zu: %s", trace_file_name(path), c->line, c->text);
}

static enum status finish(enum status status) {
    return finish_output(stdout, "standard output", status, UNUSABLE);
}

/* One trace */

/* What is done with a trace that was read. */
typedef enum status trace_work(const struct options *, const char *path, const struct trace *,
                               struct progress *);

/* The style, if there is one. */
static const struct style *style_of(const struct options *o) {
    return o->styles.of[0];
}

/* The file without its folders. */
static const char *base_name(const char *path) {
    const char *name = trace_file_name(path);
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
}

/* The title of the bar: the file, and the style if there is one. */
static void make_title(char *title, size_t room, const struct options *o, const char *path) {
    const char *last = base_name(path);
    if (o->styles.count > 1)
        snprintf(title, room, "%s", last);
    else
        snprintf(title, room, "%s, %s fit", last, style_of(o)->name);
}

static enum status work_on_file(const struct options *o, const char *path, trace_work *work,
                                unsigned stages) {
    char title[NAME_MAX + sizeof ", worst fit"];
    struct progress progress;
    make_title(title, sizeof title, o, path);
    progress_start(&progress, title, TRACE_FILE_STAGES);
    struct trace trace;
    struct complaint complaint;
    enum status status;
    if (trace_file_read(&trace, path, o->process, TRACE_SHORT, &progress, &complaint) &&
        (!o->holders || holders_can(&trace, &complaint))) {
        progress_go_on(&progress, stages);
        status = work(o, path, &trace, &progress);
    } else {
        status = fail_trace(UNUSABLE, path, &complaint, &progress);
    }
    trace_free(&trace);
    return status;
}

/* A picture of it, and a page */

static enum status fail_file(const char *file, const struct complaint *c) {
    return fail(UNUSABLE, "%s: %s", file, c->text);
}

/* What a page tells beyond the picture. */
struct told {
    const struct answers *answers;
    const struct budget *budget;
};

static enum status make_page(const struct options *o, const char *path, const struct svg *svg,
                             const struct told *told, struct progress *p) {
    const struct document document = {svg, told->answers, told->budget};
    struct page page;
    struct complaint c;
    progress_go_on(p, PAGE_STAGES);
    enum status status = page_make(&page, &document, o->moves, p, &c);
    progress_erase(p);
    if (status != SERVED)
        status = fail_trace(status, path, &c, p);
    else if (!page_write(&page, o->html, &c))
        status = fail_file(o->html, &c);
    page_end(&page);
    return status;
}

/* Writes what was asked for of a picture that was made. */
static enum status write_pictures(const struct options *o, const char *path, const struct svg *svg,
                                  const struct told *told, struct progress *p) {
    struct complaint c;
    if (o->svg != NULL && !picture_write(svg, o->svg, &c))
        return fail_file(o->svg, &c);
    return o->html != NULL ? make_page(o, path, svg, told, p) : SERVED;
}

/* If one was asked for, after the report. Returns the higher status. */
static enum status draw(const struct options *o, const char *path, const struct trace *t,
                        size_t region, const struct told *told, enum status so_far,
                        struct progress *p) {
    struct complaint c;
    struct svg svg = {base_name(path), t, region, o->styles, NULL};
    if ((o->svg == NULL && o->html == NULL) || so_far > REFUSED)
        return so_far;
    progress_go_on(p, PICTURE_STAGES);
    enum status status = picture_make(&svg, o->moves, p, &c);
    progress_erase(p);
    if (status != SERVED)
        status = fail_trace(status, path, &c, p);
    else
        status = write_pictures(o, path, &svg, told, p);
    picture_end(&svg);
    return status > so_far ? status : so_far;
}

/* Who holds its free memory apart */

/* The status of it, after the error was told. */
static enum status find_holders(const struct options *o, const char *path, const struct trace *t,
                                size_t region, struct holders **holders, struct progress *p) {
    struct complaint c;
    progress_go_on(p, HOLDERS_STAGES);
    enum status status = holders_find(holders, t, region, &o->styles, o->moves, p, &c);
    progress_erase(p);
    return status == SERVED ? SERVED : fail_trace(status, path, &c, p);
}

/* If it was asked for, after the report of one style. Returns the higher status. */
static enum status tell_holders(const struct options *o, const char *path, const struct trace *t,
                                size_t region, enum status so_far, struct progress *p) {
    const struct holders_of of = {trace_file_name(path), style_of(o)->name, t->unit, region};
    struct holders *holders;
    if (!o->holders || so_far > REFUSED)
        return so_far;
    enum status status = find_holders(o, path, t, region, &holders, p);
    if (status != SERVED)
        return status;
    holders_text(stdout, holders, &of);
    putchar('\n');
    holders_free(holders, &o->styles);
    return finish(so_far);
}

/* A replay of it */

static struct replay_terms terms_of(const struct options *o) {
    return (struct replay_terms){.style = style_of(o)->value, .moves = o->moves};
}

static void report(const char *path, const struct options *o, const struct heap *heap,
                   const struct trace *t, const struct replay_figures *f,
                   const struct refusals *refusals) {
    printf("trace:              %s, %s fit in %zu bytes\n", trace_file_name(path),
           style_of(o)->name, heap->bytes);
    answer_origin(stdout, t);
    printf("operations:         %zu\n", t->count);
    printf("time an operation:  %.1f ns\n", f->ns);
    printf("peak of live bytes: %" PRIu64 "\n", t->peak);
    printf("live objects:       %zu\n", f->live);
    printf("free chunks:        %zu\n", f->chunks);
    printf("largest free chunk: %zu\n", f->largest);
    printf("requests refused:   %zu\n", f->refused);
    if (f->refused > 0)
        printf("first refused:      %" PRIu64 " bytes, in %s %" PRIu32 "\n", f->first_refused.bytes,
               t->unit, f->first_refused.line);
    if (f->refused > 0)
        printf("full, fragmented:   %zu, %zu\n", f->full, f->refused - f->full);
    answer_refusals(stdout, refusals, t->unit);
    if (o->dump)
        Mem_RegionDump(heap->region);
    /* It tells of no write error. If it met one, this line meets it too. */
    putchar('\n');
}

static bool run(const struct options *o, const struct trace *t, const struct heap *heap,
                struct refusals *refusals, struct progress *p, struct replay_figures *figures,
                struct complaint *c) {
    struct replay_listener listener;
    if (!o->refusals)
        return replay_run(t, heap, terms_of(o), NULL, p, figures, c);
    return refusals_begin(refusals, c) && refusals_open(refusals, &listener, c) &&
           replay_run(t, heap, terms_of(o), &listener, p, figures, c) &&
           refusals_close(refusals, c);
}

static enum status replay(const struct options *o, const char *path, const struct trace *t,
                          struct progress *p) {
    struct complaint complaint;
    struct refusals refusals = {.file = -1};
    size_t bytes = o->region > 0 ? o->region : heap_for(t);
    struct heap heap;
    if (!heap_make(&heap, bytes)) {
        complain(&complaint, 0, "the system refuses a region of %zu bytes", bytes);
        return fail_trace(UNUSABLE, path, &complaint, p);
    }
    struct replay_figures figures;
    if (!run(o, t, &heap, &refusals, p, &figures, &complaint))
        return fail_trace(complaint.line == 0 ? UNUSABLE : FAILED, path, &complaint, p);
    progress_erase(p);
    report(path, o, &heap, t, &figures, &refusals);
    enum status status = finish(figures.refused > 0 ? REFUSED : SERVED);
    status = tell_holders(o, path, t, heap.bytes, status, p);
    return draw(o, path, t, heap.bytes, NULL, status, p);
}

static enum status replay_in_child(const struct options *o, const char *path) {
    struct complaint complaint;
    enum status status;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0)
        return fail(UNUSABLE, "%s: cannot start a process: %s", trace_file_name(path),
                    strerror(errno));
    if (child == 0) {
        child_end_with(parent);
        exit(work_on_file(o, path, replay, REPLAY_STAGES));
    }
    if (child_wait(child, &status, &complaint))
        return status;
    progress_erase_left();
    return fail(status, "%s: %s", trace_file_name(path), complaint.text);
}

/* The smallest region of a trace */

static void print_bytes(const char *name, uint64_t bytes, bool known) {
    if (known)
        printf("%-19s %" PRIu64 "\n", name, bytes);
    else
        printf("%-19s unknown\n", name);
}

static void report_search(const char *path, const struct options *o, const struct trace *t,
                          const struct search_figures *f) {
    bool known = f->index > 0;
    printf("trace:              %s, %s fit\n", trace_file_name(path), style_of(o)->name);
    answer_origin(stdout, t);
    print_bytes("smallest region:", f->region, true);
    print_bytes("peak of live bytes:", t->peak, true);
    if (t->peak > 0)
        printf("region to peak:     %.3f\n", (double)f->region / (double)t->peak);
    else
        puts("region to peak:     none");
    print_bytes("index resident:", f->index, known);
    print_bytes("region and index:", f->region + f->index, known);
    putchar('\n');
}

static enum status search(const struct options *o, const char *path, const struct trace *t,
                          struct progress *p) {
    struct complaint complaint;
    struct search_figures figures;
    enum status status = search_region(t, terms_of(o), p, &figures, &complaint);
    if (status != SERVED)
        return fail_trace(status, path, &complaint, p);
    progress_erase(p);
    report_search(path, o, t, &figures);
    return finish(SERVED);
}

/* Several styles, or one in the same form */

static bool is_first_table = true;

static void print_answers(const struct options *o, const struct answers *a) {
    switch (o->form) {
    case FORM_CSV:
        answer_csv(stdout, a, is_first_table);
        break;
    case FORM_JSON:
        answer_json(stdout, a);
        break;
    default:
        answer_text(stdout, a);
        putchar('\n');
    }
    is_first_table = false;
}

static enum status find_budget(const struct options *o, const struct answers *a,
                               struct budget *budget, struct progress *p, struct complaint *c) {
    size_t most = 0;
    for (size_t i = 0; i < a->count; i++)
        if (a->of[i].search.region > most)
            most = a->of[i].search.region;
    progress_go_on(p, BUDGET_STAGES);
    return budget_find(budget, a->trace, &o->styles, o->moves, most > 0 ? most : a->region, p, c);
}

/* What is asked beyond the answers. Returns the higher status; an error was told. */
static enum status find_more(const struct options *o, const char *path, struct answers *a,
                             struct budget *budget, struct holders **holders, enum status so_far,
                             struct progress *p) {
    struct complaint c;
    enum status status = SERVED;
    if ((o->budget || o->html != NULL) && (status = find_budget(o, a, budget, p, &c)) > REFUSED)
        return fail_trace(status, path, &c, p);
    a->budget = o->budget ? budget : NULL;
    if (o->holders)
        status = find_holders(o, path, a->trace, a->region, holders, p);
    a->holders = *holders;
    return status > so_far ? status : so_far;
}

static enum status compare(const struct options *o, const char *path, const struct trace *t,
                           struct progress *p) {
    const struct question question = {o->styles, o->moves, o->refusals, o->region};
    struct answers answers;
    struct budget budget;
    const struct told told = {&answers, &budget};
    struct holders *holders = NULL;
    struct complaint c;
    enum status status = answers_find(&answers, t, &question, p, &c);
    answers.name = trace_file_name(path);
    if (status <= REFUSED)
        status = find_more(o, path, &answers, &budget, &holders, status, p);
    else
        status = fail_trace(status, path, &c, p);
    progress_erase(p);
    if (status <= REFUSED)
        print_answers(o, &answers);
    holders_free(holders, &o->styles);
    if (status <= REFUSED)
        status = draw(o, path, t, answers.region, &told, finish(status), p);
    answers_end(&answers);
    return status;
}

/* All traces, in the parent */

static enum status run_one(const struct options *o, const char *path) {
    if (options_want_table(o))
        return work_on_file(o, path, compare, SEARCH_STAGES);
    return o->min_region ? work_on_file(o, path, search, SEARCH_STAGES) : replay_in_child(o, path);
}

static enum status run_all(const struct options *o) {
    enum status worst = SERVED;
    struct complaint c;
    /* Without these signals, output that nobody reads, or a file larger than allowed, is a write
     * error like any other. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    /* If SIGCHLD was ignored by the parent of this process, children would leave no status. */
    signal(SIGCHLD, SIG_DFL);
    /* The work may take long: it is not begun for a file that cannot be written. */
    if (o->svg != NULL && !replacement_try(o->svg, &c))
        return fail_file(o->svg, &c);
    if (o->html != NULL && !replacement_try(o->html, &c))
        return fail_file(o->html, &c);
    for (char **path = o->traces; *path != NULL; path++) {
        enum status status = run_one(o, *path);
        if (status > worst)
            worst = status;
    }
    return worst;
}

int main(int argc, char **argv) {
    struct options options;
    switch (options_parse(argc, argv, &options)) {
    case SHOW_HELP:
        fputs(options_help, stdout);
        return finish(SERVED);
    case SHOW_VERSION:
        puts("mem-replay (libmem) " PACKAGE_VERSION);
        return finish(SERVED);
    case MISUSE:
        return UNUSABLE;
    case RUN:
        break;
    }
    return run_all(&options);
}
