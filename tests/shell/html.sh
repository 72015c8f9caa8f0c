#!/bin/sh
# html.sh - mem-replay --html makes one page that is whole by itself: what is in it, how large it is,
# what is no use; and, by html.py, what people do with it in a browser.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/replay.sh disable=SC1091
. "$abs_srcdir/tests/shell/replay.sh"

memrun=$abs_builddir/mem-run

# Allocations of sizes that cannot be guessed, every third of which is freed at some time.
# random NAME OPERATIONS
random() {
    awk -v count="$2" 'BEGIN {
        srand(7)
        ids = live = done = 0
        while (done < count)
            if (live > 0 && rand() < 0.35) {
                i = int(rand() * live--)
                text[done++] = "f " of[i]
                of[i] = of[live]
            } else {
                text[done++] = "a " ids " " int(16 * 64 ^ rand())
                of[live++] = ids++
            }
        print 0; print ids; print count; print 1
        for (i = 0; i < count; i++) print text[i]
    }' </dev/null >"$1"
}

# makes STATUS PAGE OPTION... TRACE: and has nothing to say but its report.
makes() {
    wanted=$1 page=$2
    shift 2
    rm -f "$page"
    run "$replay" --html "$page" "$@"
    ended_with "$wanted" && diff /dev/null err && is_small "$page"
}
is_small() {
    wc -c "$1" && [ "$(wc -c <"$1")" -gt 10000 ] && [ "$(wc -c <"$1")" -lt 1000000 ]
}

trace hole.rep 3 'a 0 4096' 'a 1 16' 'f 0' 'a 2 2000' 'a 0 100'

# ---- What is in it ----

# Times are not the same twice.
tells_the_same() {
    makes 0 page.html hole.rep && sed 's/ [0-9]*\.[0-9] /  /' out >with || return
    "$replay" --style first,worst,best hole.rep | sed 's/ [0-9]*\.[0-9] /  /' | tr -s ' ' >without
    tr -s ' ' <with | diff without -
}
check 'the report is that of all styles' tells_the_same
has_parts() {
    grep -q '<p class="lead">hole.rep needs [0-9]* bytes by first fit, .*; by worst fit .*; by best fit' page.html &&
        grep -q '>the least any allocator can do with<' page.html && [ "$(grep -c '^<svg' page.html)" -eq 3 ] &&
        [ "$(grep -c '^<tr><th scope="row">[a-z]* fit' page.html)" -eq 3 ] && grep -q '<noscript>' page.html
}
check 'the answer in words, a row for each style, the pictures' has_parts
has_same_picture() {
    "$replay" --style first,worst,best --svg alone.svg hole.rep >out && sed -n '/^<svg/,/^<\/svg>/p' page.html |
        sed '/^<\/svg>/q' | diff alone.svg -
}
check 'the picture is that of --svg' has_same_picture
is_whole() {
    grep -q "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';" page.html &&
        ! grep -Ei ' (src|href|srcset|action)=|url\(|@import|fetch\(|XMLHttpRequest|import\(' page.html
}
check 'nothing in it asks for another file' is_whole
has_one_style() {
    makes 0 one.html --style best hole.rep && grep -q '"styles":\["best"\]' one.html &&
        [ "$(grep -c '^<tr><th scope="row">[a-z]* fit' one.html)" -eq 1 ]
}
check 'one style alone' has_one_style
goes_with_others() {
    makes 0 both.html --svg both.svg --json --holders --refusals --budget --resize move heap.mtrace &&
        [ -s both.svg ] && grep -q '"budget":' out && ! grep -q '"callers":\[\]' both.html
}
cat >heap.mtrace <<'END'
= Start
@ /no/a<!--<script>&b:(load+0x10)[0x100] + 0x1000 0xa0
@ /no/a<!--<script>&b:(keep+0x10)[0x200] + 0x2000 0x10
@ /no/a<!--<script>&b:[0x300] - 0x1000
= End
END
check 'with a picture, JSON, and all that is told of a recording' goes_with_others
counts_refusals() {
    makes 1 refused.html --region 4K hole.rep && grep -q '"region":4096,' refused.html
}
check 'a request that is refused, which the status tells' counts_refusals
shows_nothing() {
    trace empty.rep 0
    makes 0 empty.html empty.rep && grep -q '"moments":\[0\]' empty.html
}
check 'a trace without operations' shows_nothing

needs_too_much() {
    trace huge.rep 2 'a 0 100' 'a 1 60000000000'
    makes 1 huge.html --region 1M huge.rep && grep -q '<td>none is large enough</td>' huge.html &&
        grep -q '>huge.rep needs more than a region can have' huge.html
}
check 'a trace for which no region is large enough' needs_too_much

# ---- Names ----

# The script ends where the page says, and only there: there are two, of which one is data.
has_two_scripts() {
    [ "$(grep -o '</script' "$1" | wc -l)" -eq 2 ] && [ "$(grep -Eoi '<script|<!--' "$1" | wc -l)" -eq 2 ]
}
escapes_file() {
    mkdir -p '<' && cp hole.rep '</script><script>'
    makes 0 file.html '</script><script>' && has_two_scripts file.html &&
        grep -q '<title>script&gt;&lt;script&gt;: ' file.html && grep -q '>&lt;/script&gt;&lt;script&gt; needs' file.html
}
check 'a file whose name ends the script' escapes_file
escapes_caller() {
    makes 0 caller.html heap.mtrace && has_two_scripts caller.html &&
        grep -q '"callers":\["a\\u003c!--\\u003cscript>&b+0x100",' caller.html
}
check 'a caller whose name begins one' escapes_caller
escapes_program() {
    mkdir -p '<' && echo 'int main(void) { return 0; }' >prog.c && $CC prog.c -o '</script>' &&
        "$memrun" --record prog.mlog -- './</script>' >out 2>err && makes 0 prog.html prog.mlog &&
        has_two_scripts prog.html && grep -q 'process: .*script&gt;' prog.html
}
if [ -x "$memrun" ] && "$memrun" true 2>"$work/err"; then
    check 'a program whose name ends it' escapes_program
