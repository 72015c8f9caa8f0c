#!/bin/sh
# mem-replay.sh - mem-replay prints the right figures for traces made by hand
# and for recorded ones, finds their smallest regions, says of bad input what is
# wrong and where, and notices a heap that fails.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/replay.sh disable=SC1091
. "$abs_srcdir/tests/shell/replay.sh"

broken=$abs_builddir/tests/shell/mem-replay-broken

# A region for traces made by hand: whole pages everywhere, so its size is exact.
mib=1048576
# shellcheck disable=SC2034 # for trace
suggested=$mib

# What one run does

# The time and the bytes of the index cannot be known: only their form is compared.
reports() {
    wanted=$1
    shift
    run "$@"
    sed -e 's/^\(time an operation:  \)[0-9][0-9]*\.[0-9] ns$/\1T ns/' \
        -e 's/^\(index resident:     \)\([1-9][0-9]*\|unknown\)$/\1I/' \
        -e 's/^\(region and index:   \)\([1-9][0-9]*\|unknown\)$/\1S/' out >figures
    ended_with "$wanted" && diff expected figures && diff /dev/null err
}

# Checks, each of one run

# report WHAT STATUS OPTION... TRACE: the report that stands on stdin.
report() {
    about=$1
    cat >expected
    shift
    wanted=$1
    shift
    check "$about" reports "$wanted" "$replay" "$@"
}

# usage WHAT MESSAGE ARGUMENT...
usage() {
    about=$1 message=$2
    shift 2
    check "usage: $about" complains 2 "$message" "$replay" "$@"
}

# bad WHAT MESSAGE FORMAT: a file that printf makes of FORMAT is rejected.
bad() {
    # shellcheck disable=SC2059 # a format is what it is
    printf "$3" >bad.rep
    check "bad input: $1" complains 2 "bad.rep$2" "$replay" bad.rep
}

# accepted WHAT FORMAT: a file of one allocation of 16 bytes in other spelling.
accepted() {
    # shellcheck disable=SC2059
    printf "$2" >dressed.rep
    report "accepted: $1" 0 --region $mib dressed.rep <<END
trace:              dressed.rep, first fit in 1048576 bytes
operations:         1
time an operation:  T ns
peak of live bytes: 16
live objects:       1
free chunks:        1
largest free chunk: 1048560
requests refused:   0

END
}

# Figures

# Holes of 64, 32 and 96 bytes, then an object of 32: first fit splits the
# first hole, best fit fills the second, worst fit takes from the large rest.
trace holes.rep 7 'a 0 64' 'a 1 16' 'a 2 32' 'a 3 16' 'a 4 96' 'a 5 16' \
    'f 0' 'f 2' 'f 4' 'a 6 32'

report 'first fit' 0 --region $mib holes.rep <<END
trace:              holes.rep, first fit in 1048576 bytes
operations:         10
time an operation:  T ns
peak of live bytes: 240
live objects:       4
free chunks:        4
largest free chunk: 1048336
requests refused:   0

END
report 'worst fit' 0 --region $mib --style worst holes.rep <<END
trace:              holes.rep, worst fit in 1048576 bytes
operations:         10
time an operation:  T ns
peak of live bytes: 240
live objects:       4
free chunks:        4
largest free chunk: 1048304
requests refused:   0

END
report 'best fit' 0 --style=best holes.rep --region=$mib <<END
trace:              holes.rep, best fit in 1048576 bytes
operations:         10
time an operation:  T ns
peak of live bytes: 240
live objects:       4
free chunks:        3
largest free chunk: 1048336
requests refused:   0

END

# The dump has a line for each chunk with its size; addresses differ from run to run.
dump_comes_last() {
    run "$replay" --region $mib --style best --dump holes.rep
    ended_with 0 && sed '1,8d' out >dump || return
    for size in 64 96 1048336; do
        grep -w "$size" dump || return
    done
}
check 'the dump of the free chunks comes last' dump_comes_last

# What is refused: a growth of 0 and of 1, an allocation of 2 as large as the
# region, one that no int holds. A resize of the refused 2 allocates it.
trace refused.rep 3 'a 0 524288' 'a 1 262144' 'r 0 600000' 'r 1 300000' 'f 1' 'r 0 100' \
    "a 2 $mib" 'r 2 16' 'f 2' 'a 2 18446744073709551615' 'f 2'
report 'requests refused, and what follows on them' 1 --region $mib --resize move refused.rep <<END
trace:              refused.rep, first fit in 1048576 bytes
operations:         11
time an operation:  T ns
peak of live bytes: 1048676
live objects:       1
free chunks:        2
largest free chunk: 524288
requests refused:   4
first refused:      600000 bytes, in line 7
full, fragmented:   4, 0

END
report 'an object that can grow where it is needs no other place' 1 --region $mib --resize in-place refused.rep <<END
trace:              refused.rep, first fit in 1048576 bytes
operations:         11
time an operation:  T ns
peak of live bytes: 1048676
live objects:       1
free chunks:        1
largest free chunk: 1048464
requests refused:   3
first refused:      600000 bytes, in line 7
full, fragmented:   3, 0

