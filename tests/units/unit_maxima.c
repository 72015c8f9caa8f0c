/*
 * unit_maxima.c - maxima.h: an array of sizes with a tree of maxima over it
 * answers what a plain array answers when it is read from end to end.
 *
 * Every test runs for each shape of a table: both widths, and counts of elements
 * next to those where the tree gets a new node or a new level. The largest is that of
 * a region of 2 GiB; of larger ones, the shape alone is looked at.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/maxima.h"

#include "unit.h"

#include <string.h>

static const struct shape {
    uint32_t elements;
    enum mem_width width;
} shapes[] = {
    {1, MEM_BYTES},       {2, MEM_BYTES},       {15, MEM_BYTES},    {16, MEM_BYTES},
    {17, MEM_BYTES},      {31, MEM_BYTES},      {33, MEM_BYTES},    {255, MEM_BYTES},
    {256, MEM_BYTES},     {257, MEM_BYTES},     {300, MEM_BYTES},   {4095, MEM_BYTES},
    {4096, MEM_BYTES},    {4097, MEM_BYTES},    {1, MEM_WORDS},     {2, MEM_WORDS},
    {15, MEM_WORDS},      {16, MEM_WORDS},      {17, MEM_WORDS},    {31, MEM_WORDS},
    {33, MEM_WORDS},      {255, MEM_WORDS},     {256, MEM_WORDS},   {257, MEM_WORDS},
    {300, MEM_WORDS},     {4095, MEM_WORDS},    {4096, MEM_WORDS},  {4097, MEM_WORDS},
    {65536, MEM_BYTES},   {65537, MEM_BYTES},   {65536, MEM_WORDS}, {65537, MEM_WORDS},
    {1 << 19, MEM_WORDS}, {1 << 21, MEM_BYTES},
};

/* So many come first that have few elements: enough where everything is slow. */
enum { SMALL_SHAPES = 28 };

enum { ELEMENTS_MAX = 1 << 21 };

/* ---- a tree beside a plain array ---- */

static struct shape shape;
static struct mem_maxima tree;
static uint32_t *plain;
static uint32_t first;  /* the position of element 0, reckoned here */
static uint32_t values; /* of the whole tree, padding included */

/* The largest value of an element. */
static uint32_t most(void) {
    return shape.width == MEM_BYTES ? UINT8_MAX : INT32_MAX;
}

static void start(int row) {
    shape = shapes[row];
    first = 0;
    for (uint32_t room = MEM_LANES; room < shape.elements; room *= MEM_LANES)
        first += room;
    values = (first + shape.elements + MEM_LANES - 1) / MEM_LANES * MEM_LANES;
    size_t bytes = (size_t)values * shape.width;
    void *memory;
    ck_assert_int_eq(posix_memalign(&memory, 64, bytes), 0);
    memset(memory, 0, bytes);
    mem_maxima_init(&tree, memory, shape.elements, shape.width);
    plain = calloc(values, sizeof plain[0]);
    ck_assert_ptr_nonnull(plain);
}

static void end(void) {
    free(tree.values);
    free(plain);
}

/* Whether a change is made in two steps, first the element and then what stands above its node, as
 * sizes.c does: each second one, in trees of several levels. */
static bool in_steps(void) {
    static unsigned changes;
    return first != 0 && changes++ % 2 == 1;
}

static void raise_in_steps(uint32_t element, uint32_t value) {
    if (mem_maxima_raise_element(&tree, element, value, shape.width))
        mem_maxima_raise_from(&tree, mem_maxima_above(first + element), value, shape.width);
}

static void lower_in_steps(uint32_t element, uint32_t value) {
    uint32_t old = mem_maxima_get(&tree, element, shape.width);
    if (value < old && mem_maxima_lower_element(&tree, element, old, &value, shape.width))
        mem_maxima_lower_from(&tree, mem_maxima_above(first + element), old, value, shape.width);
}

static void raise_to(uint32_t element, uint32_t value) {
    if (in_steps())
        raise_in_steps(element, value);
    else
        mem_maxima_raise(&tree, element, value, shape.width);
    if (value > plain[element])
        plain[element] = value;
}

