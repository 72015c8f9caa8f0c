/*
 * queue.c - a queue of messages of any length that stays within a static buffer, whatever is sent.
 *
 * Mem_RegionPlace makes a region of the buffer, its index included. A message that does not fit is
 * answered by NULL with E_NO_SPACE, and nothing is lost: the queue decides what becomes of it. A
 * usual message is refused, while shorter ones may still fit; for an urgent one the oldest messages
 * are given up.
 *
 * Compile:
 *
 *     cc queue.c -o queue $(pkg-config --cflags --libs libmem)
 *
 * Prints:
 *
 *     sent: picture 1, 1500 bytes
 *     sent: picture 2, 1500 bytes
 *     sent: temperature, 8 bytes
 *     refused: picture 3, 1500 bytes (No free chunk is large enough)
 *     sent: temperature, 8 bytes
 *     given up: picture 1
 *     sent: alarm, 1200 bytes
 *     received: picture 2
 *     received: temperature
 *     received: temperature
 *     received: alarm
 *     0 bytes are live in a region of less than 4096
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define BUDGET 4096

struct message {
    struct message *next;
    const char *name;
    char data[];
};

struct queue {
    Mem_Region *region;
    struct message *oldest;
    struct message **end; /* where the next one is linked */
};

static bool send(struct queue *queue, const char *name, size_t bytes) {
    struct message *message = Mem_RegionAlloc(queue->region, sizeof *message + bytes, FIRSTFIT);
    if (message == NULL)
        return false;
    message->next = NULL;
    message->name = name;
    memset(message->data, 0, bytes); /* as a device would fill it */
    *queue->end = message;
    queue->end = &message->next;
    printf("sent: %s, %zu bytes\n", name, bytes);
    return true;
}

/* Takes the oldest message out; tells whether there was one. */
static bool take(struct queue *queue, const char *what) {
    struct message *message = queue->oldest;
    if (message == NULL)
        return false;
    queue->oldest = message->next;
    if (queue->oldest == NULL)
        queue->end = &queue->oldest;
    printf("%s: %s\n", what, message->name);
    Mem_RegionFree(queue->region, message);
    return true;
}

static void send_usual(struct queue *queue, const char *name, size_t bytes) {
    if (!send(queue, name, bytes))
        printf("refused: %s, %zu bytes (%s)\n", name, bytes, Mem_StrError(m_error));
}

static void send_urgent(struct queue *queue, const char *name, size_t bytes) {
    while (!send(queue, name, bytes))
        if (!take(queue, "given up")) {
            printf("refused: %s is larger than the whole queue\n", name);
            return;
        }
}

int main(void) {
    static char buffer[BUDGET];
    struct queue queue = {.region = Mem_RegionPlace(buffer, sizeof buffer), .end = &queue.oldest};
    if (queue.region == NULL) {
        fprintf(stderr, "queue: %s\n", Mem_StrError(m_error));
        return 1;
    }
    send_usual(&queue, "picture 1", 1500);
    send_usual(&queue, "picture 2", 1500);
    send_usual(&queue, "temperature", 8);
    send_usual(&queue, "picture 3", 1500);
    send_usual(&queue, "temperature", 8);
    send_urgent(&queue, "alarm", 1200);
    while (take(&queue, "received"))
        ;
    struct Mem_Stats stats;
    if (Mem_RegionGetStats(queue.region, &stats) != 0 || stats.region_bytes >= BUDGET)
        return 1;
    printf("%zu bytes are live in a region of less than %d\n", stats.live_bytes, BUDGET);
    return Mem_RegionDestroy(queue.region) == 0 ? 0 : 1;
}
