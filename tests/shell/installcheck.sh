#!/bin/sh
# installcheck.sh - what was installed is complete and works: a program finds
# the library by way of pkg-config, shared and static, people find the manual,
# the documents and the examples, the tools run, and gdb finds its commands. `make installcheck` calls
# it, with the folders of the installation in the environment.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

: "${DESTDIR=}"
: "${VERSION:?}" "${prefix:?}" "${bindir:?}" "${includedir:?}" "${libdir:?}" "${mandir:?}"
: "${docdir:?}" "${pkglibdir:=$libdir/libmem}"
: "${gdbautoloaddir:=no}" "${pkgdatadir:=$prefix/share/libmem}"
: "${pkgconfigdir:=$libdir/pkgconfig}"
libraries=$DESTDIR$libdir
manual=$DESTDIR$mandir
documents=$DESTDIR$docdir

# Makes pkg-config see this installation alone. By default it omits folders that the compiler
# searches anyway; under DESTDIR they are needed.
PKG_CONFIG_LIBDIR=$DESTDIR$pkgconfigdir
PKG_CONFIG_SYSROOT_DIR=$DESTDIR
PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS
unset PKG_CONFIG_PATH

cat >"$work/program.c" <<END
#include <mem.h>

#include <string.h>

int main(void) {
    if (strcmp(MEM_VERSION_STRING, "$VERSION") != 0 || Mem_Init(65536) == -1)
        return 1;
    void *object = Mem_Alloc(65536, FIRSTFIT);
    if (object == NULL || Mem_Alloc(1, FIRSTFIT) != NULL || m_error != E_NO_SPACE)
        return 2;
    return Mem_Free(object) == 0 && Mem_FreeList()->size == 65536 ? 0 : 3;
}
END

cat >"$work/program.cc" <<END
#include <mem.hpp>
#include <vector>

int main() {
    mem::region region(65536);
    mem::resource resource(region.get());
    std::pmr::vector<int> numbers(1000, 5, &resource);
    return Mem_RegionSize(region.get(), numbers.data()) == 4000 ? 0 : 1;
}
END

has_version() {
    version=$($PKG_CONFIG --modversion libmem) || return
    echo "it is $version"
    [ "$version" = "$VERSION" ]
}

# Flags from pkg-config, which quotes them for a shell, with a backslash before non-ASCII letters,
# for one. Hence the evals below.
flags() {
    $PKG_CONFIG "$@" libmem
}

compiles() {
    cflags=$(flags --cflags) &&
        eval "$CC $cflags"' $CFLAGS -c -o "$work/program.o" "$work/program.c"'
}

has_cxx17() {
    echo '#include <memory_resource>' >"$work/probe.cc"
    $CXX -std=c++17 -fsyntax-only "$work/probe.cc" >"$work/output" 2>&1
}

# The program in C++, in one step.
works_in_cxx() {
    cflags=$(flags --cflags) && libs=$(flags --libs) &&
        eval "$CXX -std=c++17 $cflags"' $CFLAGS $LDFLAGS -o "$work/cxx" "$work/program.cc" '"$libs" &&
        runs "$work/cxx"
}

# links_with OUTPUT LIBRARIES: whether the program links with these.
links_with() {
    eval '$CC $CFLAGS $LDFLAGS -o "$work/$1" "$work/program.o" '"$2"
}

runs() {
    LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$@"
}

# says_version PROGRAM
says_version() {
    runs "$DESTDIR$bindir/$1" --version >"$work/version" || return
    cat "$work/version"
    grep -q -F "$VERSION" "$work/version"
}

# The pages of what was built: mem-run and the module are built together.
pages() {
    for page in "$abs_srcdir"/man/*.[1-8]; do
        case ${page##*/} in
        mem-run.1 | libmem-malloc.7) [ -x "$abs_builddir/mem-run" ] || continue ;;
        esac
        echo "$page"
    done
}

# opens NAME PAGE: whether the manual that was installed has that page under the name.
opens() {
    cmp "$abs_srcdir/man/$2" "$manual/man${2##*.}/$1.${2##*.}"
}

# man_finds NAME PAGE: in the manual that was installed, and not in another.
man_finds() {
    found=$(man -M "$manual" -w "${2##*.}" "$1") || return
    echo "$found"
    cmp "$abs_srcdir/man/$2" "$found"
}

