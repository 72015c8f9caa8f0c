#!/bin/sh
# signals.sh - while its program runs, mem-run leaves signals to it, or passes them on.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

cat >answer.c <<'END'
/* Tells that it is ready, and answers the signals that it gets until SIGUSR1 comes; with an argument,
 * it answers none. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
    int signal = 0;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGQUIT);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    sigaddset(&set, SIGUSR1);
    if (argc == 1)
        sigprocmask(SIG_BLOCK, &set, NULL);
    printf("ready %d\n", (int)getpid());
    fflush(stdout);
    if (argc > 1)
        pause();
    while (signal != SIGUSR1 && fflush(stdout) == 0 && sigwait(&set, &signal) == 0)
        printf("%s\n", strsignal(signal));
    return 5;
}
END
compiled answer || exit 99

has_line() {
    grep -q "$1" out
}

# answers TEXT SIGNAL...: the program, started in the background, gets the signals that are sent to
# mem-run, one after the other, and answers.
answers() {
    lines=$1
    shift
    : >out
    "$memrun" ./answer >out 2>err &
    child=$!
    eventually has_line ready || return
    program_id=$(sed -n 's/^ready //p' out)
    for signal in "$@"; do
        kill "-$signal" $child
        [ "$signal" = INT ] || [ "$signal" = QUIT ] || eventually has_line "$lines" || return
    done
    kill -USR1 "$program_id"
    wait $child
    status=$?
    cat out
    ended_with 5 && diff /dev/null err
}
check 'SIGTERM is passed on' answers Terminated TERM
check 'SIGHUP is passed on' answers Hangup HUP
check 'SIGTSTP is passed on' answers Stopped TSTP
check 'SIGCONT is passed on' answers Continued CONT

leaves_to_program() {
    answers ready INT QUIT && ! grep -e Interrupt -e Quit out
}
check 'SIGINT and SIGQUIT do not end mem-run' leaves_to_program

# kills SIGNAL STATUS: a program that does not answer is ended by it.
kills() {
    : >out
    "$memrun" --stats ./answer not >out 2>err &
    child=$!
    eventually has_line ready || return
    kill "-$1" $child
    wait $child
    status=$?
    cat err
    ended_with "$2" && grep -q ' answer$' err
}
check 'SIGTERM to mem-run ends the program, and the report comes' kills TERM 143
check 'SIGHUP to mem-run ends the program, and the report comes' kills HUP 129
for name in USR1 USR2; do # their numbers differ from machine to machine
    (sh -c "kill -$name \$\$"; exit $?) 2>"$work/output"
    check "SIG$name to mem-run ends the program, and the report comes" kills $name $?
done

# What stops a program where no shell would continue mem-run: it must not hang.
stops_and_goes_on() {
    run setsid "$memrun" sh -c '(sleep 0.3; kill -CONT $$) & kill -STOP $$; exit 3'
    ended_with 3
}
if have setsid; then
    check 'a program that is stopped and continued by itself ends' stops_and_goes_on
fi

# Signals that arrive with the end of the program do not take the report away.
report_comes() {
    for i in 1 2 3 4 5 6 7 8 9 10; do
        setsid -w "$memrun" --stats sh -c 'kill -TERM 0; sleep 5' 2>err
        grep -q '^elapsed' err || { echo "run $i" && cat err && return 1; }
    done
}
if setsid -w true 2>"$work/output"; then # not every one can wait
    check 'a signal to the whole group leaves the report' report_comes
fi
leaves_nothing() {
    mkdir own && TMPDIR=$work/own run "$memrun" --stats sh -c 'kill -KILL $$'
    ended_with 137 && ls own && rmdir own
}
check 'no file is left in the folder for it' leaves_nothing
finish
