#!/bin/sh
# build.sh - from a fresh checkout to a running program, in one command.
#
# Installs the build tools that are missing (with apt-get), builds the library
# in _build, installs it into _install, and shows it at work. All but the tools
# stays inside the checkout; _build and _install start empty in each run.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
set -u

unset CDPATH
cd "$(dirname "$0")" || exit
top=$(pwd)
log=$top/_build/build.log
cc=${CC:-cc}
trace=traces/lua.rep.xz

usage() {
    cat <<END
usage: build.sh [--check | --help]

Builds libmem in _build, installs it into _install (both in the checkout),
compiles and runs examples/first.c against it, and replays a recorded program.
Build tools that are missing are installed with apt-get, by sudo when needed.

  --check   pass the tests as well: make check and make installcheck
  --help    print this and exit
END
}

fail() {
    echo "build.sh: $1" >&2
    exit 1
}

heading() {
    printf '\n== %s\n' "$1"
}

# quietly COMMAND...: runs it, with its output in the log alone; when it fails, shows the log's end.
quietly() {
    echo "+ $*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null && return
    tail -n 40 "$log" >&2
    fail "failed: $* (the whole output is in $log)"
}

# shown COMMAND: prints a line as one would type it, and runs it.
shown() {
    echo "\$ $1"
    eval "$1" || fail "failed: $1"
}

# Neither configure nor make can work in such a directory.
check_path() {
    # shellcheck disable=SC1001 # a colon is escaped as its neighbours are
    case $top in
    *[[:space:]\"\'\\\`\#\$\&\*\;\:\<\>\(\)\|\?]*)
        fail "the path of the checkout holds a blank or another character that Autotools
cannot handle: $top
Move the checkout to another place, and run build.sh there." ;;
    esac
}

start_empty() {
    rm -rf _build _install && mkdir _build || exit
}

# Tools

have() {
    command -v "$1" >/dev/null 2>&1
}

# A compiler alone is not enough: the C library's headers are a package of their own.
compiler_works() {
    printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' >_build/probe.c
    $cc -o _build/probe _build/probe.c >>"$log" 2>&1
}

have_library() {
    pkg-config --exists "$1" 2>/dev/null
}

configure_is_current() {
    [ -f configure ] && [ -f Makefile.in ] &&
        [ -z "$(find configure.ac -newer configure; find Makefile.am -newer Makefile.in)" ]
}

# The packages of what is missing, by what is there and not by what the package manager has noted.
missing_packages() {
    have "${cc%% *}" || echo gcc
    compiler_works || echo libc6-dev
    have make || echo make
    have pkg-config || echo pkg-config
    have_library check || echo check
    have_library liblzma || echo liblzma-dev
    configure_is_current && return
    have autoconf || echo autoconf
    have automake || echo automake
    have libtoolize || echo libtool
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Whether as_root will work: sudo may be there and still say no.
can_install() {
    have apt-get || return
    [ "$(id -u)" -eq 0 ] && return
    have sudo && sudo true
}

provide_tools() {
    heading "Tools"
    packages=$(missing_packages | tr '\n' ' ')
    if [ -z "$packages" ]; then
        echo "all there"
        return
    fi
    can_install || fail "these packages are missing: $packages
Have them installed (the names are Debian's) and run build.sh again:
    apt-get update && apt-get install -y --no-install-recommends $packages"
    echo "installing: $packages"
    quietly as_root apt-get update
    # shellcheck disable=SC2086 # a list of names
    quietly as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $packages
}

# The library

build_library() {
    heading "Configure (_build)"
    configure_is_current || quietly ./autogen.sh
    cd _build || exit
    quietly ../configure --prefix="$top/_install" --libdir="$top/_install/lib"
    cd .. || exit
    heading "Build"
    quietly make -C _build -j"$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)"
    heading "Install (_install)"
    quietly make -C _build install
}

pass_tests() {
    heading "Tests: make check"
    quietly make -C _build check
    grep -E '^(SKIP|# TOTAL|# PASS|# SKIP):' "$log"
    heading "Tests: make installcheck"
    quietly make -C _build installcheck
    echo "passed"
}

# The library at work, in a subshell because of the variables.
show_it() (
    heading "A first program"
    shown 'export PKG_CONFIG_PATH=_install/lib/pkgconfig LD_LIBRARY_PATH=_install/lib'
    shown "$cc examples/first.c -o _build/first \$(pkg-config --cflags --libs libmem)"
    shown _build/first
    heading "A recorded program, replayed in one region"
    shown "_install/bin/mem-replay --dump $trace"
)

case $#:${1-} in
0:) check=no ;;
1:--check) check=yes ;;
1:--help)
    usage
    exit 0 ;;
*)
    usage >&2
    exit 2 ;;
esac

check_path
start_empty
provide_tools
build_library
show_it || exit
[ "$check" = no ] || pass_tests
