#!/bin/sh
# settings.sh - the variables: what each takes, what is said of others, and who must not be led.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled calls

# runs VARIABLE=VALUE
runs() {
    env "$1" LD_PRELOAD="$MODULE" "$work/calls" return 2>"$work/said"
}

refuses() {
    exits 127 runs "$1" && says_only "^libmem-malloc.so: ${1%%=*} takes " "$work/said"
}

accepts() {
    runs "$1" && [ ! -s "$work/said" ]
}

for value in 0 -1 '' ' 1' 1k1 1T 33G 34359738369 99999999999999999999 junk; do
    check "LIBMEM_REGION='$value' is refused" refuses "LIBMEM_REGION=$value"
done
for value in 65536 64K 64k 2M 1G; do
    check "LIBMEM_REGION=$value is taken" accepts "LIBMEM_REGION=$value"
done
most=32G
[ "$(echo __SIZEOF_SIZE_T__ | $CC -E -P -)" -gt 4 ] || most=2G
check "LIBMEM_REGION=$most, the most, is taken" accepts "LIBMEM_REGION=$most"
for value in '' none First; do
    check "LIBMEM_STYLE='$value' is refused" refuses "LIBMEM_STYLE=$value"
    check "LIBMEM_MISUSE='$value' is refused" refuses "LIBMEM_MISUSE=$value"
done
for value in '' 0 2 yes; do
    check "LIBMEM_EXACT='$value' is refused" refuses "LIBMEM_EXACT=$value"
done
check 'LIBMEM_EXACT=1 is taken' accepts LIBMEM_EXACT=1
check 'a name that begins like a variable is another' accepts LIBMEM_REGIONS=junk
long=$(printf '/%04999d' 0)
for path in "$work/none" "$work" /dev/null "$MODULE" '' "$long"; do
    check "LIBMEM_LOG='$(echo "$path" | cut -c 1-60)' is no log, and does no harm" accepts \
        "LIBMEM_LOG=$path"
done

# A process with another user's powers ignores them. (Such a one ignores LD_PRELOAD, too: so the
# program is linked with the module.)
make_set_uid() {
    compiled calls "$MODULE" -Wl,-rpath,"$(dirname "$MODULE")" && mv "$work/calls" "$work/other" &&
        chown nobody "$work/other" && chmod u+s "$work/other" && chmod 755 "$work" &&
        "$work/other" return # not where the other user may not read the module
}
ignores() {
    env "$1" "$work/other" return
}
is_led() {
    cp "$work/other" "$work/same" && exits 127 env "$1" "$work/same" return
}
if [ "$(id -u)" -eq 0 ] && make_set_uid 2>/dev/null && is_led LIBMEM_REGION=junk 2>/dev/null; then
    check 'a set-uid program ignores the variables' ignores LIBMEM_REGION=junk
else
    skip 'a set-uid program ignores the variables' 'none can be made to run here'
fi
finish
