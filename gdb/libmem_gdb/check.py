# check.py - what contradicts what in a region: the invariants of the index (src/index/map.h and
# index.c), of the counts and of the free list. The order of the chunks that best fit keeps is not
# looked at.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import array

from .memory import Trouble
from .region import ANCHOR, Block, has_start

NO_GRANULE = 0xFFFFFFFF


class Check:
    """Compares what a region's index says in several places, and the free list."""

    MOST = 20  # contradictions that are told
    SPAN = 1024  # values of a tree that are looked at together: mostly, all are zero

    def __init__(self, region):
        self.region = region
        self.layout = region.layout
        self.count = 0
        self.texts = []
        self.objects = 0
        self.chunk_list = []

    def wrong(self, text):
        self.count += 1
        if self.count <= self.MOST:
            self.texts.append(text)

    def run(self):
        """Each part by itself: one that cannot be read keeps no other from being compared."""
        try:
            self.region.open()
        except Trouble as trouble:
            self.wrong(str(trouble))
            return
        for part in (
            self.entry,
            self.sentinels,
            self.blocks,
            self.chain,
            self.nodes,
            self.totals,
            self.current,
            self.floors,
            self.small,
            self.large,
        ):
            try:
                part()
            except Trouble as trouble:
                self.wrong(str(trouble))

    def entry(self):
        region = self.region
        lock = region.entry.address + self.layout.entry_lock
        if region.lock != lock:
            self.wrong("the region has its lock at %#x, the registry at %#x" % (region.lock, lock))
        if (region.mapped != 0) == region.entry.placed:
            self.wrong("the region and the registry do not agree on whether it was placed")

    def sentinels(self):
        region = self.region
        objects, chunks, _, _ = region.map.get(ANCHOR)
        if (objects, chunks) != (0, 1 << (1 << self.layout.segment_shift) - 1):
            self.wrong("the segment at %#x is no anchor" % region.segment_address(ANCHOR))
        number, bit = region.split(region.granules)
        objects, chunks, _, _ = region.map.get(number)
        if objects >> bit != 1 or chunks >> bit != 0:
            self.wrong(
                "the segment at %#x does not end the region at granule %d"
                % (region.segment_address(number), region.granules)
            )

    def blocks(self):
        before = None
        for block in self.region.blocks(self.wrong):
            if block.live:
                self.objects += 1
            else:
                self.chunk_list.append((block.start, block.end))
            self.block(block, before)
            before = block

    def block(self, block, before):
        region = self.region
        if block.live and region.is_chunk(block.start):
            self.wrong("%#x starts an object and a chunk" % block.address)
        if before is not None and not before.live and not block.live:
            self.wrong("the chunks at %#x and %#x touch" % (before.address, block.address))
        first, last = region.split(block.start)[0] + 1, region.split(block.end)[0] - 1
        if first > last:
            return
        tagged = region.map.get(last)[2]
        if tagged != block.start:
            self.wrong(
                "the tag at %#x starts the block at %#x at granule %d; the map has it at %d"
                % (
                    region.segment_address(last) + self.layout.segment_previous,
                    block.address,
                    tagged,
                    block.start,
                )
            )
        inside = region.map.search(first, last + 1, 1, has_start)
        if inside is not None:
            self.wrong(
                "the segment at %#x has starts within the block at %#x, %d bytes"
                % (region.segment_address(inside), block.address, block.bytes)
            )

    def chain(self):
        """The segments with chunks, one after the other."""
        region = self.region
        numbers = [ANCHOR]
        for start, _ in self.chunk_list:
            number = region.split(start)[0]
            if number != numbers[-1]:
                numbers.append(number)
        for index, number in enumerate(numbers):
            _, _, previous, following = region.map.get(number)
            self.link(number, "next", following, numbers[(index + 1) % len(numbers)])
            self.link(number, "previous", previous, numbers[index - 1])

    def link(self, number, name, found, expected):
        if found != expected & 0xFFFFFFFF:
            self.wrong(
                "the segment at %#x has %s segment %d; the map has %d"
                % (
                    self.region.segment_address(number),
                    name,
                    found - (1 << 32) if found >> 31 else found,
                    expected,
                )
            )

    def nodes(self):
        region = self.region
        for index, (start, end) in enumerate(self.chunk_list):
            last = index + 1 == len(self.chunk_list)
            after = None if last else self.chunk_list[index + 1][0]
            block = Block(region, start, end, False)
            try:
                spoilt = region.spoilt_node(block, after)
            except Trouble as trouble:
                spoilt = str(trouble)
            if spoilt is not None:
                self.wrong("the node at %#x is overwritten: %s" % (block.address, spoilt))

    def totals(self):
        region = self.region
        free = sum(end - start for start, end in self.chunk_list)
        self.figure("chunks", region.chunks, len(self.chunk_list))
        self.figure("free bytes", region.bytes_of(region.free), region.bytes_of(free))
        self.figure("live objects", region.live_objects, self.objects)

    def figure(self, name, counted, found):
        if counted != found:
            self.wrong("the region counts %d %s; the map has %d" % (counted, name, found))

    def current(self):
        """The large chunk that is kept out of the trees."""
        region = self.region
        start, end = region.current_start, region.current_end
        if (start, end) == (NO_GRANULE, NO_GRANULE):
            return
        if (start, end) not in set(self.chunk_list) or end - start < self.large_least():
            self.wrong(
                "the current chunk would be granules %d to %d; the map has no such chunk that is "
                "large" % (start, end)
            )
            return
        for low, high in self.chunk_list:
            if low >= start:
                return
            if high - low >= region.current_floor:
                self.wrong(
                    "the chunk at %#x has %d granules; before the current one, all have less than "
                    "%d" % (region.address_of(low), high - low, region.current_floor)
                )

    def large_least(self):
        return 1 << self.layout.stretch_shift

    def floors(self):
        """Where searches begin: no chunk that is large enough may lie before."""
        region, layout = self.region, self.layout
        lanes = 1 << layout.node_shift
        address = region.address + layout.region_floors
        floors = region.memory.numbers(address, "%dh" % lanes)
        for start, end in self.chunk_list:
            node = start >> layout.segment_shift + layout.node_shift
            for size in range(1, min(end - start, lanes) + 1):
                if floors[size - 1] > node:
                    self.wrong(
                        "searches for %d granules begin at node %d, behind the chunk at %#x"
                        % (size, floors[size - 1], region.address_of(start))
                    )
                    return

    def small(self):
        """The tree of bytes: the largest chunk that starts in each segment."""
        region, layout = self.region, self.layout
        segments = region.granules + (1 << layout.segment_shift) - 1 >> layout.segment_shift
        elements = max(segments, (1 << layout.node_shift) + 1)
        expected = bytearray(elements)
        for start, end in self.chunk_list:
            number = start >> layout.segment_shift
            expected[number] = max(expected[number], min(end - start, 255))
        values = self.tree(region.small, region.small_first, elements, 1, "segments")
        if values is not None:
            self.compare(values, region.small, region.small_first, expected, 1, "segment")

    def large(self):
        """The tree of words: the large chunk that starts in each stretch, but the current one."""
        region, layout = self.region, self.layout
        stretches = region.granules + self.large_least() - 1 >> layout.stretch_shift
        expected = array.array("I", bytes(4 * stretches))
        for start, end in self.chunk_list:
            if end - start >= self.large_least() and start != region.current_start:
                expected[start >> layout.stretch_shift] = end - start
        values = self.tree(region.large, region.large_first, stretches, 4, "stretches")
        if values is not None:
            self.compare(values, region.large, region.large_first, expected, 4, "stretch")

    def tree(self, address, first, elements, width, name):
        """The values of a tree, if each is the largest of the node below it."""
        region = self.region
        lanes = 1 << self.layout.node_shift
        nodes = (first + elements + lanes - 1) // lanes
        end = address + nodes * lanes * width
        inside = region.address < address < end <= region.entry.objects
        if not inside or first != first_element(elements, lanes):
            self.wrong(
                "the tree over %s would be in %#x-%#x, with element 0 at %d"
                % (name, address, end, first)
            )
            return None
        data = region.memory.read(address, end - address)
        values = data if width == 1 else region.memory.words(data)
        for low in range(0, first, self.SPAN):
            high = min(low + self.SPAN, first)
            if any(values[low:high]) or any(values[(low + 1) * lanes : (high + 1) * lanes]):
                self.span(values, address, low, high, width, name)
        return values

    def span(self, values, address, low, high, width, name):
        """Whether each of some values is the largest of the node below it, 0 without one."""
        lanes = 1 << self.layout.node_shift
        for position in range(low, high):
            below = values[(position + 1) * lanes : (position + 2) * lanes]
            largest = max(below, default=0)
            if values[position] != largest:
                self.wrong(
                    "the tree over %s says %d at %#x; the largest below is %d"
                    % (name, values[position], address + position * width, largest)
                )

    def compare(self, values, address, first, expected, width, name):
        """The elements of a tree with those that the map has."""
        found = values[first : first + len(expected)]
        if bytes(found) == bytes(expected):
            return
        for element, value in enumerate(found):
            if value != expected[element]:
                self.wrong(
                    "%s %d says %d at %#x; its largest chunk has %d granules"
                    % (name, element, value, address + (first + element) * width, expected[element])
                )


def first_element(elements, lanes):
    """The position of element 0 in a tree: 0, 16, 16 + 256, ..."""
    first, room = 0, lanes
    while room < elements:
        first = (first + 1) * lanes
        room *= lanes
    return first
