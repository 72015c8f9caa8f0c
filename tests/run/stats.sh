#!/bin/sh
# stats.sh - what --stats tells of each process is right, however it ended.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

cat >tree.c <<'END'
/* Allocates and frees, and then does what it is told to. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char *objects[64];

static void allocate(int count) {
    for (int i = 0; i < count; i++)
        objects[i] = malloc(1000);
}

/* A hole of 64 KiB beside each object, so that 128 KiB are free, but not together. */
static void fragment(void) {
    char *piece[15];
    for (int i = 0; i < 15; i++)
        piece[i] = malloc(65536);
    for (int i = 0; i < 15; i += 2)
        free(piece[i]);
    free(malloc(131072));
}

static void family(int children, char **argv) {
    for (int i = 0; i < children; i++) {
        if (fork() == 0) {
            allocate(i + 1);
            _exit(0);
        }
        wait(NULL);
    }
}

/* Leaves a child behind, once that has allocated. */
static void leave(void) {
    int ends[2];
    pipe(ends);
    if (fork() == 0) {
        allocate(1);
        for (int i = 0; i <= ends[1]; i++)
            close(i);
        sleep(600);
    }
    close(ends[1]);
    read(ends[0], &ends[1], 1);
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "exit";
    char local;
    allocate(60);
    for (int i = 0; i < 10; i++)
        free(objects[i]);
    if (strcmp(what, "_exit") == 0)
        _exit(0);
    if (strcmp(what, "kill") == 0)
        kill(getpid(), SIGKILL);
    if (strcmp(what, "exec") == 0)
        execl(argv[2], argv[2], NULL);
    if (strcmp(what, "full") == 0)
        free(malloc(64 << 20));
    if (strcmp(what, "fragment") == 0)
        fragment();
    if (strcmp(what, "family") == 0)
        family(atoi(argv[2]), argv);
    if (strcmp(what, "bad") == 0)
        free(objects[20] + 16);
    if (strcmp(what, "foreign") == 0)
        free((char *volatile)&local);
    if (strcmp(what, "leave") == 0)
        leave();
    if (strcmp(what, "map") == 0)
        memset(mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1,
               64 << 20);
    return 0;
}
END
compiled tree || exit 99

# stats ARGUMENT...: runs the tree, and leaves the values in values.csv.
stats() {
    run "$memrun" --stats=csv --output values.csv "$@"
    cat err values.csv
}

# value LINE NAME: a field of that line of the values; the first below the names is line 1, the last is $.
value() {
    sed -n -e 1p -e "$(if [ "$1" = \$ ]; then echo "$1"; else echo $(($1 + 1)); fi)p" values.csv |
        awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
            NR == 2 { print $at }'
}
is() {
    [ "$(value "$1" "$2")" = "$3" ] && return
    echo "$2 in line $1 is '$(value "$1" "$2")', not '$3'"
    return 1
}
known() {
    [ "$(value "$1" "$2")" -gt 0 ] && return
    echo "$2 in line $1 is '$(value "$1" "$2")'"
    return 1
}
lines() {
    wc -l <values.csv
}

# The start of a process allocates, too, so only differences are exact.
counts() {
    stats ./tree && ended_with 0 || return
    is 1 state exited && known 1 region_resident && known 1 index_resident &&
        [ "$(($(value 1 allocations) - $(value 1 frees)))" -ge 50 ] &&
        [ "$(value 1 live)" -ge $((50 * 1008)) ] && [ "$(value 1 peak)" -ge $((60 * 1008)) ] &&
        [ "$(value 1 largest_free)" -gt 1048576 ] && is 1 refused_full 0 &&
        is 1 refused_fragmented 0 && is 1 bad_frees 0 && is 1 foreign_frees 0 &&
        is 1 program "$work/tree" && is 1 hint '' && [ "$(lines)" -eq 3 ]
}
check 'a process that returns from main' counts

# ended_so STATUS STATE ARGUMENT...
ended_so() {
    wanted=$1 state=$2
    shift 2
    stats ./tree "$@"
    ended_with "$wanted" && is 1 state "$state" && is 1 region_resident '' &&
        is 1 index_resident '' && [ "$(value 1 live)" -ge $((50 * 1008)) ]
}
check 'a process that calls _exit' ended_so 0 ended _exit
check 'a process that is killed' ended_so 137 ended kill
tells_signal() {
    "$memrun" --stats ./tree kill 2>err
    cat err
    grep -x 'the program was ended by signal 9 (Killed)' err
}
check 'the table tells the signal that ended the program' tells_signal
becomes() {
    ended_so 0 exec exec ./tree && is 2 state exited && is 2 pid "$(value 1 pid)" && known 2 region_resident
}
check 'a process that becomes another program' becomes

