/*
 * test_corrupt.c - overwriting the free list does not mislead the library: placement stays exact,
 * nothing hangs or crashes, Mem_Check and Mem_Dump report the node, the next operation that writes
 * the node repairs it, and no operation copies garbage to another node.
 *
 * Most tests work on the same heap: four free chunks, and three objects of a
 * granule before and behind each. They run once for each kind of garbage at
 * each of the four nodes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHUNKS = 4, ALL = 64 + 1040 + 32 + 320 };

static struct chunk chunks[CHUNKS];

static MemNodePtr node_at(int offset) {
    return (MemNodePtr)(void *)(region + offset);
}

static MemNodePtr node(int i) {
    return node_at(chunks[i].offset);
}

static int end_of(int i) {
    return chunks[i].offset + chunks[i].size;
}

/* Every other chunk that is cut here is a granule, and becomes an object. */
static void make_heap(void) {
    struct chunk cut[] = {{0, 16}, {0, 64}, {0, 16},  {0, 1040}, {0, 16},
                          {0, 32}, {0, 16}, {0, 320}, {0, 16}};
    init_region(REGION);
    cut_chunks(cut, COUNT(cut));
    for (size_t i = 0; i < COUNT(cut); i += 2)
        assert_placed(cut[i].offset, GRANULE, BESTFIT);
    for (int i = 0; i < CHUNKS; i++)
        chunks[i] = cut[2 * i + 1];
    assert_list_is(chunks, CHUNKS);
    assert_sound();
}

/* ---- kinds of garbage ---- */

/* Writes the type as a byte: most values are not valid for a _Bool. */
static void set_type(MemNodePtr victim, unsigned char type) {
    memcpy(&victim->type, &type, sizeof type);
}

static void set_next(MemNodePtr victim, uintptr_t next) {
    victim->next = (MemNodePtr)next;
}

static void spoil_zeros(MemNodePtr victim) {
    memset(victim, 0, GRANULE);
}

static void spoil_ones(MemNodePtr victim) {
    memset(victim, 0xff, GRANULE);
}

static void spoil_text(MemNodePtr victim) {
    memcpy(victim, "an overflow......", GRANULE);
}

static void spoil_next_self(MemNodePtr victim) {
    victim->next = victim;
}

static void spoil_next_loop(MemNodePtr victim) {
    victim->next = victim == node(0) ? node(CHUNKS - 1) : node(0);
}

static void spoil_next_skip(MemNodePtr victim) {
    victim->next = victim->next == NULL ? node(1) : victim->next->next;
}

static void spoil_next_null(MemNodePtr victim) {
    victim->next = victim->next == NULL ? victim - 1 : NULL;
}

static void spoil_next_wild(MemNodePtr victim) {
    set_next(victim, 0x10);
}

static void spoil_next_high(MemNodePtr victim) {
    set_next(victim, UINTPTR_MAX - 15);
}

static void spoil_next_misaligned(MemNodePtr victim) {
    set_next(victim, (uintptr_t)node(2) + 1);
}

static void spoil_next_in_object(MemNodePtr victim) {
    set_next(victim, (uintptr_t)region + REGION - 4096);
}

static void spoil_next_behind_region(MemNodePtr victim) {
    set_next(victim, (uintptr_t)region + REGION);
}

static void spoil_size_larger(MemNodePtr victim) {
    victim->size += GRANULE;
}

static void spoil_size_smaller(MemNodePtr victim) {
    victim->size -= GRANULE;
}

static void spoil_size_huge(MemNodePtr victim) {
    victim->size = INT_MAX;
}

static void spoil_size_negative(MemNodePtr victim) {
    victim->size = -victim->size;
}

static void spoil_size_by_one(MemNodePtr victim) {
    victim->size |= 1;
}

static void spoil_type_0(MemNodePtr victim) {
    set_type(victim, 0);
}

static void spoil_type_2(MemNodePtr victim) {
    set_type(victim, 2);
}

static void spoil_type_255(MemNodePtr victim) {
    set_type(victim, 255);
}

