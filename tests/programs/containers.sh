#!/bin/sh
# containers.sh - a program in C++ fills and empties containers in eight threads.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

# The compiler may have options.
needs "${CXX%% *}" strace gdb

cat >work.cc <<'END'
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

static std::size_t results[8];

static void work(int number) try {
    std::map<int, std::string> map;
    std::unordered_map<std::string, std::vector<int>> words;
    std::list<std::deque<int>> queues;
    for (int i = 0; i < 3000; i++) {
        map[i * 7919 % 1009] += std::to_string(i);
        words["w" + std::to_string(i % 101)].push_back(i);
        if (i % 50 == 0)
            queues.emplace_back(i % 7, i);
        if (i % 3 == 0)
            map.erase(i % 1009);
    }
    for (auto &pair : map)
        results[number] += pair.second.size();
    results[number] += words.size() + queues.size();
} catch (const std::bad_alloc &) {
    std::fputs("memory is out\n", stderr);
    std::_Exit(3);
}

int main() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++)
        threads.emplace_back(work, i);
    for (auto &thread : threads)
        thread.join();
    for (std::size_t result : results)
        std::printf("%zu\n", result);
}
END
$CXX -O1 -pthread work.cc -o work-program || exit 99

task() {
    "$@" "$work/work-program"
}
examined containers
finish
