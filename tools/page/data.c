/*
 * data.c - writes JSON.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/data.h"

#include "json_text.h"
#include "page/buffer.h"

#include <inttypes.h>
#include <stdlib.h>

static void comma(FILE *out, size_t i) {
    if (i > 0)
        putc(',', out);
}

static void write_styles(FILE *out, const struct svg *svg) {
    fputs(",\"styles\":[", out);
    for (size_t i = 0; i < svg->styles.count; i++) {
        comma(out, i);
        json_text(out, svg->styles.of[i]->name);
    }
    fputs("],\"panels\":[", out);
    for (size_t i = 0; i < svg->styles.count; i++) {
        struct box box = svg_panel(svg, i);
        comma(out, i);
        fprintf(out, "[%d,%d,%d,%d]", box.x, box.y, box.width, box.height);
    }
    putc(']', out);
}

static void write_moments(FILE *out, const struct moments *m, size_t styles) {
    fputs(",\"moments\":[", out);
    for (size_t i = 0; i < m->count; i++) {
        comma(out, i);
        fprintf(out, "%" PRIu64, m->of[i].done);
    }
    fputs("],\"events\":[", out);
    for (size_t i = 0; i < m->count; i++) {
        comma(out, i);
        for (size_t k = 0; k < styles; k++)
            fprintf(out, "%c%d", k > 0 ? ',' : '[', m->of[i].events[k]);
        putc(']', out);
    }
    putc(']', out);
}

static void write_callers(FILE *out, const struct known *known) {
    fputs(",\"callers\":[", out);
    for (size_t i = 0; i < known->count; i++) {
        comma(out, i);
        json_text(out, known->names[i].text);
    }
    putc(']', out);
}

static void write_json(FILE *out, const struct svg *svg, const struct known *known,
                       const struct fit *fit) {
    fprintf(out, "{\"operations\":%zu,\"region\":%zu", svg->trace->count, svg->region);
    write_styles(out, svg);
    write_moments(out, &fit->moments, svg->styles.count);
    write_callers(out, known);
    fprintf(out, ",\"least\":%" PRIu64 ",\"format\":\"%s\",\"heaps\":\"", fit->least, pack_format);
    pack_write(out, &fit->packed);
    fputs("\"}", out);
}

/* Where JSON has `<`, it is in a string. */
static void write_escaped(FILE *out, const char *json) {
    for (; *json != '\0'; json++)
        if (*json == '<')
            fputs("\\u003c", out);
        else
            putc(*json, out);
}

bool data_write(FILE *out, const struct svg *svg, const struct known *known,
                const struct fit *fit) {
    struct buffer json;
    if (!buffer_begin(&json))
        return false;
    write_json(json.out, svg, known, fit);
    bool right = buffer_end(&json);
    if (right) {
        fputs("<script type=\"application/json\" id=\"data\">", out);
        write_escaped(out, json.text);
        fputs("</script>\n", out);
    }
    free(json.text);
    return right;
}
