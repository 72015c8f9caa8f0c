#!/bin/sh
# build.sh - from a fresh checkout to a running program, in one command.
#
# Installs the build tools that are missing (with apt-get), builds the library in _build, installs
# it into _install, and shows it at work. Everything but the tools stays inside the checkout. make
# brings an existing build up to date. If that was configured differently, both folders are made
# anew, once tools and path have been checked.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
set -u

# Variables meant for others: the folder where a package is staged, and the options of a make that
# calls this script.
unset CDPATH DESTDIR MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEFILES MAKELEVEL MAKEOVERRIDES

# The physical path: a link that leads here may contain characters that Autotools cannot handle.
cd -P "$(dirname "$0")" || exit
top=$(pwd -P)
cc=${CC:-cc}
trace=traces/lua.rep.xz
settings_file=_build/build.settings
log=$top/_build/build.log

usage() {
    cat <<END
usage: build.sh [--check | --help]

Builds libmem in _build, installs it into _install (both in the checkout),
compiles and runs examples/first.c against it, and replays a recorded program.
Build tools that are missing are installed with apt-get, by sudo when needed.
CC, CFLAGS, CPPFLAGS and LDFLAGS in the environment are respected.

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

# The place

# Blanks, and characters special to make or to a shell: configure, make or libtool fails at each. A
# lone bracket or brace would pass, but libtool's shell takes it for a pattern when it can. A comma
# ends the path that the compiler passes to the linker, a percent sign the pattern that libtool
# passes to sed when it links a test.
check_path() {
    # shellcheck disable=SC1001 # a colon is escaped as its neighbours are
    case $top in
    *[[:space:]\"\'\\\`\#\$\&\*\;\:\<\>\(\)\|\?\{\[\,\%]*)
        fail "the path of the checkout holds a blank or another character that Autotools
cannot handle: $top
Move the checkout to another place, and run build.sh there." ;;
    esac
}

check_checkout() {
    [ -f src/libmem.map ] || fail "this is no checkout of libmem: $top"
    [ ! -f config.status ] ||
        fail "the checkout itself is configured: run \"make distclean\" in $top first."
    [ -w . ] || fail "you may not write in the checkout: $top"
}

# Tools

have() {
    command -v "$1" >/dev/null 2>&1
}

# compiles FLAG...: whether a program compiles and links. A compiler alone is not enough: the C
# library's headers are a package of their own.
compiles() {
    echo '#include <stdio.h>' >"$scratch/probe.c"
    echo 'int main(void) { return puts("") < 0; }' >>"$scratch/probe.c"
    $cc "$@" -o "$scratch/probe" "$scratch/probe.c" >"$scratch/compiler" 2>&1
}

have_library() {
    pkg-config --exists "$1" 2>/dev/null
}

configure_is_current() {
    [ -f configure ] && [ -f Makefile.in ] &&
        [ -z "$(find configure.ac -newer configure; find Makefile.am -newer Makefile.in)" ]
}

# Prints the packages of the tools that are missing. Looks for the tools themselves, not for
# installed packages.
missing_packages() {
    have "${cc%% *}" || echo gcc
    compiles || echo libc6-dev
    have make || echo make
    have pkg-config || echo pkg-config
    have_library check || echo check
    have_library liblzma || echo liblzma-dev
    have_library zlib || echo zlib1g-dev
    have_library libzstd || echo libzstd-dev
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
    [ "$(id -u)" -eq 0 ] && return
    have sudo && sudo true
}

fail_without_apt() {
    fail "something is missing, and there is no apt-get to install it with. Needed are a C compiler
with the C library's headers, make, pkg-config, Check, liblzma, zlib, libzstd, autoconf, automake and libtool.
Missing, by Debian's names: $packages
Install what is missing and run build.sh again. All of it, by the names of other systems:
    Alpine      build-base pkgconf check-dev xz-dev zlib-dev zstd-dev autoconf automake libtool
    Arch        base-devel check xz zlib zstd
    Fedora      gcc make pkgconf-pkg-config check-devel xz-devel zlib-devel libzstd-devel autoconf automake libtool
    openSUSE    gcc make pkg-config check-devel xz-devel zlib-devel libzstd-devel autoconf automake libtool"
}

# Without a network, "apt-get update" only warns; the first message explains the failure best.
install_packages() {
    echo "installing: $packages"
    # shellcheck disable=SC2086 # a list of names
    as_root env LC_ALL=C apt-get update >"$scratch/apt" 2>&1 </dev/null &&
        as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends $packages >>"$scratch/apt" 2>&1 </dev/null &&
        return
    sed -n '/^[EW]: /{p;q;}' "$scratch/apt" >&2
    fail "apt-get cannot install what is missing (is there a network?): $packages"
}

# Checked before packages are installed, because none of them provides it.
check_compiler() {
    [ -z "${CC-}" ] || have "${cc%% *}" || fail "CC names a compiler that is not there: $CC"
}

check_flags() {
    # shellcheck disable=SC2086 # lists of flags
    compiles ${CPPFLAGS-} ${CFLAGS-} ${LDFLAGS-} && return
    cat "$scratch/compiler" >&2
    fail "$cc compiles nothing with the CPPFLAGS, CFLAGS and LDFLAGS of the environment."
}

provide_tools() {
    heading "Tools"
    packages=$(missing_packages | paste -s -d ' ' -)
    if [ -z "$packages" ]; then
        echo "all there"
        return
    fi
    have apt-get || fail_without_apt
    can_install || fail "these packages are missing: $packages
Have them installed (the names are Debian's) and run build.sh again:
    apt-get update && apt-get install -y --no-install-recommends $packages"
    install_packages
    packages=$(missing_packages | paste -s -d ' ' -)
    [ -z "$packages" ] || fail "installed, and still not found: $packages"
}

# The library

# What configure's results depend on. Debian's list of packages stands for all that it looks for.
settings() {
    echo "checkout: $top"
    env | grep -E '^(CC|CPP|CXX|LD|AR|NM|RANLIB|LIBS|CONFIG_SITE|PATH|[A-Z]+FLAGS|PKG_CONFIG[A-Z_]*)=' |
        sort
    $cc --version 2>&1
    ls -l --time-style=full-iso /var/lib/dpkg/status 2>/dev/null
}

build_is_current() {
    [ -f _build/Makefile ] && [ -d _install ] && [ -f "$settings_file" ] &&
        [ -z "$(find configure -newer "$settings_file")" ] &&
        settings | cmp -s - "$settings_file"
}

start_empty() {
    { rm -rf _build _install && mkdir _build; } ||
        fail "cannot make _build and _install anew in $top"
}

configure_library() {
    heading "Configure (_build)"
    if configure_is_current && build_is_current; then
        echo "as before"
        : >"$log"
        return
    fi
    start_empty
    configure_is_current || quietly ./autogen.sh
    cd _build || exit
    # shellcheck disable=SC2016 # make is to put the prefix in
    quietly ../configure --prefix="$top/_install" --libdir='${exec_prefix}/lib'
    cd .. || exit
    settings >"$settings_file"
}

at_once=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

build_library() {
    heading "Build"
    quietly make -C _build -j"$at_once"
    heading "Install (_install)"
    quietly make -C _build install
}

pass_tests() {
    heading "Tests: make check"
    quietly make -C _build -j"$at_once" check
    grep '^SKIP:' "$log" | sort
    grep -E '^# (TOTAL|PASS|SKIP):' "$log"
    heading "Tests: make installcheck"
    quietly make -C _build installcheck
    echo "passed"
}

# Shows the library at work, in a subshell because it sets variables. The program gets CFLAGS too,
# because the sanitizer of a library must be in the program as well. pkg-config is given a relative
# prefix, because it puts backslashes before non-ASCII letters, as in /home/jérôme, which only an
# eval would remove.
show_it() (
    heading "A first program"
    shown 'export PKG_CONFIG_PATH=_install/lib/pkgconfig LD_LIBRARY_PATH=_install/lib'
    found="\$(pkg-config --define-variable=prefix=_install --cflags --libs libmem)"
    shown "$cc${CFLAGS:+ $CFLAGS} examples/first.c -o _build/first $found${LDFLAGS:+ $LDFLAGS}"
    shown _build/first
    heading "A recorded program, replayed in one region"
    shown "_install/bin/mem-replay --dump $trace"
)

tell_what_next() {
    heading "What next"
    cat <<END
The manual:           man -M _install/share/man libmem
A tutorial:           man -M _install/share/man 7 libmem
Header and library:   _install/include, _install/lib
A program of yours:   $cc${CFLAGS:+ $CFLAGS} program.c -o program -I_install/include -L_install/lib -lmem
                      LD_LIBRARY_PATH=_install/lib ./program
The tests:            ./build.sh --check
For the whole system: mkdir -p _system && cd _system && ../configure && make &&
                      sudo make install && sudo ldconfig
END
}

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
check_checkout
scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
check_compiler
provide_tools
check_flags
configure_library
build_library
show_it || exit
[ "$check" = no ] || pass_tests
tell_what_next
