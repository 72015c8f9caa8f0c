/*
 * document.c - puts the parts of a page one below the other.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/document.h"

#include "answer_print.h"
#include "page/budget_plot.h"
#include "page/buffer.h"
#include "page/parts.h"
#include "page/tables.h"
#include "picture/axis.h"
#include "xml_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- Text ---- */

/* Escaped, but for the ends of lines. */
static void write_lines(FILE *out, char *text) {
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (line != text)
            fputc('\n', out);
        xml_text(out, line, SIZE_MAX);
    }
}

/* Writes what a function prints, escaped. */
static bool write_printed(FILE *out, void (*print)(FILE *, const struct answers *),
                          const struct answers *a) {
    struct buffer printed;
    if (!buffer_begin(&printed))
        return false;
    print(printed.out, a);
    bool right = buffer_end(&printed);
    if (right)
        write_lines(out, printed.text);
    free(printed.text);
    return right;
}

static void print_origin(FILE *out, const struct answers *a) {
    answer_origin(out, a->trace);
}

/* ---- Parts ---- */

static void write_head(FILE *out, const struct document *d) {
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; "
          "form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"generator\" content=\"mem-replay (libmem) " PACKAGE_VERSION "\">\n<title>",
          out);
    xml_text(out, d->svg->name, SIZE_MAX);
    fprintf(out, ": the heap, replayed</title>\n<style>\n%s</style>\n</head>\n<body>\n",
            page_style_css);
}

static void write_figures(FILE *out, const struct document *d) {
    char operations[AXIS_LABEL], region[AXIS_LABEL], peak[AXIS_LABEL], rounded[AXIS_LABEL];
    axis_group(d->svg->trace->count, operations);
    axis_group(d->svg->region, region);
    axis_group(d->svg->trace->peak, peak);
    axis_group(d->svg->trace->rounded, rounded);
    fprintf(out,
            "<p>%s operations, replayed in a region of %s bytes. The program has %s bytes live at "
            "its peak, %s with each object rounded to 16.</p>\n",
            operations, region, peak, rounded);
}

static bool write_header(FILE *out, const struct document *d) {
    fputs("<header>\n<h1>", out);
    xml_text(out, d->svg->name, SIZE_MAX);
    fputs("</h1>\n<p class=\"lead\">", out);
    bool right = write_printed(out, answer_words, d->answers);
    fputs(".</p>\n", out);
    write_figures(out, d);
    fputs("<pre class=\"soft\">", out);
    right = write_printed(out, print_origin, d->answers) && right;
    fputs("</pre>\n<noscript><p class=\"note\">Without scripts, this page shows the answer, the "
          "tables and the pictures. What is missing is the cursor, and the heap block by "
          "block.</p></noscript>\n</header>\n<main>\n",
          out);
    return right;
}

static void begin_section(FILE *out, const char *name, const char *title) {
    fprintf(out, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">%s</h2>\n",
            name, name, name, title);
}

/* What is too wide scrolls, with the keyboard too. */
static void begin_wide(FILE *out, const char *class, const char *name) {
    fprintf(out, "<div class=\"%s\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n", class,
            name);
}

static void write_styles(FILE *out, const struct document *d) {
    begin_section(out, "policies-compared", "Policies compared");
    begin_wide(out, "scroll", "Policies compared");
    tables_styles(out, d->answers);
    fputs("</div>\n</section>\n", out);
}

static void write_time(FILE *out, const struct document *d) {
    begin_section(out, "time", "The heap through time");
    begin_wide(out, "scroll picture", "The heap through time");
    svg_write(out, d->svg);
    fputs("</div>\n</section>\n", out);
}

static void write_plots(FILE *out, const struct document *d) {
    uint64_t peak = d->svg->trace->peak;
    fputs("<div class=\"pair\">\n", out);
    begin_wide(out, "scroll picture", "Requests refused");
    budget_plot_requests(out, d->budget, &d->svg->styles, peak);
    fputs("</div>\n", out);
    begin_wide(out, "scroll picture", "Bytes refused");
    budget_plot_bytes(out, d->budget, &d->svg->styles, peak);
    fputs("</div>\n</div>\n", out);
}

static void write_budget(FILE *out, const struct document *d) {
    begin_section(out, "budget", "What smaller regions refuse");
    if (budget_plot_can(d->budget, d->svg->trace->peak))
        write_plots(out, d);
    fputs("<details>\n<summary>The same as a table</summary>\n", out);
    begin_wide(out, "scroll", "What smaller regions refuse");
    tables_budget(out, d->answers, d->budget);
    fputs("</div>\n</details>\n</section>\n", out);
}

bool document_begin(FILE *out, const struct document *d) {
    write_head(out, d);
    bool right = write_header(out, d);
    write_styles(out, d);
    fputs(page_cursor_html, out);
    write_time(out, d);
    fputs(page_heap_html, out);
    write_budget(out, d);
    fputs("</main>\n<footer><p>Made by mem-replay (libmem) " PACKAGE_VERSION
          "; see mem-replay(1).</p></footer>\n",
          out);
    return right;
}

void document_end(FILE *out) {
    const char *const parts[] = {page_heaps_js, page_words_js, page_map_js, page_cursor_js,
                                 page_start_js};
    fputs("<script>\n", out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        fputs(parts[i], out);
    fputs("</script>\n</body>\n</html>\n", out);
}
