#!/bin/sh
# gdb.sh - the commands that libmem has for gdb tell what is in the regions of a program that has
# stopped, of its core file, and of a library that is stripped; and when memory is overwritten, they
# say so, in words.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

source=$abs_srcdir/tests/shell/gdb.c
commands=$abs_srcdir/gdb/libmem.py
said=$work/said
# gdb has a debug info server that it may ask, and settings of its user.
HOME=$work
export HOME
unset DEBUGINFOD_URLS

# asked ARGUMENTS COMMAND...: what gdb, begun with these arguments, says to the commands, each of
# which it is given even if the one before failed; and that no traceback came of them.
asked() {
    arguments=$1
    shift
    for command; do
        shift
        set -- "$@" -ex "$command"
    done
    # shellcheck disable=SC2086 # several arguments
    gdb -nx -batch -ex 'set width 0' -ex 'set startup-with-shell off' -ex "source $commands" "$@" \
        $arguments >"$said" 2>&1
    cat "$said"
    ! grep -e Traceback -e 'Python Exception' -e 'Error occurred in Python' "$said"
}

# stopped PROGRAM WHAT COMMAND...: the same, where the program has stopped.
stopped() {
    stopping=$1
    mode=$2
    shift 2
    asked "--args $stopping $mode" 'break stop' run "$@"
}

# says LINE...: whether each is a line of what was said, as an extended regular expression.
says() {
    for line; do
        grep -q -x -E -e "$line" "$said" || { echo "not said: $line" && return 1; }
    done
}

hex='0x[0-9a-f]+'

# What must be so of the regions of gdb.c, however they are looked at

regions_are_listed() {
    says '.*: 3 regions' \
        " 1  default  $hex  $hex  +65536 +5120 +60416 +2 +2 +60208  free" \
        " 2  placed   $hex  $hex  +[0-9]+ +32 +[0-9]+ +1 +1 +[0-9]+  free" \
        " 3  mapped   $hex  $hex  +1048576 +300000 +748576 +1 +1 +748576  free"
}

regions_are_sound() {
    says 'region 1: sound, 2 objects, 2 chunks' 'region 2: sound, 1 object, 1 chunk' \
        'region 3: sound, 1 object, 1 chunk'
}

# The commands that need no symbols of the program.
plain='mem regions'

shows_the_regions() {
    stopped "$1" regions "$plain" 'mem check' && regions_are_listed && regions_are_sound
}

# Each command

# As the program has printed them.
tells_the_figures() {
    stopped "$work/shared" regions 'mem regions 1' 'mem regions made' || return
    for name in region_bytes index_bytes live_bytes live_blocks peak_live_bytes free_bytes \
        free_chunks largest_free allocations frees refused bad_frees; do
        sed -n "s/^  $name  *//p" "$said" >"$work/figures"
        echo "$name" && [ "$(sed -n 1p "$work/figures")" = "$(sed -n 2p "$work/figures")" ] &&
            [ "$(wc -l <"$work/figures")" -eq 3 ] || return
    done
    says '  peak_live_bytes  5328' '  refused          1' '  bad_frees        1' '  lock free.*' \
        '  lock free, in order of sizes for best fit.*'
}

finds_objects() {
    stopped "$work/shared" regions 'mem info first' 'mem info first + 5' 'mem info last + 4999' &&
        says "$hex is the start of a live object" "$hex is 5 bytes into a live object" \
            "$hex is 4999 bytes into a live object" \
            "  112 bytes, $hex-$hex, offset 0 in region 1" "  before: the region's start" \
            "  after: free chunk, 208 bytes at $hex" \
            "  5008 bytes, $hex-$hex, offset 320 in region 1" \
            "  before: free chunk, 208 bytes at $hex" "  after: free chunk, 60208 bytes at $hex"
}

finds_chunks() {
    stopped "$work/shared" regions 'mem info hole' 'mem info hole + 207' &&
        says "$hex is the start of a free chunk" "$hex is 207 bytes into a free chunk" \
            '  node intact' "  before: live object, 112 bytes at $hex" \
            "  after: live object, 5008 bytes at $hex"
}

finds_nothing_outside() {
    stopped "$work/shared" regions 'mem info 16' 'mem info first - 1' 'mem info &node' \
        'mem info 0xffffffffffffffff' 'mem info made' 'mem info' 'mem info nonsense' 'mem info -1' &&
        says '0x10 is in no region of libmem' '0xffffffffffffffff is in no region of libmem' \
            "$hex is in the index of region 3" 'libmem: mem info needs an address' \
            'libmem: nonsense is no address: No symbol "nonsense" in current context.' &&
        [ "$(grep -c 'is in no region' "$said")" -eq 5 ]
}

