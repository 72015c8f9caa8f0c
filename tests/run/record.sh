#!/bin/sh
# record.sh - what --record writes is what the program did, however it ends, and whatever the disk
# says.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

replay=$abs_builddir/mem-replay
see='(see mem-run --help)'

cat >known.c <<'END'
/* Known calls, by the process itself, then by what its argument says. */
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *first, *second, *third;

static void calls(void) {
    first = malloc(100);
    second = calloc(3, 7);
    third = aligned_alloc(64, 100);
    first = realloc(first, 1000);
    free(second);
    second = malloc(0);
    malloc(SIZE_MAX / 4);
    realloc(third, SIZE_MAX / 4);
}

static void ends(void) {
    free(first);
    free(second);
    free(third);
}

static int child(pid_t pid) {
    if (pid == 0) {
        free(second);
        second = malloc(5000);
        ends();
        _exit(0);
    }
    first = realloc(first, 2000);
    return waitpid(pid, NULL, 0) == pid;
}

static void *thread(void *none) {
    free(malloc(3000));
    return none;
}

int main(int argc, char **argv) {
    pthread_t other;
    const char *how = argc > 1 ? argv[1] : "";
    calls();
    if (strcmp(how, "fork") == 0)
        child(fork());
    if (strcmp(how, "raw") == 0)
        child(syscall(SYS_clone, 17, 0, 0, 0, 0)); /* SIGCHLD */
    if (strcmp(how, "exec") == 0)
        execlp(argv[0], argv[0], "again", NULL);
    if (strcmp(how, "thread") == 0) {
        pthread_create(&other, NULL, thread, NULL);
        pthread_join(other, NULL);
    }
    if (strcmp(how, "_exit") == 0)
        _exit(3);
    if (strcmp(how, "kill") == 0)
        kill(getpid(), SIGKILL);
    ends();
    return 0;
}
END
cat >busy.c <<'END'
/* Two threads allocate, resize and free, until they are ended; or so many times. There is a file
 * `started` once they have done it for a while. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static long most;

static void *work(void *seed) {
    unsigned random = (unsigned)(size_t)seed;
    void *objects[64] = {NULL};
    for (long i = 0; i != most; i++) {
        random = random * 1103515245u + 12345u;
        void **object = &objects[random >> 16 & 63];
        if (*object == NULL)
            *object = malloc(random >> 20 & 1023);
        else if ((random & 0x40000000u) != 0)
            *object = realloc(*object, 1 + (random >> 20 & 2047));
        else
            free(*object), *object = NULL;
        if (i == 1000)
            close(creat("started", 0600));
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t other;
    most = argc > 1 ? atol(argv[1]) : -1;
    pthread_create(&other, NULL, work, (void *)1);
    work((void *)2);
    pthread_join(other, NULL);
    return 0;
}
END
if ! compiled known || ! compiled busy -lpthread; then
    skip 'recordings' 'no compiler'
    finish
fi

# ---- What is written ----

cat >known.ops <<'END'
a 0 100
a 1 21
a 2 100
r 0 1000
f 1
a 3 0
END
cat >ends.ops <<'END'
f 0
f 3
f 2
END

# trace_is FILE PART...: a trace with these operations, of so many ids.
trace_is() {
    trace=$1
    ids=$2
    shift 2
    cat "$@" >expected.ops
    { printf '0\n%s\n%s\n1\n' "$ids" "$(wc -l <expected.ops)" && cat expected.ops; } >expected.rep
    diff expected.rep "$trace"
}

# recorded STATUS FILE COMMAND...
recorded() {
    wanted=$1
    file=$2
    shift 2
    run "$memrun" --region 1M --record "$file" -- "$@"
    ended_with "$wanted"
}

writes_trace() {
    recorded 0 out.rep ./known && trace_is out.rep 4 known.ops ends.ops
}
check 'a .rep has each allocation, resize and free, in their order' writes_trace

tells_left_out() {
    grep -x -E 'mem-run: out.rep: process [0-9]+, 9 operations; without callers, 1 alignments, 1 threads, 2 refused requests, 0 other processes or programs' err &&
        [ "$(wc -l <err)" -eq 1 ]
}
check 'it tells what a .rep leaves out' tells_left_out

writes_compressed() {
    recorded 0 out.rep.xz ./known && xz -dc out.rep.xz | diff out.rep -
}
if ! have xz || "$memrun" --record a.rep.xz true 2>&1 | grep 'without liblzma'; then
    skip 'a .rep.xz holds the same' 'no liblzma, or no xz'
else
    check 'a .rep.xz holds the same' writes_compressed
fi

# replays FILE OPERATIONS [OPTION...]: mem-replay reads so many operations in it. The region is larger
# than any program here needs: in the one by default, what threads did by chance may be refused.
replays() {
    file=$1
    operations=$2
    shift 2
    run "$replay" --region 1M "$@" "$file"
    cat out err
    ended_with 0 && grep -q -x "operations: *$operations" out
}

writes_log() {
    recorded 0 out.mlog ./known && [ ! -s err ] && replays out.mlog 9 &&
        grep -q -x 'not recorded: *0 calls' out &&
        grep -q -x 'left out: *2 requests refused, 0 unknown objects' out
}
check 'a .mlog has them, too, and mem-replay reads it' writes_log
reads_pipe() {
    "$replay" - <out.mlog >out && grep -x 'operations: *9' out &&
        dd if=out.mlog bs=1000 2>/dev/null | "$replay" - >out && grep -x 'operations: *9' out
}
check 'mem-replay reads it from standard input' reads_pipe

are_private() {
    for file in out.rep out.mlog; do
        [ "$(stat -c %a $file)" = 600 ] || return
    done
}
check 'they are for their owner alone' are_private
leaves_nothing() {
    [ "$(find . -name 'out.*' | wc -l)" -eq "$(find . -name out.rep -o -name out.mlog -o -name out.rep.xz | wc -l)" ]
}
check 'no other file is left' leaves_nothing

# ---- However it ends, and whatever it starts ----

ended() {
    recorded "$1" out.rep ./known "$2" && trace_is out.rep 4 known.ops
}
check 'a program that calls _exit' ended 3 _exit
check 'a program that is killed' ended 137 kill

threads() {
    recorded 0 out.rep ./known thread && grep ', 2 threads,' err && recorded 0 out.mlog ./known thread &&
        grep -q 'a . 3000' out.rep
}
check 'a thread of its own' threads

# The processes of a log, each in a line, as a message of mem-replay tells them.
processes_of() {
    "$replay" --process 999999999 "$1" 2>&1 | grep -o '[0-9]* ([a-z]*)' | cut -d' ' -f1
}
is_log() {
    [ -n "$(processes_of "$1")" ]
}

# A child has its parent's heap, and so its history; what the parent does later is its own.
forked() {
    recorded 0 out.mlog ./known "$1" || return
    for process in $(processes_of out.mlog); do
        replays out.mlog '[0-9]*' --process "$process" || return
        sed -n 's/^operations: *//p' out >>counts
    done
    sort counts | tr '\n' ' ' >sorted
    rm counts
    grep -x '10 11 ' sorted
}
check 'fork: the child has what its parent did before' forked fork
check 'a fork past libc, too' forked raw
tells_others() {
    recorded 0 out.rep ./known fork && grep ' 1 other processes or programs' err
}
check 'a .rep has one of them, and tells of the other' tells_others
after_exec() {
    recorded 0 out.rep ./known exec && trace_is out.rep 4 known.ops ends.ops
}
check 'exec: the new program has a recording of its own' after_exec

