/*
 * differential.c - a random test of libmem against the plain model of model.c.
 *
 * A run is a process with a region of its own: workload.c draws operations,
 * twin.c does each with the library and with the model and compares. Without
 * options the program does one run for each row of a table of settings.
 *
 * With --vandal a run overwrites nodes of the free list all the time. Placement
 * and errors have to stay those of the model; what an operation writes in the
 * list has to be right; and Mem_Check has to tell exactly when a node is wrong.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "random.h"
#include "twin.h"
#include "workload.h"

enum {
    ALARM_INTERVAL = 256, /* so many operations */
    ALARM_SECONDS = 300,  /* in so many seconds, or the library hangs */
    TIDY_INTERVAL = 8192, /* from one Mem_Dump to the next, and of pages given back */
    TIDY_REGION = 16 << 20,
    PROGRESS_INTERVAL = 1 << 18,
    SINGLE_OPERATIONS = 1000000,
    LIGHT_DIVISOR = 50,
    EXIT_SKIPPED = 77, /* as Automake counts it: the system maps no such region */
};

/* ---- Settings ---- */

static const char *const sizes_options[SIZES_COUNT] = {
    "mixed", "granule", "small", "segment", "page", "large", "powers", "even", "program",
};

static const struct {
    int style;
    const char *option;
} styles[] = {{FIRSTFIT, "first"}, {WORSTFIT, "worst"}, {BESTFIT, "best"}, {STYLE_MIXED, "mixed"}};

enum { STYLES = sizeof styles / sizeof styles[0] };

#define KIB(n) ((n)*1024)
#define MIB(n) ((n)*1024 * 1024)

/* Regions of 1, 16, 256 ... segments of 1 KiB and their neighbours stand here
 * because a tree of 16-fold nodes changes its height there. */
static const struct {
    struct setting setting;
    unsigned share; /* of the operations, in thousands of a pass */
} table[] = {
    /* region, style, sizes, objects, vandal; share */
    {{1, FIRSTFIT, SIZES_MIXED, 300, false}, 160},
    {{1, WORSTFIT, SIZES_MIXED, 300, false}, 160},
    {{1, BESTFIT, SIZES_MIXED, 300, false}, 160},
    {{4096, STYLE_MIXED, SIZES_GRANULE, 300, false}, 100},
    {{4096, STYLE_MIXED, SIZES_MIXED, 300, false}, 160},
    {{4096, STYLE_MIXED, SIZES_MIXED, 300, true}, 160},
    {{4097, FIRSTFIT, SIZES_SMALL, 300, false}, 160},
    {{4097, STYLE_MIXED, SIZES_MIXED, 600, false}, 160},
    {{KIB(12), STYLE_MIXED, SIZES_SEGMENT, 100, false}, 160},
    {{KIB(16), STYLE_MIXED, SIZES_MIXED, 200, false}, 160},
    {{KIB(20), STYLE_MIXED, SIZES_MIXED, 200, false}, 160},
    {{KIB(64), FIRSTFIT, SIZES_SMALL, 500, false}, 160},
    {{KIB(64), WORSTFIT, SIZES_SMALL, 500, false}, 160},
    {{KIB(64), BESTFIT, SIZES_SMALL, 500, false}, 160},
    {{KIB(64), FIRSTFIT, SIZES_SEGMENT, 60, false}, 160},
    {{KIB(64), STYLE_MIXED, SIZES_POWERS, 200, false}, 160},
    {{KIB(64), STYLE_MIXED, SIZES_MIXED, 300, false}, 160},
    {{KIB(64), FIRSTFIT, SIZES_SMALL, 500, true}, 160},
    {{KIB(64), STYLE_MIXED, SIZES_MIXED, 300, true}, 160},
    {{KIB(252), STYLE_MIXED, SIZES_EVEN, 300, false}, 160},
    {{KIB(256), FIRSTFIT, SIZES_PAGE, 100, false}, 160},
    {{KIB(260), STYLE_MIXED, SIZES_EVEN, 300, false}, 160},
    {{MIB(1) - 123, FIRSTFIT, SIZES_PROGRAM, 500, false}, 160},
    {{MIB(1), FIRSTFIT, SIZES_PAGE, 300, false}, 160},
    {{MIB(1), WORSTFIT, SIZES_SEGMENT, 500, false}, 160},
    {{MIB(1), STYLE_MIXED, SIZES_PROGRAM, 500, true}, 160},
    {{MIB(4), STYLE_MIXED, SIZES_EVEN, 400, false}, 160},
    {{MIB(4) + 1, STYLE_MIXED, SIZES_MIXED, 400, false}, 160},
    {{MIB(16), FIRSTFIT, SIZES_MIXED, 400, false}, 160},
    {{MIB(16), WORSTFIT, SIZES_MIXED, 400, false}, 160},
    {{MIB(16), BESTFIT, SIZES_MIXED, 400, false}, 160},
    {{MIB(16), STYLE_MIXED, SIZES_LARGE, 40, false}, 160},
    {{MIB(16), FIRSTFIT, SIZES_PROGRAM, 20000, false}, 150},
    {{MIB(16), STYLE_MIXED, SIZES_SMALL, 20000, false}, 150},
    {{MIB(16), STYLE_MIXED, SIZES_MIXED, 400, true}, 100},
    {{MIB(64), STYLE_MIXED, SIZES_MIXED, 400, false}, 100},
    {{MIB(64) + 1, STYLE_MIXED, SIZES_EVEN, 400, false}, 100},
    {{MIB(1024), FIRSTFIT, SIZES_MIXED, 400, false}, 100},
    {{MIB(1024), WORSTFIT, SIZES_POWERS, 400, false}, 100},
    {{MIB(1024), STYLE_MIXED, SIZES_LARGE, 100, false}, 100},
    {{MIB(1024), STYLE_MIXED, SIZES_EVEN, 20000, false}, 150},
    {{INT_MAX, FIRSTFIT, SIZES_MIXED, 400, false}, 100},
    {{INT_MAX, WORSTFIT, SIZES_EVEN, 400, false}, 100},
    {{INT_MAX, BESTFIT, SIZES_LARGE, 100, false}, 100},
    {{INT_MAX, STYLE_MIXED, SIZES_MIXED, 400, false}, 100},
    {{INT_MAX, STYLE_MIXED, SIZES_MIXED, 400, true}, 100},
};