finds_both_of_nested_regions() {
    stopped "$work/shared" regions 'mem info inner + 1' &&
        says "$hex is 1 byte into a live object" "  32 bytes, $hex-$hex, offset 0 in region 2" \
            "$hex is [0-9]+ bytes into a live object" \
            "  300000 bytes, $hex-$hex, offset 0 in region 3"
}

walks() {
    stopped "$work/shared" regions 'mem walk 1' &&
        says "$hex +0 +112  live" "$hex +112 +208  free" "$hex +320 +5008  live" \
            "$hex +5328 +60208  free" '2 objects, 5120 bytes; 2 chunks, 60416 bytes'
}

# The last line is that of Mem_Dump, which the program has printed.
lists_holes() {
    stopped "$work/shared" regions 'mem holes first' &&
        says " +1  $hex +112 +208 +112 +5008" " +2  $hex +5328 +60208 +5008 +0" &&
        [ "$(grep -c -x '2 chunks, 60416 bytes free, largest 60208, region 65536 bytes' "$said")" -eq 2 ]
}

draws() {
    stopped "$work/shared" regions 'mem map 1' 'mem map 2' || return
    lines=$(sed -n '/^region 1,/,/^#/p' "$said" | grep -c -E "^$hex  [-#+.]{64}$")
    [ "$lines" -eq 16 ] &&
        says "$hex  #[+][.]{3}#{59}" "$hex  #{19}-[.]{44}" \
            '# live, [+] more than half live, - at most half live, [.] free; each is 64 bytes' \
            "$hex  ##[.]{62}" '# live, .*; each is 16 bytes'
}

names_regions() {
    stopped "$work/shared" regions 'mem walk made' 'mem walk 4' 'mem walk &made' 'help mem' &&
        says "region 3, mapped, $hex: 1048576 bytes at $hex" \
            'libmem: 4 is neither the number nor an address of one of 3 regions' \
            'libmem: &made is neither the number nor an address of one of 3 regions' \
            'mem walk -- List the blocks.*'
}

prints() {
    stopped "$work/shared" regions 'print made' 'print *node' 'print *(MemNodePtr)first' \
        'print *(MemNodePtr)&node' 'print (Mem_Region *)first' &&
        says ".*= $hex .mapped, 1048576 bytes at $hex: 1 object, 1 chunk." \
            ".*= node = [{]size = 208, type = 1, next = ${hex}[}]" \
            '.*= no node of a free chunk = .*' '.*= node in no region = .*' ".*= $hex .no region."
}

# Where it can be looked from

# A core file has all that is mapped. Whatever that is here, it must not fill the disk: 512 MiB.
shows_a_core_file() {
    (ulimit -f 1048576 && stopped "$work/shared" regions "gcore $work/core") &&
        [ -s "$work/core" ] || return
    asked "$work/shared $work/core" "$plain" 'mem check' 'mem walk 1' &&
        says '2 objects, 5120 bytes; 2 chunks, 60416 bytes' &&
        regions_are_listed && regions_are_sound
}

is_stripped() {
    ! $NM "$1" 2>/dev/null | grep .
}

strip_all() {
    mkdir "$work/stripped" && cp "$abs_builddir/.libs/libmem.so" "$work/stripped/libmem.so.0" &&
        cp "$work/shared" "$work/bare" && strip "$work/stripped/libmem.so.0" "$work/bare" &&
        is_stripped "$work/stripped/libmem.so.0"
}

shows_a_stripped_library() {
    asked "--args $work/shared regions" "set environment LD_LIBRARY_PATH=$work/stripped" \
        'break stop' run 'info sharedlibrary' "$plain" 'mem check' 'mem info first + 5' &&
        grep "$work/stripped/libmem.so.0" "$said" && regions_are_listed && regions_are_sound &&
        says "$hex is 5 bytes into a live object"
}

# Where there are no symbols at all, Mem_Check can still be stopped at.
shows_a_stripped_program() {
    asked "--args $work/bare regions" "set environment LD_LIBRARY_PATH=$work/stripped" \
        'set breakpoint pending on' 'break Mem_Check' run "$plain" 'mem check' &&
        regions_are_listed && regions_are_sound
}

has_no_program() {
    asked "$work/shared" 'mem regions' 'mem check' 'mem info 1' && [ "$(grep -c -x \
        'libmem: there is no program: run one, or load a core file' "$said")" -eq 3 ]
}

has_no_library() {
    stopped "$work/none" '' 'mem regions' && says 'libmem: there is no Mem_DebugLayout: .*'
}