leaves() {
    stats ./tree leave
    other=$(value 2 pid)
    kill "$other" || return
    ended_with 0 && is 1 state exited && is 2 state alive && is 2 parent "$(value 1 pid)" && is 2 allocations 1
}
check 'a process that outlives the program' leaves

refuses() {
    reason=$1 other=$2
    shift 2
    stats --region 1M ./tree "$@"
    ended_with 0 && is 1 "$reason" 1 && is 1 "$other" 0 && is 1 region 1048576 && is 1 limit --region
}
check 'a request that is refused for want of space' refuses refused_full refused_fragmented full
check 'a request that is refused in a fragmented heap' refuses refused_fragmented refused_full fragment

misuses() {
    stats --tolerant ./tree "$1"
    ended_with "$4" && is 1 bad_frees "$2" && is 1 foreign_frees "$3"
}
check 'a bad free' misuses bad 1 0 0

# A foreign free is passed on to the C library, which may abort.
sees_foreign() {
    stats ./tree foreign
    is 1 foreign_frees 1
}
check 'a foreign free' sees_foreign

# What decides the budget

half_of_limit() {
    # shellcheck disable=SC3045 # not in every sh
    (ulimit -v 1048576 && stats ./tree) && is 1 limit 'half of RLIMIT_AS or RLIMIT_DATA' &&
        [ "$(value 1 region)" -le $((512 * 1024 * 1024)) ]
}
# shellcheck disable=SC3045
if (ulimit -v 1048576) 2>/dev/null; then
    check 'half of RLIMIT_AS decides' half_of_limit
else
    skip 'half of RLIMIT_AS decides' 'ulimit -v is missing'
fi

# Many processes

# sums NAME: the last line has the sum of the others.
sums() {
    lines=$(lines) total=0 i=1
    while [ $i -lt $((lines - 1)) ]; do
        total=$((total + $(value $i "$1")))
        i=$((i + 1))
    done
    is \$ "$1" "$total"
}
has_all() {
    stats ./tree family 30
    ended_with 0 && [ "$(lines)" -eq 33 ] && is 30 allocations 29 && is \$ state whole || return
    for name in allocations frees peak live refused_full refused_fragmented foreign_frees bad_frees; do
        sums $name || return
    done
    for name in elapsed user system; do
        value \$ $name | grep -x '[0-9]*\.[0-9]*' || return
    done
    known \$ peak_resident
}
check 'all of 30 children are among the values, and the sums add up' has_all

# The lines of the table are those of the values: the largest 20, and the others together.
shows_largest() {
    run "$memrun" --stats ./tree family 30
    cat err
    ended_with 0 && diff /dev/null out && [ "$(grep -c ' tree$' err)" -eq 20 ] &&
        [ "$(grep -c '(11 others together)$' err)" -eq 1 ] && [ "$(grep -c '' err)" -eq 24 ] || return
    awk '/ tree$/ { if (last && $5 > last) exit 1; last = $5 }' err
}
check 'the table has the 20 largest, and the others together' shows_largest

head_tells() {
    run "$memrun" --stats --region 2M --style worst ./tree
    cat err
    [ "$(head -n 1 err)" = 'mem-run: worst fit, 2097152 bytes for each process (--region)' ] &&
        tail -n 1 err |
        grep -x 'elapsed [0-9.]* s, user [0-9.]* s, system [0-9.]* s, peak resident [1-9][0-9]* bytes'
}
check 'the table has a head and a foot' head_tells

# Heaps of programs' own. What counts is the name.

# hints VARIABLE=VALUE PROGRAM: before and after the variable is set.
hints() {
    cp tree "$2" || return
    stats "./$2" && is 1 hint "$1" && env "$1" "$memrun" --stats=csv --output values.csv "./$2" &&
        is 1 hint '' && "$memrun" --stats "./$2" 2>err && cat err &&
        [ "$(tail -n 1 err)" = "few calls arrived: ${2%[0-9].*} has a heap of its own, which $1 turns off" ]
}
check 'python3 is known' hints PYTHONMALLOC=malloc python34.9
checks_too() {
    PYTHONMALLOC=malloc_debug stats ./python34.9 && is 1 hint ''
}
check 'python3 is known with checks around malloc' checks_too
check 'php is known' hints USE_ZEND_ALLOC=0 php9.9
once_each() {
    "$memrun" --stats sh -c './python34.9 && ./php9.9 && ./python34.9' 2>err
    cat err
    [ "$(grep -c 'has a heap of its own' err)" -eq 2 ]
}
check 'each is told of once' once_each
checks() (
    PYTHONMALLOC=malloc_debug
    export PYTHONMALLOC
    stats ./python34.9 && is 1 hint ''
)
check "python3's malloc with checks is malloc, too" checks
elsewhere() {
    mapped='few calls arrived: most memory was not in a heap but mapped otherwise'
    stats ./tree map && is \$ hint "$mapped" && "$memrun" --stats ./tree map 2>err && cat err &&
        grep -x "$mapped" err
}
check 'memory that a program maps is noticed' elsewhere
if have python3 && python3 -c '' 2>/dev/null; then
    calls_more() {
        stats python3 -c 'list(map(str, range(100000)))'
        few=$(value \$ allocations)
        PYTHONMALLOC=malloc stats python3 -c 'list(map(str, range(100000)))'
        ended_with 0 && [ "$(value \$ allocations)" -gt $((few + 90000)) ]
    }
    check 'with the hint, all calls of python3 arrive' calls_more