# A child for whose chunks there is no room: its parent's recording goes on, and the child with it.
cat >small.c <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void calls(int count) {
    for (int i = 0; i < count; i++)
        free(malloc((size_t)i));
}

int main(int argc, char **argv) {
    struct rlimit none = {0, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};
    int status = 1;
    calls(10);
    setrlimit(RLIMIT_FSIZE, &none);
    pid_t child = argc > 1 ? syscall(SYS_clone, 17, 0, 0, 0, 0) : fork(); /* SIGCHLD */
    if (child == 0) {
        calls(10);
        setrlimit(RLIMIT_FSIZE, &all);
        if (fork() == 0) {
            calls(10);
            _exit(0);
        }
        wait(&status);
        _exit(status);
    }
    calls(10);
    waitpid(child, &status, 0);
    return status;
}
END
without_chunk() {
    compiled small && recorded 0 out.mlog ./small "$@" && cat err &&
        grep -x 'mem-run: out.mlog: 1 processes are not recorded' err &&
        grep -x -E 'mem-run: out.mlog: of process [0-9]+, the last 20 calls are not recorded: File too large' err &&
        replays out.mlog 40 && grep -q -x 'not recorded: *0 calls' out
}
check 'a child that gets no chunk goes on' without_chunk
check 'one past libc, too' without_chunk raw