static const struct {
    const char *name;
    void (*spoil)(MemNodePtr victim);
} kinds[] = {
    {"all zeros", spoil_zeros},
    {"all ones", spoil_ones},
    {"text", spoil_text},
    {"next points to the node itself", spoil_next_self},
    {"next makes a loop", spoil_next_loop},
    {"next leaves out a node", spoil_next_skip},
    {"next ends the list, or goes on at its end", spoil_next_null},
    {"next is 0x10", spoil_next_wild},
    {"next is the end of memory", spoil_next_high},
    {"next is misaligned", spoil_next_misaligned},
    {"next points into an object", spoil_next_in_object},
    {"next points behind the region", spoil_next_behind_region},
    {"size is 16 too large", spoil_size_larger},
    {"size is 16 too small", spoil_size_smaller},
    {"size is INT_MAX", spoil_size_huge},
    {"size is negative", spoil_size_negative},
    {"size is off by one", spoil_size_by_one},
    {"type is 0", spoil_type_0},
    {"type is 2", spoil_type_2},
    {"type is 255", spoil_type_255},
};
enum { KINDS = COUNT(kinds), CASES = KINDS * CHUNKS };

/* The number of a loop test stands for a node and a kind of garbage. */
static int victim_of(int number) {
    return number / KINDS;
}

static void spoil(int number) {
    kinds[number % KINDS].spoil(node(victim_of(number)));
}

static const char *kind_of(int number) {
    return kinds[number % KINDS].name;
}

/* The list is whole again, or else the message names the case. */
#define assert_mended(number, expected, count)                                                     \
    do {                                                                                           \
        const char *fault_ = list_fault((expected), (count));                                      \
        if (fault_ != NULL)                                                                        \
            ck_abort_msg("node %d, %s: %s", victim_of(number), kind_of(number), fault_);           \
        assert_sound();                                                                            \
    } while (0)

/* ---- Mem_Check ---- */

START_TEST(test_check_before_init_is_E_BAD_ARGS) {
    assert_fails(E_BAD_ARGS, Mem_Check());
}
END_TEST

START_TEST(test_check_of_an_unspoilt_list_is_0) {
    make_heap();
    assert_succeeds(Mem_Check());
    assert_placed(chunks[1].offset, 1040, WORSTFIT);
    assert_succeeds(Mem_Check());
    assert_succeeds(release(chunks[1].offset + 1040));
    assert_succeeds(Mem_Check());
}
END_TEST

START_TEST(test_check_of_a_full_region_is_0) {
    init_region(REGION);
    assert_succeeds(Mem_Check());
    memset(Mem_Alloc(REGION, FIRSTFIT), 0xff, REGION);
    assert_succeeds(Mem_Check());
}
END_TEST

START_TEST(test_check_does_not_mind_the_rest_of_a_chunk) {
    make_heap();
    for (int i = 0; i < CHUNKS; i++)
        memset(node(i) + 1, 0xff, (size_t)chunks[i].size - sizeof *node(i));
    assert_succeeds(Mem_Check());
    assert_list_is(chunks, CHUNKS);
}
END_TEST

/* Copies the region, or only its nodes if a tool forbids reading the rest. */
static void take_picture(char *picture) {
    if (!watched())
        memcpy(picture, region, REGION);
    for (int i = 0; i < CHUNKS; i++)
        memcpy(picture + chunks[i].offset, node(i), sizeof *node(i));
}

START_TEST(test_check_finds_every_kind_of_garbage_and_changes_nothing) {
    static char before[REGION], after[REGION];
    make_heap();
    spoil(_i);
    take_picture(before);
    for (int i = 0; i < 2; i++) {
        m_error = 0;
        ck_assert_msg(Mem_Check() == -1, "node %d, %s: not found", victim_of(_i), kind_of(_i));
        ck_assert_int_eq(m_error, E_CORRUPT_FREESPACE);
        take_picture(after);
        ck_assert_msg(memcmp(before, after, REGION) == 0, "node %d, %s: Mem_Check wrote",
                      victim_of(_i), kind_of(_i));
    }
}
END_TEST

START_TEST(test_check_is_0_again_when_the_program_has_put_the_bytes_back) {
    unsigned char saved[GRANULE];
    make_heap();
    memcpy(saved, node(victim_of(_i)), GRANULE);
    spoil(_i);
    assert_fails(E_CORRUPT_FREESPACE, Mem_Check());
    memcpy(node(victim_of(_i)), saved, GRANULE);
    assert_mended(_i, chunks, CHUNKS);
}
END_TEST

/* ---- Mem_Dump ---- */

