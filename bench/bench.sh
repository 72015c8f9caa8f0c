#!/bin/sh
# bench.sh - measures, and makes tables and plots of the figures:
#
#     make bench
#     make bench BENCH_FLAGS=--quick      or '--seconds N', or both
#     make bench-programs                 whole programs alone
#
# All results are in the folder bench of the build, where the README in the
# source's bench tells what they are.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set -u
LC_ALL=C
export LC_ALL

: "${abs_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${abs_builddir:=$(pwd)}"
: "${GNUPLOT:=gnuplot}"

source=$abs_srcdir/bench
traces=$abs_srcdir/traces
programs="perl python lua jq sqlite gawk git cc1plus dot"
replay=$abs_builddir/mem-replay

cd "$abs_builddir/bench" || exit

# Measuring

measure() {
    set -- "$@" .
    for name in $programs; do
        set -- "$@" "$traces/$name.rep.xz"
    done
    ./run "$@" >results-raw.csv
}

# region NAME STYLE: what mem-replay finds, in lines as those of run.
region() {
    key="1,libmem $2,region,$1"
    if ! "$replay" --min-region --resize move --style "$2" "$traces/$1.rep.xz" >results-region.txt; then
        echo "# FAILED: libmem $2, region $1"
        status=1
    fi
    sed -n -e "s/^smallest region: */$key,bytes,/p" -e "s/^region to peak: */$key,share,/p" \
        -e "s/^region and index: *\([0-9]\)/$key,sum,\1/p" results-region.txt
}

# A quick run replays only some of the programs.
regions() {
    for name in $programs; do
        grep -q "libmem first,trace,$name," results-raw.csv || continue
        for style in first worst best; do
            region "$name" $style
        done
    done
}

# For comparison with libmem's region and index: the most memory that other allocators had resident.
peers() {
    sed -n -e '/,libmem/d' -e 's/,memory,\([^,]*\),resident,/,region,\1,sum,/p' results-raw.csv
}

measure_regions() {
    {
        regions
        peers
    } >results-found.csv
    cat results-found.csv >>results-raw.csv
    rm results-found.csv
}

# Whole programs, as often as run makes rounds.
measure_programs() {
    rounds=11
    case " $* " in
    *" --quick "*) rounds=3 ;;
    esac
    sh "$source/programs.sh" $rounds >>results-raw.csv || status=1
}

# Tables

# pivot SETTING...: see pivot.awk.
pivot() {
    for setting; do
        set -- "$@" -v "$setting"
        shift
    done
    awk -v rows="$allocators" "$@" -f "$source/pivot.awk" results.csv
}

# table TITLE SETTING...: with a title, or nothing when there are no figures.
table() {
    title=$1
    shift
    if [ "$(pivot "$@" | wc -l)" -gt 1 ]; then
        printf '\n%s\n\n' "$title"
        pivot "$@"
    fi
}

setup() {
    sed -n 's/^# //p' results-raw.csv
}

trace_tables() {
    table "Replayed programs: time, divided by glibc's in the same round" \
        experiment=trace metric=ns field=8
    table "Replayed programs: nanoseconds an operation" experiment=trace metric=ns
}

ladder_tables() {
    table "By the number of free chunks: free one at random, allocate one (ns both)" \
        experiment=ladder metric=churn
    table "By the number of free chunks: allocate and free a large object (ns both)" \
        experiment=ladder metric=large
    table "By the number of free chunks: allocate by worst fit, and free (ns both)" \
        experiment=ladder metric=worst
    table "By the number of free chunks: a request that fails (ns)" \
        experiment=ladder metric=refused
}

threads_tables() {
    table "Threads, each with objects of its own: ns of an allocation and a free;
locked: by one, beside a thread that is idle; gain by two, over that" \
        experiment=threads which=churn
    table "Threads, one allocates and the other frees: ns of both, and the gain;
bare: to hand over the objects alone, which is contained in two" \
        experiment=threads which=ring
    table "The same, but 64 objects are handed over at a time" \
        experiment=threads which=bursts
}

latency_tables() {
    table "Single calls among 10,000 free chunks: so many of them take at most ($latency_unit)" \
        experiment=latency which=churn
    table "Single calls of perl's: so many of them take at most ($latency_unit)" \
        experiment=latency which=perl
}

polite_tables() {
    table "A thread that calls rarely, beside three that never rest: its waits in us;
mutex: with each call behind a plain mutex of the program's" \
        experiment=polite which=hogs
}

