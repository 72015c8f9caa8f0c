#!/bin/sh
# gcc.sh - gcc compiles and links a program in C, and g++ one in C++.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs gcc g++ strace gdb

cat >work.cc <<'END'
#include <algorithm>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>
template <typename T> struct tree { std::map<T, std::vector<T>> nodes; };
int main() {
    tree<std::string> t;
    for (int i = 0; i < 100; i++)
        t.nodes[std::to_string(i % 7)].push_back(std::to_string(i));
    std::unordered_map<std::string, std::size_t> sizes;
    for (auto &node : t.nodes)
        sizes[node.first] = node.second.size();
    std::cout << std::regex_match("abc", std::regex("a.c")) << sizes.size() << "\n";
}
END

task() {
    "$@" gcc -O2 -frandom-seed=1 "$abs_srcdir/tests/programs/sample.c" -o program && ./program && cksum <program
}
examined gcc

task() {
    "$@" g++ -O1 -frandom-seed=1 -c "$work/work.cc" -o object && cksum <object
}
examined g++
finish