else
    skip 'a program whose name ends the script' 'no mem-run'
fi

# ---- Any length ----

fits() {
    run "$replay" --html long.html "$@"
    [ "$status" -le 1 ] && diff /dev/null err && is_small long.html
}
xz_is_read() {
    "$replay" "$traces/git.rep.xz" >/dev/null 2>&1
}
if xz_is_read; then
    for name in $shipped; do
        check "less than 1 MB for $name" fits "$traces/$name.rep.xz"
    done
fi
leaves_out() {
    random random.rep 500000
    fits --style first random.rep && mv long.html less.html && grep -q '"least":[1-9]' less.html
}
[ -n "${MEM_TEST_LIGHT-}" ] || check 'small blocks are left out where all are too many' leaves_out

# ---- The file ----

replaces() {
    echo old >old.html && chmod 640 old.html
    run "$replay" --html old.html hole.rep
    ended_with 0 && is_small old.html && [ -n "$(find old.html -perm 640)" ]
}
check 'a file is replaced, and keeps its rights' replaces
cannot() {
    complains 2 "$1" "$replay" --html "$2" hole.rep && leaves_nothing
}
leaves_nothing() {
    [ -z "$(find . -name '*.html.*')" ]
}
check 'a folder that is not there' cannot 'none/a.html: No such file or directory' none/a.html
# The list of objects fits; the page does not.
fills() {
    (ulimit -f 20 && "$replay" --html large.html hole.rep >/dev/null 2>err)
    [ $? -eq 2 ] && grep -x 'mem-replay: large.html: File too large' err && [ ! -e large.html ] && leaves_nothing
}
check 'a page that cannot be written whole is not there' fills
keeps_none() {
    TMPDIR=$work/none run "$replay" --html a.html hole.rep
    # shellcheck disable=SC2016 # as it is printed
    ended_with 2 && grep -qx 'mem-replay: hole.rep: no list of objects can be kept in $TMPDIR or /tmp: .*' err &&
        [ ! -e a.html ] && leaves_nothing
}
check 'no room for temporary files' keeps_none
spares() {
    trace bad.rep 1 'f 0'
    echo old >kept.html
    run "$replay" --html kept.html bad.rep
    ended_with 2 && [ "$(cat kept.html)" = old ] && leaves_nothing
}
check 'a bad trace leaves the old page' spares

# ---- The command line ----

check 'a name that does not end in .html' complains 2 "--html takes a file that ends in .html, not 'hole.rep' $see" \
    "$replay" --html hole.rep hole.rep
check 'two traces' complains 2 "--html shows one trace, and does not go with a second one, 'hole.rep' $see" \
    "$replay" --html a.html hole.rep hole.rep
check 'a search' complains 2 "--min-region does not go with '--html' $see" \
    "$replay" --html a.html --min-region hole.rep
check 'a dump' complains 2 "--dump goes only with one style, and not with '--budget, --html, --csv and --json' $see" \
    "$replay" --html a.html --dump hole.rep
check 'no file' complains 2 "no value is given for '--html' $see" "$replay" hole.rep --html

# ---- In a browser ----

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
for python in python3 /usr/bin/python3 ''; do
    [ -z "$python" ] || ! $python -c 'import selenium' 2>"$work/err" || break
done
in_browser() {
    run "$python" "$abs_srcdir/tests/shell/html.py" "$@"
    grep -v '^#[0-9]* 0x' err | tail -n 12
    ended_with 0
}
if [ -z "$python" ] || ! have chromium || ! have chromedriver; then
    skip 'what people do with the page in a browser' 'no chromium, chromedriver or selenium for python3'
    finish
fi
if [ -n "${MEM_TEST_LIGHT:-}" ]; then
    skip 'what people do with the page in a browser' 'the run is a short one'
    finish
fi

random random.rep 3000
"$replay" --region 1M --html random.html random.rep >out 2>err
check 'the cursor goes through all panels' in_browser slides random.html
check 'the mouse takes the cursor along' in_browser follows random.html
check 'the mouse tells of the blocks in the map' in_browser hovers random.html
check 'all of it by keyboard alone' in_browser types random.html
check 'the blocks of first fit are where they were' in_browser exact random.html random.rep 1048576
check 'names of a file are text' in_browser names file.html '</script><script>' 'script><script>'
# shellcheck disable=SC2016 # as it is shown
check 'names of callers are text' in_browser names caller.html 'a<!--<script>&b+0x200'
check 'a page without scripts' in_browser bare random.html
check 'a browser that is too old' in_browser old random.html
check 'a narrow screen, a dark one, and paper' in_browser fits random.html
check 'pictures and controls have names' in_browser speaks random.html
check 'a page of a trace without operations' in_browser names empty.html 'empty.rep'
check 'a page of a trace that is served in no region' in_browser names huge.html 'none is large enough'
check 'a page of one style' in_browser names one.html 'best fit'
[ ! -s less.html ] || check 'a page with small blocks left out says so' in_browser says_less less.html
finish
