/*
 * budget_plot.c - draws two plots.
 *
 * The scale upwards is logarithmic, but begins at 0: 1 is added to the values. Between powers of
 * two it is straight, which nobody can see, and needs no mathematics.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/budget_plot.h"

#include "picture/axis.h"
#include "picture/plot.h"

/* Pixels */
enum { WIDTH = 560, HEIGHT = 340, LEFT = 74, RIGHT = 24, TOP = 58, BELOW = 54 };

/* What is shown of a pass. */
struct quantity {
    const char *title, *what;
    uint64_t (*of)(const struct replay_refused *r);
    uint64_t unit; /* is added to values: below it, the scale is straight */
    uint64_t step; /* from a mark to the next one, a factor; the first mark is at `unit` */
    bool bytes;
};

struct plot {
    FILE *out;
    const struct budget *budget;
    const struct styles *styles;
    const struct quantity *quantity;
    uint64_t peak, most;
    struct box box;
};

static uint64_t requests_of(const struct replay_refused *r) {
    return r->requests;
}

static uint64_t bytes_of(const struct replay_refused *r) {
    return r->bytes;
}

/* ---- Scales ---- */

static double logarithm(double value) {
    double power = 0;
    for (; value >= 2; value /= 2)
        power++;
    return power + value - 1;
}

static double up(const struct plot *p, uint64_t value) {
    double unit = (double)p->quantity->unit;
    double all = logarithm(1 + (double)p->most / unit);
    double share = all > 0 ? logarithm(1 + (double)value / unit) / all : 0;
    return p->box.y + p->box.height * (1 - share);
}

static double across(const struct plot *p, double region) {
    double first = (double)p->budget->at[0].region;
    double last = (double)p->budget->at[p->budget->count - 1].region;
    return p->box.x + p->box.width * (region - first) / (last - first);
}

static uint64_t find_most(const struct plot *p) {
    uint64_t most = 0;
    for (size_t i = 0; i < p->budget->count; i++)
        for (size_t k = 0; k < p->styles->count; k++) {
            uint64_t one = p->quantity->of(&p->budget->at[i].refused[k]);
            most = one > most ? one : most;
        }
    return most;
}

/* ---- Grid and axes ---- */

static void write_line(const struct plot *p, double x, double y, char letter, int length) {
    fprintf(p->out, "<path stroke=\"#ddd\" d=\"M%.1f %.1f%c%d\"/>\n", x, y, letter, length);
}

static void write_mark_up(const struct plot *p, uint64_t value) {
    char label[AXIS_LABEL];
    struct axis axis = {.unit = ""};
    if (p->quantity->bytes)
        axis = axis_of_bytes(value, 1);
    double y = up(p, value);
    axis_label(&axis, value, label);
    write_line(p, p->box.x, y, 'h', p->box.width);
    plot_text(p->out, p->box.x - 7, (int)y + 4, ANCHOR_END, "%s", label);
}

static void write_marks_up(const struct plot *p) {
    write_mark_up(p, 0);
    uint64_t last = p->most / p->quantity->step; /* that has another one above it */
    for (uint64_t value = p->quantity->unit; value <= p->most; value *= p->quantity->step) {
        write_mark_up(p, value);
        if (value > last)
            break;
    }
}

/* Twentieths of the peak between marks, so that there are not too many. */
static unsigned step_across(double twentieths) {
    unsigned step = 1;
    for (unsigned i = 0; twentieths / step > 8; i++)
        step = step * (i % 3 == 1 ? 5 : 4) / 2; /* 1, 2, 5, 10 and so on */
    return step;
}

static void write_marks_across(const struct plot *p) {
    double twentieth = (double)p->peak / 20;
    double first = (double)p->budget->at[0].region;
    double last = (double)p->budget->at[p->budget->count - 1].region;
    unsigned step = step_across((last - first) / twentieth);
    unsigned begin = (unsigned)(first / twentieth) / step * step;
    for (unsigned i = begin; i * twentieth <= last; i += step) {
        double x = across(p, i * twentieth);
        if (i * twentieth < first)
            continue;
        write_line(p, x, p->box.y, 'v', p->box.height);
        plot_text(p->out, (int)x, p->box.y + p->box.height + 18, ANCHOR_MIDDLE, "%.2f", i / 20.0);
    }
    plot_text(p->out, p->box.x + p->box.width / 2, p->box.y + p->box.height + 40, ANCHOR_MIDDLE,
              "size of the region, divided by the peak of live bytes");
}

