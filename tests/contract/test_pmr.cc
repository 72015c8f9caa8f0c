/*
 * test_pmr.cc - mem.hpp: containers of std::pmr in a region, and the region that ends
 * with its scope.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.hpp>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "must.hh"

namespace {

constexpr std::size_t MIB = 1 << 20;

template <typename Exception, typename Function> bool throws(Function function) {
    try {
        function();
    } catch (const Exception &) {
        return true;
    }
    return false;
}

Mem_Stats stats_of(Mem_Region *region) {
    Mem_Stats stats;
    must(Mem_RegionGetStats(region, &stats) == 0);
    return stats;
}

/* The pages that the process has mapped; 0 where the system does not tell. */
std::size_t mapped_pages() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages;
}

bool is_empty(Mem_Region *region) {
    Mem_Stats stats = stats_of(region);
    return stats.live_bytes == 0 && stats.free_chunks == 1;
}

bool lies_in(const libmem::region &region, const void *object) {
    return Mem_RegionSize(region.get(), object) > 0;
}

void region_of_a_bad_size_is_an_invalid_argument() {
    must(throws<std::invalid_argument>([] { libmem::region region(0); }));
    must(throws<std::invalid_argument>([] { libmem::region region(SIZE_MAX / 2); }));
    must(throws<std::invalid_argument>([] { libmem::region region(nullptr, MIB); }));
    char small[64];
    must(throws<std::invalid_argument>([&] { libmem::region region(small, sizeof small); }));
}

void region_ends_with_its_scope() {
    std::unique_ptr<char[]> memory(new char[MIB]);
    {
        libmem::region placed(memory.get(), MIB);
        must(Mem_RegionAlloc(placed.get(), MIB / 2, FIRSTFIT) != nullptr);
        must(placed.get() != nullptr);
    }
    std::memset(memory.get(), 0xa5, MIB); /* a sanitizer must allow all of it again */
    const std::size_t before = mapped_pages();
    for (int i = 0; i < 1000; i++)
        must(libmem::region(MIB).get() != nullptr);
    must(mapped_pages() < before + 100 * MIB / 4096);
}

void region_is_moved_and_not_copied() {
    static_assert(!std::is_copy_constructible_v<libmem::region>);
    static_assert(!std::is_copy_assignable_v<libmem::region>);
    static_assert(std::is_nothrow_move_constructible_v<libmem::region>);
    static_assert(std::is_nothrow_move_assignable_v<libmem::region>);
    libmem::region one(MIB);
    Mem_Region *const first = one.get();
    libmem::region two(std::move(one));
    must(one.get() == nullptr && two.get() == first);
    libmem::region three(MIB);
    three = std::move(two);
    must(two.get() == nullptr && three.get() == first);
    libmem::region &self = three;
    three = std::move(self);
    must(three.get() == first);
    must(three.release() == first && three.get() == nullptr);
    must(Mem_RegionDestroy(first) == 0);
}

void containers_live_in_the_region_and_leave_it_empty() {
    libmem::region region(MIB);
    libmem::resource resource(region.get());
    {
        std::pmr::vector<std::pmr::string> words(&resource);
        for (int i = 0; i < 1000; i++)
            words.emplace_back("a word that is too long for a small string: " + std::to_string(i));
        must(lies_in(region, words.data()));
        must(lies_in(region, words[999].data()));
        std::pmr::map<int, std::pmr::string> map(&resource);
        std::pmr::unordered_map<std::pmr::string, int> numbers(&resource);
        std::pmr::list<double> list(&resource);
        for (int i = 0; i < 1000; i++) {
            map.emplace(i, words[std::size_t(i)]);
            numbers[words[std::size_t(i)]] = i;
            list.push_back(i);
        }
        for (int i = 0; i < 1000; i += 2) {
            map.erase(i);
            list.pop_front();
        }
        must(map.size() == 500 && map.at(501) == words[501] && numbers.at(words[77]) == 77);
        must(list.front() == 500);
        must(Mem_RegionCheck(region.get()) == 0);
    }
    must(is_empty(region.get()));
}

void region_that_cannot_be_made_owns_nothing_with_nothrow() {
    static_assert(std::is_nothrow_constructible_v<libmem::region, std::nothrow_t, std::size_t>);
    char small[64];
    libmem::region none(std::nothrow, 0), too_small(std::nothrow, small, sizeof small);
    must(!none && none.get() == nullptr && *Mem_ErrorLocation() == E_BAD_ARGS && !too_small);
    libmem::region mapped(std::nothrow, MIB);
    must(mapped && Mem_RegionAlloc(mapped.get(), MIB, FIRSTFIT) != nullptr);
    std::unique_ptr<char[]> memory(new char[MIB]);
    must(libmem::region(std::nothrow, memory.get(), MIB).get() != nullptr);
}

void try_allocate_returns_null_where_nothing_fits() {
    libmem::region region(4096);
    libmem::resource resource(region.get());
    void *all = resource.try_allocate(4096);
    must(all != nullptr && resource.try_allocate(1) == nullptr);
    must(*Mem_ErrorLocation() == E_NO_SPACE);
    resource.deallocate(all, 4096);
    void *aligned = resource.try_allocate(10, 256);
    must(reinterpret_cast<std::uintptr_t>(aligned) % 256 == 0);
    must(resource.try_allocate(10, 3) == nullptr);
    resource.deallocate(aligned, 10, 256);
    void *one = resource.try_allocate(0), *two = resource.try_allocate(0);
    must(one != nullptr && two != nullptr && one != two);
}

