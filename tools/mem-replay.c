/*
 * mem-replay.c - replays allocation traces on libmem and prints what the heap
 * made of them: options, processes, reports.
 *
 * A process can call Mem_Init once, so each trace is replayed in a child of
 * its own. The parent reads no trace; it waits, and tells when a child was
 * killed. In a search for the smallest region, the parent reads the trace once
 * for all, and each probe of a region is a child (probe.c).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "child.h"
#include "complaint.h"
#include "input.h"
#include "progress.h"
#include "replay.h"
#include "search.h"
#include "status.h"
#include "trace.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <mem.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct style {
    const char *name;
    int value;
};

static const struct style styles[] = {
    {"first", FIRSTFIT},
    {"worst", WORSTFIT},
    {"best", BESTFIT},
};
enum { STYLES = sizeof styles / sizeof styles[0] };

struct options {
    int region; /* bytes; 0: by the trace's first line */
    const struct style *style;
    bool dump;
    bool min_region;
};

/* Messages */

static enum status fail(enum status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status fail(enum status status, const char *format, ...) {
    va_list args;
    fputs("mem-replay: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return status;
}

static enum status fail_trace(enum status status, const char *path, const struct complaint *c,
                              struct progress *p) {
    progress_erase(p);
    if (c->line == 0)
        return fail(status, "%s: %s", path, c->text);
    return fail(status, "%s:%zu: %s", path, c->line, c->text);
}

/* Every byte printed has to have reached its file when the process ends. */
static enum status finish_output(enum status status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return fail(UNUSABLE, "cannot write to standard output: %s", strerror(errno));
}

/* One trace */

static bool load(struct trace *t, const char *path, struct progress *p, struct complaint *c) {
    static struct input input; /* static: it is large */
    *t = (struct trace){0};
    progress_stage(p, "reading");
    bool right =
        input_open(&input, path) ? trace_read(t, &input, p, c) : complain(c, 0, "%s", input.error);
    input_close(&input);
    return right;
}

/* What is done with a trace that was read. */
typedef enum status trace_work(const struct options *, const char *path, const struct trace *,
                               struct progress *);

static enum status work_on_file(const struct options *o, const char *path, trace_work *work,
                                unsigned stages) {
    struct progress progress;
    progress_start(&progress, 1 + stages);
    struct trace trace;
    struct complaint complaint;
    enum status status;
    if (load(&trace, path, &progress, &complaint))
        status = work(o, path, &trace, &progress);
    else
        status = fail_trace(UNUSABLE, path, &complaint, &progress);
    trace_free(&trace);
    return status;
}

/* A replay of it */

/* The bytes of the region made, or 0. */
static size_t make_region(const struct options *o, const struct trace *t, struct complaint *c) {
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t wanted = (uint64_t)o->region;
    size_t line = 0;
    if (o->region == 0) {
        wanted = t->heap + t->heap / 4 + (t->heap % 4 != 0);
        line = 1;
    }
    if (wanted == 0 || wanted > INT_MAX)
        return complain(c, line, "a region of %" PRIu64 " bytes is not possible", wanted);
    if (Mem_Init((int)wanted) != 0)
        return complain(c, line, "the system refuses a region of %" PRIu64 " bytes", wanted);
    return (size_t)((wanted + page - 1) / page * page);
}

static void report(const char *path, const struct options *o, size_t region, const struct trace *t,
                   const struct replay_figures *f) {
    printf("trace:              %s, %s fit in %zu bytes\n", path, o->style->name, region);
    printf("operations:         %zu\n", t->count);
    printf("time an operation:  %.1f ns\n", f->ns);
    printf("peak of live bytes: %zu\n", f->peak);
    printf("live objects:       %zu\n", f->live);
    printf("free chunks:        %zu\n", f->chunks);
    printf("largest free chunk: %zu\n", f->largest);
    printf("requests refused:   %zu\n", f->refused);
    if (o->dump)
        Mem_Dump();
    /* Mem_Dump tells of no write error. If it met one, this line meets it too. */
    putchar('\n');
}

static enum status replay(const struct options *o, const char *path, const struct trace *t,
                          struct progress *p) {
    struct complaint complaint;
    size_t region = make_region(o, t, &complaint);
    if (region == 0)
        return fail_trace(UNUSABLE, path, &complaint, p);
    struct replay_figures figures;
    if (!replay_run(t, region, o->style->value, p, &figures, &complaint))
        return fail_trace(complaint.line == 0 ? UNUSABLE : FAILED, path, &complaint, p);
    progress_erase(p);
    report(path, o, region, t, &figures);
    return finish_output(figures.refused > 0 ? REFUSED : SERVED);
}

static enum status replay_in_child(const struct options *o, const char *path) {
    struct complaint complaint;
    enum status status;
    pid_t child = fork();
    if (child < 0)
        return fail(UNUSABLE, "%s: cannot start a process: %s", path, strerror(errno));
    if (child == 0)
        exit(work_on_file(o, path, replay, REPLAY_STAGES));
    if (child_wait(child, &status, &complaint))
        return status;
    progress_erase_left();
    return fail(status, "%s: %s", path, complaint.text);
}

/* The smallest region of a trace */

static void print_bytes(const char *name, size_t bytes, bool known) {
    if (known)
        printf("%-19s %zu\n", name, bytes);
    else
        printf("%-19s unknown\n", name);
}

static void report_search(const char *path, const struct options *o,
                          const struct search_figures *f) {
    bool known = f->index > 0;
    printf("trace:              %s, %s fit\n", path, o->style->name);
    print_bytes("smallest region:", f->region, true);
    print_bytes("peak of live bytes:", f->peak, true);
    if (f->peak > 0)
        printf("region to peak:     %.3f\n", (double)f->region / (double)f->peak);
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
    enum status status = search_region(t, o->style->value, p, &figures, &complaint);
    if (status != SERVED)
        return fail_trace(status, path, &complaint, p);
    progress_erase(p);
    report_search(path, o, &figures);
    return finish_output(SERVED);
}

/* All traces, in the parent */

static enum status run_all(const struct options *o, char **paths) {
    enum status worst = SERVED;
    /* Output that nobody reads is then a write error like others. */
    signal(SIGPIPE, SIG_IGN);
    /* The parent of this process may have chosen that children leave no status. */
    signal(SIGCHLD, SIG_DFL);
    for (; *paths != NULL; paths++) {
        enum status status = o->min_region ? work_on_file(o, *paths, search, SEARCH_STAGES)
                                           : replay_in_child(o, *paths);
        if (status > worst)
            worst = status;
    }
    return worst;
}

/* Options */

static const char help[] =
    "Usage: mem-replay [OPTION]... TRACE...\n"
    "Replay recorded allocations on libmem, verify every object, print figures.\n"
    "\n"
    "  --region BYTES  size of the heap (default: 1.25 times what the trace suggests)\n"
    "  --style STYLE   placement: first, worst or best fit (default: first)\n"
    "  --dump          print the free chunks that are left at the end\n"
    "  --min-region    find the smallest region that refuses no request, instead\n"
    "  --help          print this help and exit\n"
    "  --version       print the version and exit\n"
    "\n"
    "Exit status: 0 when every request was served, 1 when one was refused (with\n"
    "--min-region: in every region), 2 for bad usage or input, 3 when the heap\n"
    "failed.\n";

static bool parse_region(const char *text, int *region) {
    if (*text < '0' || *text > '9') /* strtoull takes signs and white space too */
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || value == 0 || value > INT_MAX)
        return false;
    *region = (int)value;
    return true;
}

static const struct style *find_style(const char *name) {
    for (size_t i = 0; i < STYLES; i++)
        if (strcmp(name, styles[i].name) == 0)
            return &styles[i];
    return NULL;
}

enum {
    OPTION_REGION = 256,
    OPTION_STYLE,
    OPTION_DUMP,
    OPTION_MIN_REGION,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"region", required_argument, NULL, OPTION_REGION},
    {"style", required_argument, NULL, OPTION_STYLE},
    {"dump", no_argument, NULL, OPTION_DUMP},
    {"min-region", no_argument, NULL, OPTION_MIN_REGION},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

enum action { RUN, SHOW_HELP, SHOW_VERSION, MISUSE };

static enum action misuse(const char *what, const char *which) {
    fail(UNUSABLE, "%s '%s' (see mem-replay --help)", what, which);
    return MISUSE;
}

/* There are no short options, so one that was given is unknown. */
static enum action misuse_of_option(char **argv) {
    char letter[] = {'-', (char)optopt, '\0'};
    return misuse("wrong option", optopt > 0 && optopt < OPTION_REGION ? letter : argv[optind - 1]);
}

/* A search tries regions of its own choice, and leaves none to be shown. */
static enum action check_together(const struct options *o) {
    static const char alone[] = "--min-region does not go with";
    if (o->min_region && o->region != 0)
        return misuse(alone, "--region");
    if (o->min_region && o->dump)
        return misuse(alone, "--dump");
    return RUN;
}

static enum action parse_options(int argc, char **argv, struct options *o) {
    int option;
    opterr = 0; /* the messages of getopt differ from system to system */
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        switch (option) {
        case OPTION_REGION:
            if (!parse_region(optarg, &o->region))
                return misuse("--region takes a number of bytes, 1 to 2147483647, not", optarg);
            break;
        case OPTION_STYLE:
            if ((o->style = find_style(optarg)) == NULL)
                return misuse("--style takes first, worst or best, not", optarg);
            break;
        case OPTION_DUMP:
            o->dump = true;
            break;
        case OPTION_MIN_REGION:
            o->min_region = true;
            break;
        case OPTION_HELP:
            return SHOW_HELP;
        case OPTION_VERSION:
            return SHOW_VERSION;
        case ':':
            return misuse("no value is given for", argv[optind - 1]);
        default:
            return misuse_of_option(argv);
        }
    }
    return check_together(o);
}

int main(int argc, char **argv) {
    struct options options = {.style = &styles[0]};
    switch (parse_options(argc, argv, &options)) {
    case SHOW_HELP:
        fputs(help, stdout);
        return finish_output(SERVED);
    case SHOW_VERSION:
        puts("mem-replay (libmem) " PACKAGE_VERSION);
        return finish_output(SERVED);
    case MISUSE:
        return UNUSABLE;
    case RUN:
        break;
    }
    if (optind == argc)
        return fail(UNUSABLE, "no trace is given (see mem-replay --help)");
    return run_all(&options, argv + optind);
}
