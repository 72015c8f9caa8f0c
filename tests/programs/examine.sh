# shellcheck shell=sh
# examine.sh - what the tests of whole programs share: a program is run as it is, under mem-run,
# recorded, in the smallest region in which it still does the same, and in a half and a tenth of that,
# where it may fail in any way of its own, but not in the module. A test sources it, defines the
# function `task`, and calls `examined NAME`.
#
#     task PREFIX...     runs the program once, in the current folder, which is empty, with PREFIX in
#                        front of its command. What it prints is the same each time.
#
# Each run has a folder of its own in $work, $place, which is TMPDIR for its processes, and they begin
# in it: so they are known. The figures of a program are left in tests/programs/NAME.row of the build.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

. "$abs_srcdir/tests/run/run.sh"

# A program that runs for longer is ended.
SECONDS_MOST=60

rows=$abs_builddir/tests/programs
mkdir -p "$rows"

# What a make that runs these tests was told is not for the programs.
unset MAKEFLAGS MFLAGS MAKELEVEL VERBOSE

# Ends the test as skipped where a program is missing.
needs() {
    for tool; do
        have "$tool" || {
            skip "$tool" 'not installed'
            finish
        }
    done
}

# One run

runs=0

# begin_run: makes its folder.
begin_run() {
    runs=$((runs + 1))
    place=$work/$runs
    mkdir -p "$place/files"
}

end_run() {
    rm -rf "$place"
}

# run_task PREFIX...: leaves the output, the messages and the status of the task in its folder.
run_task() (
    cd "$place/files" || exit
    task env TMPDIR="$place" "$@" >"$place/output" 2>"$place/messages" </dev/null
    echo $? >"$place/status"
)

# The processes of the run that still live. Some write their title over their environment.
processes() {
    {
        grep -l -s -a -F "TMPDIR=$place" /proc/[0-9]*/environ
        find /proc/[0-9]*/cwd -lname "$place/*"
    } 2>/dev/null | cut -d / -f 3 | sort -u
}

end_processes() {
    # shellcheck disable=SC2046 # numbers
    kill -KILL $(processes) 2>/dev/null
}

# milliseconds COMMAND...: how long it takes.
milliseconds() {
    begun=$(date +%s%N)
    "$@"
    echo $((($(date +%s%N) - begun) / 1000000))
}

# The figures of a run

# figure NAME: that of all processes together.
figure() {
    awk -F, -v name="$1" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) field = i }
        { last = $field }
        END { print last + 0 }' "$place/figures"
}

# largest NAME: that of the process with the largest.
largest() {
    awk -F, -v name="$1" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) field = i; next }
        $3 != "whole" && $field + 0 > most { most = $field }
        END { printf "%d\n", most }' "$place/figures"
}

refused() {
    [ -s "$place/figures" ] || { echo 0 && return; }
    echo $(($(figure refused_full) + $(figure refused_fragmented)))
}

# Where the program does what it always does

# Whether the run ended as the one without mem-run.
is_the_same() {
    cmp "$work/alone/status" "$place/status" && cmp "$work/alone/output" "$place/output" &&
        cmp "$work/alone/messages" "$place/messages" && return
    tail -n 3 "$place/messages"
    return 1
}

# The program as it is; what it prints is what is expected.
runs_alone() {
    begin_run
    alone=$(milliseconds run_task timeout $SECONDS_MOST)
    rm -rf "$work/alone" "$place/files"
    mv "$place" "$work/alone"
    cat "$work/alone/messages"
    [ "$(cat "$work/alone/status")" -eq 0 ]
}

# same_in SECONDS OPTION...: whether it does the same under mem-run with these options.
same_in() {
    seconds=$1
    shift
    begin_run
    elapsed=$(milliseconds run_task timeout -k 1 "$seconds" \
        "$memrun" "$@" --stats=csv --output "$place/figures")
    is_the_same
    same=$?
    end_processes
    return $same
}

# Its figures are kept.
runs_in_all_memory() {
    same_in $SECONDS_MOST || return
    served=$elapsed
    peak=$(largest peak)
    refused=$(refused)
    foreign=$(figure foreign_frees)
    bad=$(figure bad_frees)
    end_run
    [ "$bad" -eq 0 ] && [ "$refused" -eq 0 ] && return
    echo "refused $refused, bad frees $bad"
    return 1
}

# Recorded, it does the same, and every object that ends in the log of it has a beginning there.
is_recorded() {
    begin_run
    run_task timeout -k 1 $SECONDS_MOST "$memrun" --record "$place/log.mlog" --
    is_the_same && "$abs_builddir/mem-replay" --region 1G "$place/log.mlog" >"$place/replay"
    recorded=$?
    cat "$place/replay"
    [ $recorded -eq 0 ] && grep -q -x -E 'not recorded: *[01] calls' "$place/replay" &&
        grep -q -x 'left out: *0 requests refused, 0 unknown objects' "$place/replay"
    recorded=$?
    end_processes
    end_run
    return $recorded
}

# works_in BYTES: a program that does not end there is not waited for as long.
works_in() {
    same_in $((5 + alone / 250)) --region "$1" >/dev/null
    works=$?
    end_run
    return $works
}

pages() {
    echo $((($1 + 4095) / 4096 * 4096))
}