# A region of more granules than fit into 31 bits of bytes.
shows_a_large_region() {
    stopped "$work/shared" large 'mem regions' 'mem info first + 12345678901' 'mem info last + 17' \
        'mem info large + 1000000000' 'mem map' 'mem holes' &&
        says " 1  mapped  $hex  $hex  34359738368  21474836592  12884901776 +2 +2  1181115.*" \
            "$hex is 12345678901 bytes into a live object" \
            "  21474836480 bytes, $hex-$hex, offset 0 in region 1" \
            "$hex is 1000000000 bytes into a free chunk" \
            "  1073741824 bytes, $hex-$hex, offset 21474836480 in region 1" \
            "  112 bytes, $hex-$hex, offset 22548578304 in region 1" '  node intact' \
            "$hex  [.]{32}-[.]{31}" '# live, .*; each is 33554432 bytes' \
            '2 chunks, 12884901776 bytes free, largest 11811159952, region 34359738368 bytes'
}

has_large_regions() {
    [ "$(getconf LONG_BIT)" -eq 64 ] && "$work/shared" large >"$work/output" 2>&1
}

# The module

in_module='set follow-fork-mode child'

shows_the_module() {
    asked "--args $abs_builddir/mem-run --region 1M $work/shared malloc" "$in_module" \
        'set detach-on-fork on' 'set breakpoint pending on' 'break stop' run 'mem regions' \
        'mem info first + 1' 'mem info hole' 'mem info hole + 5' 'mem check' &&
        says 'libmem-malloc.so: 1 region' " 1  mapped  $hex  $hex  1048576 .*" \
            "$hex is 1 byte into a live object" "  112 bytes, $hex-$hex, offset .* in region 1" &&
        says 'region 1: sound, .*' 'libmem.so[.0-9]*: 0 regions'
}

shows_cached_objects() {
    shows_the_module >"$work/whole" 2>&1
    says "$hex is the start of an object that was freed, and is in a cache of a thread" \
        "$hex is 5 bytes into an object that was freed, and is in a cache of a thread"
}

# What is overwritten

# shellcheck disable=SC2016 # gdb's variable
tells_of_an_overwritten_node() {
    stopped "$work/shared" node 'mem check' 'print $mem_contradictions' 'mem info hole' 'mem holes 1' \
        'print *node' 'break Mem_Check' continue 'mem check 1' &&
        says "region 1: the node at $hex is overwritten: size 1094795585, type 65, next $hex; the index says size 208, type 1, next $hex" \
            'region 1: 1 contradiction' 'region 2: sound, 1 object, 1 chunk' '[$]1 = 1' \
            '  node overwritten: size 1094795585, type 65, .*' " +1  $hex .*  node overwritten" \
            '.*= overwritten node = [{]size = 1094795585, type = 65, next = .*' \
            'region 1: a thread has stopped within a call of the library, .*'
}

# The constant, by which all else is found.
tells_of_an_unknown_layout() {
    stopped "$work/shared" regions 'python from libmem_gdb.layout import Copies' \
        'python address = Copies.find()[0].address' \
        'python gdb.selected_inferior().write_memory(address + 8, b"\7\7")' 'mem regions' \
        'python gdb.selected_inferior().write_memory(address, b"other")' 'mem regions' 'mem check' &&
        says "libmem: Mem_DebugLayout at $hex has version 1799, of which .*" \
            "libmem: Mem_DebugLayout at $hex does not begin as one of libmem"
}

# A script in gdb that overwrites a word after the other of all that a region is described by, and
# more at a time, and has each command look at it. What they say must be theirs.
write_spoiler() {
    cat <<'END'
import random

from libmem_gdb.registry import Registry

LISTED = ["mem regions", "mem walk %d", "mem holes %d", "mem map %d", "mem check %d", "print made"]
SMALL = b"\0" * 8, b"\xff" * 8, b"\1\0\0\0\0\0\0\x80", b"\x10" + b"\0" * 7
dice = random.Random(1)
program = gdb.selected_inferior()
looked = noticed = 0


def look(number):
    global looked, noticed
    told = ""
    for command in LISTED + ["mem info %s" % name for name in ("inner", "first+5", "outer+299999")]:
        try:
            told += gdb.execute(command % number if "%d" in command else command, to_string=True)
        except gdb.error as error:
            if not str(error).startswith("libmem: "):
                raise
            told += str(error)
    looked += 1
    noticed += "sound" not in told


def spoil(number, address, data):
    kept = bytes(program.read_memory(address, len(data)))
    program.write_memory(address, data)
    look(number)
    program.write_memory(address, kept)


def spoil_region(region):
    size = region.entry.objects - region.address
    used = [offset for offset in range(0, min(size, 1 << 16), 8)
            if any(program.read_memory(region.address + offset, 8)[i] != b"\0" for i in range(8))]
    for offset in used[:64]:
        for data in SMALL:
            spoil(region.number, region.address + offset, data)
    for _ in range(40):
        offset, many = dice.choice(used), dice.choice((1, 2, 4, 8, 64, 256))
        data = bytes(dice.randrange(256) for _ in range(many))
        spoil(region.number, region.address + offset, data)


for spoilt in Registry().regions:
    spoil_region(spoilt)
for spoilt in Registry().regions:
    for offset in range(0, 64, 8):
        for data in SMALL:
            spoil(spoilt.number, spoilt.entry.address + offset, data)
print("looked %d times, noticed %s" % (looked, "most" if noticed > looked / 2 else noticed))
END
}