# A manual of these pages alone, links included, which mandb may write to.
index_manual() {
    for page in $(pages); do
        section=${page##*.}
        mkdir -p "$work/manual/man$section" || return
        for name in $(names_of_page "$page"); do
            cp -P "$manual/man$section/$name.$section" "$work/manual/man$section" || return
        done
    done
    mandb --quiet --create "$work/manual"
}

# whatis_finds NAME SECTION
whatis_finds() {
    whatis -M "$work/manual" -s "$2" "$1"
}

# apropos_finds WORDS: whether people who look for these words find the library.
apropos_finds() {
    apropos -M "$work/manual" "$1" | grep '^libmem (3)'
}

# was_built FILE: decides which of the libraries must be there.
was_built() {
    [ -f "$abs_builddir/.libs/$1" ] || { skip "$1" "not built" && return 1; }
}

check_header() {
    check "mem.h is the one of this package" \
        cmp "$abs_srcdir/include/mem.h" "$DESTDIR$includedir/mem.h"
    check "mem_debug.h is the one of this package" \
        cmp "$abs_srcdir/include/mem_debug.h" "$DESTDIR$includedir/mem_debug.h"
    check "mem.hpp is the one of this package" \
        cmp "$abs_srcdir/include/mem.hpp" "$DESTDIR$includedir/mem.hpp"
    check "pkg-config --modversion is $VERSION" has_version
    check "a program compiles with pkg-config --cflags" compiles
}

check_shared() {
    was_built libmem.so || return
    check "libmem.so is installed" test -f "$libraries/libmem.so"
    check "the program links with pkg-config --libs" links_with shared "$(flags --libs)"
    check "the program runs with libmem.so" runs "$work/shared"
    if has_cxx17; then
        check "a program in C++ compiles with mem.hpp, links and runs" works_in_cxx
    else
        skip "a program in C++ compiles with mem.hpp, links and runs" "no compiler for C++17"
    fi
}

check_static() {
    was_built libmem.a || return
    whole=$(flags --static --libs | sed "s|-lmem|$libraries/libmem.a|")
    check "libmem.a is installed" test -f "$libraries/libmem.a"
    check "the program links with libmem.a and pkg-config --static --libs" links_with static "$whole"
    check "the program runs with libmem.a in it" "$work/static"
}

check_manual() {
    have man || skip "man finds the pages" "no man"
    for page in $(pages); do
        file=$(basename "$page")
        for name in $(names_of_page "$page"); do
            check "$name opens $file" opens "$name" "$file"
            have man && check "man finds $file by $name" man_finds "$name" "$file"
        done
    done
}

check_index() {
    if ! have mandb || ! have whatis || ! have apropos; then
        skip "whatis and apropos find the pages" "no mandb"
        return
    fi
    check "mandb indexes the manual" index_manual
    for page in $(pages); do
        for name in $(names_of_page "$page"); do
            check "whatis knows $name" whatis_finds "$name" "${page##*.}"
        done
    done
    for words in allocator malloc "first fit"; do
        check "apropos finds libmem by $words" apropos_finds "$words"
    done
}

examples_are_as_here() {
    (cd "$abs_srcdir/examples" && find . -name '*.[ch]' -o -name '*.cc' -o -name '*.md') >"$work/examples"
    [ -s "$work/examples" ] || return
    while read -r example; do
        cmp "$abs_srcdir/examples/$example" "$documents/examples/$example" || return
    done <"$work/examples"
}

check_documents() {
    for document in README.md NEWS SECURITY.md LICENSE; do
        check "$document is installed" cmp "$abs_srcdir/$document" "$documents/$document"
    done
    check "all examples are installed" examples_are_as_here
    for document in $(cd "$documents" && find . -name '*.md'); do
        check "the links of $document lead to installed files" \
            links_lead_somewhere "$documents/$document"
    done
}

# The compile lines of the examples are for the shared library. Examples that need other libraries
# are skipped, because pkg-config sees this installation alone.
check_examples() {
    was_built libmem.so || return
    check "the installed examples do what their headers say" \
        runs env examples="$documents/examples" sh "$abs_srcdir/tests/shell/examples.sh"
}

# module_serves: whether a program gets no more than the module's region.
module_serves() {
    LIBMEM_REGION=1M LD_PRELOAD=$libraries/libmem/libmem-malloc.so sh -c 'echo served' &&
        ! LIBMEM_REGION=4K LD_PRELOAD=$libraries/libmem/libmem-malloc.so ls / 2>/dev/null
}

check_module() {
    if [ -f "$abs_builddir/.libs/libmem-malloc.so" ]; then
        check "the malloc module serves programs" module_serves
    else
        skip "the malloc module serves programs" "it was not built"
    fi
}

# The program in it tells which module it has.
loads_module() {
    # shellcheck disable=SC2016 # for another shell
    loaded=$("$DESTDIR$bindir/mem-run" sh -c 'echo "$LD_PRELOAD"') || return
    echo "$loaded"
    [ "$(readlink -f "$loaded")" = "$(readlink -f "$DESTDIR$pkglibdir/libmem-malloc.so")" ]
}

check_run() {
    if [ ! -x "$abs_builddir/mem-run" ]; then
        skip "mem-run" "not built"
        return
    fi
    check "mem-run --version says $VERSION" says_version mem-run
    check "mem-run loads the module that is installed" loads_module
    check "the tutorial's commands print what it shows, as installed" runs env \
        tools="$DESTDIR$bindir" examples="$documents/examples" sh "$abs_srcdir/tests/shell/tutorial.sh"
}

check_completions() {
    [ "${bashcompletiondir:-no}" != no ] || return
    for tool in mem-replay mem-run; do
        [ ! -x "$abs_builddir/$tool" ] || check "bash's completion for $tool is installed" \
            cmp "$abs_srcdir/completions/$tool" "$DESTDIR$bashcompletiondir/$tool"
    done
}

# gdb_loads LIBRARY PROGRAM SETTING...: whether gdb has the commands once the program has loaded the
# library, with nothing said but where such files are. It looks them up by real names.
gdb_loads() {
    real=$(readlink -f "$DESTDIR$gdbautoloaddir") || return
    [ -f "$DESTDIR$gdbautoloaddir$1-gdb.py" ] || return
    started=$2
    shift 2
    for setting; do
        shift
        set -- "$@" -ex "set environment $setting"
    done
    gdb -nx -batch -iex "add-auto-load-scripts-directory $real" \
        -iex "add-auto-load-safe-path $real" -ex 'set startup-with-shell off' "$@" \
        -ex 'set breakpoint pending on' -ex 'break _exit' -ex run -ex 'mem regions' \
        "$started" >"$work/said" 2>&1
    cat "$work/said"
    grep -q -E '^libmem[^ ]*: 1 region' "$work/said"
}

# Where gdb sees a library below DESTDIR, it looks for a file below that name.
check_gdb() {
    [ "$gdbautoloaddir" != no ] || return
    for file in libmem.py $(cd "$abs_srcdir/gdb" && echo libmem_gdb/*.py); do
        check "gdb's $file is installed" cmp "$abs_srcdir/gdb/$file" "$DESTDIR$pkgdatadir/$file"
    done
    if [ "$(readlink -f "$libdir")" != "$libdir" ] || [ -n "$DESTDIR" ] ||
        [ "$(gdb -nx -batch -ex 'python print(6 * 7)' 2>/dev/null)" != 42 ]; then
        skip "gdb loads its commands with the libraries" "no gdb with Python, or the folder has another name"
        return
    fi
    if [ -f "$abs_builddir/.libs/libmem.so" ]; then
        real=$(readlink -f "$libraries/libmem.so")
        check "gdb loads its commands with libmem.so" gdb_loads "$libdir/${real##*/}" \
            "$work/shared" "LD_LIBRARY_PATH=$libraries"
    fi
    if [ -f "$abs_builddir/.libs/libmem-malloc.so" ]; then
        check "gdb loads its commands with the malloc module" gdb_loads "$pkglibdir/libmem-malloc.so" \
            "$(command -v true)" "LD_PRELOAD=$pkglibdir/libmem-malloc.so" LIBMEM_REGION=1M
    fi
}

check_header
check_shared
check_module
check_gdb
check_static
check_manual
check_index
check_documents
check_examples
check "mem-replay --version says $VERSION" says_version mem-replay
check_run
check_completions
finish