# A process that outlives its recording leaves alone what has its name then. Its 5000 calls need
# more than one chunk.
cat >outlive.c <<'END'
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
    if (fork() > 0)
        return 0;
    free(malloc(1));
    close(creat("waiting", 0600));
    while (access("finished", F_OK) != 0)
        usleep(1000);
    for (int i = 0; i < 5000; i++)
        free(malloc(1));
    return creat("ended", 0600) < 0;
}
END
outlived() {
    rm -f waiting finished ended
    recorded 0 "$1" ./outlive && eventually test -e waiting || return
    [ "$2" = same ] || recorded 0 "$1" ./known || return
    cp "$1" before && : >finished && eventually test -e ended && cmp "$1" before
}
if compiled outlive; then
    check 'a process that lives on leaves the trace alone' outlived out.rep same
    check 'and another log of that name' outlived out.mlog other
fi

# Two at a time: the second is refused. A file that has the log's name later is left alone, by programs
# that are started later, too.
waits() {
    rm -f go
    # shellcheck disable=SC2016 # the inner shell is to expand them
    "$memrun" --record shared.mlog -- sh -c 'echo >waiting; until [ -e go ]; do sleep 0.05; done; exec ./known' &
    runner=$!
    eventually test -e waiting
}
refuses_second() {
    rm -f waiting
    waits && complains 125 'shared.mlog: another mem-run records in it' "$memrun" --record shared.mlog -- echo started
    refused=$?
    : >go && wait $runner && [ $refused -eq 0 ] && is_log shared.mlog
}
check 'a log that another mem-run has is not taken' refuses_second
leaves_other() {
    rm -f waiting
    waits && rm shared.mlog && recorded 0 shared.mlog ./known && cp shared.mlog before && : >go && wait $runner &&
        cmp shared.mlog before
}
check 'a program that is started later does not write into another log' leaves_other

closed_streams() {
    "$memrun" --record out.mlog -- ./known <&- >&- 2>&- && replays out.mlog 9
}
check 'closed streams are not taken for the log' closed_streams

# A process that may only read, write and exit: all memory is there beforehand.
cat >strict.c <<'END'
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
        return 77;
    for (int i = 0; i < 20000; i++)
        free(malloc((size_t)i));
    free(strdup("from libc"));
    syscall(SYS_exit, 3);
}
END
sandboxed() {
    run "$memrun" --region 1M --record-size 4M --record out.mlog -- ./strict
    cat err
    ended_with 3 && replays out.mlog 40002 && grep -q -x 'not recorded: *0 calls' out
}
if compiled strict && ! "$memrun" ./strict; [ $? -ne 77 ]; then
    check 'with --record-size, a process may forbid itself all calls of the system' sandboxed
else
    skip 'a sandboxed process' 'no seccomp'
fi

# ---- Killed at any moment ----

moments=20
[ -z "${MEM_TEST_LIGHT-}" ] || moments=4

# At most the call is missing that each process was in.
killed_at_random() {
    moment=0
    while [ $moment -lt "${MEM_TEST_MOMENTS:-$moments}" ]; do
        moment=$((moment + 1))
        rm -f started
        "$memrun" --region 1M --record killed.mlog -- ./busy &
        runner=$!
        delay=$(awk -v seed="$seed$moment" 'BEGIN { srand(seed); printf "%.3f", 0.01 + 0.2 * rand() }')
        eventually busy_runs || return
        sleep "$delay"
        kill -KILL "$busy"
        wait $runner
        if [ $? -ne 137 ] || ! replays killed.mlog '[1-9][0-9]*' ||
            ! grep -q -x -E 'not recorded: *[01] calls' out; then
            echo "seed $seed, moment $moment, after $delay s"
            return 1
        fi
    done
}
busy_runs() {
    [ -e started ] && busy=$(running busy)
}
seed=$(date +%s)
check "a program with two threads is killed, and all but the last call is there (seed $seed)" killed_at_random

# All processes are killed, mem-run too: what is there is a log, whatever its name.
all_killed() {
    rm -f started
    "$memrun" --region 1M --record all.rep -- ./busy &
    runner=$!
    eventually busy_runs && kill -KILL $runner "$busy"
    wait $runner
    replays all.rep '[1-9][0-9]*'
}
check 'when mem-run is killed with it, the log is there, and mem-replay reads it' all_killed

# ---- Interrupted afterwards ----

