# registry.py - the regions of all copies of the library, and how they are named: the tree of
# entries that src/system/registry.h describes.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import gdb

from .layout import Copies
from .memory import Trouble
from .region import Region


class Entry:
    """An entry of the registry of regions."""

    def __init__(self, layout, address):
        self.address = address
        for name, code in (
            ("lock", "I"),
            ("first", "P"),
            ("objects", "P"),
            ("end", "P"),
            ("below", "P"),
            ("above", "P"),
        ):
            offset = getattr(layout, "entry_" + name)
            setattr(self, name, layout.memory.number(address + offset, code))
        self.placed = self.objects < self.end


class Registry:
    """The regions of all copies of the library, numbered; and what is wrong with the trees."""

    MOST = 1000000

    def __init__(self):
        self.layouts = Copies.find()
        self.regions = []
        self.wrong = []
        for layout in self.layouts:
            try:
                self.add(layout)
            except Trouble as trouble:
                self.wrong.append(str(trouble))

    def add(self, layout):
        """The regions of one copy, by address, but for the default region, which comes first."""
        found = []
        for entry in self.entries(layout):
            try:
                found.append(Region(layout, entry))
            except Trouble as trouble:
                self.wrong.append("the region at %#x: %s" % (entry.first, trouble))
        for region in sorted(found, key=lambda region: region.kind != "default"):
            self.regions.append(region)
            region.number = len(self.regions)

    def entries(self, layout):
        """The tree of one copy, from low addresses to high ones."""
        seen, waiting, last = set(), [], -1
        address = layout.memory.number(layout.regions, "P") if layout.regions else 0
        while address or waiting:
            while address:
                if address in seen or len(seen) >= self.MOST:
                    self.wrong.append("the registry comes to the entry at %#x again" % address)
                    return
                seen.add(address)
                try:
                    waiting.append(Entry(layout, address))
                    address = waiting[-1].below
                except Trouble as trouble:
                    self.wrong.append("the registry has an entry at %#x: %s" % (address, trouble))
                    address = 0
            if waiting:
                entry = waiting.pop()
                if entry.first <= last:
                    order = "the registry has the region at %#x behind that at %#x"
                    self.wrong.append(order % (entry.first, last))
                last, address = entry.first, entry.above
                yield entry

    def chosen(self, argument):
        """All regions, or the one that the argument names, by its number or an address of it."""
        if not argument:
            return self.regions
        if argument.isdecimal() and 0 < int(argument) <= len(self.regions):
            return [self.regions[int(argument) - 1]]
        address = evaluated(argument)
        for region in self.regions:
            if region.address == address:
                return [region]
        inside = [region for region in self.regions if region.has(address)]
        if inside:
            return inside[-1:]
        raise Trouble(
            "%s is neither the number nor an address of one of %d regions"
            % (argument, len(self.regions))
        )


def evaluated(expression):
    """The number that an expression in gdb comes to. (gdb would have the program allocate a string.)"""
    if '"' in expression:
        raise Trouble("%s is no address" % expression)
    try:
        value = gdb.parse_and_eval(expression)
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_ARRAY:
            value = value.address
        return int(value) & 0xFFFFFFFFFFFFFFFF
    except (gdb.error, ValueError, TypeError) as error:
        raise Trouble("%s is no address: %s" % (expression, error)) from None