START_TEST(test_dump_marks_the_node_and_no_other) {
    char *line, *rest, bytes_free[64];

    make_heap();
    spoil(_i);
    snprintf(bytes_free, sizeof bytes_free, "%d bytes free, largest %d,", ALL, chunks[1].size);
    char *text = captured(Mem_Dump);
    line = strtok_r(text, "\n", &rest); /* the heading */
    for (int i = 0; i < CHUNKS; i++) {
        line = strtok_r(NULL, "\n", &rest);
        ck_assert_ptr_nonnull(line);
        ck_assert_msg((strstr(line, "node overwritten") != NULL) == (i == victim_of(_i)),
                      "node %d, %s: line %d is \"%s\"", victim_of(_i), kind_of(_i), i + 1, line);
    }
    ck_assert_ptr_nonnull(strstr(rest, bytes_free));
    free(text);
}
END_TEST

/* ---- placement ---- */

START_TEST(test_placement_is_exact_whatever_the_node_says) {
    make_heap();
    spoil(_i);
    assert_refused(E_NO_SPACE, Mem_Alloc(1041, FIRSTFIT));
    assert_placed(chunks[1].offset, 65, FIRSTFIT);
    spoil(_i); /* whether it is still free or not */
    assert_placed(chunks[1].offset + 80, 16, WORSTFIT);
    assert_placed(chunks[2].offset, 16, BESTFIT);
    assert_placed(chunks[3].offset, 320, BESTFIT);
    assert_placed(chunks[0].offset, 64, FIRSTFIT);
    assert_placed(chunks[1].offset + 96, 944, FIRSTFIT);
    assert_placed(chunks[2].offset + 16, 16, FIRSTFIT);
    assert_nothing_free();
    assert_succeeds(Mem_Check());
}
END_TEST

START_TEST(test_bad_pointers_are_detected_whatever_the_node_says) {
    make_heap();
    spoil(_i);
    for (int i = 0; i < CHUNKS; i++) {
        assert_fails(E_BAD_POINTER, release(chunks[i].offset));
        assert_fails(E_BAD_POINTER, release(chunks[i].offset + chunks[i].size - 8));
    }
    assert_fails(E_CORRUPT_FREESPACE, Mem_Check());
}
END_TEST

/* ---- mending ---- */

/* Declares a copy of the chunks, to be changed to what they must become. */
#define COPY_OF_CHUNKS(name)                                                                       \
    struct chunk name[CHUNKS + 1];                                                                 \
    memcpy(name, chunks, sizeof chunks)

START_TEST(test_spoilt_node_is_mended_when_its_chunk_grows) {
    const int v = victim_of(_i);
    make_heap();
    spoil(_i);
    assert_succeeds(release(end_of(v)));
    COPY_OF_CHUNKS(now);
    now[v].size += GRANULE;
    assert_mended(_i, now, CHUNKS);
}
END_TEST

START_TEST(test_spoilt_node_leaves_no_trace_when_its_chunk_starts_lower) {
    const int v = victim_of(_i);
    make_heap();
    spoil(_i);
    assert_succeeds(release(chunks[v].offset - GRANULE));
    COPY_OF_CHUNKS(now);
    now[v].offset -= GRANULE;
    now[v].size += GRANULE;
    assert_mended(_i, now, CHUNKS);
}
END_TEST

START_TEST(test_spoilt_node_leaves_no_trace_when_its_chunk_starts_higher) {
    const int v = victim_of(_i);
    make_heap();
    spoil(_i);
    assert_placed(chunks[v].offset, chunks[v].size - GRANULE, BESTFIT);
    COPY_OF_CHUNKS(now);
    now[v].offset = end_of(v) - GRANULE;
    now[v].size = GRANULE;
    assert_mended(_i, now, CHUNKS);
}
END_TEST

START_TEST(test_spoilt_node_leaves_no_trace_when_its_chunk_is_allocated) {
    const int v = victim_of(_i);
    make_heap();
    spoil(_i);
    assert_placed(chunks[v].offset, chunks[v].size, BESTFIT);
    COPY_OF_CHUNKS(now);
    memmove(now + v, now + v + 1, sizeof *now * (size_t)(CHUNKS - 1 - v));
    assert_mended(_i, now, CHUNKS - 1);
}
END_TEST

/* Frees the last of the three objects between two chunks, so that the spoilt chunk joins with the
 * one before it, or with the one behind it if it is the first. */