else
    skip 'with the hint, all calls of python3 arrive' 'there is no python3'
fi
own_malloc() {
    cat >own.c <<'END'
#include <stddef.h>
void *malloc(size_t bytes) { return NULL; }
void free(void *object) {}
int main(void) { return 0; }
END
    compiled own -rdynamic || return
    run "$memrun" --stats ./own
    cat err
    ended_with 0 && [ "$(tail -n 1 err)" = "no call arrived: the program has a heap of its own or needs none" ]
}
check 'a program with a malloc of its own is noticed' own_malloc

# Names

quotes() {
    mkdir -p 'odd, "folder"' && cp tree 'odd, "folder"/tree' || return
    stats "./odd, \"folder\"/tree"
    grep -F "\"$work/odd, \"\"folder\"\"/tree\"" values.csv
}
check 'names are quoted among the values' quotes
stays_plain() {
    name=$(printf 'odd\033[1mname')
    cp tree "$name" && "$memrun" --stats "./$name" 2>err && grep 'odd?\[1mname$' err
}
check 'names are plain in the table' stays_plain

# Where the report goes

goes_to_file() {
    run "$memrun" --stats --output table ./tree
    ended_with 0 && diff /dev/null err && diff /dev/null out && grep ' tree$' table
}
check 'the report goes to a file' goes_to_file
check 'a file in a folder that is missing' complains 125 'no/file: No such file or directory' \
    "$memrun" --stats --output no/file touch ran
check 'a folder for a file' complains 125 '.: Is a directory' "$memrun" --stats --output . touch ran
check 'then nothing was run' test ! -e ran
# shellcheck disable=SC3045,SC2016 # not in every sh; words of a message
if (ulimit -f 8) 2>/dev/null; then
    limited() (
        ulimit -f 8
        "$@"
    )
    check 'a limit for files that the figures pass' complains 125 \
        'cannot make a file in $TMPDIR, /dev/shm or /tmp: File too large' \
        limited "$memrun" --stats true
fi
if [ -c /dev/full ]; then
    check 'a full disk is noticed' complains 125 \
        'cannot write to /dev/full: No space left on device' "$memrun" --stats --output /dev/full ./tree
fi
# shellcheck disable=SC2016 # words of a message
check 'a folder for the figures that is missing' complains 125 \
    'cannot make a file in $TMPDIR, /dev/shm or /tmp: No such file or directory' \
    env TMPDIR="$work/missing" "$memrun" --stats true
# shellcheck disable=SC2016 # for another shell
relative() {
    mkdir -p folder && TMPDIR=folder stats sh -c 'cd / && exec "$0"' "$work/tree"
    is 1 state exec && is 2 program "$work/tree" && rmdir folder
}
check 'a folder for the figures that is relative' relative
# shellcheck disable=SC2016 # for another shell
passes_full() {
    run unshare -m sh -c '
        mount -t tmpfs -o size=4k none /dev/shm && unset TMPDIR && "$0" --stats true || exit
        ls /dev/shm' "$memrun"
    ended_with 0 && diff /dev/null out && grep ' true$' err
}
# The folder has room for the file's head alone.
# shellcheck disable=SC2016 # for another shell
tells_of_none() {
    run unshare -m sh -c 'mount -t tmpfs -o size=64k none /dev/shm && TMPDIR=/dev/shm "$0" --stats true' "$memrun"
    cat err
    ended_with 0 && grep -x 'mem-run: no process could keep figures' err &&
        grep -x 'processes without figures: 1' err
}
if unshare -m mount -t tmpfs none /dev/shm 2>/dev/null; then
    check 'a /dev/shm that is full is passed over' passes_full
    check 'room for no figures is told' tells_of_none
else
    skip 'room for no figures is told' 'nothing may be mounted'
    skip 'a /dev/shm that is full is passed over' 'nothing may be mounted'
fi
finish
