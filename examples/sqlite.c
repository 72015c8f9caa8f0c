/*
 * sqlite.c - SQLite with all of its memory, a database included, in one region.
 *
 * SQLite takes its allocator as a table of functions (SQLITE_CONFIG_MALLOC). They count in ints and
 * know of one heap, as Mem_Alloc and its kin do. A statement that takes more memory than there is
 * fails with SQLITE_NOMEM and is undone, and the database goes on.
 *
 * Compile:
 *
 *     cc sqlite.c -o sqlite $(pkg-config --cflags --libs libmem sqlite3)
 *
 * Prints:
 *
 *     create: ok
 *     insert: ok
 *     sum: 10
 *     without end: out of memory
 *     sum: 10
 *     0 bytes are live after sqlite3_shutdown
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.h>
#include <sqlite3.h>
#include <stdio.h>

#define BUDGET (4 << 20)

static void *allocate(int size) {
    return Mem_Alloc(size, FIRSTFIT);
}

static void release(void *object) {
    Mem_Free(object);
}

static void *resize(void *object, int size) {
    return Mem_Realloc(object, size, FIRSTFIT);
}

static int size_of(void *object) {
    return Mem_Size(object);
}

/* What size_of tells of an object of that size. */
static int round_up(int size) {
    return (size + 15) / 16 * 16;
}

/* SQLite may begin again after it has ended; a process has its default region but once. */
static int begin(void *unused) {
    (void)unused;
    return Mem_DefaultRegion() != NULL || Mem_Init(BUDGET) == 0 ? SQLITE_OK : SQLITE_NOMEM;
}

static void end(void *unused) {
    (void)unused;
}

/* Keeps the first value of a row. */
static int keep(void *answer, int columns, char **values, char **names) {
    (void)columns;
    (void)names;
    snprintf(answer, 32, "%s", values[0]);
    return 0;
}

static void run(sqlite3 *database, const char *name, const char *statement) {
    char answer[32] = "ok";
    int result = sqlite3_exec(database, statement, keep, answer, NULL);
    printf("%s: %s\n", name, result == SQLITE_OK ? answer : sqlite3_errstr(result));
}

int main(void) {
    static const char sum[] = "SELECT sum(number) FROM numbers";
    static const char without_end[] =
        "WITH RECURSIVE counter(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counter) "
        "INSERT INTO numbers SELECT number FROM counter";
    static const sqlite3_mem_methods methods = {
        .xMalloc = allocate,
        .xFree = release,
        .xRealloc = resize,
        .xSize = size_of,
        .xRoundup = round_up,
        .xInit = begin,
        .xShutdown = end,
    };
    sqlite3 *database;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
        sqlite3_open(":memory:", &database) != SQLITE_OK) {
        fprintf(stderr, "sqlite: cannot open a database\n");
        return 1;
    }
    run(database, "create", "CREATE TABLE numbers (number INT)");
    run(database, "insert", "INSERT INTO numbers VALUES (1), (2), (3), (4)");
    run(database, "sum", sum);
    run(database, "without end", without_end);
    run(database, "sum", sum);

    struct Mem_Stats stats;
    if (sqlite3_close(database) != SQLITE_OK || sqlite3_shutdown() != SQLITE_OK ||
        Mem_GetStats(&stats) != 0)
        return 1;
    printf("%zu bytes are live after sqlite3_shutdown\n", stats.live_bytes);
    return 0;
}
