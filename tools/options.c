/*
 * options.c - reads the command line.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "options.h"

#include "ending.h"
#include "process.h"
#include "region.h"
#include "trace_file.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

const char options_help[] =
    "Usage: mem-replay [OPTION]... TRACE...\n"
    "Replay recorded allocations on libmem, verify every object, print figures.\n"
    "A TRACE of - is standard input.\n"
    "\n"
    "  --region SIZE   size of the heap, in bytes, or with K, M or G behind the number\n"
    "                  (default: 1.25 times the most that the objects of the trace take)\n"
    "  --style STYLE   placement: first, worst or best fit (default: first); or several,\n"
    "                  with commas, which are compared in a table\n"
    "  --process PID   of a recording of several: the process to replay (default: the one\n"
    "                  with the most events)\n"
    "  --resize HOW    in-place: by Mem_Realloc (the default); or move: by an allocation,\n"
    "                  a copy and a free\n"
    "  --refusals      list each request that was refused, and why\n"
    "  --budget        tell what is refused in regions of 40 sizes\n"
    "  --holders       tell which callers keep the most free memory apart\n"
    "  --svg FILE      draw a picture of the heap through time, a panel for each style\n"
    "  --html FILE     make a page for a browser: the table, the picture, the budget, and the\n"
    "                  heap block by block (by default by all three styles)\n"
    "  --csv           print the table, or what --refusals, --budget or --holders tell,\n"
    "                  for programs\n"
    "  --json          the same as an object of JSON, in a line\n"
    "  --dump          print the free chunks that are left at the end\n"
    "  --min-region    find the smallest region that refuses no request, instead\n"
    "  -h, --help      print this help and exit\n"
    "  -V, --version   print the version and exit\n"
    "\n"
    "Exit status: 0 when every request was served, 1 when one was refused (with\n"
    "--min-region: in every region), 2 for bad usage or input, 3 when the heap\n"
    "failed.\n";

/* The short options are their letters. */
enum {
    OPTION_REGION = USAGE_LONG,
    OPTION_STYLE,
    OPTION_PROCESS,
    OPTION_RESIZE,
    OPTION_REFUSALS,
    OPTION_BUDGET,
    OPTION_HOLDERS,
    OPTION_SVG,
    OPTION_HTML,
    OPTION_CSV,
    OPTION_JSON,
    OPTION_DUMP,
    OPTION_MIN_REGION
};

