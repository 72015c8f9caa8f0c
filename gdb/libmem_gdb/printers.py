# printers.py - how gdb prints regions, and nodes of the free list.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import gdb

from .memory import Memory, Trouble
from .registry import Registry
from .words import count


class RegionPrinter:
    """A pointer to a region: where its memory is, and what is in it."""

    def __init__(self, value):
        self.address = int(value)

    def to_string(self):
        text = "%#x" % self.address
        try:
            for region in Registry().regions:
                if region.address == self.address:
                    region.open()
                    return "%s (%s, %d bytes at %#x: %s, %s)" % (
                        text,
                        region.kind,
                        region.bytes,
                        region.base,
                        count(region.live_objects, "object"),
                        count(region.chunks, "chunk"),
                    )
        except (Trouble, gdb.error) as trouble:
            return "%s (%s)" % (text, trouble)
        return text if self.address == 0 else text + " (no region)"


class NodePrinter:
    """A node of the free list: its members, and whether they are what the index says."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return self.verdict(int(self.value.address))
        except (Trouble, gdb.error, TypeError):
            return "node"

    def verdict(self, address):
        for region in reversed(Registry().regions):
            if region.has(address):
                block = region.block_around((address - region.base) >> region.layout.granule_shift)
                if block is None or block.live or block.address != address:
                    return "no node of a free chunk"
                spoilt = region.spoilt_node(block, region.chunk_after(block))
                return "node" if spoilt is None else "overwritten node"
        return "node in no region"

    def children(self):
        """The type may be no valid _Bool: it is shown as the byte that it is."""
        yield "size", self.value["size"]
        try:
            yield "type", Memory.read(int(self.value["type"].address), 1)[0]
        except Trouble as trouble:
            yield "type", str(trouble)
        yield "next", self.value["next"]


class Printers:
    """What gdb asks for a printer of a value."""

    name = "libmem"
    enabled = True
    subprinters = None

    def __call__(self, value):
        type_ = value.type.strip_typedefs()
        if type_.code == gdb.TYPE_CODE_PTR:
            if type_.target().strip_typedefs().tag == "Mem_Region":
                return RegionPrinter(value)
        elif type_.tag == "__list_t" and value.address is not None:
            return NodePrinter(value)
        return None


def install():
    gdb.pretty_printers[:] = [
        printer for printer in gdb.pretty_printers if getattr(printer, "name", "") != Printers.name
    ]
    gdb.pretty_printers.insert(0, Printers())