enum { ROWS = sizeof table / sizeof table[0] };

/* ---- A run ---- */

/* The operations of all runs, and those of the runs that have ended. */
struct plan {
    uint64_t planned; /* 0: show no line of progress */
    uint64_t done;
};

static void show_progress(const struct plan *plan, uint64_t operations) {
    if (plan->planned)
        fprintf(stderr, "\rdifferential: %" PRIu64 " of %" PRIu64 " operations ",
                plan->done + operations, plan->planned);
}

/* Things to do now and then between two operations. */
static void run_chores(const struct twin *twin, const struct plan *plan) {
    uint64_t operations = twin->log->operations;
    if (operations % ALARM_INTERVAL == 0)
        alarm(ALARM_SECONDS);
    if (operations % PROGRESS_INTERVAL == 0)
        show_progress(plan, operations);
    if (operations % TIDY_INTERVAL != 0)
        return;
    Mem_Dump();
    if (twin->model.region >= TIDY_REGION)
        twin_give_back_pages(twin);
}

/* The child's part. What Mem_Dump prints is of no interest here, only that it
 * returns and changes nothing. A hang ends by a signal, as a crash does. */
static _Noreturn void run_child(const struct setting *setting, uint64_t seed, uint64_t operations,
                                struct twin_log *log, const struct plan *plan) {
    struct twin twin = {.log = log, .spoilt = setting->vandal};
    struct workload workload;
    alarm(ALARM_SECONDS);
    if (!freopen("/dev/null", "w", stdout))
        _exit(EXIT_FAILURE);
    workload_start(&workload, setting, &twin, seed);
    workload_without_region(&workload);
    if (!twin_start(&twin, setting->region))
        _exit(EXIT_SKIPPED);
    while (log->operations < operations) {
        workload_step(&workload);
        run_chores(&twin, plan);
    }
    twin_end(&twin);
    exit(EXIT_SUCCESS);
}

static const char *style_option(int style) {
    size_t i = 0;
    while (styles[i].style != style)
        i++;
    return styles[i].option;
}

/* Makes the log ready for a run, with the command that repeats it. */
static void log_begin(struct twin_log *log, const struct setting *setting, uint64_t seed) {
    *log = (struct twin_log){.operation.call = CALL_NONE};
    snprintf(log->origin, sizeof log->origin,
             "differential --seed 0x%" PRIx64
             " --region %d --style %s --sizes %s --objects %" PRIu32 "%s",
             seed, setting->region, style_option(setting->style), sizes_options[setting->sizes],
             setting->objects, setting->vandal ? " --vandal" : "");
}

/* Starts a child and returns its status when it has ended. */
static int run_in_child(const struct setting *setting, uint64_t seed, uint64_t operations,
                        struct twin_log *log, const struct plan *plan) {
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run_child(setting, seed, operations, log, plan);
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        perror("differential");
        exit(EXIT_FAILURE);
    }
    return status;
}

/* Does a run. A difference, which the child has reported, ends the program. */
static void run(const struct setting *setting, uint64_t seed, uint64_t operations,
                struct twin_log *log, struct plan *plan) {
    log_begin(log, setting, seed);
    int status = run_in_child(setting, seed, operations, log, plan);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED) {
        printf("differential: the system maps no region of %d bytes: skipped\n", setting->region);
        return;
    }
    if (WIFSIGNALED(status))
        twin_report(log, "a return", strsignal(WTERMSIG(status)));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
        exit(EXIT_FAILURE);
    plan->done += log->operations;
    show_progress(plan, 0);
}

/* ---- Many runs ---- */

/* The operations of a pass over the whole table, if nobody asks for more. */
static uint64_t pass_operations(void) {
    uint64_t thousands = 0;
    for (size_t i = 0; i < ROWS; i++)
        thousands += table[i].share;
    return thousands * 1000;
}

/* One run for each row of the table, as long as its share of the operations.
 * Shares are added up before they are rounded, so that the sum is exact. */