END

# Sizes that no int holds count as live in the program; those beyond any address space never do.
trace huge.rep 3 'a 0 100' 'a 1 3000000000' 'r 0 99999999999' 'a 2 18446744073709551615' 'f 0'
report 'sizes that no int holds' 1 --region $mib huge.rep <<END
trace:              huge.rep, first fit in 1048576 bytes
operations:         5
time an operation:  T ns
peak of live bytes: 102999999999
live objects:       0
free chunks:        1
largest free chunk: 1048576
requests refused:   3
first refused:      3000000000 bytes, in line 6
full, fragmented:   3, 0

END

trace whole.rep 1 "a 0 $mib"
report 'one object fills the region' 0 --region $mib whole.rep <<END
trace:              whole.rep, first fit in 1048576 bytes
operations:         1
time an operation:  T ns
peak of live bytes: 1048576
live objects:       1
free chunks:        0
largest free chunk: 0
requests refused:   0

END

# An id is used again, and resized to nothing and back.
trace again.rep 1 'a 0 0' 'f 0' 'a 0 4000' 'r 0 0' 'r 0 4001'
report 'a size of 0 is served as 1 byte' 0 --region $mib again.rep <<END
trace:              again.rep, first fit in 1048576 bytes
operations:         5
time an operation:  T ns
peak of live bytes: 4001
live objects:       1
free chunks:        1
largest free chunk: 1044560
requests refused:   0

END

trace nothing.rep 0
report 'a trace without operations' 0 --region $mib nothing.rep <<END
trace:              nothing.rep, first fit in 1048576 bytes
operations:         0
time an operation:  T ns
peak of live bytes: 0
live objects:       0
free chunks:        1
largest free chunk: 1048576
requests refused:   0

END

# The region by default

page=$(getconf PAGESIZE)

# by_default WHAT TRACE TAKEN: the default region has 1.25 times TAKEN, the most bytes that objects
# take at a time, in whole pages.
has_default() {
    run "$replay" "$1"
    ended_with 0 && diff /dev/null err && grep " in $((($2 + $2 / 4 + page - 1) / page * page)) bytes$" out
}
by_default() {
    check "region by default: $1" has_default "$2" "$3"
}

# sized HEAP TRACE: that trace with another suggestion in its first line.
sized() {
    sed "1s/.*/$1/" "$2"
}

by_default 'a quarter more than the objects take' whole.rep $mib
by_default 'none are there' nothing.rep 1
{
    printf '%s\n' 1 3000 3000 1
    awk 'BEGIN { for (id = 0; id < 3000; id++) print "a", id, 1 }'
} >bytes.rep
by_default 'each object takes a multiple of 16 bytes' bytes.rep 48000
trace grows.rep 1 'a 0 400000' 'r 0 600000'
by_default 'there is room for both objects of a resize' grows.rep 1000000
for heap in 0 1 800001 9223372036854775808 999999999999999999999999999999; do
    sized $heap whole.rep >sized.rep
    by_default "the suggestion of the first line is not used: $heap" sized.rep $mib
done

# Smallest regions

# smallest WHAT STYLE TRACE PAGES PEAK RATIO [OPTION...]
smallest() {
    what=$1 style=$2 file=$3 pages=$4 peak=$5 ratio=$6
    shift 6
    report "smallest region: $what" 0 --min-region --style "$style" "$@" "$file" <<END
trace:              $file, $style fit
smallest region:    $((pages * page))
peak of live bytes: $peak
region to peak:     $ratio
index resident:     I
region and index:   S

END
}

trace page.rep 1 "a 0 $page"
trace pages.rep 2 "a 0 $page" "a 1 $page"
trace beyond.rep 2 "a 0 $page" 'a 1 1' 'f 1'
trace grown.rep 1 "a 0 $page" "r 0 $((2 * page))"
smallest 'a trace without operations' first nothing.rep 1 0 none
smallest 'an object of a page' first page.rep 1 "$page" 1.000
smallest 'two objects of a page' first pages.rep 2 $((2 * page)) 1.000
smallest 'a byte more than a page' worst beyond.rep 2 $((page + 1)) \
    "$(awk "BEGIN { printf \"%.3f\", 2 * $page / ($page + 1) }")"
smallest 'a resize that moves needs room for both' best grown.rep 3 $((2 * page)) 1.500 --resize move
smallest 'a resize in place does not' best grown.rep 2 $((2 * page)) 1.000

# A hole of a page, half a page behind it, a quarter to place, then a page: in a region
# of two pages, best fit alone does not break the hole.
trace hole.rep 4 "a 0 $page" "a 1 $((page / 2))" 'f 0' "a 2 $((page / 4))" "a 3 $page"
for style in first worst; do
    smallest "the hole is broken, $style fit" $style hole.rep 3 $((7 * page / 4)) 1.714
