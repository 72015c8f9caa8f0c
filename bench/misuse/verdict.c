/*
 * verdict.c - what became of a process; see verdict.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "verdict.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile enum verdict *worst;

const char *verdict_name(enum verdict verdict) {
    static const char *const names[VERDICTS] = {
        [REFUSED] = "refused", [SOUND] = "sound",        [ABORTED] = "aborts",
        [HUNG] = "hangs",      [CRASHED] = "crashes",    [OVERWRITTEN] = "overwritten",
        [ASTRAY] = "astray",   [OVERLAPPED] = "overlap", [CHOSEN] = "chosen address",
    };
    return names[verdict];
}

bool verdict_share(void) {
    void *memory =
        mmap(NULL, sizeof *worst, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    worst = memory;
    return memory != MAP_FAILED;
}

void verdict_clear(void) {
    *worst = REFUSED;
}

void verdict_note(enum verdict verdict) {
    if (verdict > *worst)
        *worst = verdict;
    if (verdict >= ASTRAY)
        _exit(EXIT_SUCCESS);
}

/* The signals by which trial.c ends a process that hangs. */
static bool ran_out_of_time(int signal) {
    return signal == SIGXCPU || signal == SIGALRM;
}

/* A sanitizer ends a process with a status of its own, which counts as a crash. */
static enum verdict death(int status) {
    if (!WIFSIGNALED(status))
        return CRASHED;
    if (ran_out_of_time(WTERMSIG(status)))
        return HUNG;
    return WTERMSIG(status) == SIGABRT ? ABORTED : CRASHED;
}

/* If a process dies, its death counts, and not OVERWRITTEN: the damage did not go unnoticed. */
enum verdict verdict_of(int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
        return *worst;
    return *worst >= ASTRAY ? *worst : death(status);
}
