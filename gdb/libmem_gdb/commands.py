# commands.py - the commands: what is asked for, and how it is printed.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import os

import gdb

from .check import Check
from .memory import Trouble
from .registry import Registry, evaluated
from .words import count, heading, lock_in_words, totals


def is_in_library(layout):
    """Whether the selected thread has stopped in a call of the library, which may be half done."""
    try:
        frame = gdb.newest_frame()
        for _ in range(16):
            if frame is None:
                return False
            library = gdb.solib_name(frame.pc())
            if library == layout.file:
                return True
            if library is None and (frame.name() or "").startswith("Mem_"):
                return True  # linked into the program
            frame = frame.older()
    except gdb.error:
        pass
    return False


class Command(gdb.Command):
    """A command of ours: what goes wrong is told in words."""

    def __init__(self, name, completer=gdb.COMPLETE_EXPRESSION):
        super().__init__("mem " + name, gdb.COMMAND_DATA, completer)

    def invoke(self, argument, from_tty):
        self.dont_repeat()
        try:
            self.run(argument.strip())
        except (Trouble, gdb.error) as trouble:
            raise gdb.GdbError("libmem: %s" % trouble) from None

    def of_each(self, argument, show):
        """Shows the regions that the argument names, one after the other."""
        regions = Registry().chosen(argument)
        if not regions:
            print("libmem: no region")
        for region in regions:
            try:
                region.open()
                print(heading(region))
                show(region)
            except Trouble as trouble:
                print("libmem: %s" % trouble)


class Prefix(gdb.Command):
    """Regions of libmem: which there are, and what is in them.

These commands read the memory of the program, or of its core file, and change nothing.
(gdb's own command mem, for attributes of memory, is not there while they are.)"""

    def __init__(self):
        super().__init__("mem", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Regions(Command):
    """List the regions of libmem; or all figures of one, as Mem_GetStats tells them.

Usage: mem regions [REGION]

The other commands take the number in the first column."""

    TITLES = "no kind region memory bytes live free objects chunks largest lock".split()

    def __init__(self):
        super().__init__("regions")

    def run(self, argument):
        if argument:
            self.of_each(argument, self.figures)
            return
        registry = Registry()
        for layout in registry.layouts:
            own = [region for region in registry.regions if region.layout is layout]
            print("%s: %s" % (os.path.basename(layout.file), count(len(own), "region")))
            if own:
                self.table([self.row(region) for region in own])
        for text in registry.wrong:
            print("libmem: %s" % text)

    def figures(self, region):
        for name, value in region.stats():
            print("  %-15s  %d" % (name, value))
        print("  lock %s%s" % (lock_in_words(region.entry.lock), self.notes(region)))

    def notes(self, region):
        ordered = ", in order of sizes for best fit" if region.order else ""
        return ordered + (", watched by a tool" if region.watched else "")

    def row(self, region):
        row = [str(region.number), region.kind, "%#x" % region.address]
        try:
            region.open()
            free = region.bytes_of(region.free)
            numbers = (region.bytes, region.bytes - free, free, region.live_objects, region.chunks)
            row += ["%#x" % region.base] + [str(number) for number in numbers]
            row += [str(region.largest_free()), lock_in_words(region.entry.lock)]
        except Trouble as trouble:
            row = row[:3] + [str(trouble)]
        return row

    def table(self, rows):
        whole = [self.TITLES] + [row for row in rows if len(row) == len(self.TITLES)]
        widths = [max(len(row[column]) for row in whole) for column in range(len(self.TITLES))]
        for row in [self.TITLES] + rows:
            if len(row) < len(self.TITLES):
                print("  ".join(row))
                continue
            cells = [
                cell.ljust(width) if column in (1, 2, 3, 10) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths))
            ]
            print("  ".join(cells).rstrip())
        print("bytes, live, free and largest (the largest free chunk) are bytes")


class Info(Command):
    """Tell what lies at an address: which object or free chunk of which region.

Usage: mem info ADDRESS

The address may be any expression of gdb, and lead anywhere into an object."""

    def __init__(self):
        super().__init__("info")

    def run(self, argument):
        if not argument:
            raise Trouble("mem info needs an address")
        address = evaluated(argument)
        registry = Registry()
        lines = []
        for region in registry.regions:
            try:
                lines += self.about(region, address)
            except Trouble as trouble:
                lines.append("libmem: %s" % trouble)
        if not lines:
            lines = ["%#x is in no region of libmem" % address]
        for line in lines + ["libmem: %s" % text for text in registry.wrong]:
            print(line)

    def about(self, region, address):
        if region.address <= address < region.entry.objects:
            return ["%#x is in the index of region %d" % (address, region.number)]
        if not region.has(address):
            return []
        granule = (address - region.base) >> region.layout.granule_shift
        block = region.block_around(granule)
        if block is None:
            return ["%#x is in region %d, where the map has no block" % (address, region.number)]
        lines = ["%#x %s" % (address, self.place(block, address))]
        lines.append(
            "  %d bytes, %#x-%#x, offset %d in region %d"
            % (
                block.bytes,
                block.address,
                block.address + block.bytes,
                region.bytes_of(block.start),
                region.number,
            )
        )
        if not block.live:
            spoilt = region.spoilt_node(block, region.chunk_after(block))
            lines.append("  node " + ("intact" if spoilt is None else "overwritten: " + spoilt))
        before, after = region.block_before(block), region.block_after(block)
        lines.append("  before: " + self.neighbour(before, "the region's start"))
        lines.append("  after: " + self.neighbour(after, "the region's end"))
        return lines

    def place(self, block, address):
        what = {
            "live": "a live object",
            "free": "a free chunk",
            "cached": "an object that was freed, and is in a cache of a thread",
        }[block.state]
        if address == block.address:
            return "is the start of " + what
        return "is %s into %s" % (count(address - block.address, "byte"), what)

    def neighbour(self, block, otherwise):
        if block is None:
            return otherwise
        what = {"live": "live object", "free": "free chunk", "cached": "cached object"}[block.state]
        return "%s, %d bytes at %#x" % (what, block.bytes, block.address)


