/*
 * words.cc - containers of C++ that take all of their memory from a region.
 *
 * A map from words to counts, its nodes and the words themselves, lies in a region of the size that
 * the caller allows. When that is used up, the container throws std::bad_alloc, as it would with
 * the heap of the process, and what it has allocated is given back.
 *
 * Compile:
 *
 *     c++ -std=c++17 words.cc -o words $(pkg-config --cflags --libs libmem)
 *
 * Prints:
 *
 *     in 16384 bytes:
 *       a 2
 *       chuck 2
 *       could 1
 *       how 1
 *       if 1
 *       much 1
 *       wood 2
 *       woodchuck 2
 *       would 1
 *     in 768 bytes: std::bad_alloc
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <cstddef>
#include <iostream>
#include <map>
#include <mem.hpp>
#include <new>
#include <sstream>
#include <string>
#include <string_view>

namespace {

constexpr const char *text =
    "how much wood would a woodchuck chuck if a woodchuck could chuck wood";

using counts = std::pmr::map<std::pmr::string, int>;

/* The map hands its memory resource on to the strings in it. */
void count_words(const char *words, counts &found) {
    std::istringstream stream(words);
    for (std::string word; stream >> word;)
        ++found[std::pmr::string(word, found.get_allocator())];
}

/* In size bytes of memory of the caller's, which serves the next one afterwards. The region comes
 * first, so that it ends last. */
void report(void *memory, std::size_t size) {
    libmem::region region(memory, size);
    libmem::resource resource(region.get(), BESTFIT);
    counts found(&resource);

    std::cout << "in " << size << " bytes:";
    try {
        count_words(text, found);
    } catch (const std::bad_alloc &) {
        std::cout << " std::bad_alloc\n";
        return;
    }
    std::cout << '\n';
    for (const auto &[word, count] : found)
        std::cout << "  " << word << ' ' << count << '\n';
}

} // namespace

int main() {
    static std::byte memory[16384];
    report(memory, sizeof memory);
    report(memory, 768);
}