# While the log is made a trace, a signal leaves it a log, and nothing else.
interrupted() {
    rm -f started
    "$memrun" --region 1M --record cut.rep -- ./busy 3000000 2>err &
    runner=$!
    eventually converts && kill -TERM $runner
    wait $runner
    status=$?
    cat err
    [ $status -eq 143 ] && grep -x 'mem-run: cut.rep: it is left a log: Terminated' err &&
        [ "$(find . -name 'cut.rep*' | wc -l)" -eq 1 ] && is_log cut.rep
}
# The log has such a name, too, before the program begins.
converts() {
    [ -e started ] && ! running busy >/dev/null && find . -name 'cut.rep.??????' | grep -q .
}
check 'when it is interrupted while it makes a trace, the log is left' interrupted

# ---- Disks ----

# Everything given beforehand: recording stops where it ends, and says so.
small_log() {
    recorded 0 out.mlog ./busy 100 && run "$memrun" --region 1M --record-size 1M --record out.mlog -- ./busy 300000 &&
        cat err && ended_with 0 &&
        grep -x -E 'mem-run: out.mlog: of process [0-9]+, the last [0-9]+ calls are not recorded: --record-size is reached' err &&
        [ "$(stat -c %s out.mlog)" -eq 1048576 ] && replays out.mlog '[1-9][0-9]*' &&
        grep -x -E 'not recorded: *[1-9][0-9]* calls' out
}
check 'a log of a fixed size that is full is noted, and the program goes on' small_log

# shellcheck disable=SC2016 # the inner shell is to expand them
on_full_disk() {
    unshare -m sh -c '
        mount -t tmpfs -o size=300k none disk && "$1" --region 1M --record disk/out.mlog -- ./busy 300000
        echo "ended with $?"
        "$2" disk/out.mlog
    ' sh "$memrun" "$replay" >out 2>&1
    cat out
    grep -q -x 'ended with 0' out && grep -q 'calls are not recorded: No space left on device' out &&
        grep -q -x -E 'operations: *[1-9][0-9]*' out
}
# shellcheck disable=SC2016
no_room_at_all() {
    unshare -m sh -c '
        mount -t tmpfs -o size=16k none disk && "$1" --record disk/out.mlog -- echo started
        echo "ended with $?"
        ls disk
    ' sh "$memrun" >out 2>&1
    printf '%s\n' 'mem-run: disk/out.mlog: No space left on device' 'ended with 125' | diff - out
}
mkdir disk
if unshare -m mount -t tmpfs none disk 2>/dev/null; then
    check 'a disk that gets full is noted, and the program goes on' on_full_disk
    check 'without room for its first bytes, no program is started' no_room_at_all
else
    skip 'a full disk' 'no mounts here'
fi

limited() {
    (ulimit -f 300 && recorded 0 out.mlog ./busy 300000) && grep 'calls are not recorded: File too large' err &&
        replays out.mlog '[1-9][0-9]*'
}
check 'a limit on the size of files, too' limited

# ---- What cannot be done ----

check 'a file of another kind' complains 125 "--record takes a file that ends in .mlog, .rep or .rep.xz, not 'out.txt' $see" "$memrun" --record out.txt -- echo started
check 'a name that is an ending alone' complains 125 "--record takes a file that ends in .mlog, .rep or .rep.xz, not './.rep' $see" "$memrun" --record ./.rep -- echo started
check 'a folder that is not there' complains 125 'nowhere/out.mlog: No such file or directory' \
    "$memrun" --record nowhere/out.mlog -- echo started
mkdir folder.mlog
check 'a folder' complains 125 'folder.mlog: Is a directory' "$memrun" --record folder.mlog -- echo started
mkfifo pipe.mlog
check 'a pipe' complains 125 'pipe.mlog: Invalid argument' "$memrun" --record pipe.mlog -- echo started
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 500 closed
    check 'a folder that cannot be written' complains 125 'closed/out.mlog: Permission denied' \
        "$memrun" --record closed/out.mlog -- echo started
fi
for size in 1023K 0 1M1 x 2000G; do
    check "a --record-size of $size" complains 125 "--record-size takes bytes, or a number with K, M or G, from 1M to 1024G, not '$size' $see" "$memrun" --record-size $size --record out.mlog -- echo started
done
check '--record-size without --record' complains 125 "--record-size goes only with '--record' $see" "$memrun" --record-size 1M -- echo started
check '--process without a trace' complains 125 "--process goes only with --record of 'a .rep or .rep.xz file' $see" "$memrun" --process 12 --record out.mlog -- echo started
for process in 0 x 12x 9999999999; do
    check "a --process of $process" complains 125 "--process takes the number of a process, not '$process' $see" "$memrun" --process $process --record out.rep -- echo started
done
finish