done
smallest 'the hole is kept, best fit' best hole.rep 2 $((7 * page / 4)) 1.143

# The value of a line of the report.
value() {
    sed -n "s/^$1: *\([0-9][0-9]*\)$/\1/p" out
}

# Whole pages are resident.
tells_index() {
    run "$replay" --min-region holes.rep
    index=$(value 'index resident')
    ended_with 0 && [ "$index" -gt 0 ] && [ $((index % page)) -eq 0 ] &&
        [ "$(value 'region and index')" -eq $(($(value 'smallest region') + index)) ]
}
# The thread sanitizer maps more than the index beside a region.
if "$replay" --min-region holes.rep 2>/dev/null | grep -q '^index resident: *unknown$'; then
    skip 'the index is added to the smallest region' 'what is resident of it is not known here'
else
    check 'the index is added to the smallest region' tells_index
fi

tells_no_index() {
    run "$broken" --min-region holes.rep
    ended_with 0 && grep '^index resident:     unknown$' out &&
        grep '^region and index:   unknown$' out
}
check 'a heap without an index beside it' tells_no_index

# limited KIBIBYTES COMMAND...: runs it in so much address space. Programs built
# with a sanitizer need more than any limit of use here.
limited() {
    # shellcheck disable=SC3045 # where ulimit has no -v, the checks are skipped
    (ulimit -S -v "$1" && shift && exec "$@")
}

# The largest region is of 32 GiB, or, on 32-bit machines, of INT_MAX bytes rounded up to pages.
most_typed=$("$replay" --region 0 nothing.rep 2>&1 | sed -n 's/.* from 1 to \([0-9]*G\), .*/\1/p')
most=$((${most_typed%G} * 1024 * mib))
trace largest.rep 1 "a 0 $((most - 1))"
trace larger.rep 2 'a 0 16' 'f 0' "a 1 $((most + 1))" 'f 1'
trace full.rep 2 "a 0 $((most - 1))" 'a 1 1'
nowhere="this request is refused in the largest region, of $most bytes"
# A sanitizer would write an eighth of so much.
may_be_large() {
    limited 524288 "$replay" --version && "$replay" --region "$most" nothing.rep
}
if may_be_large >/dev/null 2>&1; then
    report 'smallest region: the largest' 0 --min-region largest.rep <<END
trace:              largest.rep, first fit
smallest region:    $most
peak of live bytes: $((most - 1))
region to peak:     1.000
index resident:     I
region and index:   S

END
    check 'no region: a request larger than any' complains 1 "larger.rep:7: $nowhere" \
        "$replay" --min-region larger.rep
    check 'no region: more than the largest holds' complains 1 "full.rep:6: $nowhere" \
        "$replay" --min-region full.rep
else
    skip "smallest regions of $most_typed" 'a sanitizer is there, or the system refuses such a region'
fi

# Several traces

several() {
    wanted=$1 reports=$2
    shift 2
    run "$replay" --region $mib "$@"
    ended_with "$wanted" && [ "$(grep -c '^trace: ' out)" -eq "$reports" ]
}
check 'each of several traces has an empty heap' several 0 3 whole.rep whole.rep whole.rep
check 'one trace with a request refused gives 1' several 1 3 whole.rep refused.rep whole.rep
check 'one bad trace gives 2, and the others are replayed' \
    several 2 3 whole.rep missing.rep refused.rep whole.rep

