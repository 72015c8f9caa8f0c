/*
 * test_noexcept.cc - mem.hpp compiled without exceptions and run-time type information, in a
 * program that has a mem of its own: failures end the program by std::terminate(), unless it uses
 * the functions that return a null pointer.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#define MEM_NO_NAMESPACE_MEM
#include <mem.hpp>

#if defined m_error || defined BF || defined WF || defined FF || defined MEM_NO_SHORT_NAMES
#error "mem.hpp defines a short name of mem.h"
#endif

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hh"

static int mem = 7, m_error_of_mine = 0;

static bool is_aborted(void (*body)()) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO); /* some systems print the reason there */
        body();
        _exit(0);
    }
    must(child > 0 && waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void make_region_of_no_bytes() {
    libmem::region region(0);
}

static void allocate_too_much() {
    libmem::region region(4096);
    libmem::resource resource(region.get());
    (void)resource.allocate(4097);
}

static void use_what_there_is() {
    libmem::region region(4096);
    libmem::resource resource(region.get());
    std::pmr::vector<int> numbers(100, 1, &resource);
    must(resource.try_allocate(4096) == nullptr && numbers[99] == 1);
    must(!libmem::region(std::nothrow, 0));
}

int main() {
    must(mem == 7 && m_error_of_mine == 0);
    must(!is_aborted(use_what_there_is));
    use_what_there_is();
    must(is_aborted(make_region_of_no_bytes));
    must(is_aborted(allocate_too_much));
}
