#!/bin/sh
# cmake.sh - cmake configures and builds a project.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs cmake make cc strace gdb

mkdir project
cat >project/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(sample C)
foreach(i RANGE 1 20)
    file(WRITE ${CMAKE_BINARY_DIR}/part${i}.c "int part${i}(void) { return ${i}; }\n")
    list(APPEND parts ${CMAKE_BINARY_DIR}/part${i}.c)
endforeach()
file(WRITE ${CMAKE_BINARY_DIR}/main.c "int part7(void); int main(void) { return part7(); }\n")
add_library(parts STATIC ${parts})
add_executable(sample ${CMAKE_BINARY_DIR}/main.c)
target_link_libraries(sample parts)
END

# The times that it tells differ.
task() {
    "$@" sh -c 'cmake -S "$0" -B build >configured && cmake --build build >built' "$work/project" &&
        sed 's/([0-9.]*s)//; s|/[^ ]*/files/|/|' configured && sort built
}
examined cmake
finish