/* The exception passes through Mem_Walk, which is C. */
void visitor_may_throw() {
    struct enough {};
    libmem::region region(MIB);
    void *object = Mem_RegionAlloc(region.get(), 100, FIRSTFIT);
    const auto visit = [](const Mem_Block *, void *) -> int { throw enough(); };
    for (int i = 0; i < 3; i++)
        must(throws<enough>([&] { Mem_RegionWalk(region.get(), visit, nullptr); }));
    std::thread([&] { must(Mem_RegionFree(region.get(), object) == 0); }).join();
    must(is_empty(region.get()));
}

void namespace_mem_is_the_same() {
    static_assert(std::is_same_v<mem::region, libmem::region>);
    static_assert(std::is_same_v<mem::resource, libmem::resource>);
}

void request_that_does_not_fit_is_bad_alloc() {
    libmem::region region(4096);
    libmem::resource resource(region.get());
    std::pmr::vector<char> bytes(&resource);
    bytes.resize(4096);
    must(throws<std::bad_alloc>([&] { (void)resource.allocate(1); }));
    must(throws<std::bad_alloc>([&] { bytes.resize(8192); }));
    must(bytes.size() == 4096);
    must(throws<std::bad_alloc>([&] { (void)resource.allocate(16, std::size_t(1) << 30); }));
}

struct alignas(1024) aligned {
    char bytes[24];
};

void alignment_is_kept() {
    libmem::region region(MIB);
    libmem::resource resource(region.get());
    for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2) {
        void *object = resource.allocate(24, alignment);
        must(reinterpret_cast<std::uintptr_t>(object) % alignment == 0);
        resource.deallocate(object, 24, alignment);
    }
    {
        std::pmr::vector<aligned> vector(5, &resource);
        must(reinterpret_cast<std::uintptr_t>(vector.data()) % alignof(aligned) == 0);
    }
    must(is_empty(region.get()));
}

void object_of_no_bytes_has_an_address_of_its_own() {
    libmem::region region(4096);
    libmem::resource resource(region.get());
    void *one = resource.allocate(0);
    void *two = resource.allocate(0);
    must(one != nullptr && two != nullptr && one != two);
    resource.deallocate(one, 0);
    resource.deallocate(two, 0);
    must(is_empty(region.get()));
}

void style_is_that_of_the_resource() {
    libmem::region region(4096);
    libmem::resource first(region.get());
    libmem::resource worst(region.get(), WORSTFIT);
    libmem::resource best(region.get(), BESTFIT);
    char *gap = static_cast<char *>(first.allocate(64));
    void *wall = first.allocate(16);
    char *snug = static_cast<char *>(first.allocate(32));
    void *end = first.allocate(16);
    first.deallocate(gap, 64);
    first.deallocate(snug, 32);
    must(best.allocate(32) == snug);
    best.deallocate(snug, 32);
    must(first.allocate(32) == gap);
    first.deallocate(gap, 32);
    must(worst.allocate(32) == static_cast<char *>(end) + 16);
    (void)wall;
}

void resources_are_equal_if_they_are_of_one_region() {
    libmem::region one(4096), two(4096);
    libmem::resource a(one.get()), b(one.get(), WORSTFIT), c(two.get());
    must(a == b && a != c && a != *std::pmr::new_delete_resource());
    must(a.region() == one.get());
    b.deallocate(a.allocate(100), 100);
    must(is_empty(one.get()));
}

void threads_share_a_resource() {
    libmem::region region(4 * MIB);
    libmem::resource resource(region.get());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++)
        threads.emplace_back([&resource, t] {
            std::pmr::list<int> list(&resource);
            for (int i = 0; i < 2000; i++) {
                list.push_back(t);
                if (i % 3 == 0)
                    list.pop_front();
            }
            for (int value : list)
                must(value == t);
        });
    for (std::thread &thread : threads)
        thread.join();
    must(is_empty(region.get()));
}

void default_region_serves_as_any_other() {
    must(Mem_Init(65536) == 0);
    libmem::resource resource(Mem_DefaultRegion());
    std::pmr::vector<int> numbers(100, 7, &resource);
    must(Mem_Size(numbers.data()) == 400);
}

} // namespace

int main() {
    region_of_a_bad_size_is_an_invalid_argument();
    region_ends_with_its_scope();
    region_is_moved_and_not_copied();
    containers_live_in_the_region_and_leave_it_empty();
    region_that_cannot_be_made_owns_nothing_with_nothrow();
    try_allocate_returns_null_where_nothing_fits();
    visitor_may_throw();
    namespace_mem_is_the_same();
    request_that_does_not_fit_is_bad_alloc();
    alignment_is_kept();
    object_of_no_bytes_has_an_address_of_its_own();
    style_is_that_of_the_resource();
    resources_are_equal_if_they_are_of_one_region();
    threads_share_a_resource();
    default_region_serves_as_any_other();
}
