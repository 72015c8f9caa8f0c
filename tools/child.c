/*
 * child.c - waits for a child process, and ties it to its parent.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __linux__
#include <sys/prctl.h>
#endif

#if defined __linux__

/* The parent may have ended already. */
void child_end_with(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        raise(SIGKILL);
}

#else

void child_end_with(pid_t parent) {
    (void)parent;
}

#endif

bool child_wait(pid_t child, enum status *status, struct complaint *c) {
    int ended;
    *status = UNUSABLE;
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR)
            return complain(c, 0, "cannot wait for the replay: %s", strerror(errno));
    *status = FAILED;
    if (WIFSIGNALED(ended))
        return complain(c, 0, "the replay was killed: %s", strsignal(WTERMSIG(ended)));
    if (WEXITSTATUS(ended) > FAILED)
        return complain(c, 0, "the replay ended with status %d", WEXITSTATUS(ended));
    *status = (enum status)WEXITSTATUS(ended);
    return true;
}