static void lower_to(uint32_t element, uint32_t value) {
    if (in_steps())
        lower_in_steps(element, value);
    else
        mem_maxima_lower(&tree, element, value, shape.width);
    plain[element] = value;
}

/* What a search returns that has found nothing. */
#define NO_ELEMENT UINT32_MAX

static uint32_t find(uint32_t value) {
    uint32_t element;
    return mem_maxima_find(&tree, value, shape.width, &element) ? element : NO_ELEMENT;
}

static uint32_t find_after(uint32_t element, uint32_t value) {
    return mem_maxima_find_after(&tree, value, shape.width, &element) ? element : NO_ELEMENT;
}

/* Passes in both. If `from` falls, `risen` has to be its old value at least. */
static void pass(uint32_t from, uint32_t value, uint32_t to, uint32_t risen) {
    mem_maxima_pass(&tree, from, value, to, risen, shape.width);
    plain[from] = value;
    if (risen > plain[to])
        plain[to] = risen;
}

/* Reads from `element` on. */
static uint32_t plain_find(uint32_t element, uint32_t value) {
    for (; element < shape.elements; element++)
        if (plain[element] >= value)
            return element;
    return NO_ELEMENT;
}

static uint32_t plain_largest(void) {
    uint32_t largest = 0;
    for (uint32_t i = 0; i < shape.elements; i++)
        if (plain[i] > largest)
            largest = plain[i];
    return largest;
}

static void compare_searches(uint32_t element, uint32_t value) {
    uint32_t found = find(value);
    uint32_t after = find_after(element, value);
    if (found != plain_find(0, value))
        ck_abort_msg("first of at least %u: %u, not %u", value, found, plain_find(0, value));
    if (after != plain_find(element + 1, value))
        ck_abort_msg("first of at least %u after %u: %u, not %u", value, element, after,
                     plain_find(element + 1, value));
    must_equal(mem_maxima_largest(&tree, shape.width), plain_largest());
}

/* Compares every value of the tree, padding included, with the plain array: a position above the
 * elements has the largest of the sixteen below it, or 0. */
static void compare_values(void) {
    uint32_t *expected = calloc(values, sizeof expected[0]);
    memcpy(expected + first, plain, shape.elements * sizeof plain[0]);
    for (uint32_t position = first; position-- > 0;)
        for (uint32_t lane = 0; lane < MEM_LANES; lane++) {
            uint32_t below = (position + 1) * MEM_LANES + lane;
            if (below < values && expected[below] > expected[position])
                expected[position] = expected[below];
        }
    for (uint32_t i = 0; i < values; i++)
        if (mem_maxima_value(&tree, i, shape.width) != expected[i])
            ck_abort_msg("position %u has %u, not %u", i, mem_maxima_value(&tree, i, shape.width),
                         expected[i]);
    free(expected);
}

/* Elements to try one by one: all of a small tree, of a large one those
 * at the edges of nodes. Returns the first of them at `element` or after it. */
static uint32_t next_to_try(uint32_t element) {
    uint32_t dense = light() ? 300 : 4200;
    if (shape.elements <= dense || element >= shape.elements)
        return element;
    uint32_t step = shape.elements / 16;
    uint32_t in_step = element % step;
    if (in_step == 0 || in_step == 1 || in_step == step - 1)
        return element;
    uint32_t edge = element - in_step + step - 1;
    return edge < shape.elements ? edge : shape.elements - 1;
}

#define for_elements_to_try(e) for (uint32_t e = 0; e < shape.elements; e = next_to_try(e + 1))

/* ---- shape ---- */

/* The levels are the digits of the last element's number, to the base of 16. */
START_TEST(test_depth_is_logarithmic) {
    for (uint32_t elements = 1; elements <= ELEMENTS_MAX; elements += elements < 70000 ? 1 : 997) {
        uint32_t digits = 1;
        for (uint32_t last = (elements - 1) / MEM_LANES; last > 0; last /= MEM_LANES)
            digits++;
        if (mem_maxima_levels(elements) != digits)
            ck_abort_msg("%u elements have %u levels", elements, mem_maxima_levels(elements));
    }
    ck_assert_uint_eq(mem_maxima_levels(ELEMENTS_MAX), 6);
    ck_assert_uint_eq(mem_maxima_levels(1 << 20), 5);
    ck_assert_uint_eq(mem_maxima_levels((1 << 20) + 1), 6);
    ck_assert_uint_eq(mem_maxima_levels(1 << 24), 6);
    ck_assert_uint_eq(mem_maxima_levels((1 << 24) + 1), 7);
    ck_assert_uint_eq(mem_maxima_levels(1 << 25), 7); /* of 32 GiB */
}
END_TEST

