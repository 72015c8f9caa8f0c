/*
 * unit_registry.c - the registry holds exactly the regions that were added and neither removed nor
 * overlapped, in the order of their addresses, and uses the entries of the others again.
 *
 * The registry never looks at a region, so any numbers serve as addresses.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/registry.h"

#include "interposed.h"
#include "system/gate.h"
#include "unit.h"

/* ---- A model that is too simple to be wrong ---- */

enum { MODELLED = 200, HEAD = 16 };

struct modelled {
    struct mem_entry *entry; /* NULL: the place is free */
    uintptr_t first, objects, end;
};

static struct modelled model[MODELLED];

static struct modelled *vacant(void) {
    for (int i = 0; i < MODELLED; i++)
        if (model[i].entry == NULL)
            return &model[i];
    ck_abort_msg("the model is full");
}

/* Whether a new region takes the place of the other, and does not lie among its objects. */
static bool takes_place_of(uintptr_t first, uintptr_t end, const struct modelled *other) {
    const bool apart = end <= other->first || other->end <= first;
    const bool inside = other->objects <= first && end <= other->end;
    return !apart && !inside;
}

static void add(uintptr_t first, uintptr_t end) {
    struct mem_entry *entry = mem_registry_add_placed(first, first + HEAD, end);
    must(entry != NULL);
    for (int i = 0; i < MODELLED; i++)
        if (model[i].entry != NULL && takes_place_of(first, end, &model[i]))
            model[i].entry = NULL;
    *vacant() = (struct modelled){entry, first, first + HEAD, end};
}

static const struct modelled *modelled_at(uintptr_t first) {
    for (int i = 0; i < MODELLED; i++)
        if (model[i].entry != NULL && model[i].first == first)
            return &model[i];
    return NULL;
}

static int modelled_count(void) {
    int count = 0;
    for (int i = 0; i < MODELLED; i++)
        count += model[i].entry != NULL;
    return count;
}

/* ---- The registry, compared with it ---- */

static uintptr_t last_seen;
static int seen;

/* The lock stands first in its entry. */
static void see(struct mem_lock *lock) {
    const struct mem_entry *entry = (const struct mem_entry *)(const void *)lock;
    const struct modelled *expected = modelled_at(entry->first);
    must(seen == 0 || entry->first > last_seen);
    must(expected != NULL);
    must(expected->entry == entry && expected->end == entry->end);
    must(entry->objects == expected->objects);
    last_seen = entry->first;
    seen++;
}

static void assert_as_modelled(void) {
    seen = 0;
    mem_registry_each_lock(see);
    must_equal(seen, modelled_count());
}

static void remove_one(uintptr_t first) {
    struct modelled *expected = (struct modelled *)modelled_at(first);
    struct mem_entry *entry = mem_registry_remove(first);
    must(entry == (expected != NULL ? expected->entry : NULL));
    if (entry == NULL)
        return;
    expected->entry = NULL;
    mem_registry_free(entry);
}

static void remove_and_put_back(uintptr_t first) {
    struct mem_entry *entry = mem_registry_remove(first);
    if (entry != NULL)
        mem_registry_put_back(entry);
}

static void forget(uintptr_t first, uintptr_t end) {
    mem_registry_forget(first, end);
    for (int i = 0; i < MODELLED; i++)
        if (model[i].entry != NULL && first <= model[i].first && model[i].first < end)
            model[i].entry = NULL;
}

/* ---- Tests ---- */

START_TEST(test_registry_is_empty_at_first) {
    assert_as_modelled();
    ck_assert_ptr_null(mem_registry_remove(1000));
}
END_TEST

/* Few addresses, so that regions nest, touch and overlap in each way. */
START_TEST(test_random_regions_are_as_modelled) {
    uint64_t random = random_seed((uint64_t)_i);
    const uintptr_t range = _i % 2 == 0 ? 1000 : 100000;
    for (int n = 0; n < 20000; n++) {
        const uintptr_t first = 1000 + random_below(&random, range);
        const uintptr_t length = HEAD + 1 + random_below(&random, n % 3 == 0 ? range : range / 20);
        const unsigned what = random_below(&random, 10);
        if (modelled_count() > MODELLED - 10)
            forget(0, 1000 + range / 2);
        if (what < 6)
            add(first, first + length);
        else if (what < 8)
            remove_one(n % 2 == 0 ? first : model[random_below(&random, MODELLED)].first);
        else if (what == 8)
            remove_and_put_back(model[random_below(&random, MODELLED)].first);
        else
            forget(first, first + length / 8);
        assert_as_modelled();
    }
}
END_TEST

START_TEST(test_region_among_the_objects_of_another_leaves_it) {
    add(1000, 2000);
    add(1000 + HEAD, 2000);
    add(1000 + 2 * HEAD, 1500);
    assert_as_modelled();
    ck_assert_int_eq(modelled_count(), 3);
}
END_TEST

START_TEST(test_region_over_the_index_or_the_end_of_another_takes_its_place) {
    add(1000, 2000);
    add(1000 + HEAD - 1, 1900);
    ck_assert_int_eq(modelled_count(), 1);
    assert_as_modelled();
    add(1500, 2500);
    ck_assert_int_eq(modelled_count(), 1);
    assert_as_modelled();
}
END_TEST

