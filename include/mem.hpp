/*
 * mem.hpp - libmem in C++17: a region that ends with its scope, and a memory
 * resource for the containers of std::pmr.
 *
 *     libmem::region region(1 << 20);
 *     libmem::resource resource(region.get());
 *     std::pmr::vector<int> numbers(&resource);
 *
 * Nothing but a header: link with libmem as a program in C does. It includes mem.h
 * without its short names, the macros m_error, BF, WF and FF: who wants them includes
 * mem.h as well, before or after. The namespace has the other name mem, unless
 * MEM_NO_NAMESPACE_MEM is defined before the include.
 *
 * Compiled without exceptions, std::terminate() is called where one would be thrown;
 * try_allocate and the constructors with std::nothrow tell of failure by a null pointer.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_HPP
#define MEM_HPP

#if __cplusplus < 201703L
#error "mem.hpp is for C++17 or later"
#endif

#include <cstddef>
#include <exception>
#include <memory_resource>
#include <new>
#include <stdexcept>
#include <utility>

#ifdef MEM_NO_SHORT_NAMES
#include <mem.h>
#else
#define MEM_NO_SHORT_NAMES
#include <mem.h>
#undef MEM_NO_SHORT_NAMES
#endif

namespace libmem {

/* Files with exceptions and files without may be linked into one program: these names keep the two
 * kinds of inline functions apart. */
#ifndef __cpp_exceptions
inline namespace without_exceptions {
#endif

namespace detail {

/* What is done where an exception ends the call. */
#ifdef __cpp_exceptions
template <typename Exception, typename... Arguments>
[[noreturn]] void fail(const Arguments &...arguments) {
    throw Exception(arguments...);
}
#else
template <typename Exception, typename... Arguments>
[[noreturn]] void fail(const Arguments &...) noexcept {
    std::terminate();
}
#endif

} // namespace detail

/*
 * Owns a region: destroys it at the end. It can be moved and not copied; one
 * that was moved from, or released, owns nothing. The objects in it end with
 * it, and no destructor of theirs is called: containers have to be gone
 * before.
 *
 * The calls of mem.h do with get() what they do with any region.
 */
class region {
  public:
    /* Maps size bytes, as Mem_RegionCreate does. Throws std::invalid_argument when
     * size is 0 or more than INT_MAX, std::bad_alloc when the system refuses. */
    explicit region(std::size_t size) : owned(checked(Mem_RegionCreate(size))) {
    }

    /* Uses size bytes of the caller's memory, as Mem_RegionPlace does; they have to outlive the
     * region. Throws std::invalid_argument when they do not serve, std::bad_alloc when the system
     * refuses. */
    region(void *memory, std::size_t size) : owned(checked(Mem_RegionPlace(memory, size))) {
    }

    /* The same, but owns nothing when they fail, and Mem_ErrorLocation() tells why. */
    region(std::nothrow_t, std::size_t size) noexcept : owned(Mem_RegionCreate(size)) {
    }

    region(std::nothrow_t, void *memory, std::size_t size) noexcept
        : owned(Mem_RegionPlace(memory, size)) {
    }

    region(region &&other) noexcept : owned(other.release()) {
    }

    region &operator=(region &&other) noexcept {
        if (this != &other) {
            destroy();
            owned = other.release();
        }
        return *this;
    }

    region(const region &) = delete;
    region &operator=(const region &) = delete;

    ~region() {
        destroy();
    }

    /* The region, still owned; NULL when none is. */
    Mem_Region *get() const noexcept {
        return owned;
    }

    /* Whether one is owned. */
    explicit operator bool() const noexcept {
        return owned != nullptr;
    }

    /* The region, owned by the caller from now on. */
    Mem_Region *release() noexcept {
        return std::exchange(owned, nullptr);
    }

  private:
    static Mem_Region *checked(Mem_Region *made) {
        if (made == nullptr && *Mem_ErrorLocation() == E_BAD_ARGS)
            detail::fail<std::invalid_argument>("libmem::region: memory or size");
        if (made == nullptr)
            detail::fail<std::bad_alloc>();
        return made;
    }

    void destroy() noexcept {
        if (owned != nullptr)
            Mem_RegionDestroy(owned);
    }

    Mem_Region *owned;
};

/*
 * Memory of a region for std::pmr, allocated by one style. It borrows the
 * region, which has to outlive it and everything allocated with it. Calls from
 * several threads are safe.
 *
 * allocate() throws std::bad_alloc when Mem_RegionAlignedAlloc fails. Two
 * resources are equal, so that one can free what the other has allocated, if
 * they are of the same region; compiled without run-time type information, if they
 * are one.
 */
class resource : public std::pmr::memory_resource {
  public:
    explicit resource(Mem_Region *region, int style = FIRSTFIT) noexcept
        : source(region), policy(style) {
    }

    resource(const resource &) = default;
    resource &operator=(const resource &) = delete;

    Mem_Region *region() const noexcept {
        return source;
    }

    /* As allocate(), but returns a null pointer when Mem_RegionAlignedAlloc fails. deallocate()
     * takes the object back. */
    void *try_allocate(std::size_t bytes,
                       std::size_t alignment = alignof(std::max_align_t)) noexcept {
        /* An object of no bytes has an address of its own, too. */
        return Mem_RegionAlignedAlloc(source, alignment, bytes > 0 ? bytes : 1, policy);
    }

  private:
    void *do_allocate(std::size_t bytes, std::size_t alignment) override {
        void *object = try_allocate(bytes, alignment);
        if (object == nullptr)
            detail::fail<std::bad_alloc>();
        return object;
    }

    void do_deallocate(void *object, std::size_t, std::size_t) override {
        Mem_RegionFree(source, object);
    }

    bool do_is_equal(const std::pmr::memory_resource &other) const noexcept override {
#ifdef __cpp_rtti
        const resource *same = dynamic_cast<const resource *>(&other);
        return same != nullptr && same->source == source;
#else
        return this == &other;
#endif
    }

    Mem_Region *source;
    int policy;
};

#ifndef __cpp_exceptions
} // namespace without_exceptions
#endif

} // namespace libmem

#ifndef MEM_NO_NAMESPACE_MEM
namespace mem = libmem;
#endif

#endif /* MEM_HPP */
