/*
 * test_realloc_rules.c - Mem_Realloc against a naive version of the rules that say where a resized
 * object is: in every arrangement of chunks around it, and in long random runs.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "resizing.h"

#include <stdint.h>
#include <string.h>

#include "random.h"

/* ---- every arrangement ---- */

/* An object, a free chunk or none on either side, and another far away; sizes in granules.
 * Everything else is live. */
struct layout {
    int pad, before, object, after, far;
};

/* Where they are, in bytes. */
struct places {
    int before, object, after, wall, far, rest;
};

static struct places lay_out(const struct layout *l) {
    struct places p = {.before = l->pad * GRANULE};
    p.object = p.before + l->before * GRANULE;
    p.after = p.object + l->object * GRANULE;
    p.wall = p.after + l->after * GRANULE;
    p.far = p.wall + GRANULE;
    p.rest = p.far + l->far * GRANULE;
    const int starts[] = {0, p.before, p.object, p.after, p.wall, p.far, p.rest, SPACE};
    for (size_t i = 0; i + 1 < COUNT(starts); i++)
        if (starts[i] < starts[i + 1])
            must(place(starts[i + 1] - starts[i], FIRSTFIT) == starts[i]);
    must(Mem_FreeList() == NULL);
    must(l->before == 0 || release(p.before) == 0);
    must(l->after == 0 || release(p.after) == 0);
    must(l->far == 0 || release(p.far) == 0);
    return p;
}

static void clear_away(const struct layout *l, const struct places *p, int object) {
    must(l->pad == 0 || release(0) == 0);
    must(release(object) == 0);
    must(release(p->wall) == 0);
    must(release(p->rest) == 0);
    assert_list({0, SPACE});
}

/* The chunk that the style takes for so many granules: `before`, `far` or none. Never the one
 * behind the object: if it is too small to grow into, it is too small for the whole. */
static int chosen(const struct layout *l, const struct places *p, int granules, int style) {
    const bool before = l->before >= granules, far = l->far >= granules;
    if (!before || !far)
        return before ? p->before : far ? p->far : NOWHERE;
    if (style == FIRSTFIT || l->before == l->far)
        return p->before;
    return (style == WORSTFIT) == (l->before > l->far) ? p->before : p->far;
}

static size_t add(struct chunk *chunks, size_t count, int offset, int end) {
    if (offset < end)
        chunks[count++] = (struct chunk){offset, end - offset};
    return count;
}

/* Asserts what is free when the object is at `to` and has `bytes`. */
static void assert_free_around(const struct layout *l, const struct places *p, int to, int bytes) {
    struct chunk c[3];
    const int before = p->before + (to == p->before && to != p->object ? bytes : 0);
    const int far = p->far + (to == p->far ? bytes : 0);
    size_t n = 0;
    if (to == p->object || to == NOWHERE) {
        const int end = to == NOWHERE ? p->after : to + bytes;
        n = add(c, n, before, p->object);
        n = add(c, n, end, p->wall);
    } else {
        n = add(c, n, before, p->wall);
    }
    n = add(c, n, far, p->rest);
    const char *fault = list_fault(c, n);
    if (fault != NULL)
        ck_abort_msg("%d,%d,%d,%d,%d to %d bytes: %s", l->pad, l->before, l->object, l->after,
                     l->far, bytes, fault);
}

static void resize_in_layout(const struct layout *l, int granules, int style) {
    const struct places p = lay_out(l);
    const int old = l->object * GRANULE, bytes = granules * GRANULE;
    const int expected =
        granules <= l->object + l->after ? p.object : chosen(l, &p, granules, style);
    fill(region + p.object, (size_t)old, granules);
    memset(region + p.wall, 0x11, GRANULE);
    memset(region + p.rest, 0x11, GRANULE);

    const int to = resize_at(p.object, bytes, style);
    if (to != expected)
        ck_abort_msg("%d,%d,%d,%d,%d to %d granules by style %d is at %d, not %d", l->pad,
                     l->before, l->object, l->after, l->far, granules, style, to, expected);
    assert_free_around(l, &p, to, bytes);
    const int now = to == NOWHERE ? p.object : to;
    must(holds(region + now, (size_t)(to != NOWHERE && bytes < old ? bytes : old), granules));
    must(region[p.wall] == 0x11 && memcmp(region + p.wall, region + p.rest, GRANULE) == 0);
    must(memcmp(region + p.wall, region + p.wall + 1, GRANULE - 1) == 0);
    clear_away(l, &p, now);
}

/* To every size that can make a difference, and its neighbours. */
static void resize_to_all_sizes(const struct layout *l) {
    const int edges[] = {1, l->object, l->object + l->after, l->before, l->far, 64, 128};
    for (size_t i = 0; i < COUNT(edges); i++)
        for (int granules = edges[i] - 1; granules <= edges[i] + 1; granules++)
            if (granules > 0)
                resize_in_layout(l, granules, styles[granules % STYLES]);
    for (int s = 0; s < STYLES; s++)
        resize_in_layout(l, l->object + l->after + 1, styles[s]);
}

