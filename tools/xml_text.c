/*
 * xml_text.c - escapes what has to be.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "xml_text.h"

#include "plain.h"
#include "utf8.h"

#include <stdbool.h>

/* U+FFFE and U+FFFF are none, nor are control characters; and what turns the direction of a text
 * would turn that of the page. */
static bool is_of_xml(const unsigned char *at, size_t length) {
    return length > 0 && at[0] >= ' ' && !plain_turns(at) &&
           !(length == 3 && at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe);
}

static const char *entity(unsigned char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void xml_text(FILE *out, const char *text, size_t most) {
    const unsigned char *at = (const unsigned char *)text;
    for (size_t count = 0; *at != '\0'; count++) {
        size_t length = utf8_length(at);
        if (count == most) {
            fputs("\xe2\x80\xa6", out);
            return;
        }
        if (!is_of_xml(at, length))
            fputs("\xef\xbf\xbd", out);
        else if (entity(*at) != NULL)
            fputs(entity(*at), out);
        else
            fwrite(at, 1, length, out);
        at += length > 0 ? length : 1;
    }
}
