/*
 * mem.hpp - libmem in C++17: a region that is destroyed at the end of its scope,
 * and a memory resource for the containers of std::pmr.
 *
 *     libmem::region region(1 << 20);
 *     libmem::resource resource(region.get());
 *     std::pmr::vector<int> numbers(&resource);
 *
 * It needs no library besides libmem, which programs link with as they do in C. It
 * includes mem.h without its short names, the macros m_error, BF, WF and FF: a program
 * that wants them includes mem.h as well, before or after. mem is another name for the
 * namespace libmem, unless MEM_NO_NAMESPACE_MEM is defined before the include.
 *
 * If compiled without exceptions, std::terminate() is called where one would be thrown.
 * try_allocate() and the constructors with std::nothrow never throw: they leave a null
 * pointer on failure.
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

/* Files compiled with exceptions and files compiled without may be linked into one program. This
 * namespace keeps the two kinds of inline functions apart. */
#ifndef __cpp_exceptions
inline namespace without_exceptions {
#endif

namespace detail {

/* Ends a call with an exception, or the program if there are none. */
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
 * Owns a region, and destroys it at the end of its own lifetime. It can be moved but not copied;
 * after a move from it, or a release, it owns nothing. (If the system refuses to unmap a region,
 * the region remains.) The objects in the region end with it, without a call of their destructors,
 * so containers must be destroyed first.
 *
 * The result of get() can be passed to all functions of mem.h.
 */
class region {
  public:
    /* Maps size bytes, as Mem_RegionCreate does. Throws std::invalid_argument if size is
     * 0 or more than a region can have, and std::bad_alloc if the system refuses the memory. */
    explicit region(std::size_t size) : owned(checked(Mem_RegionCreate(size))) {
    }

    /* Uses size bytes of the caller's memory, as Mem_RegionPlace does; the memory must outlive the
     * region. Throws std::invalid_argument if Mem_RegionPlace rejects memory or size, and
     * std::bad_alloc if the system refuses memory. */
    region(void *memory, std::size_t size) : owned(checked(Mem_RegionPlace(memory, size))) {
    }

    /* Do the same, but on failure own nothing; *Mem_ErrorLocation() is the reason. */
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

    /* Returns the region, which remains owned, or a null pointer if there is none. */
    Mem_Region *get() const noexcept {
        return owned;
    }

    /* Whether a region is owned. */
    explicit operator bool() const noexcept {
        return owned != nullptr;
    }

    /* Returns the region, or a null pointer if there is none; the caller owns it from then on. */
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
 * A memory resource for std::pmr that allocates in a region by one style. It
 * does not own the region, which must outlive it and everything allocated with
 * it. It can be used by several threads at once.
 *
 * allocate() throws std::bad_alloc if Mem_RegionAlignedAlloc fails; a request for
 * 0 bytes allocates 1. deallocate() throws nothing. Two resources of the same
 * region are equal, whatever their styles: each can free what the other has
 * allocated. If compiled without run-time type information, a resource is equal
 * only to itself.
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

    /* As allocate(), but returns a null pointer if Mem_RegionAlignedAlloc fails. deallocate() frees
     * the object. */
    void *try_allocate(std::size_t bytes,
                       std::size_t alignment = alignof(std::max_align_t)) noexcept {
        /* Even an allocation of 0 bytes must have an address of its own. */
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
