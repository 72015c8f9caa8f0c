#!/bin/sh
# build-script.sh - build.sh refuses what it cannot handle, with a message that says what to do,
# before it changes anything. All commands that it calls are fakes: this tests its decisions, not a
# build.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

# shellcheck disable=SC2016 # what fakes do is written between single quotes, as are strange paths

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

unset CC CFLAGS CPPFLAGS LDFLAGS MAKEFLAGS DESTDIR
real_path=$PATH
fakes=$work/fakes
calls=$work/calls

# fake NAME [BODY]: makes a command that records its call and runs BODY. A link of that name is
# removed first: writing through it would change the system's own command.
fake() {
    rm -f "$fakes/$1"
    printf '#!/bin/sh\necho "%s $*" >>"%s"\n%s\n' "$1" "$calls" "${2-}" >"$fakes/$1"
    chmod +x "$fakes/$1"
}

# Links the only commands that build.sh may take from the system: any other is missing, unless a
# test fakes it.
link_system() {
    for name in sh basename cat chmod cmp cp dirname env find grep head id ls mkdir mktemp paste \
        rm sed sort tail touch tr; do
        ln -s "$(PATH=$real_path command -v $name)" "$fakes/$name"
    done
}

# A compiler's output, if it is asked for one.
fake_compiler='while [ $# -gt 1 ]; do
    [ "$1" != -o ] || { echo "#!/bin/sh" >"$2" && chmod +x "$2"; }
    shift
done'

# Makes a checkout with an old build in it, in a folder of that name, and a system on which nothing
# is missing. The fake configure makes a Makefile, the fake installation has the tool.
new_checkout() {
    checkout=$work/$1
    rm -rf "$fakes" "$calls" "$checkout"
    mkdir -p "$fakes" "$checkout/src" "$checkout/_build" "$checkout/_install"
    cp "$abs_srcdir/build.sh" "$checkout"
    touch "$checkout/src/libmem.map" "$checkout/configure.ac" "$checkout/Makefile.am" "$calls"
    touch "$checkout/Makefile.in" "$checkout/_build/old" "$checkout/_install/old"
    printf '#!/bin/sh\necho "configure $*" >>"%s"\ntouch Makefile\n' "$calls" >"$checkout/configure"
    chmod +x "$checkout/configure"
    link_system
    fake cc "$fake_compiler"
    fake pkg-config
    fake getconf 'echo 1'
    fake make 'mkdir -p _install/bin
printf "#!/bin/sh\n" >_install/bin/mem-replay
chmod +x _install/bin/mem-replay
[ -z "${MAKEFLAGS-}${DESTDIR-}" ]'
    fake apt-get
}

# build ARG...: runs build.sh in the checkout, on the faked system.
build() {
    PATH=$fakes sh "$checkout/build.sh" "$@" >"$work/said" 2>&1 </dev/null
    status=$?
    cat "$work/said"
    return $status
}

says() {
    grep -q -F -e "$1" "$work/said" || { echo "not said: $1" && return 1; }
}

called() {
    grep -q -e "^$1" "$calls" || { echo "not called: $1" && return 1; }
}

old_build_is_there() {
    [ -f "$checkout/_build/old" ] && [ -f "$checkout/_install/old" ]
}

# refuses WORDS [ARG...]: build.sh fails, says WORDS, and leaves the old build alone.
refuses() {
    words=$1
    shift
    ! build "$@" && says "$words" && old_build_is_there
}

# lacks NAME...: these commands are not there.
lacks() {
    for name in "$@"; do
        rm -f "$fakes/$name"
    done
}

refuses_path() {
    new_checkout "$1"
    refuses "the path of the checkout holds a blank or another character"
}

refuses_a_configured_checkout() {
    new_checkout configured
    touch "$checkout/config.status"
    refuses 'run "make distclean"'
}

refuses_a_folder_of_something_else() {
    new_checkout other
    rm "$checkout/src/libmem.map"
    refuses "this is no checkout of libmem"
}

refuses_a_compiler_that_is_not_there() {
    new_checkout compiler
    CC=no-such-cc
    export CC
    refuses "CC names a compiler that is not there: no-such-cc" && ! called apt-get
}

refuses_flags_that_do_not_compile() {
    new_checkout flags
    fake cc 'case " $* " in *" -no-such "*) echo "unknown -no-such"; exit 1 ;; esac'
    CFLAGS=-no-such
    export CFLAGS
    refuses "cc compiles nothing with the CPPFLAGS, CFLAGS and LDFLAGS" && says "unknown -no-such"
}

