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

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As this program's own kind has them. */
typedef ElfW(Ehdr) elf_header;
typedef ElfW(Phdr) elf_segment;
typedef ElfW(Dyn) elf_entry;

/* Pieces of a file */

static bool read_at(int file, uint64_t at, void *bytes, size_t count) {
    return at <= INT64_MAX && pread(file, bytes, count, (off_t)at) == (ssize_t)count;
}

/* A piece that the file says it has, to be freed, with a NUL behind it; NULL if it has not. */
static void *piece(int file, uint64_t at, uint64_t count) {
    struct stat status;
    if (fstat(file, &status) != 0 || count > (uint64_t)status.st_size)
        return NULL;
    char *bytes = malloc((size_t)count + 1);
    if (bytes == NULL || !read_at(file, at, bytes, (size_t)count)) {
        free(bytes);
        return NULL;
    }
    bytes[count] = '\0';
    return bytes;
}

/* The kind */

bool image_read_kind(int file, struct image_kind *kind) {
    unsigned char head[EI_NIDENT + 4]; /* then e_type and e_machine, two bytes each */
    if (!read_at(file, 0, head, sizeof head) || memcmp(head, ELFMAG, SELFMAG) != 0)
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

struct segments {
    int file;
    elf_segment *first;
    size_t count;
};

static const elf_segment *find_segment(const struct segments *s, uint32_t type) {
    for (size_t i = 0; i < s->count; i++)
        if (s->first[i].p_type == type)
            return &s->first[i];
    return NULL;
}

/* A piece by the address that it has in memory. */
static void *piece_in_memory(const struct segments *s, uint64_t address, uint64_t count) {
    for (size_t i = 0; i < s->count; i++) {
        const elf_segment *segment = &s->first[i];
        uint64_t offset = address - segment->p_vaddr;
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
            offset < segment->p_filesz && count <= segment->p_filesz - offset)
            return piece(s->file, segment->p_offset + offset, count);
    }
    return NULL;
}

static bool read_loader(const struct segments *s, struct image *image) {
    const elf_segment *segment = find_segment(s, PT_INTERP);
    image->loader[0] = '\0';
    if (segment == NULL)
        return true;
    return segment->p_filesz <= sizeof image->loader && segment->p_filesz > 0 &&
           read_at(s->file, segment->p_offset, image->loader, segment->p_filesz) &&
           image->loader[segment->p_filesz - 1] == '\0';
}

/* The entries of the dynamic section, NULL if there is none. */
static elf_entry *read_dynamic(const struct segments *s, size_t *count) {
    const elf_segment *segment = find_segment(s, PT_DYNAMIC);
    if (segment == NULL)
        return NULL;
    *count = segment->p_filesz / sizeof(elf_entry);
    return piece(s->file, segment->p_offset, *count * sizeof(elf_entry));
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

/* To be freed, unless there are none. */
static struct segments read_segments(int file) {
    elf_header header;
    struct segments s = {file, NULL, 0};
    if (!read_at(file, 0, &header, sizeof header) || header.e_phentsize != sizeof(elf_segment))
        return s;
    s.first = piece(file, header.e_phoff, header.e_phnum * sizeof *s.first);
    s.count = s.first != NULL ? header.e_phnum : 0;
    return s;
}

bool image_read(int file, struct image *image) {
    struct segments s = read_segments(file);
    *image = (struct image){.is_library = false};
    bool good = s.first != NULL && read_loader(&s, image);
    if (good)
        read_strings(&s, image);
    free(s.first);
    return good;
}

uint64_t image_address(int file, uint64_t offset) {
    struct segments s = read_segments(file);
    uint64_t address = offset;
    for (size_t i = 0; i < s.count; i++)
        if (s.first[i].p_type == PT_LOAD && offset - s.first[i].p_offset < s.first[i].p_filesz)
            address = s.first[i].p_vaddr + (offset - s.first[i].p_offset);
    free(s.first);
    return address;
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
