# loaded.py - the files of the program, and their dynamic symbols, by the dynamic linker's own list.
# gdb itself finds one symbol of a name, where the library and the malloc module each have theirs.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import re
import struct

import gdb

from .memory import Memory, Trouble


class Loaded:
    """What the dynamic linker has loaded."""

    PT_DYNAMIC, PT_PHDR = 2, 6
    DT_HASH, DT_STRTAB, DT_SYMTAB, DT_DEBUG, DT_GNU_HASH = 4, 5, 6, 21, 0x6FFFFEF5
    MOST_FILES = 10000
    MOST_TAGS = 1000
    MOST_SYMBOLS = 1000000

    def __init__(self):
        listed = gdb.execute("info auxv", to_string=True)
        line = r"AT_(PHDR|PHENT|PHNUM)\s.*\s(0x[0-9a-f]+|[0-9]+)$"
        found = re.findall(line, listed, re.MULTILINE)
        self.auxiliary = {name: int(value, 0) for name, value in found}
        if len(self.auxiliary) != 3:
            raise Trouble("the auxiliary vector does not tell where the program headers are")
        little = "little" in gdb.execute("show endian", to_string=True)
        self.wide = self.auxiliary["PHENT"] == 56
        self.memory = Memory("<" if little else ">", 8 if self.wide else 4)

    def addresses(self, name):
        """Where a symbol of that name is defined, in each of the files that have one."""
        found = []
        for base, dynamic in self.files():
            try:
                address = self.lookup(base, self.tags(base, dynamic), name)
            except Trouble:
                continue
            if address is not None:
                found.append(address)
        return found

    def files(self):
        """The address by which each file was moved, and that of its dynamic section."""
        base, dynamic = self.program()
        debug = self.tags(base, dynamic).get(self.DT_DEBUG, 0)
        link = self.memory.number(debug + self.word(1), "P")
        for _ in range(self.MOST_FILES):
            if link == 0:
                return
            base, _, dynamic, link = self.memory.numbers(link, "4P")
            yield base, dynamic

    def program(self):
        """The same of the program itself, by its program headers."""
        headers = {}
        for number in range(min(self.auxiliary["PHNUM"], self.MOST_TAGS)):
            address = self.auxiliary["PHDR"] + number * self.auxiliary["PHENT"]
            kind = self.memory.number(address, "I")
            headers[kind] = self.memory.number(address + self.word(2), "P")
        if self.PT_DYNAMIC not in headers or self.PT_PHDR not in headers:
            raise Trouble("the program was not linked dynamically")
        base = self.auxiliary["PHDR"] - headers[self.PT_PHDR]
        return base, base + headers[self.PT_DYNAMIC]

    def word(self, many):
        return many * self.memory.pointer_bytes

    def tags(self, base, dynamic):
        """A dynamic section. Some linkers leave the addresses in it as they are in the file."""
        tags = {}
        for number in range(self.MOST_TAGS):
            tag, value = self.memory.numbers(dynamic + self.word(2 * number), "2P")
            if tag == 0:
                break
            tags[tag] = value if value >= base or tag == self.DT_DEBUG else base + value
        return tags

    def lookup(self, base, tags, name):
        numbers = self.numbers(tags, name)
        form = "IBBHQQ" if self.wide else "IIIBBH"
        size = struct.calcsize("=" + form)
        for number in numbers:
            symbol = self.memory.numbers(tags[self.DT_SYMTAB] + number * size, form)
            defined, value = (symbol[3], symbol[4]) if self.wide else (symbol[5], symbol[1])
            if defined and self.is_name(tags[self.DT_STRTAB] + symbol[0], name):
                return base + value
        return None

    def is_name(self, address, name):
        return self.memory.read(address, len(name) + 1) == name.encode() + b"\0"

    def numbers(self, tags, name):
        """The numbers of the symbols that may have that name."""
        if self.DT_GNU_HASH in tags:
            return self.hashed(tags[self.DT_GNU_HASH], name)
        if self.DT_HASH in tags:
            return range(min(self.memory.numbers(tags[self.DT_HASH], "2I")[1], self.MOST_SYMBOLS))
        return []

    def hashed(self, table, name):
        """Those in the bucket of the name, as far as their hashes are the same."""
        code = 5381
        for letter in name.encode():
            code = (code * 33 + letter) & 0xFFFFFFFF
        buckets, first, words, _ = self.memory.numbers(table, "4I")
        bucket = table + 16 + self.word(words)
        start = self.memory.number(bucket + 4 * (code % buckets), "I") if buckets else 0
        if start < first:
            return
        for number in range(start, start + self.MOST_SYMBOLS):
            found = self.memory.number(bucket + 4 * (buckets + number - first), "I")
            if found | 1 == code | 1:
                yield number
            if found & 1:
                return
