/*
 * differential.c - a random test of libmem against the plain model of model.c.
 *
 * A run is a process with a default region of its own, and others beside it
 * (regions.c): workload.c draws operations, twin.c does each with the library and
 * with the model and compares. Without options the program does one run for
 * each row of a table of settings (setting.c).
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
#include "regions.h"
#include "report.h"
#include "setting.h"

enum {
    ALARM_INTERVAL = 256, /* so many operations */
    ALARM_SECONDS = 300,  /* in so many seconds, or the library hangs */
    TIDY_INTERVAL = 8192, /* from one call of tidy() to the next */
    TIDY_REGION = 16 << 20,
    PROGRESS_INTERVAL = 1 << 18,
    SINGLE_OPERATIONS = 1000000,
    LIGHT_DIVISOR = 50,
    EXIT_SKIPPED = 77, /* as Automake counts it: the system maps no such region */
};

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

/* What Mem_Dump prints is of no interest here, only that it returns and changes
 * nothing. */
static void tidy(const struct twin *twin) {
    if (twin->region)
        Mem_RegionDump(twin->region);
    else
        Mem_Dump();
    if (twin->model.region >= TIDY_REGION)
        twin_give_back_pages(twin);
}

/* Chores between operations, now and then. A step may do several operations: `before` says how many
 * there were before it. */
static void run_chores(struct regions *regions, uint64_t before, const struct plan *plan) {
    uint64_t operations = regions->log->operations;
    if (operations / ALARM_INTERVAL != before / ALARM_INTERVAL)
        alarm(ALARM_SECONDS);
    if (operations / PROGRESS_INTERVAL != before / PROGRESS_INTERVAL)
        show_progress(plan, operations);
    if (operations / TIDY_INTERVAL != before / TIDY_INTERVAL)
        regions_each(regions, tidy);
}

/* The child's part. A hang ends by a signal, as a crash does. */
static _Noreturn void run_child(const struct setting *setting, uint64_t seed, uint64_t operations,
                                struct run_log *log, const struct plan *plan) {
    struct regions regions;
    alarm(ALARM_SECONDS);
    if (!freopen("/dev/null", "w", stdout))
        _exit(EXIT_FAILURE);
    if (!regions_start(&regions, setting, log, seed))
        _exit(EXIT_SKIPPED);
    while (log->operations < operations) {
        uint64_t before = log->operations;
        if (!regions_step(&regions))
            _exit(EXIT_SKIPPED);
        run_chores(&regions, before, plan);
    }
    regions_finish(&regions);
    exit(EXIT_SUCCESS);
}

/* Makes the log ready for a run, with the command that repeats it. */
static void log_begin(struct run_log *log, const struct setting *setting, uint64_t seed) {
    char options[sizeof log->origin - 64];
    *log = (struct run_log){.operation.call = CALL_NONE};
    setting_describe(options, sizeof options, setting);
    snprintf(log->origin, sizeof log->origin, "differential --seed 0x%" PRIx64 " %s", seed,
             options);
}

/* Starts a child and returns its status when it has ended. */
static int run_in_child(const struct setting *setting, uint64_t seed, uint64_t operations,
                        struct run_log *log, const struct plan *plan) {
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
                struct run_log *log, struct plan *plan) {
    log_begin(log, setting, seed);
    int status = run_in_child(setting, seed, operations, log, plan);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED) {
        printf("differential: no such regions here: %s: skipped\n", log->origin);
        return;
    }
    if (WIFSIGNALED(status))
        report(log, "a return", strsignal(WTERMSIG(status)));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
        exit(EXIT_FAILURE);
    plan->done += log->operations;
    show_progress(plan, 0);
}

/* ---- Many runs ---- */

/* The operations of a pass over the whole table, if nobody asks for more. */
static uint64_t pass_operations(void) {
    uint64_t thousands = 0;
    for (size_t i = 0; i < setting_rows; i++)
        thousands += setting_table[i].share;
    return thousands * 1000;
}

/* One run for each row of the table, as long as its share of the operations.
 * Shares are added up before they are rounded, so that the sum is exact. */
static void run_pass(uint64_t operations, uint64_t *seeds, struct run_log *log, struct plan *plan) {
    uint64_t share = 0, begun = 0;
    for (size_t i = 0; i < setting_rows; i++) {
        share += setting_table[i].share * UINT64_C(1000);
        uint64_t due = operations * share / pass_operations();
        run(&setting_table[i].setting, random_next(seeds), due - begun, log, plan);
        begun = due;
    }
}

/* Many operations are many passes: each has new regions and new numbers. */
static void run_passes(uint64_t operations, uint64_t seed, struct run_log *log, struct plan *plan) {
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
    "         [--style first|worst|best|mixed] [--objects N] [--regions N] [--vandal]\n"
    "         [--sizes mixed|granule|small|segment|page|large|powers|even|program]\n"
    "Compares libmem with a plain model, operation by operation. Without a setting\n"
    "(--region and those that follow), the operations are spread over a table of\n"
    "settings. --regions is how many there are at once, up to 8. MEM_TEST_LIGHT in\n"
    "the environment makes the usual number of operations small.\n";

static _Noreturn void complain(void) {
    fputs(usage, stderr);
    exit(EXIT_FAILURE);
}

static uint64_t parse_number(const char *text, uint64_t most) {
    uint64_t number;
    if (!setting_parse_number(text, most, &number))
        complain();
    return number;
}

static void parse_setting(struct options *options, int option, const char *text) {
    options->single = true;
    if (!setting_parse(&options->setting, option, text))
        complain();
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
        {"operations", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},
        {"region", required_argument, NULL, 'r'},
        {"style", required_argument, NULL, 'y'},
        {"sizes", required_argument, NULL, 'z'},
        {"objects", required_argument, NULL, 'o'},
        {"regions", required_argument, NULL, 'g'},
        {"vandal", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.seed = fresh_seed(), .setting = setting_usual};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'n')
            options.operations = parse_number(optarg, INT64_MAX);
        else if (option == 's')
            options.seed = parse_number(optarg, UINT64_MAX);
        else
            parse_setting(&options, option, optarg);
    }
    if (optind < argc)
        complain();
    return options;
}

static uint64_t usual_operations(const struct options *options) {
    uint64_t operations = options->single ? SINGLE_OPERATIONS : pass_operations();
    return getenv("MEM_TEST_LIGHT") ? operations / LIGHT_DIVISOR : operations;
}

static struct run_log *shared_log(void) {
    void *shared = mmap(NULL, sizeof(struct run_log), PROT_READ | PROT_WRITE,
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
    struct run_log *log = shared_log();
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
