/*
 * journal.c - reads a year of a journal, seals it week by week, and keeps a summary of each day. It
 * is the program of the tutorial, `man 7 libmem`, which finds out how much memory it needs, and
 * why.
 *
 * It uses malloc and free, as most programs do. The texts of a week are large, and are freed
 * together; the summaries are small, lie between them, and stay, so that the memory of the texts
 * comes back in pieces. With -DTOGETHER, all summaries are in one object, and it comes back whole.
 *
 * The texts are made up, and are the same everywhere.
 *
 * Compile:
 *
 *     cc -g -o journal journal.c
 *
 * Prints:
 *
 *     52 weeks, sealed by 0a35aa52; most lines on day 362: 1401
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WEEKS = 52, WEEK = 7, DAYS = WEEKS * WEEK };

struct summary {
    struct summary *next;
    int day;
    int lines;
    char start[32];
};

#ifndef TOGETHER
static struct summary *new_summary(void) {
    return malloc(sizeof(struct summary));
}
#else
static struct summary *new_summary(void) {
    static struct summary *all;
    static int used;
    if (all == NULL)
        all = malloc(DAYS * sizeof *all);
    return all == NULL ? NULL : &all[used++];
}
#endif

/* A number below `most`, which is at most 65536. */
static uint32_t draw(uint32_t most) {
    static uint32_t state = 1;
    state = state * 1103515245u + 12345u;
    return (state >> 16) % most;
}

/* The text of the next day, 50 to 110 KB in lines, as if it was read from a file. */
static char *new_text(void) {
    size_t length = 50000 + draw(60000);
    char *text = malloc(length + 1);
    if (text == NULL)
        return NULL;
    memset(text, 'a' + (int)draw(26), length);
    for (size_t end = draw(160); end < length; end += 1 + draw(160))
        text[end] = '\n';
    text[length] = '\0';
    return text;
}

static void summarize(struct summary *summary, int day, const char *text) {
    summary->day = day;
    summary->lines = 0;
    snprintf(summary->start, sizeof summary->start, "%.31s", text);
    for (; (text = strchr(text, '\n')) != NULL; text++)
        summary->lines++;
}

/* From the last day of a week to the first: all of its texts have to be there. */
static uint32_t seal(uint32_t sum, char *texts[WEEK]) {
    for (int i = WEEK; i-- > 0;)
        for (const char *byte = texts[i]; *byte != '\0'; byte++)
            sum = sum * 31 + (unsigned char)*byte;
    return sum;
}

static void read_week(int week, char *texts[WEEK], struct summary **days) {
    for (int i = 0; i < WEEK; i++) {
        struct summary *summary = new_summary();
        texts[i] = new_text();
        if (summary == NULL || texts[i] == NULL) {
            fprintf(stderr, "journal: no memory in week %d\n", week);
            exit(1);
        }
        summarize(summary, (week - 1) * WEEK + i + 1, texts[i]);
        summary->next = *days;
        *days = summary;
    }
}

int main(void) {
    struct summary *days = NULL;
    uint32_t sum = 0;
    for (int week = 1; week <= WEEKS; week++) {
        char *texts[WEEK];
        read_week(week, texts, &days);
        sum = seal(sum, texts);
        for (int i = 0; i < WEEK; i++)
            free(texts[i]);
    }
    struct summary *most = days;
    for (struct summary *day = days; day != NULL; day = day->next)
        if (day->lines > most->lines)
            most = day;
    setvbuf(stdout, NULL, _IONBF,
            0); /* no buffer, whose size would depend on where the output goes */
    printf("%d weeks, sealed by %08x; most lines on day %d: %d\n", WEEKS, (unsigned)sum, most->day,
           most->lines);
}
