/*
 * unit_moments.c - page/: which moments are kept, and that a heap is whole at each of them: its
 * objects and its free chunks are those of a model that holds every granule.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "page/fit.h"
#include "page/holes.h"
#include "page/moments.h"
#include "page/placements.h"
#include "unit.h"

#include <string.h>

enum { GRANULES = 48, BYTES = 16, OPERATIONS = 4000, MANY = 40000 };

/* ---- Moments ---- */

static const struct events some_events[2] = {{{1, 2, 0, 77, 0}}, {{3999, 2, 100, 0, 0}}};

static bool has(const struct moments *m, uint64_t done) {
    for (size_t i = 0; i < m->count; i++)
        if (m->of[i].done == done)
            return true;
    return false;
}

START_TEST(test_each_level_has_all_events_and_half_of_the_rest) {
    struct moments all;
    size_t before = 0;
    moments_choose(&all, MOMENTS_EVEN * 100, some_events, 2);
    for (int level = 0; level < MOMENTS_LEVELS; level++) {
        struct moments m = moments_thin(&all, level);
        size_t even = MOMENTS_EVEN >> level;
        for (uint64_t i = 1; i <= even; i++)
            must(has(&m, i * MOMENTS_EVEN * 100 / even));
        for (size_t i = 0; i < 2; i++)
            for (int k = 0; k < EVENTS; k++)
                must(some_events[i].at[k] == 0 || has(&m, some_events[i].at[k]));
        for (size_t i = 1; i < m.count; i++)
            must(m.of[i - 1].done < m.of[i].done);
        must(level == 0 || m.count < before);
        must(m.of[m.count - 1].is_end);
        before = m.count;
    }
    must(before >= 16);
}
END_TEST

START_TEST(test_events_of_styles_are_told_apart) {
    struct moments m;
    moments_choose(&m, 5, some_events, 2);
    must_equal(m.of[0].events[0], 1 << EVENT_PEAK);
    must_equal(m.of[0].events[1], 0);
    must_equal(m.of[1].events[0], 1 << EVENT_TIGHTEST);
    must_equal(m.of[1].events[1], 1 << EVENT_TIGHTEST);
}
END_TEST

START_TEST(test_short_traces_have_a_moment_after_each_operation) {
    const struct events none = {{0}};
    struct moments m;
    moments_choose(&m, 7, &none, 1);
    must_equal(m.count, 7);
    moments_choose(&m, 0, &none, 1);
    must_equal(m.count, 1);
    must_equal(m.of[0].done, 0);
}
END_TEST

/* ---- Heaps ---- */

/* At each moment, the offset of the object that has a granule, and 1; or 0: it is free. */
static uint64_t model[MOMENTS_MOST][GRANULES];

static struct placement made[MANY];
static struct placements objects = {.of = made};

/* Ends the object at a granule; it counts if there was a moment. */
static void end_object(uint64_t *now, struct placement *live, size_t at, size_t moment) {
    struct placement one = live[now[at] - 1];
    for (size_t i = 0; i < one.bytes / BYTES; i++)
        now[one.offset / BYTES + i] = 0;
    if (one.first == moment)
        return;
    one.last = (unsigned char)(moment - 1);
    made[objects.count++] = one;
}

static void begin_object(uint64_t *now, struct placement *live, size_t at, size_t moment,
                         uint64_t *random) {
    size_t most = 1 + random_below(random, 5), length = 0;
    for (; length < most && at + length < GRANULES && now[at + length] == 0; length++)
        now[at + length] = at + 1;
    live[at] = (struct placement){.offset = at * BYTES,
                                  .bytes = length * BYTES,
                                  .since = random_below(random, 1000),
                                  .first = (unsigned char)moment};
}

static void make_heaps(size_t moments, uint64_t *random) {
    uint64_t now[GRANULES] = {0};
    struct placement live[GRANULES];
    objects.count = 0;
    for (size_t m = 0; m <= moments; m++) {
        for (size_t i = random_below(random, 8); m < moments && i > 0; i--) {
            size_t at = random_below(random, GRANULES);
            if (now[at] != 0)
                end_object(now, live, at, m);
            else
                begin_object(now, live, at, m, random);
        }
        if (m < moments)
            memcpy(model[m], now, sizeof now);
    }
    for (size_t at = 0; at < GRANULES; at++)
        if (now[at] != 0)
            end_object(now, live, at, moments);
    placements_sort(&objects);
}

