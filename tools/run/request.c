/*
 * request.c - reads the command line.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "request.h"

#include "process.h"
#include "region.h"

#include <getopt.h>
#include <string.h>

const char request_help[] =
    "Usage: mem-run [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
    "Run a program whose heap is one region of libmem, of a fixed size.\n"
    "\n"
    "  --region SIZE   all that the heap of a process can have, in bytes, or with K, M or\n"
    "                  G behind the number (default: what the system has, 32G at most)\n"
    "  --style STYLE   placement: first, worst or best fit (default: first)\n"
    "  --exact         place every object by the style, also in programs of threads, which\n"
    "                  are slower then\n"
    "  --stats[=csv]   when the program has ended, tell what each process made of its heap\n"
    "  --output FILE   tell it in FILE, not on standard error\n"
    "  --record FILE   record each allocation in FILE: a log (.mlog), or a trace of one\n"
    "                  process (.rep, .rep.xz), as mem-replay reads them\n"
    "  --record-size SIZE\n"
    "                  give the log all of its memory beforehand, 1M at least\n"
    "  --process PID   the process whose trace is made (default: the one with the most\n"
    "                  events)\n"
    "  --fail-after N  grant the first N allocations of the program, and refuse all others\n"
    "  --fail-sweep[=FROM-TO]\n"
    "                  run the program once for each of its allocations, which is refused,\n"
    "                  and tell what it did not cope with\n"
    "  --by-caller     with --fail-sweep: once for each place that allocates\n"
    "  --tolerant      ignore frees of bad pointers, do not abort\n"
    "  --strict        abort at frees of pointers outside of the heap, too\n"
    "  -h, --help      print this help and exit\n"
    "  -V, --version   print the version and exit\n"
    "\n"
    "Exit status: the program's, or 128 and the number of the signal that ended it;\n"
    "125 when mem-run fails, 126 when the program cannot be run, 127 when there is\n"
    "none.\n";

/* The short options are their letters. */
enum {
    OPTION_REGION = USAGE_LONG,
    OPTION_STYLE,
    OPTION_EXACT,
    OPTION_STATS,
    OPTION_OUTPUT,
    OPTION_RECORD,
    OPTION_RECORD_SIZE,
    OPTION_PROCESS,
    OPTION_FAIL_AFTER,
    OPTION_FAIL_SWEEP,
    OPTION_BY_CALLER,
    OPTION_TOLERANT,
    OPTION_STRICT
};

static const struct option long_options[] = {
    {"region", required_argument, NULL, OPTION_REGION},
    {"style", required_argument, NULL, OPTION_STYLE},
    {"exact", no_argument, NULL, OPTION_EXACT},
    {"stats", optional_argument, NULL, OPTION_STATS},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"record", required_argument, NULL, OPTION_RECORD},
    {"record-size", required_argument, NULL, OPTION_RECORD_SIZE},
    {"process", required_argument, NULL, OPTION_PROCESS},
    {"fail-after", required_argument, NULL, OPTION_FAIL_AFTER},
    {"fail-sweep", optional_argument, NULL, OPTION_FAIL_SWEEP},
    {"by-caller", no_argument, NULL, OPTION_BY_CALLER},
    {"tolerant", no_argument, NULL, OPTION_TOLERANT},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static enum action parse_stats(struct request *r) {
    r->stats = optarg == NULL ? STATS_TABLE : STATS_CSV;
    if (optarg != NULL && strcmp(optarg, "csv") != 0)
        return misuse("--stats takes csv or nothing, not", optarg);
    return RUN;
}

static enum action parse_manner(struct request *r, enum manner manner) {
    if (r->manner != USUAL && r->manner != manner)
        return misuse("--tolerant does not go with", "--strict");
    r->manner = manner;
    return RUN;
}

static enum action parse_option(struct request *r, int option, char **argv) {
    switch (option) {
    case OPTION_REGION:
        return region_parse(optarg, &r->region);
    case OPTION_STYLE:
        return style_parse(optarg, &r->style);
    case OPTION_EXACT:
        r->exact = true;
        return RUN;
    case OPTION_STATS:
        return parse_stats(r);
    case OPTION_OUTPUT:
        r->output = optarg;
        return RUN;
    case OPTION_RECORD:
        return recording_parse(optarg, &r->recording);
    case OPTION_RECORD_SIZE:
        return recording_parse_size(optarg, &r->recording);
    case OPTION_PROCESS:
        return process_parse(optarg, &r->recording.process);
    case OPTION_FAIL_AFTER:
        return failing_parse_after(optarg, &r->failing);
    case OPTION_FAIL_SWEEP:
        return failing_parse_sweep(optarg, &r->failing);
    case OPTION_BY_CALLER:
        r->failing.by_caller = true;
        return RUN;
    case OPTION_TOLERANT:
        return parse_manner(r, TOLERANT);
    case OPTION_STRICT:
        return parse_manner(r, STRICT);
    case 'h':
        return SHOW_HELP;
    case 'V':
        return SHOW_VERSION;
    case ':':
        return misuse("no value is given for", argv[optind - 1]);
    default:
        return misuse_of_option(argv, "hV");
    }
}

static enum action check_together(const struct request *r) {
    if (*r->program == NULL)
        return misuse_of_none("program");
    if (r->output != NULL && r->stats == STATS_NONE)
        return misuse("nothing is written without --stats to", r->output);
    if (r->failing.sweep && (r->stats != STATS_NONE || r->recording.kind != RECORDING_NONE))
        return misuse("--fail-sweep does not go with",
                      r->stats != STATS_NONE ? "--stats" : "--record");
    enum action action = failing_check(&r->failing);
    return action == RUN ? recording_check(&r->recording) : action;
}

/* A + in front: what follows the program is the program's. */
enum action request_parse(int argc, char **argv, struct request *r) {
    enum action action = RUN;
    int option;
    *r = (struct request){.style = style_find("first")};
    opterr = 0; /* the messages of getopt differ from system to system */
    while (action == RUN && (option = getopt_long(argc, argv, "+:hV", long_options, NULL)) != -1)
        action = parse_option(r, option, argv);
    r->program = argv + optind;
    return action == RUN ? check_together(r) : action;
}
