#!/bin/sh
# place.sh - mem-run finds the module that was built or installed with it, wherever that is now.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

# The folders of the installation, as configure was told.
makefile_value() {
    sed -n "s/^$1 = //p" "$abs_builddir/Makefile"
}
prefix=$(makefile_value prefix)
exec_prefix=$(eval "echo $(makefile_value exec_prefix)")
: "$exec_prefix" # in the value of the others
bindir=$(eval "echo $(makefile_value bindir)")
pkglibdir=$(eval "echo $(makefile_value libdir)")/libmem

module=$abs_builddir/.libs/libmem-malloc.so

# finds MODULE PROGRAM: the mem-run that is PROGRAM loads that module.
finds() {
    # shellcheck disable=SC2016 # for another shell
    run "$2" sh -c 'echo "$LD_PRELOAD"'
    cat out err
    ended_with 0 && diff /dev/null err && [ "$(readlink -f "$(cat out)")" = "$(readlink -f "$1")" ]
}

# install_in BINDIR PKGLIBDIR: copies of mem-run and its module.
install_in() {
    mkdir -p "$1" "$2" && cp "$memrun" "$1/mem-run" && cp "$module" "$2/libmem-malloc.so"
}

check 'in a build' finds "$module" "$memrun"
ln -s "$memrun" link
check 'in a build, by a link' finds "$module" ./link
install_in "stage$bindir" "stage$pkglibdir" || exit 99
check 'in an installation under DESTDIR' \
    finds "stage$pkglibdir/libmem-malloc.so" "stage$bindir/mem-run"

case $bindir:$pkglibdir in
"$prefix"/*:"$prefix"/*)
    bin=${bindir#"$prefix/"} lib=${pkglibdir#"$prefix/"}
    install_in "moved/$bin" "moved/$lib" || exit 99
    check 'in an installation that was moved' finds "moved/$lib/libmem-malloc.so" "moved/$bin/mem-run"
    ln -s "moved/$bin/mem-run" far
    check 'in an installation that was moved, by a link' finds "moved/$lib/libmem-malloc.so" ./far
    install_in "has blank/$bin" "has blank/$lib" || exit 99
    check 'in a path that the loader would split' complains 125 \
        "$(readlink -f .)/has blank/$bin/$(echo "$bin" | sed 's|[^/]*|..|g')/$lib/libmem-malloc.so cannot be loaded: its path has a blank, a colon or a dollar sign" \
        "has blank/$bin/mem-run" true
    ;;
*) skip 'in an installation that was moved' 'its folders are not below one prefix' ;;
esac

if [ ! -e "$pkglibdir/libmem-malloc.so" ]; then
    mkdir alone && cp "$memrun" alone
    check 'a module that is missing' complains 125 "there is no libmem-malloc.so in $pkglibdir" \
        alone/mem-run true
    mkdir alone/.libs && echo junk >alone/.libs/libmem-malloc.so
    check 'a module that is no library' complains 125 \
        "there is no libmem-malloc.so in $pkglibdir" alone/mem-run true
else
    skip 'a module that is missing' 'one is installed'
fi
finish