START_TEST(test_spoilt_node_leaves_no_trace_when_two_chunks_become_one) {
    const int v = victim_of(_i), first = v > 0 ? v - 1 : 0;
    make_heap();
    assert_succeeds(release(end_of(first)));
    assert_succeeds(release(end_of(first) + 2 * GRANULE));
    chunks[first + 1].offset -= GRANULE;
    chunks[first + 1].size += GRANULE;
    chunks[first].size += GRANULE;
    spoil(_i);
    assert_succeeds(release(end_of(first)));
    COPY_OF_CHUNKS(now);
    now[first].size = end_of(first + 1) - chunks[first].offset;
    memmove(now + first + 1, now + first + 2, sizeof *now * (size_t)(CHUNKS - 2 - first));
    assert_mended(_i, now, CHUNKS - 1);
}
END_TEST

/* All nodes are as expected, except that the node at the spoilt offset may have a wrong size and
 * type. Its link must be right. */
static void assert_links(int number, const struct chunk *expected, int count, int spoilt) {
    ck_assert_ptr_eq(Mem_FreeList(), node_at(expected[0].offset));
    for (int i = 0; i < count; i++) {
        MemNodePtr shown = node_at(expected[i].offset);
        MemNodePtr next = i + 1 < count ? node_at(expected[i + 1].offset) : NULL;
        unsigned char type;
        memcpy(&type, &shown->type, sizeof type);
        ck_assert_msg(shown->next == next, "node %d, %s: node %d links to %p, not %p",
                      victim_of(number), kind_of(number), i, (void *)shown->next, (void *)next);
        if (expected[i].offset == spoilt)
            continue;
        ck_assert_msg(shown->size == expected[i].size && type == 1,
                      "node %d, %s: node %d shows size %d, type %d", victim_of(number),
                      kind_of(number), i, shown->size, type);
    }
}

/* A link is written, and so repaired, whenever the next chunk moves, appears or disappears. */
START_TEST(test_spoilt_link_is_mended_when_a_chunk_comes_behind_it) {
    const int v = victim_of(_i);
    make_heap();
    spoil(_i);
    assert_succeeds(release(end_of(v) + GRANULE));
    COPY_OF_CHUNKS(now);
    memmove(now + v + 2, now + v + 1, sizeof *now * (size_t)(CHUNKS - 1 - v));
    now[v + 1] = (struct chunk){end_of(v) + GRANULE, GRANULE};
    assert_links(_i, now, CHUNKS + 1, chunks[v].offset);
}
END_TEST

START_TEST(test_spoilt_link_is_mended_when_the_chunk_behind_it_moves) {
    const int v = victim_of(_i) % (CHUNKS - 1), number = v * KINDS + _i % KINDS;
    make_heap();
    spoil(number);
    assert_placed(chunks[v + 1].offset, chunks[v + 1].size - GRANULE, BESTFIT);
    COPY_OF_CHUNKS(now);
    now[v + 1] = (struct chunk){end_of(v + 1) - GRANULE, GRANULE};
    assert_links(number, now, CHUNKS, chunks[v].offset);
}
END_TEST

START_TEST(test_spoilt_link_is_mended_when_the_chunk_behind_it_goes) {
    const int v = victim_of(_i) % (CHUNKS - 1), number = v * KINDS + _i % KINDS;
    make_heap();
    spoil(number);
    assert_placed(chunks[v + 1].offset, chunks[v + 1].size, BESTFIT);
    COPY_OF_CHUNKS(now);
    memmove(now + v + 1, now + v + 2, sizeof *now * (size_t)(CHUNKS - 2 - v));
    assert_links(number, now, CHUNKS - 1, chunks[v].offset);
}
END_TEST

START_TEST(test_spoilt_node_stays_reported_while_others_are_written) {
    make_heap();
    spoil(_i);
    assert_succeeds(release(end_of((victim_of(_i) + 2) % CHUNKS)));
    assert_fails(E_CORRUPT_FREESPACE, Mem_Check());
}
END_TEST

/* ---- a program that never stops writing where it must not ---- */

enum { STEPS = 4000, OBJECTS = 64, SEED = 20 };