# Sets smallest: to a region in which the program does the same, while in one that is a sixteenth
# smaller, it does not.
find_smallest() {
    smallest=$(pages "$peak")
    below=$smallest
    if works_in "$smallest"; then
        while [ "$below" -gt 4096 ] && below=$(pages $((smallest / 2))) && works_in "$below"; do
            smallest=$below
        done
    else
        until smallest=$(pages $((smallest * 5 / 4))) && works_in "$smallest"; do
            below=$smallest
            [ "$smallest" -lt $((16 * peak + 1048576)) ] || return
        done
    fi
    while [ $((smallest - below)) -gt $((smallest / 16)) ] &&
        middle=$(pages $(((smallest + below) / 2))) && [ "$middle" -lt "$smallest" ]; do
        if works_in "$middle"; then
            smallest=$middle
        else
            below=$middle
        fi
    done
}

# What depends on threads may need more another time.
works_in_smallest() {
    tries=0
    until works_in "$smallest" && works_in "$smallest"; do
        tries=$((tries + 1))
        [ $tries -lt 12 ] || return
        smallest=$(pages $((smallest * 9 / 8)))
    done
}

# Where it fails as it likes

# The stacks of a process' threads: the functions, the innermost first.
stacks() {
    gdb -nx -batch -p "$1" -ex 'thread apply all backtrace 8' 2>/dev/null |
        sed -n '/^Thread/p; s/^\(#[0-9]* *[^(]*\)(.*/\1/p'
}

# Whether no process of the run stands still, now and a second later, with a thread that waits for a
# lock of the module.
waits_for_no_lock() {
    for process in $(processes); do
        stacks "$process" >"$place/stacks"
        grep -q 'lock_wait' "$place/stacks" || continue
        sleep 1
        stacks "$process" >"$place/stacks-later"
        cmp -s "$place/stacks" "$place/stacks-later" || continue
        cat "$place/stacks"
        return 1
    done
}

# Whether no signal that tells of a fault came while the innermost frame was in the module.
has_no_fault_in_module() {
    awk '
        / --- SIG/ { signal = $0; next }
        signal != "" { if (/libmem-malloc/) { print signal; print; bad = 1 } signal = "" }
        END { exit bad }' "$place/faults"
}

# Ends what the program has left, and mem-run after it, which still tells the figures.
end_early() {
    for process in $(processes); do
        [ "$(cat "/proc/$process/comm")" = mem-run ] || kill -KILL "$process"
    done
    sleep 1
    end_processes
} 2>/dev/null

# limited LOOK COMMAND...: runs it; when it takes too long, calls LOOK and ends it. What LOOK says of
# that is the result.
limited() {
    look=$1
    shift
    "$@" &
    runner=$!
    tries=0
    while kill -0 $runner 2>/dev/null && [ $tries -lt $((10 * SECONDS_MOST)) ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    looked=0
    if kill -0 $runner 2>/dev/null; then
        $look
        looked=$?
        end_early
        wait $runner 2>/dev/null
        echo ended >"$place/status"
    fi
    end_processes
    wait $runner 2>/dev/null
    return $looked
}

# What the program did, in a word or two.
outcome() {
    if is_the_same >/dev/null; then
        echo "same, $(refused) refused"
    else
        echo "$(cat "$place/status"), $(refused) refused"
    fi
}

# Of a program that traces others itself, the children cannot be traced.
TRACE="strace -f --seccomp-bpf"

# Whether something has told why the program failed: what was refused, or mem-run itself.
is_told() {
    is_the_same || [ "$(refused)" -gt 0 ]
}

# traced BYTES: runs the task in a region of that size, with a note of each fault and where it was;
# false when it takes too long.
traced() {
    limited false run_task $TRACE -qq -k -e trace=none -e signal=SEGV,BUS,ILL,FPE,ABRT \
        -o "$place/faults" "$memrun" --region "$1" --stats=csv --output "$place/figures"
}

# hangs_by_itself BYTES: whether no thread waits in the module when that is done again without a
# tracer, which would be in the way of a debugger.
hangs_by_itself() {
    limited waits_for_no_lock run_task "$memrun" --region "$1" --stats=csv --output "$place/figures"
}

# fails_by_itself BYTES: whether no fault is one of the module, and what was refused is told.
fails_by_itself() {
    begin_run
    outcome='stands still'
    traced "$1" || hangs_by_itself "$1" || return
    outcome=$(outcome)
    has_no_fault_in_module && is_told
    fails=$?
    cat "$place/messages"
    end_run
    return $fails
}

# examined NAME

note_row() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$alone" "$served" "$peak" "$smallest" \
        "$foreign" "$in_half" "$in_tenth" >"$rows/$1.row"
    echo "$1: $alone ms, with mem-run $served ms; peak $peak, smallest region $smallest;" \
        "foreign frees $foreign; in a half: $in_half; in a tenth: $in_tenth"
}

examined() {
    before=$failed
    check "$1 runs without mem-run" runs_alone
    check "$1 does the same under mem-run" runs_in_all_memory
    [ "$failed" -eq "$before" ] || return
    check "$1 does the same while it is recorded" is_recorded
    find_smallest
    check "$1 does the same in the smallest region" works_in_smallest
    check "$1 may fail in a half, the module does not" fails_by_itself "$(pages $((smallest / 2)))"
    in_half=$outcome
    check "$1 may fail in a tenth, the module does not" fails_by_itself "$(pages $((smallest / 10)))"
    in_tenth=$outcome
    note_row "$1"
}