/* ---- Curves ---- */

/* A disc, an open square, a triangle. */
static void write_sign(const struct plot *p, size_t style, double x, double y) {
    static const struct {
        const char *fill, *outline;
    } signs[STYLES] = {{"#000", "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0"},
                       {"#fff", "m-3-3h6v6h-6z"},
                       {"#000", "m0-4l4 7h-8z"}};
    fprintf(p->out, "<path fill=\"%s\" stroke=\"#000\" d=\"M%.1f %.1f%s\"/>\n", signs[style].fill,
            x, y, signs[style].outline);
}

static void write_curve(const struct plot *p, size_t style) {
    static const char *const dashes[STYLES] = {"", " stroke-dasharray=\"6 3\"",
                                               " stroke-dasharray=\"2 2\""};
    fprintf(p->out, "<path fill=\"none\" stroke=\"#000\"%s d=\"", dashes[style]);
    for (size_t i = 0; i < p->budget->count; i++)
        fprintf(p->out, "%c%.1f %.1f", i == 0 ? 'M' : 'L',
                across(p, (double)p->budget->at[i].region),
                up(p, p->quantity->of(&p->budget->at[i].refused[style])));
    fputs("\"/>\n", p->out);
    for (size_t i = 0; i < p->budget->count; i++)
        write_sign(p, style, across(p, (double)p->budget->at[i].region),
                   up(p, p->quantity->of(&p->budget->at[i].refused[style])));
}

static void write_legend(const struct plot *p) {
    for (size_t i = 0; i < p->styles->count; i++) {
        int x = LEFT + (int)i * 90;
        write_sign(p, i, x + 4, TOP - 14);
        plot_text(p->out, x + 14, TOP - 10, ANCHOR_START, "%s fit", p->styles->of[i]->name);
    }
}

/* ---- All ---- */

/* For those who cannot see it; the table below has all of it. */
static void write_words(const struct plot *p) {
    const struct budget_point *last = &p->budget->at[p->budget->count - 1];
    fprintf(p->out,
            "<title>%s</title>\n<desc>%s, in %zu regions from %zu to %zu bytes; the same is in the "
            "table that follows.</desc>\n",
            p->quantity->title, p->quantity->what, p->budget->count, p->budget->at[0].region,
            last->region);
}

static void write_plot(struct plot *p) {
    p->box = (struct box){LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BELOW};
    p->most = find_most(p);
    fprintf(p->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    write_words(p);
    fprintf(p->out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, HEIGHT);
    fputs("<g font-size=\"15\" font-weight=\"bold\">", p->out);
    plot_text(p->out, LEFT, 22, ANCHOR_START, "%s", p->quantity->title);
    fputs("</g>\n", p->out);
    write_legend(p);
    write_marks_up(p);
    write_marks_across(p);
    plot_frame(p->out, &p->box);
    for (size_t i = p->styles->count; i-- > 0;)
        write_curve(p, i);
    fputs("</svg>\n", p->out);
}

bool budget_plot_can(const struct budget *b, uint64_t peak) {
    return peak > 0 && b->count > 1;
}

void budget_plot_requests(FILE *out, const struct budget *b, const struct styles *styles,
                          uint64_t peak) {
    static const struct quantity requests = {
        "Requests refused", "The number of requests that are refused", requests_of, 1, 10, false};
    write_plot(&(struct plot){
        .out = out, .budget = b, .styles = styles, .quantity = &requests, .peak = peak});
}

void budget_plot_bytes(FILE *out, const struct budget *b, const struct styles *styles,
                       uint64_t peak) {
    static const struct quantity bytes = {
        "Bytes refused", "The bytes that refused requests asked for", bytes_of, 1024, 16, true};
    write_plot(&(struct plot){
        .out = out, .budget = b, .styles = styles, .quantity = &bytes, .peak = peak});
}
