#!/bin/sh
# configure.sh - configure refuses at once, in one sentence, what the build could not handle: a path
# with a blank.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

# refuses WHAT PATH COMMAND...: whether the command, in the current folder, says that WHAT is PATH,
# nothing else, and leaves nothing but its log.
refuses() {
    expected="configure: error: $1 is '$2', and make and libtool cannot handle a path with a blank"
    shift 2
    said=$("$@" 2>&1) && return 1
    echo "$said"
    [ "$said" = "$expected" ] && [ "$(ls)" = config.log ]
}

# refuses_in FOLDER WHAT PATH COMMAND...: the same in a new folder.
refuses_in() (
    mkdir "$1" && cd "$1" || return
    shift
    refuses "$@"
)

for option in prefix exec-prefix bindir datarootdir docdir includedir libdir mandir \
    with-pkgconfigdir; do
    check "a blank in --$option is refused" refuses_in "$work/$option" "--$option" "/some where" \
        "$abs_srcdir/configure" "--$option=/some where"
done

# Physical, since the path of the build may itself contain a link.
blank="$(cd "$work" && pwd -P)/build here"
check "a build folder with a blank is refused" refuses_in "$blank" "the build folder" "$blank" \
    "$abs_srcdir/configure"

ln -s "$abs_srcdir" "$work/source there"
check "a source folder with a blank is refused" refuses_in "$work/build" "the source folder" \
    "$work/source there" "$work/source there/configure"
finish