static void run_pass(uint64_t operations, uint64_t *seeds, struct twin_log *log,
                     struct plan *plan) {
    uint64_t share = 0, begun = 0;
    for (size_t i = 0; i < ROWS; i++) {
        share += table[i].share * UINT64_C(1000);
        uint64_t due = operations * share / pass_operations();
        run(&table[i].setting, random_next(seeds), due - begun, log, plan);
        begun = due;
    }
}

/* Many operations are many passes: each has new regions and new numbers. */
static void run_passes(uint64_t operations, uint64_t seed, struct twin_log *log,
                       struct plan *plan) {
    uint64_t pass = pass_operations();
    while (operations > 0) {
        uint64_t now = operations < 2 * pass ? operations : pass;
        run_pass(now, &seed, log, plan);
        operations -= now;
    }
}

/* ---- The program ---- */

struct options {
    uint64_t operations; /* 0: as many as usual */
    uint64_t seed;
    bool single; /* one run with the setting, not the table */
    struct setting setting;
};

static const char usage[] =
    "Usage: differential [--operations N] [--seed S] [--region BYTES]\n"
    "         [--style first|worst|best|mixed] [--objects N] [--vandal]\n"
    "         [--sizes mixed|granule|small|segment|page|large|powers|even|program]\n"
    "Compares libmem with a plain model, operation by operation. Without a setting\n"
    "(--region and those that follow), the operations are spread over a table of\n"
    "settings. MEM_TEST_LIGHT in the environment makes the usual number of\n"
    "operations small.\n";

static _Noreturn void complain(void) {
    fputs(usage, stderr);
    exit(EXIT_FAILURE);
}

static uint64_t parse_number(const char *text, uint64_t most) {
    char *end;
    unsigned long long number = strtoull(text, &end, 0);
    if (end == text || *end != '\0' || *text == '-' || number > most)
        complain();
    return number;
}

static int parse_style(const char *text) {
    for (size_t i = 0; i < STYLES; i++)
        if (strcmp(text, styles[i].option) == 0)
            return styles[i].style;
    complain();
}

static enum sizes parse_sizes(const char *text) {
    for (int i = 0; i < SIZES_COUNT; i++)
        if (strcmp(text, sizes_options[i]) == 0)
            return (enum sizes)i;
    complain();
}

static void parse_setting(struct options *options, int option, const char *text) {
    struct setting *setting = &options->setting;
    options->single = true;
    switch (option) {
    case 'r':
        setting->region = (int)parse_number(text, INT_MAX);
        return;
    case 'y':
        setting->style = parse_style(text);
        return;
    case 'z':
        setting->sizes = parse_sizes(text);
        return;
    case 'o':
        setting->objects = (unsigned)parse_number(text, 1000000);
        return;
    case 'v':
        setting->vandal = true;
        return;
    default:
        complain();
    }
}

static uint64_t fresh_seed(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t state = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    state ^= (uint64_t)getpid() << 40;
    return random_next(&state);
}

static struct options parse_options(int argc, char **argv) {
    static const struct option known[] = {
        {"operations", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
        {"region", required_argument, NULL, 'r'},     {"style", required_argument, NULL, 'y'},
        {"sizes", required_argument, NULL, 'z'},      {"objects", required_argument, NULL, 'o'},
        {"vandal", no_argument, NULL, 'v'},           {NULL, 0, NULL, 0},
    };
    struct options options = {
        .seed = fresh_seed(),
        .setting = {KIB(64), STYLE_MIXED, SIZES_MIXED, 300, false},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'n')
            options.operations = parse_number(optarg, INT64_MAX);
        else if (option == 's')
            options.seed = parse_number(optarg, UINT64_MAX);
        else
            parse_setting(&options, option, optarg);
    }
    if (optind < argc || options.setting.region == 0 || options.setting.objects == 0)
        complain();
    return options;
}

static uint64_t usual_operations(const struct options *options) {
    uint64_t operations = options->single ? SINGLE_OPERATIONS : pass_operations();
    return getenv("MEM_TEST_LIGHT") ? operations / LIGHT_DIVISOR : operations;
}

static struct twin_log *shared_log(void) {
    void *shared = mmap(NULL, sizeof(struct twin_log), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("differential");
        exit(EXIT_FAILURE);
    }
    return shared;
}

int main(int argc, char **argv) {
    struct options options = parse_options(argc, argv);
    uint64_t operations = options.operations ? options.operations : usual_operations(&options);
    struct plan plan = {.planned = isatty(STDERR_FILENO) ? operations : 0};
    struct twin_log *log = shared_log();
    printf("differential: seed 0x%" PRIx64 "\n", options.seed);
    if (options.single)
        run(&options.setting, options.seed, operations, log, &plan);
    else
        run_passes(operations, options.seed, log, &plan);
    if (plan.planned)
        fputc('\n', stderr);
    if (plan.done == 0)
        return EXIT_SKIPPED;
    printf("differential: %" PRIu64 " operations, seed 0x%" PRIx64 ", identical\n", plan.done,
           options.seed);
    return EXIT_SUCCESS;
}