START_TEST(test_elements_come_after_all_levels_above) {
    const uint32_t expected[] = {0,
                                 16,
                                 16 + 256,
                                 16 + 256 + 4096,
                                 16 + 256 + 4096 + 65536,
                                 16 + 256 + 4096 + 65536 + 1048576,
                                 16 + 256 + 4096 + 65536 + 1048576 + 16777216};
    for (uint32_t i = 0; i < COUNT(expected); i++)
        ck_assert_uint_eq(mem_maxima_first(i + 1), expected[i]);
}
END_TEST

START_TEST(test_bytes_are_those_of_whole_nodes) {
    const struct {
        uint32_t elements, values;
    } sizes[] = {
        {1, 16},
        {15, 16},
        {16, 16},
        {17, 16 + 32},
        {32, 16 + 32},
        {33, 16 + 48},
        {255, 16 + 256},
        {256, 16 + 256},
        {257, 16 + 256 + 272},
        {4096, 16 + 256 + 4096},
        {4097, 16 + 256 + 4096 + 4112},
        {65537, 16 + 256 + 4096 + 65536 + 65552},
        {ELEMENTS_MAX, 16 + 256 + 4096 + 65536 + 1048576 + ELEMENTS_MAX},
    };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ck_assert_uint_eq(mem_maxima_bytes(sizes[i].elements, MEM_BYTES), sizes[i].values);
        ck_assert_uint_eq(mem_maxima_bytes(sizes[i].elements, MEM_WORDS), 4 * sizes[i].values);
    }
}
END_TEST

START_TEST(test_bytes_hold_each_shape) {
    start(_i);
    must_equal(mem_maxima_bytes(shape.elements, shape.width), (size_t)values * shape.width);
    must_equal(tree.first, first);
    end();
}
END_TEST

/* ---- searches ---- */

START_TEST(test_new_tree_has_only_zeros) {
    start(_i);
    compare_values();
    must_equal(mem_maxima_largest(&tree, shape.width), 0);
    must_equal(find(1), NO_ELEMENT);
    must_equal(find(most()), NO_ELEMENT);
    for_elements_to_try(e) {
        must_equal(mem_maxima_get(&tree, e, shape.width), 0);
        must_equal(find_after(e, 1), NO_ELEMENT);
    }
    end();
}
END_TEST

/* The only element that is not 0, wherever it is. */
static void assert_alone(uint32_t e, uint32_t value) {
    must_equal(mem_maxima_get(&tree, e, shape.width), value);
    must_equal(mem_maxima_largest(&tree, shape.width), value);
    must_equal(find(1), e);
    must_equal(find(value), e);
    must_equal(find_after(e, 1), NO_ELEMENT);
    if (value < most())
        must_equal(find(value + 1), NO_ELEMENT);
    if (e == 0)
        return;
    must_equal(find_after(0, value), e);
    must_equal(find_after(e - 1, value), e);
    must_equal(find_after(e / 2, value), e);
}

START_TEST(test_one_element_is_found_wherever_it_is) {
    start(_i);
    for_elements_to_try(e) {
        raise_to(e, most() / 2);
        assert_alone(e, most() / 2);
        raise_to(e, most());
        assert_alone(e, most());
        lower_to(e, 1);
        assert_alone(e, 1);
        lower_to(e, 0);
    }
    compare_values();
    end();
}
END_TEST

START_TEST(test_the_second_of_two_is_found_after_the_first) {
    start(_i);
    uint32_t step = shape.elements / 40 + 1;
    for (uint32_t a = 0; a < shape.elements; a += step)
        for (uint32_t b = a + 1; b < shape.elements; b += step) {
            raise_to(a, 7);
            raise_to(b, 7);
            must_equal(find(7), a);
            must_equal(find_after(a, 7), b);
            must_equal(find_after(b, 7), NO_ELEMENT);
            lower_to(a, 6);
            must_equal(find(7), b);
            must_equal(find(6), a);
            lower_to(a, 0);
            lower_to(b, 0);
        }
    compare_values();
    end();
}
END_TEST

