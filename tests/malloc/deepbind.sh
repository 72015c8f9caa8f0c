#!/bin/sh
# deepbind.sh - libraries bound to themselves first get the module's malloc, and are found where
# their caller's RUNPATH leads, however the module was compiled.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

folder=$work/plugins
mkdir "$folder"
if ! printf '#include <dlfcn.h>\nint main(void) { return !RTLD_DEEPBIND; }\n' >"$work/has.c" ||
    ! $CC -D_GNU_SOURCE "$work/has.c" -o "$work/has" 2>/dev/null; then
    skip 'RTLD_DEEPBIND' 'this libc has none'
    finish
fi

host=$programs/deep-host.c
# The program's own RUNPATH leads to the host alone, the host's to the plugin.
$CC -w -shared -fPIC "$programs/deep-plugin.c" -o "$folder/libdeep-plugin.so" &&
    $CC -w -D_GNU_SOURCE -DLIBRARY -shared -fPIC "$host" -o "$work/libdeep-host.so" \
        -Wl,--enable-new-dtags,-rpath,"$folder" -ldl &&
    $CC -w -D_GNU_SOURCE "$host" -o "$work/deep" -L"$work" -ldeep-host \
        -Wl,--enable-new-dtags,-rpath,"$work" -Wl,-rpath-link,"$folder" || exit 99

strictly() {
    LIBMEM_MISUSE=strict LD_PRELOAD=$1 "$work/deep"
}
check 'a plugin frees what the program allocated' strictly "$MODULE"

# dlopen.c by itself, compiled where counters of coverage may be left, with the options that keep a
# compiler from a jump.
cat >"$work/next.c" <<'END'
#include <dlfcn.h>
void *mem_foreign_next(const char *name) { return dlsym(RTLD_NEXT, name); }
END
finds_plugin() {
    (cd "$work" && $CC $1 -w -fPIC -shared -D_GNU_SOURCE -I"$abs_builddir" -I"$abs_srcdir/include" \
        -iquote "$abs_srcdir/src" "$abs_srcdir/src/malloc/dlopen.c" "$work/next.c" \
        -o wrapper.so -ldl) && LD_PRELOAD=$work/wrapper.so:$MODULE "$work/deep"
}
for options in -O0 -Og -O1 -O2 -Os '-O0 -fstack-protector-all' '-O2 -fstack-protector-all' \
    '-O2 -fno-optimize-sibling-calls' '-O0 --coverage'; do
    check "compiled with $options" finds_plugin "$options"
done
finish
