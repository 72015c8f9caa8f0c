/*
 * unit_lives.c - lives.h: the object at a place has one slot while it lives, and no slot is lost;
 * and idset.h, which knows the ids that were added.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "idset.h"
#include "lives.h"
#include "unit.h"

#include <string.h>

enum { PLACES = 3000 };

/* Places near each other, and some whose hashes meet. */
static uint64_t place_of(uint32_t i) {
    return i % 3 == 0 ? (uint64_t)i << 40 : i;
}

static uint32_t slots[PLACES]; /* by place; 0: no object is there */

static void begin_or_end(struct lives *l, uint32_t i) {
    must_equal(lives_find(l, place_of(i)), slots[i]);
    if (slots[i] == 0) {
        slots[i] = lives_begin(l, place_of(i));
        must(slots[i] != LIVES_NONE);
    } else {
        lives_end(l, slots[i]);
        slots[i] = 0;
    }
}

static void move(struct lives *l, uint32_t from, uint32_t to) {
    if (slots[from] == 0 || slots[to] != 0)
        return;
    lives_move(l, slots[from], place_of(to));
    slots[to] = slots[from];
    slots[from] = 0;
}

static void compare(const struct lives *l) {
    static unsigned char given[PLACES + 1];
    uint32_t count = 0;
    memset(given, 0, sizeof given);
    for (uint32_t i = 0; i < PLACES; i++) {
        must_equal(lives_find(l, place_of(i)), slots[i]);
        must(slots[i] <= PLACES && (slots[i] == 0 || !given[slots[i]]));
        given[slots[i]] = 1;
        count += slots[i] != 0;
    }
    must_equal(l->count, count);
}

START_TEST(test_random_objects_are_found_by_their_places) {
    struct lives l = {.place = NULL};
    uint64_t random = random_seed(1);
    uint32_t most = 0;
    for (uint32_t step = 1; step < 200000; step++) {
        uint32_t i = random_below(&random, PLACES);
        if (random_below(&random, 3) == 0)
            move(&l, i, random_below(&random, PLACES));
        else
            begin_or_end(&l, i);
        most = l.count > most ? l.count : most;
        if (step % 20000 == 0)
            compare(&l);
    }
    must_equal(l.last, most); /* no slot is new while one is free */
    lives_free(&l);
}
END_TEST

START_TEST(test_nothing_is_found_where_nothing_began) {
    struct lives l = {.place = NULL};
    must(lives_find(&l, 0) == LIVES_NONE);
    uint32_t slot = lives_begin(&l, 0);
    must(slot == 1 && lives_find(&l, 0) == 1);
    must(lives_find(&l, 1) == LIVES_NONE);
    lives_end(&l, slot);
    must(lives_find(&l, 0) == LIVES_NONE);
    must(lives_begin(&l, UINT64_MAX) == 1);
    lives_free(&l);
}
END_TEST

START_TEST(test_ids_are_in_the_set_once_they_were_added) {
    static const uint64_t ids[] = {0, 1, 7, 8, 32767, 32768, 1000000, IDSET_MOST - 1, IDSET_MOST};
    struct idset s = {NULL};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        must(!idset_has(&s, ids[i]));
        must(idset_add(&s, ids[i]) && idset_add(&s, ids[i]));
        must(idset_has(&s, ids[i]) && !idset_has(&s, ids[i] + 2));
    }
    must(!idset_add(&s, IDSET_MOST + 1) && !idset_has(&s, UINT64_MAX));
    idset_free(&s);
}
END_TEST

int main(void) {
    TCase *tests = new_case("lives");
    tcase_add_test(tests, test_random_objects_are_found_by_their_places);
    tcase_add_test(tests, test_nothing_is_found_where_nothing_began);
    tcase_add_test(tests, test_ids_are_in_the_set_once_they_were_added);
    return run_case(tests);
}
