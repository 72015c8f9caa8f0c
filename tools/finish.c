/*
 * finish.c - notices what could not be written.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "finish.h"

#include "message.h"

#include <errno.h>
#include <string.h>

int finish_output(FILE *stream, const char *name, int status, int unwritten) {
    static int error; /* the first: the stream stays bad, and errno changes */
    if ((fflush(stream) != 0 || ferror(stream)) && error == 0)
        error = errno;
    if (error == 0)
        return status;
    return fail(unwritten, "cannot write to %s: %s", name, strerror(error));
}