START_TEST(test_every_arrangement_of_chunks_around_the_object) {
    static const int pads[] = {0, 1, 63}, befores[] = {0, 1, 64, 300};
    static const int sizes[] = {1, 2, 63, 64, 65, 257}, afters[] = {0, 1, 63, 64, 65, 256};
    static const int fars[] = {0, 65, 400};
    struct layout l = {.pad = pads[_i % 3], .object = sizes[_i / 3]};

    init_region(SPACE);
    resize = calls[_i % CALLS];
    for (size_t i = 0; i < COUNT(befores); i++)
        for (size_t j = 0; j < COUNT(afters); j++)
            for (size_t k = 0; k < COUNT(fars); k++) {
                if (light() && (i + j + k) % 3 != 0)
                    continue;
                l.before = befores[i];
                l.after = afters[j];
                l.far = fars[k];
                resize_to_all_sizes(&l);
            }
    assert_sound();
}
END_TEST

/* ---- at random ---- */

enum { GRANULES = REGION / GRANULE, SLOTS = 40 };

/* The slot of the object at each granule, plus one; 0 if free. */
static unsigned char owner[GRANULES];

static struct slot { int offset, size; /* in bytes; size 0 if there is no object */ } slots[SLOTS];

static int granules_of(int size) {
    return whole_granules(size) / GRANULE;
}

static void own(const struct slot *slot, int number) {
    memset(owner + slot->offset / GRANULE, number, (size_t)granules_of(slot->size));
}

static int free_from(int granule) {
    int end = granule;
    while (end < GRANULES && owner[end] == 0)
        end++;
    return end - granule;
}

static size_t find_chunks(struct chunk *chunks) {
    size_t n = 0;
    for (int g = 0; g < GRANULES; g++) {
        const int run = free_from(g);
        if (run > 0)
            chunks[n++] = (struct chunk){g * GRANULE, run * GRANULE};
        g += run;
    }
    return n;
}

static int placed_by_rule(int size, int style) {
    static struct chunk chunks[GRANULES];
    const struct chunk *best = NULL;
    const size_t count = find_chunks(chunks);
    for (const struct chunk *c = chunks; c < chunks + count; c++)
        if (c->size >= size && (best == NULL || (style == WORSTFIT && c->size > best->size) ||
                                (style == BESTFIT && c->size < best->size)))
            best = c;
    return best == NULL ? NOWHERE : best->offset;
}

static int resized_by_rule(const struct slot *slot, int size, int style) {
    const int old = granules_of(slot->size);
    if (slot->size > 0 && granules_of(size) <= old + free_from(slot->offset / GRANULE + old))
        return slot->offset;
    return placed_by_rule(size, style);
}

static void resize_slot(struct slot *slot, int size, int style) {
    const int key = (int)(slot - slots);
    const int expected = resized_by_rule(slot, size, style);
    char *old = slot->size > 0 ? region + slot->offset : NULL;
    char *now = resize(old, size, style);
    must(offset_of(now) == expected);
    if (now == NULL)
        return;
    must(holds(now, (size_t)(slot->size < size ? slot->size : size), key));
    own(slot, 0);
    *slot = (struct slot){expected, size};
    own(slot, key + 1);
    fill(now, (size_t)size, key);
}

static void free_slot(struct slot *slot) {
    must(slot->size == 0 || release(slot->offset) == 0);
    own(slot, 0);
    slot->size = 0;
}

static int random_size(uint64_t *random) {
    static const uint32_t bounds[] = {64, 1200, 5000, 20000};
    return 1 + (int)random_below(random, bounds[random_below(random, COUNT(bounds))]);
}

START_TEST(test_random_resizes_are_where_the_rules_put_them) {
    static struct chunk chunks[GRANULES];
    uint64_t random = random_seed((uint64_t)_i);
    init_region(REGION);
    resize = calls[_i % CALLS];
    for (int n = rounds(6000); n > 0; n--) {
        struct slot *slot = &slots[random_below(&random, SLOTS)];
        if (random_below(&random, 4) == 0)
            free_slot(slot);
        else
            resize_slot(slot, random_size(&random), styles[random_below(&random, STYLES)]);
        assert_list_is(chunks, find_chunks(chunks));
    }
    for (int i = 0; i < SLOTS; i++) {
        must(holds(region + slots[i].offset, (size_t)slots[i].size, i));
        free_slot(&slots[i]);
    }
    assert_list({0, REGION});
    assert_sound();
}
END_TEST

int main(void) {
    TCase *tests = new_case("realloc: rules");

    tcase_add_loop_test(tests, test_every_arrangement_of_chunks_around_the_object, 0, 18);
    tcase_add_loop_test(tests, test_random_resizes_are_where_the_rules_put_them, 0, 6);
    return run_case(tests);
}
