# layout.py - the constants Mem_DebugLayout in the program: one for each copy of the library, mostly
# one. mem_debug.h tells what is in them.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import struct

import gdb

from .loaded import Loaded
from .memory import Memory, Trouble


def evaluated_as_c(expression):
    """The value of an expression of C, whatever the language where the program has stopped."""
    language = gdb.parameter("language")
    gdb.execute("set language c", to_string=True)
    try:
        return gdb.parse_and_eval(expression)
    finally:
        gdb.execute("set language %s" % language, to_string=True)


class Layout:
    """What one copy of the library tells of itself."""

    MAGIC = 0x4D454D4445425547
    VERSION = 1
    FIRST = "QHH20B26HI"
    NAMES = """magic version bytes
        pointer_bytes granule_shift segment_shift stretch_shift node_shift cached
        entry_lock entry_first entry_objects entry_end entry_below entry_above
        segment_bytes segment_objects segment_chunks segment_previous segment_next
        list_size list_type list_next
        region_base region_segments region_granules region_small region_small_first
        region_large region_large_first region_current_start region_current_end
        region_current_floor region_floors region_free region_begun region_ended region_order
        region_requests region_refused region_frees region_bad_frees region_least_free
        region_least_before region_lock region_index_bytes region_mapped region_watched
        region_marks granules_max""".split()

    def __init__(self, address):
        self.address = address
        size = struct.calcsize("=" + self.FIRST)
        data = Memory.read(address, size)
        orders = [o for o in "<>" if struct.unpack_from(o + "Q", data)[0] == self.MAGIC]
        if not orders:
            raise Trouble("Mem_DebugLayout at %#x does not begin as one of libmem" % address)
        for name, value in zip(self.NAMES, struct.unpack(orders[0] + self.FIRST, data)):
            setattr(self, name, value)
        if self.version != self.VERSION or self.pointer_bytes not in (4, 8):
            raise Trouble(
                "Mem_DebugLayout at %#x has version %d, of which this decoder, for version %d, "
                "does not know how to read it" % (address, self.version, self.VERSION)
            )
        self.memory = Memory(orders[0], self.pointer_bytes)
        self.regions, self.default_region = self.memory.numbers(address + size, "PP")
        self.default = self.memory.number(self.default_region, "P") if self.default_region else 0
        self.granule_bytes = 1 << self.granule_shift
        self.file = gdb.solib_name(address) or gdb.current_progspace().filename or "the program"

    def segment_form(self):
        """A segment for `struct`: objects, chunks, previous, next."""
        form, at = self.memory.order, 0
        members = (
            (self.segment_objects, "Q"),
            (self.segment_chunks, "Q"),
            (self.segment_previous, "I"),
            (self.segment_next, "I"),
        )
        for offset, code in members:
            if offset < at:
                raise Trouble("the members of a segment are in an order that is not known")
            form += "x" * (offset - at) + code
            at = offset + struct.calcsize("=" + code)
        return form + "x" * (self.segment_bytes - at)


class Copies:
    """The copies of the library in the program, mostly one. Those that were found are looked for
    again when other files have been loaded, or they are not there any more."""

    key = None
    addresses = []

    @classmethod
    def find(cls):
        if not gdb.selected_inferior().threads():
            raise Trouble("there is no program: run one, or load a core file")
        key = [objfile.filename for objfile in gdb.objfiles()]
        if key == cls.key:
            try:
                return cls.layouts()
            except Trouble:
                pass
        cls.key = key
        cls.addresses = cls.search()
        return cls.layouts()

    @classmethod
    def layouts(cls):
        """A program may hold a second copy of the constant, which leads to the same regions."""
        found = {}
        for address in cls.addresses:
            layout = Layout(address)
            found.setdefault(layout.regions, layout)
        if not found:
            raise Trouble("there is no Mem_DebugLayout: no libmem, or one without its symbols")
        return list(found.values())

    @staticmethod
    def search():
        """By the dynamic symbols, and then by gdb's: a program with libmem.a has no others."""
        addresses = []
        try:
            addresses += Loaded().addresses("Mem_DebugLayout")
        except (Trouble, gdb.error):
            pass
        try:
            addresses.append(int(evaluated_as_c("(char *)&Mem_DebugLayout")))
        except gdb.error:
            pass
        return sorted(set(addresses))
