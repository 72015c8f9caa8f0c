/*
 * image.c - reads the headers of ELF files: the program headers lead to the name of the loader and
 * to the dynamic section, and that to the strings, in which stand the names of all libraries and
 * symbols that the program shares with others.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "image.h"

#include "segments.h"

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As this program's own kind has them. */
typedef ElfW(Dyn) elf_entry;

/* The kind */

bool image_read_kind(int file, struct image_kind *kind) {
    unsigned char head[EI_NIDENT + 4]; /* then e_type and e_machine, two bytes each */
    if (!segments_read(file, 0, head, sizeof head) || memcmp(head, ELFMAG, SELFMAG) != 0)
        return false;
    *kind = (struct image_kind){
        head[EI_CLASS], head[EI_DATA], {head[EI_NIDENT + 2], head[EI_NIDENT + 3]}};
    return true;
}

bool image_same_kind(const struct image_kind *a, const struct image_kind *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

/* The strings */

/* Libraries that bring a malloc with checks, and the functions that do when they are linked
 * statically. UndefinedBehaviorSanitizer leaves malloc alone. */
static bool tells_sanitizer(const char *name) {
    static const char *const beginnings[] = {
        "libasan.so",          "libhwasan.so",       "liblsan.so",       "libtsan.so",
        "libclang_rt.asan",    "libclang_rt.hwasan", "libclang_rt.lsan", "libclang_rt.tsan",
        "libclang_rt.memprof", "__asan_init",        "__hwasan_init",    "__lsan_init",
        "__msan_init",         "__tsan_init",
    };
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static bool any_tells_sanitizer(const char *strings, size_t count) {
    for (const char *s = strings; s < strings + count; s += strlen(s) + 1)
        if (tells_sanitizer(s))
            return true;
    return false;
}

/* The segments */

static const segments_header *find_segment(const struct segments *s, uint32_t type) {
    for (size_t i = 0; i < s->count; i++)
        if (s->first[i].p_type == type)
            return &s->first[i];
    return NULL;
}

/* A piece by the address that it has in memory. */
static void *piece_in_memory(const struct segments *s, uint64_t address, uint64_t count) {
    for (size_t i = 0; i < s->count; i++) {
        const segments_header *segment = &s->first[i];
        uint64_t offset = address - segment->p_vaddr;
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
            offset < segment->p_filesz && count <= segment->p_filesz - offset)
            return segments_piece(s->file, segment->p_offset + offset, count);
    }
    return NULL;
}

static bool read_loader(const struct segments *s, struct image *image) {
    const segments_header *segment = find_segment(s, PT_INTERP);
    image->loader[0] = '\0';
    if (segment == NULL)
        return true;
    return segment->p_filesz <= sizeof image->loader && segment->p_filesz > 0 &&
           segments_read(s->file, segment->p_offset, image->loader, segment->p_filesz) &&
           image->loader[segment->p_filesz - 1] == '\0';
}

/* The entries of the dynamic section, NULL if there is none. */
static elf_entry *read_dynamic(const struct segments *s, size_t *count) {
    const segments_header *segment = find_segment(s, PT_DYNAMIC);
    if (segment == NULL)
        return NULL;
    *count = segment->p_filesz / sizeof(elf_entry);
    return segments_piece(s->file, segment->p_offset, *count * sizeof(elf_entry));
}

static void read_strings(const struct segments *s, struct image *image) {
    size_t count = 0;
    uint64_t at = 0;
    uint64_t bytes = 0;
    elf_entry *dynamic = read_dynamic(s, &count);
    for (size_t i = 0; dynamic != NULL && i < count && dynamic[i].d_tag != DT_NULL; i++) {
        image->is_library |= dynamic[i].d_tag == DT_SONAME;
        if (dynamic[i].d_tag == DT_STRTAB)
            at = dynamic[i].d_un.d_ptr;
        if (dynamic[i].d_tag == DT_STRSZ)
            bytes = dynamic[i].d_un.d_val;
    }
    free(dynamic);
    char *strings = piece_in_memory(s, at, bytes);
    image->is_sanitized = strings != NULL && any_tells_sanitizer(strings, (size_t)bytes);
    free(strings);
}

bool image_read(int file, struct image *image) {
    struct segments s = segments_begin(file);
    *image = (struct image){.is_library = false};
    bool good = s.first != NULL && read_loader(&s, image);
    if (good)
        read_strings(&s, image);
    segments_end(&s);
    return good;
}

/* This process: the first object that is shown is the program itself. */
static int take_loader(struct dl_phdr_info *program, size_t size, void *loader) {
    (void)size;
    for (size_t i = 0; i < program->dlpi_phnum; i++)
        if (program->dlpi_phdr[i].p_type == PT_INTERP)
            *(const char **)loader =
                (const char *)(uintptr_t)(program->dlpi_addr + program->dlpi_phdr[i].p_vaddr);
    return 1;
}

const char *image_own_loader(void) {
    const char *loader = "";
    dl_iterate_phdr(take_loader, &loader);
    return loader;
}