/* Elements that go up, go down, or are all equal: the first large enough is at
 * either end or in between. */
START_TEST(test_first_of_an_ascending_and_of_a_descending_array) {
    start(_i);
    uint32_t range = shape.elements < 200 ? shape.elements : 200;
    for (int descending = 0; descending < 2; descending++) {
        for (uint32_t e = 0; e < shape.elements; e++) {
            uint32_t rank = (uint32_t)((uint64_t)e * range / shape.elements);
            uint32_t value = 1 + (descending ? range - 1 - rank : rank);
            raise_to(e, value);
            lower_to(e, value);
        }
        for (uint32_t value = 1; value <= range + 1; value += range / 7 + 1)
            for (uint32_t e = 0; e < shape.elements; e += shape.elements / 7 + 1)
                compare_searches(e, value);
    }
    compare_values();
    end();
}
END_TEST

/* ---- changes ---- */

START_TEST(test_raising_to_less_and_lowering_to_the_same_change_nothing) {
    start(_i);
    for_elements_to_try(e) raise_to(e, 9);
    compare_values();
    for_elements_to_try(e) {
        mem_maxima_raise(&tree, e, 9, shape.width);
        mem_maxima_raise(&tree, e, 8, shape.width);
        mem_maxima_raise(&tree, e, 0, shape.width);
        mem_maxima_lower(&tree, e, 9, shape.width);
    }
    compare_values();
    end();
}
END_TEST

/* Of several that are the largest, the last to be lowered lowers the maximum. */
START_TEST(test_maximum_stays_while_one_element_has_it) {
    start(_i);
    uint32_t step = shape.elements / 20 + 1;
    for (uint32_t e = 0; e < shape.elements; e += step)
        raise_to(e, 20);
    for (uint32_t e = 0; e < shape.elements; e += step) {
        must_equal(mem_maxima_largest(&tree, shape.width), 20);
        must_equal(find(20), e);
        lower_to(e, 10);
    }
    must_equal(mem_maxima_largest(&tree, shape.width), 10);
    compare_values();
    end();
}
END_TEST

/* As often to an element in the same node as to any element. */
static void random_pass(uint64_t *random, uint32_t from, uint32_t value) {
    bool far = random_below(random, 2) == 0;
    uint32_t to = far ? random_below(random, shape.elements) : from ^ random_below(random, 16);
    if (to >= shape.elements || to == from)
        return;
    uint32_t left = value < plain[from] ? value : plain[from];
    bool stays = random_below(random, 4) == 0;
    pass(from, stays ? plain[from] : left, to, stays || value > plain[from] ? value : plain[from]);
}

static void random_change(uint64_t *random, uint32_t range) {
    uint32_t element = random_below(random, shape.elements);
    uint32_t value = most() - random_below(random, range);
    if (random_below(random, 3) == 0) {
        random_pass(random, element, value);
        return;
    }
    if (random_below(random, 4) == 0)
        lower_to(element, 0);
    else if (value < plain[element])
        lower_to(element, value);
    else
        raise_to(element, value);
}

/* Few values make many ties; many make many maxima. The searches are compared
 * after each change, the whole tree sometimes. */
START_TEST(test_random_changes) {
    start(_i);
    uint64_t random = random_seed((uint64_t)_i);
    uint32_t cost = shape.elements / 1000 + 1;
    int changes = rounds(20000) / (int)cost + 20;
    for (int n = 0; n < changes; n++) {
        uint32_t range = n < changes / 2 ? 3 : most() - 1;
        random_change(&random, range);
        compare_searches(random_below(&random, shape.elements),
                         most() - random_below(&random, range));
        if (n % 64 == 0)
            compare_values();
    }
    compare_values();
    end();
}
END_TEST