names_what_apt_cannot_get() {
    new_checkout network
    lacks make
    fake id 'echo 0'
    fake apt-get 'case $1 in install) echo "E: Unable to locate package" >&2; exit 100 ;; esac
echo "W: Failed to fetch"'
    refuses "apt-get cannot install what is missing (is there a network?): make" &&
        says "W: Failed to fetch" && [ "$(wc -l <"$work/said")" -lt 8 ]
}

names_all_that_is_needed_without_apt() {
    new_checkout bare
    lacks apt-get make pkg-config
    refuses "there is no apt-get" && says "names: make pkg-config check liblzma-dev zlib1g-dev libzstd-dev" && says Fedora
}

tells_a_user_what_root_must_type() {
    new_checkout user
    lacks make
    fake id 'echo 1000'
    refuses "apt-get install -y --no-install-recommends make" && ! called apt-get
}

asks_sudo() {
    new_checkout sudo
    lacks make
    fake id 'echo 1000'
    fake sudo 'exit 1'
    refuses "apt-get install -y --no-install-recommends make" && called sudo && ! called apt-get
}

sees_that_an_installed_tool_is_still_missing() {
    new_checkout still
    lacks make
    fake id 'echo 0'
    refuses "installed, and still not found: make" && called "apt-get install"
}

refuses_unknown_arguments() {
    new_checkout arguments
    refuses "usage: build.sh" --frobnicate && refuses "usage: build.sh" --check --check
}

replaces_an_old_build() {
    new_checkout whole
    build && called configure && called "make -C _build install" && ! old_build_is_there &&
        says "man -M _install/share/man libmem"
}

# Once more in the same checkout, and count what happened since.
again() {
    : >"$calls"
    build
}

reuses_a_current_build() {
    new_checkout twice
    build && again && ! called configure && called make && says "as before"
}


configures_anew_for_other_flags() {
    new_checkout anew
    build || return
    CFLAGS=-O1
    export CFLAGS
    again && called configure
}

configures_anew_for_another_configure() {
    new_checkout inputs
    build || return
    touch -t 203801010000 "$checkout/configure"
    again && called configure
}

leaves_out_what_is_for_other_makes() {
    new_checkout environment
    MAKEFLAGS=n
    DESTDIR=/nowhere
    export MAKEFLAGS DESTDIR
    build
}

works_in() {
    new_checkout "$1"
    build
}

works_by_a_link_with_a_blank() {
    new_checkout linked
    ln -s "$checkout" "$work/a link"
    checkout="$work/a link"
    build
}

# In a subshell, for the variables.
holds() {
    ("$@")
}

check "a path with a blank is refused" refuses_path "a b"
check "a path with a dollar sign is refused" refuses_path 'a$b'
check "a path with a colon is refused" refuses_path a:b
check "a path with a brace is refused" refuses_path 'a{b,c}'
check "a path with a comma is refused" refuses_path a,b
check "a path with a percent sign is refused" refuses_path a%b
check "a path with a bracket is refused" refuses_path 'a[b]'
check "a checkout that is configured itself is refused" refuses_a_configured_checkout
check "a folder of something else is refused" refuses_a_folder_of_something_else
check "a compiler that is not there is refused, and nothing installed" \
    holds refuses_a_compiler_that_is_not_there
check "flags with which nothing compiles are refused" holds refuses_flags_that_do_not_compile
check "what apt-get cannot get is named, in few lines" names_what_apt_cannot_get
check "without apt-get, all that is needed is named" names_all_that_is_needed_without_apt
check "a user without sudo is told what root must type" tells_a_user_what_root_must_type
check "a user to whom sudo says no is told the same" asks_sudo
check "a tool that is not there once installed is named" sees_that_an_installed_tool_is_still_missing
check "unknown arguments are refused" refuses_unknown_arguments
check "an old build gives way to a new one" replaces_an_old_build
check "a build that is current is reused" reuses_a_current_build
check "other flags make a new build" holds configures_anew_for_other_flags
check "another configure makes a new build" configures_anew_for_another_configure
check "MAKEFLAGS and DESTDIR are left out" holds leaves_out_what_is_for_other_makes
check "a path with letters that are not ASCII is taken" works_in jérôme
check "a path with other punctuation is taken" works_in 'a!c+e=f@g~h^i'
check "a link with a blank in its path does no harm" works_by_a_link_with_a_blank
finish