static const struct option long_options[] = {
    {"region", required_argument, NULL, OPTION_REGION},
    {"style", required_argument, NULL, OPTION_STYLE},
    {"process", required_argument, NULL, OPTION_PROCESS},
    {"resize", required_argument, NULL, OPTION_RESIZE},
    {"refusals", no_argument, NULL, OPTION_REFUSALS},
    {"budget", no_argument, NULL, OPTION_BUDGET},
    {"holders", no_argument, NULL, OPTION_HOLDERS},
    {"svg", required_argument, NULL, OPTION_SVG},
    {"html", required_argument, NULL, OPTION_HTML},
    {"csv", no_argument, NULL, OPTION_CSV},
    {"json", no_argument, NULL, OPTION_JSON},
    {"dump", no_argument, NULL, OPTION_DUMP},
    {"min-region", no_argument, NULL, OPTION_MIN_REGION},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static enum action check_traces(char **traces) {
    int from_input = 0;
    if (*traces == NULL)
        return misuse_of_none("trace");
    for (; *traces != NULL; traces++)
        if (trace_file_is_input(*traces) && from_input++ > 0)
            return misuse("standard input can be read once, but it is given twice, as", *traces);
    return RUN;
}

bool options_want_table(const struct options *o) {
    return o->styles.count > 1 || o->budget || o->html != NULL || o->form != FORM_TEXT;
}

/* A search tries regions of its own choice, and leaves none to be shown. */
static enum action check_search(const struct options *o) {
    static const char alone[] = "--min-region does not go with";
    if (o->region != 0)
        return misuse(alone, "--region");
    if (o->dump)
        return misuse(alone, "--dump");
    if (o->refusals)
        return misuse(alone, "--refusals");
    if (o->budget)
        return misuse(alone, "--budget");
    if (o->holders)
        return misuse(alone, "--holders");
    if (o->svg != NULL || o->html != NULL)
        return misuse(alone, o->svg != NULL ? "--svg" : "--html");
    if (options_want_table(o))
        return misuse(alone, o->styles.count > 1 ? "several styles" : "--csv and --json");
    return RUN;
}

static enum action check_table(const struct options *o) {
    if (o->dump)
        return misuse("--dump goes only with one style, and not with",
                      "--budget, --html, --csv and --json");
    if (o->form == FORM_CSV && o->refusals && (o->budget || o->holders))
        return misuse("--csv prints one table, and does not go with both --refusals and",
                      o->budget ? "--budget" : "--holders");
    if (o->form == FORM_CSV && o->budget && o->holders)
        return misuse("--csv prints one table, and does not go with both --budget and",
                      "--holders");
    return RUN;
}

/* A picture, or a page, is of one trace. */
static enum action check_pictures(const struct options *o) {
    bool several = o->traces[0] != NULL && o->traces[1] != NULL;
    if (o->svg != NULL && several)
        return misuse("--svg draws one trace, and does not go with a second one,", o->traces[1]);
    if (o->html != NULL && several)
        return misuse("--html shows one trace, and does not go with a second one,", o->traces[1]);
    return RUN;
}

static enum action check_together(const struct options *o) {
    enum action action = o->min_region           ? check_search(o)
                         : options_want_table(o) ? check_table(o)
                                                 : RUN;
    if (action == RUN)
        action = check_pictures(o);
    return action == RUN ? check_traces(o->traces) : action;
}

static enum action parse_form(struct options *o, enum form form) {
    if (o->form != FORM_TEXT && o->form != form)
        return misuse("--csv does not go with", "--json");
    o->form = form;
    return RUN;
}

static enum action parse_resize(struct options *o) {
    o->moves = strcmp(optarg, "move") == 0;
    return o->moves || strcmp(optarg, "in-place") == 0
               ? RUN
               : misuse("--resize takes in-place or move, not", optarg);
}

/* No trace ends so: none is lost when the name of the picture is forgotten. */
static enum action parse_picture(const char **file, const char *ending, const char *otherwise) {
    *file = optarg;
    return ending_is(optarg, ending) ? RUN : misuse(otherwise, optarg);
}

static enum action parse_option(struct options *o, int option, char **argv) {
    switch (option) {
    case OPTION_REGION:
        return region_parse(optarg, &o->region);
    case OPTION_STYLE:
        return style_parse_list(optarg, &o->styles);
    case OPTION_PROCESS:
        return process_parse(optarg, &o->process);
    case OPTION_RESIZE:
        return parse_resize(o);
    case OPTION_REFUSALS:
        o->refusals = true;
        return RUN;
    case OPTION_BUDGET:
        o->budget = true;
        return RUN;
    case OPTION_HOLDERS:
        o->holders = true;
        return RUN;
    case OPTION_SVG:
        return parse_picture(&o->svg, ".svg", "--svg takes a file that ends in .svg, not");
    case OPTION_HTML:
        return parse_picture(&o->html, ".html", "--html takes a file that ends in .html, not");
    case OPTION_CSV:
        return parse_form(o, FORM_CSV);
    case OPTION_JSON:
        return parse_form(o, FORM_JSON);
    case OPTION_DUMP:
        o->dump = true;
        return RUN;
    case OPTION_MIN_REGION:
        o->min_region = true;
        return RUN;
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

enum action options_parse(int argc, char **argv, struct options *o) {
    enum action action = RUN;
    int option;
    *o = (struct options){.styles = {.count = 0}};
    opterr = 0; /* the messages of getopt differ from system to system */
    while (action == RUN && (option = getopt_long(argc, argv, ":hV", long_options, NULL)) != -1)
        action = parse_option(o, option, argv);
    o->traces = argv + optind;
    if (action == RUN && o->styles.count == 0)
        action = style_parse_list(o->html != NULL ? "first,worst,best" : "first", &o->styles);
    return action == RUN ? check_together(o) : action;
}
