/*
 * unit_objects.c - objects.h: what was put at a place is taken away there, once.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "objects.h"
#include "unit.h"

enum { PLACES = 3000 };

/* Places near each other, and some whose hashes meet. */
static uint64_t place_of(uint32_t i) {
    return i % 3 == 0 ? (uint64_t)i << 40 : i;
}

START_TEST(test_random_objects_are_found_where_they_are) {
    static uint32_t model[PLACES]; /* id and 1; 0: none */
    struct objects o = {NULL, 0, 0};
    uint64_t random = random_seed(1);
    uint32_t taken;
    for (uint32_t step = 1; step < 200000; step++) {
        uint32_t i = random_below(&random, PLACES);
        if (random_below(&random, 2) == 0) {
            must(objects_put(&o, place_of(i), step));
            model[i] = step;
        } else {
            must(objects_take(&o, place_of(i), &taken) == (model[i] != 0));
            must(model[i] == 0 || taken == model[i]);
            model[i] = 0;
        }
    }
    for (uint32_t i = 0; i < PLACES; i++)
        must(objects_take(&o, place_of(i), &taken) == (model[i] != 0));
    must(o.count == 0);
    objects_free(&o);
}
END_TEST

START_TEST(test_nothing_is_found_where_nothing_was_put) {
    struct objects o = {NULL, 0, 0};
    uint32_t taken;
    must(!objects_take(&o, 0, &taken));
    must(objects_put(&o, 0, 7));
    must(!objects_take(&o, 1, &taken));
    must(objects_take(&o, 0, &taken) && taken == 7);
    must(!objects_take(&o, 0, &taken));
    objects_free(&o);
}
END_TEST

int main(void) {
    TCase *tests = new_case("objects");
    tcase_add_test(tests, test_random_objects_are_found_where_they_are);
    tcase_add_test(tests, test_nothing_is_found_where_nothing_was_put);
    return run_case(tests);
}