searches_each() {
    run "$replay" --min-region page.rep missing.rep pages.rep
    ended_with 2 && [ "$(value 'smallest region')" = "$page
$((2 * page))" ]
}
check 'one bad trace gives 2, and the smallest regions of the others are found' searches_each

mkdir folder

# Names of files may hold any byte.
masks_names() {
    strange=$(printf 'a\033[2J\nb\302\233.rep')
    cp holes.rep "$strange" && run "$replay" --region $mib "$strange" &&
        [ "$(head -n 1 out)" = "trace:              a?[2J?b??.rep, first fit in $mib bytes" ] &&
        rm "$strange" && run "$replay" "$strange"
    ended_with 2 && [ "$(cat err)" = 'mem-replay: a?[2J?b??.rep: No such file or directory' ]
}
check 'control characters of names are not printed' masks_names

# Null pointers

# free(NULL) does nothing, and realloc(NULL) allocates.
trace null.rep 2 'f -1' 'r 0 100' 'r 0 50' 'f  -1 ' 'a 1 16'
report 'null pointers are freed and resized' 0 --region $mib null.rep <<END
trace:              null.rep, first fit in 1048576 bytes
operations:         5
time an operation:  T ns
peak of live bytes: 100
live objects:       2
free chunks:        1
largest free chunk: 1048496
requests refused:   0

END

# Standard input

reads_input() {
    run "$@"
    sed 1q out >first
    echo "trace:              standard input, first fit in $mib bytes" >expected
    ended_with 0 && diff expected first && diff /dev/null err
}
# In two pieces, so that one read does not get all of it.
from_pipe() {
    { head -n 3 holes.rep && sleep 0.1 && sed 1,3d holes.rep; } | "$@"
}
from_file() {
    "$@" <holes.rep
}
check 'standard input: a pipe' reads_input from_pipe "$replay" --region $mib -
check 'standard input: a file' reads_input from_file "$replay" --region $mib -
searches_input() {
    from_pipe "$replay" --min-region - >out 2>err
    status=$?
    ended_with 0 && [ "$(value 'smallest region')" = "$page" ] && diff /dev/null err
}
check 'standard input: the smallest region' searches_input
leaves_nothing() {
    mkdir kept && from_pipe env TMPDIR="$work/kept" "$replay" - >out && [ -z "$(ls -A kept)" ]
}
check 'standard input: no copy of it is left' leaves_nothing
check 'standard input is bad' complains 2 'standard input:1: the file ends before the number of heap bytes' \
    "$replay" -
check 'standard input is closed' complains 2 'standard input: Bad file descriptor' \
    sh -c "\"$replay\" - <&-"
check 'standard input is a folder' complains 2 'standard input: Is a directory' \
    sh -c "\"$replay\" - <folder"
check 'standard input: no folder for its copy' complains 2 \
    "standard input: no copy of it can be kept in \$TMPDIR or /tmp: No such file or directory" \
    sh -c "cat holes.rep | TMPDIR=$work/none \"$replay\" -"
check 'standard input: its copy would be too large' complains 2 \
    "standard input: no copy of it can be kept in \$TMPDIR or /tmp: File too large" \
    sh -c "cat '$abs_srcdir/traces/jq.rep.xz' | { ulimit -f 100; \"$replay\" -; }"
long_folder=$(printf '%05000d' 0)
check 'standard input: the name of a folder that is too long' complains 2 \
    "standard input: no copy of it can be kept in \$TMPDIR or /tmp: File name too long" \
    sh -c "cat holes.rep | TMPDIR=/$long_folder \"$replay\" -"
endless() {
    # shellcheck disable=SC2002 # from a pipe, not from a file
    cat "$1" | "$replay" -
}
check 'standard input: what is no text is not copied to its end' complains 2 \
    'standard input:1: a NUL byte: this is not a text file' endless /dev/zero

# Kills the parent while its child reads from a pipe. When the child has ended, the pipe has no
# reader.
child_ends() {
    mkfifo held || return
    "$replay" - <held >late 2>&1 &
    parent=$!
    exec 9>held
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        ! grep -qs "^PPid:[[:space:]]*$parent$" /proc/[0-9]*/status || break
        sleep 1
    done
    kill -9 $parent
    wait $parent
    trap '' PIPE
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        echo 16 >&9 || break
        sleep 1
    done 2>/dev/null
    ! echo 16 >&9 2>/dev/null
    gone=$?
    trap - PIPE
    exec 9>&-
    [ $gone -eq 0 ] && [ ! -s late ]
}
if [ "$(uname -s)" = Linux ]; then
    check 'the process of a replay ends with its parent' child_ends
fi
usage 'standard input twice' "standard input can be read once, but it is given twice, as '-' (see mem-replay --help)" \
    - holes.rep -

# Dress

accepted 'lines that end with CR LF' '16\r\n1\r\n1\r\n1\r\na 0 16\r\n'
accepted 'a last line without an end' '16\n1\n1\n1\na 0 16'
accepted 'blanks and tabs around the words' ' 16\n1 \n\t1\n1\t \n a\t0  16 \n'
accepted 'empty lines at the end' '16\n1\n1\n1\na 0 16\n\n \r\n\n'
accepted 'more ids than are used' '16\n2147483647\n1\n1\na 0 16\n'
accepted 'a weight that nothing holds' '16\n1\n1\n18446744073709551616\na 0 16\n'

# Bad input

check 'bad input: a missing file' complains 2 'missing.rep: No such file or directory' \
    "$replay" missing.rep
check 'bad input: a folder' complains 2 'folder: Is a directory' "$replay" folder

bad 'an empty file' ':1: the file ends before the number of heap bytes' ''
bad 'a file of one line' ':2: the file ends before the number of ids' '16\n'
bad 'a file of two lines' ':3: the file ends before the number of operations' '16\n1\n'
bad 'a file of three lines' ':4: the file ends before the weight' '16\n1\n1\n'
bad 'an empty line in the header' ':2: the number of ids is missing' '16\n\n1\n1\na 0 16\n'
bad 'another format' ':1: the number of heap bytes is not a number' '#!/bin/sh\nexit 0\n'
bad 'a word in the header' ':3: the number of operations is not a number' '16\n1\nten\n1\n'
bad 'a number that ends as a word' ':2: the number of ids is not a number' '16\n1x\n1\n1\n'
bad 'a negative number in the header' ':3: the number of operations is negative' '16\n1\n-1\n1\n'
bad 'two numbers in a header line' ':1: something follows at the end of the line' '16 1\n1\n1\n'
bad 'too many ids' ':2: the number of ids is too large' '16\n2147483648\n1\n1\na 0 16\n'
bad 'too many operations' ':3: the number of operations is too large' \
    '16\n1\n99999999999999999999999999\n1\na 0 16\n'

bad 'an unknown operation' ':5: an operation begins with a, r or f' '16\n1\n1\n1\nx 0 16\n'
bad 'an operation run together' ':5: an operation begins with a, r or f' '16\n1\n1\n1\na0 16\n'
bad 'an empty line among the operations' ':6: an operation begins with a, r or f' \
    '16\n1\n2\n1\na 0 16\n\nf 0\n'
bad 'no id' ':5: the id is missing' '16\n1\n1\n1\na\n'
bad 'a negative id' ':5: the id is negative' '16\n1\n1\n1\na -1 16\n'
bad 'a negative id resized' ':5: the id is negative' '16\n1\n1\n1\nr -1 16\n'
bad 'a negative id freed' ':5: the id is negative' '16\n1\n1\n1\nf -2\n'
bad 'a longer negative id freed' ':5: the id is negative' '16\n1\n1\n1\nf -10\n'
bad 'a null pointer that ends as a word' ':5: the id is not a number' '16\n1\n1\n1\nf -1x\n'
bad 'an id that is a word' ':5: the id is not a number' '16\n1\n1\n1\na zero 16\n'
bad 'an id out of range' ':6: the id 2 is out of range: ids are below 2, the smaller of lines 2 and 3' \
    '16\n2\n2\n1\na 0 16\na 2 16\n'
bad 'an id without operations for it' ':5: the id 999 is out of range: ids are below 1, the smaller of lines 2 and 3' \
    '16\n1000\n1\n1\na 999 16\n'
bad 'an id of 33 bits' ':5: the id is too large' '16\n1\n1\n1\na 4294967296 16\n'
bad 'no size' ':5: the size is missing' '16\n1\n1\n1\na 0\n'
bad 'a negative size' ':5: the size is negative' '16\n1\n1\n1\na 0 -16\n'
bad 'a minus alone' ':5: the size is not a number' '16\n1\n1\n1\na 0 -\n'
bad 'a size with a sign' ':5: the size is not a number' '16\n1\n1\n1\na 0 +16\n'
bad 'a hexadecimal size' ':5: the size is not a number' '16\n1\n1\n1\na 0 0x10\n'
bad 'a size that 64 bits do not hold' ':5: the size is too large' \
    '16\n1\n1\n1\na 0 18446744073709551616\n'
bad 'a third number' ':5: something follows at the end of the line' '16\n1\n1\n1\na 0 16 16\n'
bad 'a free with a size' ':6: something follows at the end of the line' \
    '16\n1\n2\n1\na 0 16\nf 0 16\n'
bad 'CR in the middle of a line' ':5: the size is not a number' '16\n1\n1\n1\na 0 1\r6\n'

bad 'an allocation of a live id' ':6: the id 0 is allocated, but it is live' \
    '16\n1\n2\n1\na 0 16\na 0 16\n'
bad 'a free of an id never allocated' ':5: the id 0 is freed, but it is not live' \
    '16\n1\n1\n1\nf 0\n'
bad 'a free of an id freed' ':7: the id 0 is freed, but it is not live' \
    '16\n1\n3\n1\na 0 16\nf 0\nf 0\n'
bad 'a resize of an id that is not live' ':7: the id 0 is resized, but it is not live' \
    '16\n1\n3\n1\na 0 16\nf 0\nr 0 16\n'

bad 'fewer operations than the header says' ':6: the file ends after 1 of 2 operations' \
    '16\n1\n2\n1\na 0 16\n'
bad 'more operations than the header says' ':6: something follows the operations, of which line 3 counts 1' \
    '16\n1\n1\n1\na 0 16\nf 0\n'
bad 'junk behind the operations' ':8: something follows the operations, of which line 3 counts 1' \
    '16\n1\n1\n1\na 0 16\n\n\njunk\n'

long=$(printf '%0200d' 0)
bad 'a long line in the header' ':2: the line is too long' "16\n$long\n1\n1\n"
bad 'a long line among the operations' ':5: the line is too long' "16\n1\n1\n1\na 0 $long\n"
bad 'a long line behind the operations' ':6: the line is too long' "16\n1\n1\n1\na 0 16\n$long\n"
bad 'a NUL byte' ':5: a NUL byte: this is not a text file' '16\n1\n1\n1\na 0\000 16\n'
bad 'a NUL byte behind the operations' ':6: a NUL byte: this is not a text file' \
    '16\n1\n1\n1\na 0 16\n\000\n'
bad 'bytes that are no text' ':1: the number of heap bytes is not a number' '\377\376\001\n'

# Memory

printf '%s\n' 16 2147483647 2147483647 1 'a 2147483646 16' >absurd.rep
if limited 524288 "$replay" --version >/dev/null 2>&1; then
    check 'bad input: an absurd header takes no memory' complains 2 \
        'absurd.rep:6: the file ends after 1 of 2147483647 operations' \
        limited 524288 "$replay" absurd.rep
    check 'bad input: a region that the system refuses' complains 2 \
        'whole.rep: the system refuses a region of 2147483647 bytes' \
        limited 1048576 "$replay" --region 2147483647 whole.rep
    check 'a smallest region that the system refuses' complains 2 \
        "largest.rep: the system refuses a region of $most bytes" \
        limited 1048576 "$replay" --min-region largest.rep
else
    skip 'limits of memory' 'mem-replay does not run in 512 MiB of addresses, or ulimit -v is missing'
fi

# Usage

range="--region takes bytes, or a number with K, M or G, from 1 to $most_typed, not"
usage 'no trace' "no trace is given $see"
usage 'options, but no trace' "no trace is given $see" --dump --style worst
usage 'an unknown option' "wrong option '--fast' $see" --fast holes.rep
usage 'a short option' "wrong option '-d' $see" -d holes.rep
usage 'a short option that is not ASCII' "wrong option '-é' $see" --dump -é holes.rep
usage 'a value that an option does not take' "wrong option '--dump=all' $see" --dump=all holes.rep
usage 'no value for --region' "no value is given for '--region' $see" holes.rep --region
usage 'an empty region' "$range '' $see" --region= holes.rep
usage 'a region of 0 bytes' "$range '0' $see" --region 0 holes.rep
usage 'a negative region' "$range '-1' $see" --region -1 holes.rep
usage 'a region of 0 units' "$range '0K' $see" --region 0K holes.rep
usage 'a region of a unit alone' "$range 'M' $see" --region M holes.rep
usage 'a region with two units' "$range '1KM' $see" --region 1KM holes.rep
usage 'a region with a unit that is unknown' "$range '1T' $see" --region 1T holes.rep
usage 'a region with a point' "$range '1.5M' $see" --region 1.5M holes.rep
usage 'a region a byte too large' "$range '$((most + 1))' $see" --region $((most + 1)) holes.rep
usage 'a region a unit too large' "$range '$((${most_typed%G} + 1))G' $see" \
    --region $((${most_typed%G} + 1))G holes.rep
usage 'a region too large by far' "$range '99999999999999999G' $see" \
    --region 99999999999999999G holes.rep
usage 'a region that nothing holds' "$range '99999999999999999999' $see" \
    --region 99999999999999999999 holes.rep
usage 'an unknown style' "--style takes first, worst or best, or several, not 'next' $see" \
    --style next holes.rep
alone='--min-region does not go with'
usage 'a region for --min-region' "$alone '--region' $see" --min-region --region 4096 holes.rep
usage 'a dump of --min-region' "$alone '--dump' $see" --dump --min-region holes.rep
usage 'a value for --min-region' "wrong option '--min-region=1' $see" --min-region=1 holes.rep

# makes_region SIZE BYTES
makes_region() {
    run "$replay" --region "$1" nothing.rep
    ended_with 0 && grep " in $2 bytes$" out && diff /dev/null err
}
for size in 1048576 1024K 1024k 1M 1m; do
    check "--region $size is a MiB" makes_region $size $mib
done
if may_be_large >/dev/null 2>&1; then
    check "--region $most_typed is the largest" makes_region "$most_typed" "$most"
fi

version=$(sed -n 's/^#define MEM_VERSION_STRING "\(.*\)"/\1/p' "$abs_srcdir/include/mem.h")
tells_version() {
    run "$replay" "$1"
    echo "mem-replay (libmem) $version" >expected
    ended_with 0 && diff expected out && diff /dev/null err
}
check '--version tells the version of the package' tells_version --version
check '-V tells the version of the package' tells_version -V

tells_options() {
    run "$replay" --help
    ended_with 0 && diff /dev/null err || return
    for option in region style dump min-region help version; do
        grep -e "^  \(-[hV], \)\{0,1\}--$option " out || return
    done
    cp out long && run "$replay" -h && diff long out
}
check '--help tells every option' tells_options

# Output that cannot be written

lost='cannot write to standard output'
notices_full_disk() {
    "$@" >/dev/full 2>err
    status=$?
    echo "mem-replay: $lost: No space left on device" >expected
    ended_with 2 && diff expected err
}
if [ -c /dev/full ]; then
    check 'a full disk is noticed' notices_full_disk "$replay" holes.rep
    check 'a full disk is noticed with --min-region' \
        notices_full_disk "$replay" --min-region holes.rep
    check 'a full disk is noticed with --dump' notices_full_disk "$replay" --dump holes.rep
    check 'a full disk is noticed with --help' notices_full_disk "$replay" --help
    check 'a full disk is noticed with --version' notices_full_disk "$replay" --version
else
    skip 'a full disk is noticed' 'there is no /dev/full'
fi

notices_closed_output() {
    "$replay" holes.rep >&- 2>err
    status=$?
    echo "mem-replay: $lost: Bad file descriptor" >expected
    ended_with 2 && diff expected err
}
check 'a closed standard output is noticed' notices_closed_output

# The reader closes the pipe before the writer starts.
notices_broken_pipe() {
    mkfifo go || return
    {
        read -r _ <go
        "$replay" holes.rep 2>err
        echo $? >left
    } | {
        exec <&-
        echo >go
    }
    read -r status <left
    echo "mem-replay: $lost: Broken pipe" >expected
    ended_with 2 && diff expected err
}
check 'a pipe that nobody reads is noticed' notices_broken_pipe

# Heaps that fail

trace moved.rep 2 'a 0 100' 'a 1 100' 'f 0' 'r 1 200'
trace resized.rep 2 'a 0 100' 'a 1 100' 'r 0 200'
trace kept.rep 2 'a 0 100' 'a 1 100'

# heap_failure WAY STATUS MESSAGE TRACE: a heap broken in that WAY is noticed.
heap_failure() {
    check "a heap that fails: $1, $4" complains "$2" "$4$3" \
        env BROKEN_HEAP="$1" "$broken" --region $mib "$4"
}
broken_heap_can_work() {
    run "$broken" --region $mib moved.rep
    ended_with 0
}
check 'the heap made to fail is right otherwise' broken_heap_can_work
heap_failure overlap 3 ':7: heap failure: the contents of an object of 100 bytes changed' moved.rep
heap_failure overlap 3 ':7: heap failure: the contents of an object of 100 bytes changed' resized.rep
heap_failure overlap 3 ':7: heap failure: the contents of an object of 100 bytes changed' kept.rep
heap_failure refuses 3 ':5: heap failure: a request failed, but not for want of space' moved.rep
heap_failure outside 3 ':5: heap failure: an object lies outside the region' moved.rep
heap_failure before 3 ':5: heap failure: an object lies outside the region' moved.rep
heap_failure misaligned 3 ':5: heap failure: an object is not aligned' moved.rep
heap_failure free 3 ':7: heap failure: the free of a live object failed' moved.rep
heap_failure free 3 ':8: heap failure: the free of a live object failed' resized.rep
heap_failure resize 3 ':7: heap failure: the contents of an object of 200 bytes changed' resized.rep
heap_failure free 3 ':7: heap failure: the free of a live object failed' kept.rep
heap_failure unjoined 3 ':9: heap failure: freeing every object did not leave one chunk' moved.rep
heap_failure wanders 3 ':9: heap failure: the same requests were given other addresses' moved.rep
heap_failure check 3 ':9: heap failure: the free list is damaged' moved.rep
heap_failure stats 3 ':9: heap failure: its figures are refused' moved.rep
heap_failure killed 3 ': the replay was killed: Aborted' moved.rep
heap_failure exits 3 ': the replay ended with status 9' moved.rep
heap_failure init 2 ': the system refuses a region of 1048576 bytes' moved.rep

# probe_failure WAY STATUS MESSAGE: a heap broken in that WAY is noticed by a search, too.
probe_failure() {
    check "a search in a heap that fails: $1" complains "$2" "moved.rep$3" \
        env BROKEN_HEAP="$1" "$broken" --min-region moved.rep
}
probe_failure refuses 3 ':5: heap failure: a request failed, but not for want of space'
probe_failure outside 3 ':5: heap failure: an object lies outside the region'
probe_failure free 3 ':7: heap failure: the free of a live object failed'
probe_failure killed 3 ': the replay was killed: Aborted'
probe_failure exits 3 ': the replay ended with status 9'
probe_failure init 2 ": the system refuses a region of $page bytes"

# Recorded traces

# recorded NAME STYLE OPERATIONS PEAK LIVE: in a region where nothing is refused.
replays_recorded() {
    run "$replay" --region 268435456 --style "$2" "$traces/$1.rep.xz"
    cat >expected <<END
operations:         $3
peak of live bytes: $4
live objects:       $5
requests refused:   0
END
    grep -e '^operations:' -e '^peak' -e '^live' -e '^requests' out >figures
    ended_with 0 && diff expected figures && diff /dev/null err
}

# It completes there, and not a page below.
finds_smallest() {
    run "$replay" --min-region --style "$2" "$traces/$1.rep.xz"
    ended_with 0 && diff /dev/null err || return
    bytes=$(value 'smallest region')
    run "$replay" --region "$bytes" --style "$2" "$traces/$1.rep.xz"
    ended_with 0 || return
    run "$replay" --region $((bytes - page)) --style "$2" "$traces/$1.rep.xz"
    ended_with 1
}
recorded() {
    check "recorded: $1, $2 fit" replays_recorded "$@"
    check "recorded: $1, $2 fit, the smallest region" finds_smallest "$1" "$2"
}

# with_styles STYLES NAME FIGURES...
with_styles() {
    styles=$1
    name=$2
    shift 2
    for style in $styles; do
        recorded "$name" "$style" "$@"
    done
}

# Every request of a first fit is served in the region that is the default.
fits_by_default() {
    run "$replay" "$traces/$1.rep.xz"
    ended_with 0 && diff /dev/null err
}

replay_recorded() {
    for name in $every_trace; do
        check "recorded: $name in the region by default" fits_by_default "$name"
    done
    with_styles "first worst best" git 3376 1164339 236
    [ -z "${MEM_TEST_LIGHT-}" ] || return 0
    with_styles "first worst best" lua 400000 10160427 151588
    with_styles "first worst best" perl 421246 15071471 3057
    with_styles "first worst best" python 400000 11233305 139839
    with_styles "first worst best" jq 460811 32052883 2
    with_styles first sqlite 257313 6332387 16
    with_styles first gawk 400000 4684754 34357
    with_styles first cc1plus 441818 7973147 43141
    with_styles first dot 555872 45193136 244945
}

# Compressed traces

# foreign PROGRAM FORMAT: a file that begins like one that PROGRAM has compressed.
foreign() {
    # shellcheck disable=SC2059 # a format is what it is
    printf "$2" >foreign.rep
    check "compressed: a file of $1's is told to be one" complains 2 \
        "foreign.rep: compressed by $1: unpack it, as by $1 -dc FILE | mem-replay -" \
        "$replay" foreign.rep
}
foreign bzip2 'BZh91AY&SY'

# piece BYTES: the first bytes of the compressed lua trace.
piece() {
    dd if="$traces/lua.rep.xz" bs="$1" count=1 2>/dev/null
}

# The first bytes tell, not the name.
is_recognized() {
    piece "$size" >lua.txt
    run "$replay" lua.txt
    ended_with 0 && diff /dev/null err
}

# notices_damage FILE TEXT: the line in the message is not compared, because it depends on when the
# decoder notices the damage.
notices_damage() {
    echo "mem-replay: $1:N: $2" >expected
    run "$replay" "$1"
    sed 's/:[0-9][0-9]*:/:N:/' err >message
    ended_with 2 && diff expected message && diff /dev/null out
}

# In the middle of the data, the text may be found wrong before the decoder finds the checksum
# wrong.
notices_damage_within() {
    { piece 20000 && printf 'XXXXXXXXXXXXXXXX' && piece 20000; } >damaged.xz
    run "$replay" damaged.xz
    ended_with 2 && diff /dev/null out && grep '^mem-replay: damaged\.xz:[0-9]*: ' err
}

joins_streams() {
    printf '%s\n' 16 1 1 | xz >two.xz && printf '%s\n' 1 'a 0 16' | xz >>two.xz || return
    run "$replay" --region $mib two.xz
    ended_with 0 && diff /dev/null err
}

read_compressed() {
    size=$(($(wc -c <"$traces/lua.rep.xz")))
    check 'compressed: whatever its name' is_recognized
    piece $((size - 1)) >short.xz
    check 'compressed: the last byte is missing' \
        notices_damage short.xz 'the .xz data is truncated'
    piece 20000 >half.xz
    check 'compressed: the end is missing' notices_damage half.xz 'the .xz data is truncated'
    piece 6 >magic.xz
    check 'compressed: nothing but the first bytes' complains 2 \
        'magic.xz:1: the .xz data is truncated' "$replay" magic.xz
    { piece $((size - 1)) && printf X; } >corrupt.xz
    check 'compressed: the last byte is wrong' notices_damage corrupt.xz 'the .xz data is corrupt'
    { piece "$size" && echo 'something else'; } >junk.xz
    check 'compressed: junk behind it' notices_damage junk.xz 'the .xz data is corrupt'
    check 'compressed: damage in the middle' notices_damage_within
    # Headers alone, made up: a dictionary of 4 GiB, and a filter that does not exist.
    stream='\375\067\172\130\132\000\000\001\151\042\336\066'
    # shellcheck disable=SC2059 # formats are what they are
    {
        printf "$stream"'\002\000\041\001\050\000\000\000\346\240\021\263' >vast.xz
        printf "$stream"'\002\000\042\001\026\000\000\000\332\135\161\045' >unknown.xz
    }
    check 'compressed: it would need too much memory' notices_damage vast.xz \
        'the .xz data needs more than 256 MiB to decompress'
    check 'compressed: something that does not exist' notices_damage unknown.xz \
        'the .xz data uses something that this liblzma does not know'
    if have xz; then
        check 'compressed: in two streams' joins_streams
    else
        skip 'compressed: in two streams' 'there is no xz'
    fi
}

cp "$traces/lua.rep.xz" lua.xz
without='lua.xz: compressed by xz, and this mem-replay was built without liblzma: unpack it, as by xz -dc FILE | mem-replay -'
if [ "$("$replay" lua.xz 2>&1)" = "mem-replay: $without" ]; then
    check 'compressed: a clear message without liblzma' complains 2 "$without" "$replay" lua.xz
    skip 'recorded and compressed traces' 'mem-replay was built without liblzma'
else
    read_compressed
    replay_recorded
fi
finish