START_TEST(test_one_region_takes_the_place_of_many) {
    for (uintptr_t i = 0; i < 100; i++)
        add(1000 + i * 100, 1100 + i * 100);
    assert_as_modelled();
    add(900, 20000);
    ck_assert_int_eq(modelled_count(), 1);
    assert_as_modelled();
}
END_TEST

static struct mem_entry mapped[50];

/* Their entries are the caller's, and come back as they were. */
START_TEST(test_mapped_regions_keep_their_entries) {
    for (uintptr_t i = 0; i < COUNT(mapped); i++) {
        const uintptr_t first = 5000 + (i * 37 % COUNT(mapped)) * 100;
        mem_registry_add_mapped(&mapped[i], first, first + 100);
        *vacant() = (struct modelled){&mapped[i], first, first + 100, first + 100};
    }
    assert_as_modelled();
    for (uintptr_t i = 0; i < COUNT(mapped); i++) {
        struct mem_entry *entry = mem_registry_remove(mapped[i].first);
        ck_assert_ptr_eq(entry, &mapped[i]);
        mem_registry_put_back(entry);
        assert_as_modelled();
    }
}
END_TEST

/* The system may map a region where the program has unmapped one that it had placed. */
START_TEST(test_mapped_region_takes_the_place_of_those_that_were_placed_there) {
    add(1000, 2000);
    add(2500, 2600);
    add(900, 1100);
    add(4000, 4100);
    mem_registry_add_mapped(&mapped[0], 1000, 3000);
    ck_assert_ptr_eq(mem_registry_remove(1000), &mapped[0]);
    ck_assert_ptr_null(mem_registry_remove(1000));
    ck_assert_ptr_null(mem_registry_remove(2500));
    ck_assert_ptr_null(mem_registry_remove(900));
    ck_assert_ptr_nonnull(mem_registry_remove(4000));
}
END_TEST

static int owned;

static void count_owned(struct mem_lock *lock) {
    owned += atomic_load(&lock->state) == MEM_LOCK_OWNED;
}

START_TEST(test_region_that_is_made_within_a_fork_is_the_forks) {
    add(1000, 2000);
    mem_gate_forks = 1;
    add(3000, 4000);
    mem_gate_forks = 0;
    mem_registry_each_lock(count_owned);
    ck_assert_int_eq(owned, 1);
}
END_TEST

/* ---- Memory ---- */

#if INTERPOSED

/* Adds regions that are never removed, in each way in which a program can forget them. */
static void add_forgetfully(uintptr_t n, int way) {
    const uintptr_t far = (uintptr_t)1 << 30;
    const uintptr_t firsts[] = {5000, 5000 + n % 1000 * 8, far - n * 8, far + n * 8};
    mem_registry_add_placed(firsts[way], firsts[way] + HEAD, firsts[way] + 9000);
}

START_TEST(test_regions_that_are_forgotten_take_no_more_memory) {
    add_forgetfully(0, _i);
    begin_record(0);
    for (uintptr_t n = 1; n < 100000; n++)
        add_forgetfully(n, _i);
    ck_assert_int_eq(record.calls, 0);
}
END_TEST

START_TEST(test_entries_of_many_regions_are_used_again) {
    enum { REGIONS = 1000 };
    for (int round = 0; round < 10; round++) {
        if (round == 1)
            begin_record(0);
        for (uintptr_t i = 0; i < REGIONS; i++)
            must(mem_registry_add_placed(100 * i, 100 * i + HEAD, 100 * i + 100) != NULL);
        mem_registry_forget(0, 100 * REGIONS);
    }
    ck_assert_int_eq(record.calls, 0);
}
END_TEST

/* The system refuses each of its calls in turn. */
START_TEST(test_refusal_changes_nothing) {
    struct mem_entry *entry = NULL;
    int call = 0;
    for (; entry == NULL; call++) {
        begin_record(call + 1);
        entry = mem_registry_add_placed(1000, 1000 + HEAD, 2000);
        if (entry == NULL)
            assert_as_modelled();
        must_equal(record.unmapped, entry == NULL ? record.mapped : 0);
    }
    ck_assert_int_gt(call, 2);
    begin_record(0);
    *vacant() = (struct modelled){entry, 1000, 1000 + HEAD, 2000};
    assert_as_modelled();
}
END_TEST

#endif

int main(void) {
    TCase *tests = new_case("registry");

    tcase_add_test(tests, test_registry_is_empty_at_first);
    tcase_add_loop_test(tests, test_random_regions_are_as_modelled, 0, rounds(10));
    tcase_add_test(tests, test_region_among_the_objects_of_another_leaves_it);
    tcase_add_test(tests, test_region_over_the_index_or_the_end_of_another_takes_its_place);
    tcase_add_test(tests, test_one_region_takes_the_place_of_many);
    tcase_add_test(tests, test_mapped_regions_keep_their_entries);
    tcase_add_test(tests, test_mapped_region_takes_the_place_of_those_that_were_placed_there);
    tcase_add_test(tests, test_region_that_is_made_within_a_fork_is_the_forks);
#if INTERPOSED
    tcase_add_loop_test(tests, test_regions_that_are_forgotten_take_no_more_memory, 0, 4);
    tcase_add_test(tests, test_entries_of_many_regions_are_used_again);
    tcase_add_test(tests, test_refusal_changes_nothing);
#endif
    return run_case(tests);
}