memory_tables() {
    table "Most memory resident, divided by the most bytes live" experiment=memory metric=share
    table "Most memory resident (MiB)" experiment=memory metric=resident unit=1048576
    table "Resident in the region at the end (MiB)" experiment=memory metric=region unit=1048576
    table "Resident beside the region at the end: libmem's index, and the process (MiB)" \
        experiment=memory metric=beside unit=1048576
}

region_tables() {
    table "Smallest region in which a program completes, divided by the most bytes live" \
        experiment=region metric=share
    table "Smallest region in which a program completes (bytes)" experiment=region metric=bytes
    table "Region plus index: libmem's smallest region and what is resident of its index;
of the others, the most memory resident, as above (MiB)" \
        experiment=region metric=sum unit=1048576
}

program_tables() {
    table "Whole programs: time, divided by glibc's in the same round (mean: geometric)" \
        experiment=program metric=time field=8
    table "Whole programs: time (s)" experiment=program metric=time unit=1000000000
    table "Whole programs: most memory resident, divided by glibc's in the same round" \
        experiment=program metric=resident field=8
    table "Whole programs: most memory resident (MiB)" \
        experiment=program metric=resident unit=1048576
    table "Whole programs: most bytes that one process has live (MiB)" \
        experiment=program metric=live unit=1048576
}

# The figures of memory are about libmem beside what people use otherwise.
compared="libmem first,glibc,jemalloc,mimalloc,tcmalloc,Boost"

# The tables of the top README, as they stand there. Without the list, which takes seconds, and
# glibc, which is 1.
readme_tables() {
    rivals="libmem first,libmem worst,libmem best,jemalloc,mimalloc,tcmalloc,Boost"
    pivot experiment=trace metric=ns field=8 rows="$rivals" markdown=1
    echo
    pivot experiment=region metric=sum unit=1048576 rows="$compared" markdown=1
    echo
    pivot experiment=program metric=time field=8 rows="$rivals" markdown=1
    echo
    pivot experiment=program metric=resident field=8 rows="$rivals" markdown=1
}

tables() {
    setup >results-setup.txt
    trace_tables >results-trace.txt
    ladder_tables >results-ladder.txt
    threads_tables >results-threads.txt
    latency_tables >results-latency.txt
    polite_tables >results-polite.txt
    memory_tables >results-memory.txt
    region_tables >results-region.txt
    program_tables >results-programs.txt
    readme_tables >results-readme.md
    cat results-setup.txt results-trace.txt results-ladder.txt results-threads.txt \
        results-latency.txt results-polite.txt results-memory.txt results-region.txt \
        results-programs.txt
}

# Plots

# plot NAME DATA...: runs NAME.gp, for which each DATA is a file of CSV.
plot() {
    name=$1
    shift
    for data; do
        [ "$(wc -l <"$data")" -gt 1 ] || return 0
    done
    "$GNUPLOT" "$source/style.gp" "$source/$name.gp" >"$name.svg" && echo "plot: bench/$name.svg"
}

plots() {
    if ! command -v "$GNUPLOT" >/dev/null; then
        echo "left out: plots: there is no gnuplot"
        return
    fi
    pivot experiment=trace metric=ns field=8 csv=1 >results-trace.csv
    pivot experiment=region metric=share csv=1 >results-region.csv
    pivot experiment=region metric=sum unit=1048576 rows="$compared" csv=1 >results-memory.csv
    pivot experiment=memory metric=live unit=1048576 rows="libmem first" csv=1 >results-live.csv
    for metric in time resident; do
        pivot experiment=program metric=$metric field=8 rows="$compared" csv=1 >"results-programs-$metric.csv"
    done
    for metric in churn large worst refused; do
        pivot experiment=ladder metric=$metric csv=1 >"results-ladder-$metric.csv"
    done
    plot plot-trace results-trace.csv
    plot plot-ladder results-ladder-*.csv
    plot plot-region results-region.csv
    plot plot-memory results-memory.csv results-live.csv
    plot plot-programs results-programs-time.csv results-programs-resident.csv
}

measure_all() {
    measure "$@" || return
    measure_regions && measure_programs "$@"
}

rm -f results* plot-*.svg
status=0
if [ "${1-}" = --programs ]; then
    shift
    : >results-raw.csv
    measure_programs "$@"
else
    measure_all "$@" || status=1
fi
awk -f "$source/medians.awk" results-raw.csv >results.csv
awk -f "$source/means.awk" results.csv >results-means.csv
cat results-means.csv >>results.csv
rm results-means.csv
allocators=$(sed -n 's/^# with: \([^:]*\):.*/\1/p' results-raw.csv | paste -s -d , -)
: "${allocators:=$compared}"
latency_unit=$(sed -n 's/^# latency: in \([a-z]*\).*/\1/p' results-raw.csv)
tables
echo
plots
exit $status