class Walk(Command):
    """List the blocks of a region, live and free, in the order of their addresses.

Usage: mem walk [REGION]

REGION is a number of `mem regions`, or an address; without one, all are shown."""

    def __init__(self):
        super().__init__("walk")

    def run(self, argument):
        self.of_each(argument, self.show)

    def show(self, region):
        print("%-18s  %12s  %12s  state" % ("address", "offset", "bytes"))
        objects = chunks = live = 0
        for block in region.blocks(lambda text: print("libmem: %s" % text)):
            print(
                "%-#18x  %12d  %12d  %s"
                % (block.address, region.bytes_of(block.start), block.bytes, block.state)
            )
            objects += block.live
            chunks += not block.live
            live += block.bytes if block.live else 0
        print(
            "%s, %d bytes; %s, %d bytes"
            % (count(objects, "object"), live, count(chunks, "chunk"), region.bytes - live)
        )


class Holes(Command):
    """List the free chunks of a region, with the objects that lie around each.

Usage: mem holes [REGION]

REGION is a number of `mem regions`, or an address; without one, all are shown.
Before and after are the bytes of the objects beside the chunk, and 0 at an end of the region."""

    def __init__(self):
        super().__init__("holes")

    def run(self, argument):
        self.of_each(argument, self.show)

    def show(self, region):
        titles = ("no", "address", "offset", "bytes", "before", "after")
        print("%6s  %-18s  %12s  %12s  %12s  %12s" % titles)
        sizes = []
        before, hole = 0, None
        for block in region.blocks(lambda text: print("libmem: %s" % text)):
            if hole is not None:
                self.line(len(sizes), hole, before_hole, block.bytes if block.live else 0)
                hole = None
            if not block.live:
                sizes.append(block.bytes)
                hole, before_hole = block, before
            before = block.bytes if block.live else 0
        if hole is not None:
            self.line(len(sizes), hole, before_hole, 0)
        print(totals(region, len(sizes), sum(sizes), max(sizes, default=0)))

    def line(self, number, block, before, after):
        region = block.region
        offset = region.bytes_of(block.start)
        form = "%6d  %-#18x  %12d  %12d  %12d  %12d%s"
        try:
            spoilt = region.spoilt_node(block, region.chunk_after(block))
            note = "" if spoilt is None else "  node overwritten"
        except Trouble:
            note = "  node not readable"
        print(form % (number, block.address, offset, block.bytes, before, after, note))


class Map(Command):
    """Draw a region: at most 16 lines of 64 characters, each for as many bytes.

Usage: mem map [REGION]

REGION is a number of `mem regions`, or an address; without one, all are shown."""

    LINES = 16
    COLUMNS = 64

    def __init__(self):
        super().__init__("map")

    def run(self, argument):
        self.of_each(argument, self.show)

    def show(self, region):
        cells = self.LINES * self.COLUMNS
        per_cell = -(-region.granules // cells)
        live = [0] * -(-region.granules // per_cell)
        for block in region.blocks(lambda text: print("libmem: %s" % text)):
            if block.live:
                self.add(live, block, per_cell)
        drawn = "".join(
            self.sign(granules, min(per_cell, region.granules - cell * per_cell))
            for cell, granules in enumerate(live)
        )
        for at in range(0, len(drawn), self.COLUMNS):
            print("%#x  %s" % (region.address_of(at * per_cell), drawn[at : at + self.COLUMNS]))
        print(
            "# live, + more than half live, - at most half live, . free; each is %d bytes"
            % region.bytes_of(per_cell)
        )

    def add(self, live, block, per_cell):
        for cell in range(block.start // per_cell, (block.end - 1) // per_cell + 1):
            low, high = cell * per_cell, (cell + 1) * per_cell
            live[cell] += min(block.end, high) - max(block.start, low)

    def sign(self, live, granules):
        if live == 0:
            return "."
        if live >= granules:
            return "#"
        return "+" if 2 * live > granules else "-"


class Compare(Command):
    """Compare all that the index of a region says, and its free list; tell what contradicts what.

Usage: mem check [REGION]

REGION is a number of `mem regions`, or an address; without one, all are checked.
The convenience variable $mem_contradictions is how many were found."""

    def __init__(self):
        super().__init__("check")

    def run(self, argument):
        registry = Registry()
        found = len(registry.wrong)
        for text in registry.wrong:
            print("libmem: %s" % text)
        regions = registry.chosen(argument)
        if not regions:
            print("libmem: no region")
        for region in regions:
            found += self.check(region)
        gdb.set_convenience_variable("mem_contradictions", found)

    def check(self, region):
        check = Check(region)
        check.run()
        for text in check.texts:
            print("region %d: %s" % (region.number, text))
        if check.count > len(check.texts):
            print("region %d: and %d more" % (region.number, check.count - len(check.texts)))
        if check.count == 0:
            objects, chunks = count(check.objects, "object"), count(len(check.chunk_list), "chunk")
            print("region %d: sound, %s, %s" % (region.number, objects, chunks))
            return 0
        print("region %d: %s" % (region.number, count(check.count, "contradiction")))
        if region.entry.lock & 1 or is_in_library(region.layout):
            print(
                "region %d: a thread has stopped within a call of the library, so that a change "
                "may be half done" % region.number
            )
        return check.count


def install():
    Prefix()
    for command in (Regions, Info, Walk, Holes, Map, Compare):
        command()