stands_all_that_is_overwritten() {
    write_spoiler >"$work/spoiler.py"
    stopped "$work/shared" regions "source $work/spoiler.py" 'mem check' >"$work/whole" ||
        { tail -n 20 "$work/whole" && return 1; }
    tail -n 20 "$said"
    says 'looked [0-9]{3,} times, noticed most' && regions_are_sound
}

if ! have gdb || [ "$(gdb -nx -batch -ex 'python print(6 * 7)' 2>/dev/null)" != 42 ]; then
    skip "gdb shows the regions" "no gdb, or one without Python"
    finish
fi

# linked NAME LIBRARY...: makes $work/NAME of gdb.c.
# shellcheck disable=SC2086 # several flags
linked() {
    name=$1
    shift
    $CC $CFLAGS -g -O0 -fno-builtin -I"$abs_srcdir/include" "$source" -o "$work/$name" "$@" \
        $LDFLAGS -lpthread
}

# Whether gdb can stop a program at all, one without libmem. Containers may forbid it.
can_stop() {
    echo 'void stop(void); void stop(void) {} int main(void) { stop(); return 0; }' >"$work/none.c"
    $CC $CFLAGS -g -O0 "$work/none.c" -o "$work/none" $LDFLAGS >"$work/output" 2>&1 &&
        stopped "$work/none" '' 'print 6 * 7' >"$work/output" 2>&1 && says '[$]1 = 42'
}

check_archive() {
    if linked archive "$abs_builddir/.libs/libmem.a" >"$work/output" 2>&1; then
        check "a program that is linked with libmem.a" shows_the_regions "$work/archive"
    else
        skip "a program that is linked with libmem.a" "not built"
    fi
}

check_shared() {
    check "mem regions and mem check show the regions" shows_the_regions "$work/shared"
    check "mem regions tells the figures of Mem_GetStats" tells_the_figures
    check "mem info finds objects" finds_objects
    check "mem info finds free chunks" finds_chunks
    check "mem info says what is outside" finds_nothing_outside
    check "mem info shows both of nested regions" finds_both_of_nested_regions
    check "mem walk lists the blocks" walks
    check "mem holes lists the chunks that Mem_Dump prints" lists_holes
    check "mem map draws 16 lines of 64 characters" draws
    check "a region is named by number or address" names_regions
    check "regions and nodes have printers" prints
    case $CFLAGS in
    *-fsanitize=*) skip "a core file" "a sanitizer maps terabytes, and gdb would write them" ;;
    *) check "a core file" shows_a_core_file ;;
    esac
    check "without a program, there is none" has_no_program
    check "without the library, there is none" has_no_library
    check "an overwritten node is told" tells_of_an_overwritten_node
    check "a layout that is not known is told" tells_of_an_unknown_layout
    check "no overwritten word leads astray" stands_all_that_is_overwritten
    if has_large_regions; then
        check "a region of 32 GiB" shows_a_large_region
    else
        skip "a region of 32 GiB" "there can be none"
    fi
}

check_stripped() {
    if ! have strip || ! strip_all >"$work/output" 2>&1; then
        skip "a stripped library" "no strip for it"
        return
    fi
    check "a stripped library" shows_a_stripped_library
    check "a stripped library and program" shows_a_stripped_program
}

check_module() {
    if [ ! -x "$abs_builddir/mem-run" ]; then
        skip "a program under mem-run" "not built"
        return
    fi
    check "a program under mem-run" shows_the_module
    check "objects in the caches of threads" shows_cached_objects
}

if ! can_stop; then
    skip "gdb shows the regions" "it cannot stop a program"
    finish
fi
if linked shared -L"$abs_builddir/.libs" -lmem -Wl,--enable-new-dtags,-rpath,"$abs_builddir/.libs" \
    >"$work/output" 2>&1 && [ -f "$abs_builddir/.libs/libmem.so" ]; then
    check_shared
    check_stripped
    check_module
else
    skip "programs with libmem.so" "not built"
fi
check_archive
finish