/* Before the pass, `from` alone has the maximum, then `to` alone, wherever both are. */
START_TEST(test_maximum_is_passed_from_one_element_to_another) {
    start(_i);
    for_elements_to_try(from) {
        const uint32_t ends[] = {0, from / 2, from ^ 1, from + 1, from + 17, shape.elements - 1};
        for (size_t i = 0; i < COUNT(ends); i++) {
            if (ends[i] >= shape.elements || ends[i] == from)
                continue;
            raise_to(from, 9);
            pass(from, 3, ends[i], 9);
            must_equal(find(9), ends[i]);
            must_equal(mem_maxima_get(&tree, from, shape.width), 3);
            must_equal(find_after(ends[i], 9), NO_ELEMENT);
            pass(ends[i], 0, from, 9);
            must_equal(find(1), from);
            lower_to(from, 0);
        }
    }
    compare_values();
    end();
}
END_TEST

/* ---- cost ---- */

/* The number of the node that holds a position. */
static uint32_t node_of(uint32_t position) {
    return position / MEM_LANES;
}

/* Whether a node lies on the way from the root to an element. */
static bool is_above(uint32_t node, uint32_t element) {
    uint32_t way = node_of(first + element);
    while (way > node)
        way = node_of(way - 1);
    return way == node;
}

/* Fills all nodes but those on the way to a or b with the largest value, which misleads a search
 * that reads them. */
static void spoil_elsewhere(uint32_t a, uint32_t b) {
    for (uint32_t i = 0; i < values; i++)
        if (!is_above(node_of(i), a) && !is_above(node_of(i), b))
            mem_maxima_store(&tree, i, most(), shape.width);
}

static void assert_spoilt_elsewhere(uint32_t a, uint32_t b) {
    for (uint32_t i = 0; i < values; i++)
        if (!is_above(node_of(i), a) && !is_above(node_of(i), b) &&
            mem_maxima_value(&tree, i, shape.width) != most())
            ck_abort_msg("position %u was written", i);
}

START_TEST(test_only_the_nodes_on_the_way_are_read_and_written) {
    start(_i);
    uint32_t count = shape.elements;
    const uint32_t ends[][2] = {{0, count - 1}, {count / 3, count / 2}, {count - 1, count - 1}};
    for (size_t i = 0; i < COUNT(ends); i++) {
        uint32_t a = ends[i][0], b = ends[i][1];
        memset(tree.values, 0, (size_t)values * shape.width);
        spoil_elsewhere(a, b);
        mem_maxima_raise(&tree, a, 5, shape.width);
        mem_maxima_raise(&tree, b, 5, shape.width);
        must_equal(mem_maxima_largest(&tree, shape.width), 5);
        must_equal(find(5), a);
        must_equal(find_after(a, 5), a == b ? NO_ELEMENT : b);
        must_equal(find_after(b, 1), NO_ELEMENT);
        mem_maxima_lower(&tree, a, 0, shape.width);
        if (a != b)
            mem_maxima_lower(&tree, b, 0, shape.width);
        must_equal(mem_maxima_largest(&tree, shape.width), 0);
        assert_spoilt_elsewhere(a, b);
    }
    end();
}
END_TEST

int main(void) {
    TCase *tests = new_case("maxima");
    const int count = light() ? SMALL_SHAPES : COUNT(shapes);

    tcase_add_test(tests, test_depth_is_logarithmic);
    tcase_add_test(tests, test_elements_come_after_all_levels_above);
    tcase_add_test(tests, test_bytes_are_those_of_whole_nodes);
    tcase_add_loop_test(tests, test_bytes_hold_each_shape, 0, count);
    tcase_add_loop_test(tests, test_new_tree_has_only_zeros, 0, count);
    tcase_add_loop_test(tests, test_one_element_is_found_wherever_it_is, 0, count);
    tcase_add_loop_test(tests, test_the_second_of_two_is_found_after_the_first, 0, count);
    tcase_add_loop_test(tests, test_first_of_an_ascending_and_of_a_descending_array, 0, count);
    tcase_add_loop_test(tests, test_raising_to_less_and_lowering_to_the_same_change_nothing, 0,
                        count);
    tcase_add_loop_test(tests, test_maximum_stays_while_one_element_has_it, 0, count);
    tcase_add_loop_test(tests, test_maximum_is_passed_from_one_element_to_another, 0, count);
    tcase_add_loop_test(tests, test_random_changes, 0, count);
    tcase_add_loop_test(tests, test_only_the_nodes_on_the_way_are_read_and_written, 0, count);
    return run_case(tests);
}