/* Frees the object, or allocates it if it is not live. Returns its offset. */
static int take_step(struct chunk *object, unsigned random) {
    const int offset = object->offset;
    if (object->size > 0) {
        must(release(offset) == 0);
        object->size = 0;
        return offset;
    }
    const int size = 1 + (int)(random % 3000);
    object->offset = place(size, (int)(random >> 8) % 3);
    object->size = object->offset == NOWHERE ? 0 : size;
    return object->offset;
}

/* Fills every byte that belongs to no object. */
static void fill_free_space(const struct chunk *objects, int garbage) {
    static bool used[REGION / GRANULE];
    memset(used, false, sizeof used);
    for (int i = 0; i < OBJECTS; i++)
        for (int done = 0; done < objects[i].size; done += GRANULE)
            used[(objects[i].offset + done) / GRANULE] = true;
    for (int g = 0; g < REGION / GRANULE; g++)
        if (!used[g])
            memset(region + g * GRANULE, garbage, GRANULE);
}

/* Allocates and frees at random, and notes where each object was. Leaves
 * nothing allocated. */
static void run_script(int *offsets, int steps, bool spoiling) {
    struct chunk objects[OBJECTS] = {{0, 0}};
    unsigned random = SEED;

    init_region(REGION);
    for (int i = 0; i < steps; i++) {
        random = random * 1103515245U + 12345U;
        offsets[i] = take_step(&objects[random >> 26], random >> 8 & 0xffff);
        if (spoiling)
            fill_free_space(objects, i & 0xff);
    }
    for (int i = 0; i < OBJECTS; i++)
        if (objects[i].size > 0)
            ck_assert_int_eq(release(objects[i].offset), 0);
}

/* A well-behaved process runs the same script, and notes the same places. */
START_TEST(test_overwriting_all_free_space_again_and_again_changes_no_placement) {
    const int steps = rounds(STEPS);
    const size_t bytes = STEPS * sizeof(int);
    static int offsets[STEPS];
    int status,
        *good = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(good, MAP_FAILED);
    printf("seed %d\n", SEED);
    fflush(stdout);
    const pid_t child = fork();
    ck_assert_int_ne(child, -1);
    if (child == 0) {
        run_script(good, steps, false);
        _exit(Mem_Check() == 0 ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    run_script(offsets, steps, true);
    for (int i = 0; i < steps; i++)
        ck_assert_msg(offsets[i] == good[i], "step %d was at offset %d, not %d", i, offsets[i],
                      good[i]);
    assert_list({0, REGION});
    assert_sound();
}
END_TEST

int main(void) {
    TCase *tests = new_case("corrupt");

    tcase_add_test(tests, test_check_before_init_is_E_BAD_ARGS);
    tcase_add_test(tests, test_check_of_an_unspoilt_list_is_0);
    tcase_add_test(tests, test_check_of_a_full_region_is_0);
    if (!watched()) {
        tcase_add_test(tests, test_check_does_not_mind_the_rest_of_a_chunk);
        tcase_add_test(tests, test_overwriting_all_free_space_again_and_again_changes_no_placement);
    }
    const TTest *const each_case[] = {
        test_check_finds_every_kind_of_garbage_and_changes_nothing,
        test_check_is_0_again_when_the_program_has_put_the_bytes_back,
        test_dump_marks_the_node_and_no_other,
        test_placement_is_exact_whatever_the_node_says,
        test_bad_pointers_are_detected_whatever_the_node_says,
        test_spoilt_node_is_mended_when_its_chunk_grows,
        test_spoilt_node_leaves_no_trace_when_its_chunk_starts_lower,
        test_spoilt_node_leaves_no_trace_when_its_chunk_starts_higher,
        test_spoilt_node_leaves_no_trace_when_its_chunk_is_allocated,
        test_spoilt_node_leaves_no_trace_when_two_chunks_become_one,
        test_spoilt_link_is_mended_when_a_chunk_comes_behind_it,
        test_spoilt_link_is_mended_when_the_chunk_behind_it_moves,
        test_spoilt_link_is_mended_when_the_chunk_behind_it_goes,
        test_spoilt_node_stays_reported_while_others_are_written,
    };
    for (int i = 0; i < (int)COUNT(each_case); i++) {
        const int only = i % CHUNKS; /* only one node for each test where everything is slow */
        tcase_add_loop_test(tests, each_case[i], light() ? only * KINDS : 0,
                            light() ? (only + 1) * KINDS : CASES);
    }
    return run_case(tests);
}