/* Writes what is there at a moment over the granules of a map, which were `before`. */
static void lay(uint64_t *map, const struct placements *p, size_t moment, bool free) {
    for (size_t i = 0; i < p->count; i++) {
        const struct placement *one = &p->of[i];
        if (one->first > moment || one->last < moment)
            continue;
        for (size_t k = 0; k < one->bytes / BYTES; k++) {
            must_equal(map[one->offset / BYTES + k], UINT64_MAX);
            map[one->offset / BYTES + k] = free ? 0 : one->offset / BYTES + 1;
        }
    }
}

/* Whether free chunks are as long as they can be. */
static void check_apart(const struct placements *holes, const uint64_t *map, size_t moment) {
    for (size_t i = 0; i < holes->count; i++) {
        const struct placement *one = &holes->of[i];
        size_t end = (one->offset + one->bytes) / BYTES;
        if (one->first > moment || one->last < moment)
            continue;
        must(one->offset == 0 || map[one->offset / BYTES - 1] != 0);
        must(end == GRANULES || map[end] != 0);
    }
}

static void check_level(const struct moments *all, int level) {
    struct moments kept = moments_thin(all, level);
    struct placements some, holes;
    must(placements_thin(&some, &objects, all, &kept));
    must(holes_find(&holes, &some, kept.count, GRANULES * BYTES));
    for (size_t i = 0, m = 0; i < kept.count; i++) {
        uint64_t map[GRANULES];
        while (all->of[m].done < kept.of[i].done)
            m++;
        memset(map, 0xff, sizeof map);
        lay(map, &some, i, false);
        lay(map, &holes, i, true);
        must(memcmp(map, model[m], sizeof map) == 0);
        check_apart(&holes, map, i);
    }
    placements_end(&some);
    placements_end(&holes);
}

START_TEST(test_heaps_are_whole_at_all_moments_that_are_kept) {
    uint64_t random = random_seed(1);
    struct moments all;
    moments_choose(&all, OPERATIONS, some_events, 2);
    for (unsigned step = 0; step < 30; step++) {
        make_heaps(all.count, &random);
        for (int level = 0; level < MOMENTS_LEVELS; level++)
            check_level(&all, level);
    }
}
END_TEST

/* ---- What fits ---- */

static struct panel panel;

START_TEST(test_what_does_not_fit_is_left_out_and_no_more) {
    uint64_t random = random_seed(1);
    const struct known known = {.count = 0};
    struct moments all;
    struct fit fit;
    size_t before = SIZE_MAX;
    moments_choose(&all, OPERATIONS, some_events, 1);
    make_heaps(all.count, &random);
    const struct supply supply = {&all, &objects, &panel, &known, 1, GRANULES * BYTES};
    for (size_t room = 100000; room > 300; room = room * 9 / 10) {
        must(fit_find(&fit, &supply, room));
        must(pack_length(&fit.packed) <= room || fit.least > GRANULES * BYTES);
        must(fit.moments.count <= before);
        must(fit.least == 0 || moments_thin(&all, MOMENTS_LEVELS - 1).count == fit.moments.count);
        before = fit.moments.count;
        fit_end(&fit);
    }
    must(fit.least > 0);
}
END_TEST

int main(void) {
    TCase *tests = new_case("moments");
    tcase_add_test(tests, test_each_level_has_all_events_and_half_of_the_rest);
    tcase_add_test(tests, test_events_of_styles_are_told_apart);
    tcase_add_test(tests, test_short_traces_have_a_moment_after_each_operation);
    tcase_add_test(tests, test_heaps_are_whole_at_all_moments_that_are_kept);
    tcase_add_test(tests, test_what_does_not_fit_is_left_out_and_no_more);
    return run_case(tests);
}
