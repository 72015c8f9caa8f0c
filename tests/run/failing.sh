#!/bin/sh
# failing.sh - --fail-after and --fail-sweep refuse the allocations that they name, and a sweep tells
# what the program made of each.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

see='(see mem-run --help)'

# ---- One run ----

cat >count.c <<'END'
/* Tells how many of its requests are granted, each of another kind, as its arguments say:
 * m malloc, c calloc, a aligned_alloc, g realloc that grows, s realloc that shrinks, f free of all,
 * k the rest in a child. */
#include <stdlib.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void *object[100];
static int count;

static void *request(char kind) {
    switch (kind) {
    case 'm': return object[count] = malloc(20);
    case 'c': return object[count] = calloc(2, 20);
    case 'a': return object[count] = aligned_alloc(64, 640);
    case 'g': return realloc(object[0], 200);
    default: return realloc(object[0], 1);
    }
}

int main(int argc, char **argv) {
    char told[100];
    int length = 0;
    for (char *kind = argv[1]; *kind != '\0'; kind++) {
        if (*kind == 'k') {
            if (fork() != 0) {
                wait(NULL);
                _exit(0);
            }
            continue;
        }
        void *got = request(*kind);
        if (got != NULL && (*kind == 'g' || *kind == 's'))
            object[0] = got;
        else if (got != NULL)
            count++;
        told[length++] = got != NULL ? *kind : '-';
    }
    told[length++] = '\n';
    return write(1, told, length) != length;
}
END
cat >cope.c <<'END'
/* Copes with some refusals, and not with others; before it hangs, it makes a file `hung`. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *copied(const char *text) {
    char *copy = malloc(strlen(text) + 1);
    strcpy(copy, text);
    return copy;
}

int main(void) {
    char line[100];
    for (int i = 0; i < 3; i++) {
        void *object = malloc(100);
        if (object == NULL)
            return 2;
        object = realloc(object, 200);
        if (object == NULL) {
            close(creat("hung", 0600));
            pause();
        }
        free(object);
    }
    char *copy = copied("copy");
    const char *extra = malloc(10) != NULL ? " with" : " without";
    ssize_t got = read(0, line, sizeof line);
    write(1, line, got > 0 ? (size_t)got : 0);
    write(1, copy, strlen(copy));
    write(1, extra, strlen(extra));
    return write(1, "\n", 1) != 1;
}
END
# Each call has a place of its own, whatever a compiler makes of loops and small functions.
if ! compiled count -O0 || ! compiled cope -O0; then
    skip 'refusals' 'no compiler'
    finish
fi

# grants N KINDS WHAT: with --fail-after N, WHAT comes of the requests.
grants() {
    run "$memrun" --fail-after "$1" ./count "$2"
    ended_with 0 && [ ! -s err ] && [ "$(cat out)" = "$3" ]
}
check 'none is granted' grants 0 mca ---
check 'so many are, and no more' grants 2 mcam 'mc--'
check 'all are' grants 1000 mcam mcam
check 'a resize that grows is one' grants 2 mgg 'mgg'
check 'a resize that grows is refused' grants 1 mgm 'm--'
check 'a resize that shrinks is none' grants 2 cssm cssm
check 'a child is granted all' grants 1 mkmm mmm
programs_together() {
    cat >exec.c <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    malloc(1);
    execl("./count", "./count", "mmm", (char *)0);
    return 1;
}
END
    compiled exec -O0 && run "$memrun" --fail-after 3 ./exec && ended_with 0 && [ "$(cat out)" = mm- ]
}
check 'what the process asked for before exec() counts' programs_together
cat >least.c <<'END'
/* Runs a command whose files may grow up to the first bytes of the log alone. */
#include <sys/resource.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct rlimit limit = {65536, 65536};
    return argc < 2 || setrlimit(RLIMIT_FSIZE, &limit) != 0 || execv(argv[1], argv + 1) != 0;
}
END
without_room() {
    compiled least && run ./least "$memrun" --fail-after 2 --stats ./count mmkmm &&
        [ "$(cat out)" = 'mmmm' ] && run ./least "$memrun" --fail-after 1 --stats ./count mmm && cat err &&
        [ "$(cat out)" = 'm--' ] && grep -x 'processes without figures: 1' err
}
check 'a process for whose figures there is no room, too' without_room
tells_refusals() {
    "$memrun" --fail-after 1 --stats ./count mmm 2>err >out &&
        grep -x -E '2 allocations were refused as told, the first of them in count\+0x[0-9a-f]+' err
}
check '--stats tells of it' tells_refusals
cat >mapped.c <<'END'
/* Maps a file with a name of many newlines, each of which the system tells in four characters, and
 * has libc ask for memory. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
    char name[201];
    memset(name, '\n', 200);
    name[200] = '\0';
    for (int i = 0; i < 10; i++)
        if (mkdir(name, 0700) != 0 || chdir(name) != 0)
            return 2;
    int file = open("code", O_RDWR | O_CREAT, 0700);
    if (ftruncate(file, 4096) != 0 || mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED)
        return 3;
    return strdup("text") != 0;
}
END
tells_behind_long() {
    compiled mapped -O0 && run "$memrun" --fail-after 0 --stats ./mapped && cat err && ended_with 0 &&
        grep -x -E '1 allocations were refused as told, the first of them in libc[^ ]*\+0x[0-9a-f]+' err
}
check 'a caller is found behind what has a long name' tells_behind_long
records_refusals() {
    "$memrun" --fail-after 1 --record out.mlog ./count mmm && "$abs_builddir/mem-replay" out.mlog >out &&
        grep -q -x 'operations: *1' out && grep 'left out: *2 requests refused' out
}
check '--record records it' records_refusals

# ---- A sweep ----

# sweeps STATUS OPTION...: of cope, with a line on standard input; the table is in `out`.
printf 'line\n' >input
sweeps() {
    wanted=$1
    shift
    "$memrun" "$@" ./cope <input >out 2>err
    status=$?
    cat out err
    ended_with "$wanted" && [ ! -s err ]
}
# has FIRST FINDINGS OUTCOME: a line of the table.
has() {
    grep -q -E "^ *$1 +$2 +$3 +cope\+0x[0-9a-f]+\$" out
}
finds_all() {
    sweeps 1 --fail-sweep && has 2 3 hung && has 7 1 'signal 11 \(Segmentation fault\)' &&
        has 8 1 'exit 0, other output' && [ "$(wc -l <out)" -eq 5 ] &&
        grep -x './cope: 8 allocations, 8 refused in a run each, 5 findings' out
}
check 'a sweep finds each failure, and what is called from one place is one line' finds_all
names_places() {
    place=$(sed -n 's/.*Segmentation fault)  *cope+//p' out)
    addr2line -f -e cope "$place" >named && grep -x copied named
}
if have addr2line; then
    check 'addr2line knows the place' names_places
else
    skip 'addr2line knows the place' 'not installed'
fi
finds_by_caller() {
    sweeps 1 --fail-sweep --by-caller && has 2 1 hung && has 7 1 'signal 11 \(Segmentation fault\)' &&
        has 8 1 'exit 0, other output' &&
        grep -x './cope: 8 allocations, 4 refused in a run each, 3 findings' out
}
check 'with --by-caller, each place is refused once' finds_by_caller
once_each() {
    cat >loop.c <<'END'
#include <stdlib.h>
int main(void) {
    for (int i = 0; i < 1000; i++)
        free(malloc(i));
    return malloc(1) == NULL;
}
END
    compiled loop -O0 && "$memrun" --fail-sweep --by-caller ./loop >out &&
        grep -x './loop: 1001 allocations, 2 refused in a run each, 0 findings' out
}
check 'a place that asks a thousand times, too' once_each
finds_in_range() {
    sweeps 1 --fail-sweep=7-1000 && grep -x './cope: 8 allocations, 2 refused in a run each, 2 findings' out
}
check 'a range' finds_in_range
finds_nothing() {
    sweeps 0 --fail-sweep=1-1 && [ "$(cat out)" = './cope: 8 allocations, 1 refused in a run each, 0 findings' ]
}
check 'without a finding, the status is 0' finds_nothing
leaves_nothing() {
    mkdir -p temporary && TMPDIR=$PWD/temporary "$memrun" --fail-sweep=1-1 ./cope <input >out &&
        [ -z "$(ls temporary)" ]
}
check 'no file is left' leaves_nothing
ends_children() {
    cat >left.c <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    if (malloc(1) != NULL && fork() == 0)
        sleep(1000);
    return 0;
}
END
    compiled left -O0 && "$memrun" --fail-sweep ./left && eventually none_runs left
}
none_runs() {
    ! running "$1"
}
check 'no process is left' ends_children
is_interrupted() {
    rm -f hung
    "$memrun" --fail-sweep=2-6 ./cope <input >out 2>err &
    runner=$!
    eventually test -e hung && kill -TERM $runner
    wait $runner
    [ $? -eq 143 ] && grep -x 'interrupted: [1-5] runs were not made' out && none_runs cope
}
check 'a signal ends it, and the table tells of what was done' is_interrupted
interrupted_first() {
    cat >first.c <<'END'
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    free(malloc(1));
    close(creat("hung", 0600));
    return pause();
}
END
    rm -f hung
    compiled first -O0 || return
    "$memrun" --fail-sweep ./first >out 2>err &
    runner=$!
    eventually test -e hung && kill -TERM $runner
    wait $runner
    [ $? -eq 143 ] && [ "$(cat out)" = './first: interrupted before the first refusal' ] && none_runs first
}
check 'a signal in the first run ends it' interrupted_first
cat >stop.c <<'END'
#include <signal.h>
#include <stdlib.h>
int main(void) {
    void *object = malloc(1);
    if (object == NULL)
        raise(SIGSTOP);
    free(object);
    return 0;
}
END
finds_stopped() {
    compiled stop -O0 && run "$memrun" --fail-sweep ./stop && ended_with 1 &&
        grep -E '^ *1 +1 +stopped by signal [0-9]+ \(Stopped \(signal\)\) +stop\+0x[0-9a-f]+$' out && none_runs stop
}
check 'a program that stops' finds_stopped
cat >group.c <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    setsid();
    setpgid(0, getppid());
    if (malloc(1) == NULL)
        pause();
    return 0;
}
END
ends_session() {
    compiled group -O0 && run "$memrun" --fail-sweep ./group && ended_with 1 && grep -q ' hung ' out && none_runs group
}
check 'a program that has left its group is ended, too' ends_session

# A program that forbids itself to open files copes with refusals as ever.
cat >closed.c <<'END'
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
    void *first = malloc(10);
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {4, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return 77;
    void *second = malloc(20);
    return first == NULL ? 3 : second == NULL ? 4 : 0;
}
END
copes_closed() {
    run "$memrun" --fail-sweep ./closed
    cat out err
    ended_with 0 && grep -x './closed: 2 allocations, 2 refused in a run each, 0 findings' out
}
if compiled closed -O0 && "$memrun" ./closed; then
    check 'a program that may not open files' copes_closed
else
    skip 'a program that may not open files' 'no seccomp'
fi
without_streams() {
    "$memrun" --fail-sweep=1-1 ./cope <&- >out 2>err && cat out err && grep -q '^./cope: 8 allocations, 1 refused' out
}
check 'a closed standard input' without_streams
shows_name() {
    cp cope "$(printf 'co\033[2Jpe\nx')" && "$memrun" --fail-sweep=1-1 "$(printf './co\033[2Jpe\nx')" >out &&
        grep -x './co?\[2Jpe?x: 8 allocations, 1 refused in a run each, 0 findings' out
}
check 'control characters of names are not printed' shows_name

# ---- What cannot be done ----

lacks_room() {
    cat >many.c <<'END'
#include <stdlib.h>
int main(void) {
    for (int i = 0; i < 100000; i++)
        free(malloc(i));
    return 0;
}
END
    compiled many -O0 && (ulimit -f 200 && "$memrun" --fail-sweep --by-caller ./many 2>err)
    status=$?
    cat err
    ended_with 125 &&
        grep -x -E 'mem-run: of its 100000 allocations, [0-9]+ could be recorded: there is no room for the others in .TMPDIR, /dev/shm or /tmp' err
}
check 'callers that could not all be recorded' lacks_room

check 'a program whose output differs' complains 125 'sh: two runs differ without any refusal: in their output' \
    "$memrun" --fail-sweep sh -c 'echo $$'
check 'a program whose status differs' complains 125 'sh: two runs differ without any refusal: in their exit statuses' \
    "$memrun" --fail-sweep sh -c 'mkdir once'
check 'a program that a signal ends' complains 125 'sh: a signal ends it without any refusal: Killed' \
    "$memrun" --fail-sweep sh -c 'kill -KILL $$'
check 'a program that stops by itself' complains 125 'sh: a signal stops it without any refusal: Stopped (signal)' \
    "$memrun" --fail-sweep sh -c 'kill -STOP $$'
check 'a range behind the last' complains 125 './cope: it makes 8 allocations, and is to be refused from 9' \
    "$memrun" --fail-sweep=9-12 ./cope
check 'a program that allocates nothing' complains 125 './count: it makes no allocation' \
    "$memrun" --fail-sweep ./count ''
for range in 0-1 2-1 1 1- -1 x 1-2x 99999999999999999999-1; do
    check "a range of $range" complains 125 \
        "--fail-sweep takes FROM-TO, two numbers from 1 on, not '$range' $see" "$memrun" --fail-sweep=$range ./cope
done
for number in -1 x 1x ''; do
    check "--fail-after '$number'" complains 125 \
        "--fail-after takes a number of allocations, not '$number' $see" "$memrun" --fail-after "$number" ./cope
done
check '--by-caller alone' complains 125 "--by-caller goes only with '--fail-sweep' $see" "$memrun" --by-caller ./cope
check 'both' complains 125 "--fail-sweep does not go with '--fail-after' $see" \
    "$memrun" --fail-after 1 --fail-sweep ./cope
check 'a sweep with --stats' complains 125 "--fail-sweep does not go with '--stats' $see" \
    "$memrun" --stats --fail-sweep ./cope
check 'a sweep with --record' complains 125 "--fail-sweep does not go with '--record' $see" \
    "$memrun" --record a.rep --fail-sweep ./cope
finish
