# region.py - a region as its index describes it, and its blocks.
#
# The map tells where blocks start; where nothing starts in a segment, tags at the ends of the block
# around tell where that ends, and starts (src/index/map.h). A tag that leads nowhere is told, and
# the bits of the map are asked instead. Searches only go upwards, or only downwards, so that each
# ends at an end of the region.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

from .memory import Trouble, Windows

ANCHOR = -1


class Block:
    """An object or a chunk: its granules are [start, end)."""

    def __init__(self, region, start, end, live):
        self.region = region
        self.start = start
        self.end = end
        self.live = live

    @property
    def granules(self):
        return self.end - self.start

    @property
    def bytes(self):
        return self.region.bytes_of(self.granules)

    @property
    def address(self):
        return self.region.address_of(self.start)

    @property
    def state(self):
        if not self.live:
            return "free"
        return "cached" if self.region.is_cached(self.start) else "live"


class Region:
    """A region as its index describes it."""

    NUMBERS = {
        "base": "P",
        "segments": "P",
        "granules": "I",
        "small": "P",
        "small_first": "I",
        "large": "P",
        "large_first": "I",
        "current_start": "I",
        "current_end": "I",
        "current_floor": "I",
        "free": "I",
        "begun": "I",
        "ended": "I",
        "order": "P",
        "requests": "Q",
        "refused": "Q",
        "frees": "Q",
        "bad_frees": "Q",
        "least_free": "I",
        "least_before": "I",
        "lock": "P",
        "index_bytes": "P",
        "mapped": "B",
        "watched": "B",
        "marks": "P",
    }

    def __init__(self, layout, entry):
        self.layout = layout
        self.memory = layout.memory
        self.entry = entry
        self.number = 0
        self.address = entry.first
        for name, code in self.NUMBERS.items():
            offset = getattr(layout, "region_" + name)
            setattr(self, name, self.memory.number(self.address + offset, code))
        self.chunks = (self.begun - self.ended) & 0xFFFFFFFF
        self.map = None
        self.mark = None

    @property
    def kind(self):
        if self.entry.placed:
            return "placed"
        return "default" if self.address == self.layout.default else "mapped"

    @property
    def bytes(self):
        return self.bytes_of(self.granules)

    @property
    def end(self):
        return self.base + self.bytes

    @property
    def last_segment(self):
        """It holds the granule one past the end."""
        return self.granules >> self.layout.segment_shift

    @property
    def live_objects(self):
        return (self.requests - self.refused - self.frees) & 0xFFFFFFFFFFFFFFFF

    def bytes_of(self, granules):
        return granules << self.layout.granule_shift

    def address_of(self, granule):
        return self.base + self.bytes_of(granule)

    def contradiction(self):
        """What makes the region's description useless, in words; None if nothing does."""
        entry, layout = self.entry, self.layout
        if self.granules == 0 and self.base == 0:
            return "it is just being made"
        if not 0 < self.granules <= layout.granules_max:
            return "it has %d granules, of at most %d" % (self.granules, layout.granules_max)
        if self.base % layout.granule_bytes != 0:
            return "its memory begins at %#x, which is not aligned" % self.base
        if self.end >= 1 << self.memory.bits:
            return "its memory would end behind the last address"
        if entry.placed and (self.base, self.end) != (entry.objects, entry.end):
            return "it has its objects in %#x-%#x, and the registry has them in %#x-%#x" % (
                self.base,
                self.end,
                entry.objects,
                entry.end,
            )
        first = self.segments - layout.segment_bytes
        end = self.segments + (self.last_segment + 1) * layout.segment_bytes
        if not self.address < first < end <= entry.objects:
            return "its map would be in %#x-%#x, outside of its index %#x-%#x" % (
                first,
                end,
                self.address,
                entry.objects,
            )
        return None

    def has(self, address):
        """Whether its memory has the address."""
        return self.contradiction() is None and self.base <= address < self.end

    def open(self):
        """Makes ready to read the map, if that can be."""
        problem = self.contradiction()
        if problem is not None:
            raise Trouble("region %d at %#x: %s" % (self.number, self.address, problem))
        if self.map is None:
            form = self.layout.segment_form()
            self.map = Windows(self.memory, self.segments, form, ANCHOR, self.last_segment + 1)
        if self.marks and self.mark is None:
            self.mark = Windows(self.memory, self.marks, "B", 0, self.granules)

    # The map: where blocks start

    def split(self, granule):
        shift = self.layout.segment_shift
        return granule >> shift, granule & ((1 << shift) - 1)

    def granule(self, number, bit):
        return (number << self.layout.segment_shift) + bit

    def segment_address(self, number):
        return self.segments + number * self.layout.segment_bytes

    def starts(self, number):
        objects, chunks, _, _ = self.map.get(number)
        return objects | chunks

    def is_object(self, granule):
        number, bit = self.split(granule)
        return self.map.get(number)[0] >> bit & 1 == 1

    def is_chunk(self, granule):
        number, bit = self.split(granule)
        return self.map.get(number)[1] >> bit & 1 == 1

    def is_start(self, granule):
        return self.is_object(granule) or self.is_chunk(granule)

    def is_cached(self, granule):
        return self.mark is not None and self.mark.get(granule)[0] == self.layout.cached

    def next_start(self, granule):
        """The first start above a granule, by the bits alone; the end of the region without."""
        number, bit = self.split(granule)
        above = self.starts(number) >> bit >> 1
        if above:
            return min(granule + 1 + lowest(above), self.granules)
        last = self.last_segment + 1
        number = self.map.search(number + 1, last, 1, has_start)
        if number is None:
            return self.granules
        return min(self.granule(number, lowest(self.starts(number))), self.granules)

    def start_around(self, granule):
        """The last start at a granule or below it, by the bits alone; None without."""
        number, bit = self.split(granule)
        below = self.starts(number) & ((2 << bit) - 1)
        if not below:
            number = self.map.search(number - 1, ANCHOR, -1, has_start)
            if number is None:
                return None
            below = self.starts(number)
        return self.granule(number, below.bit_length() - 1)

    def end_of(self, granule, wrong):
        """Where the block that starts at a granule ends, as the library finds it. A tag that leads
        astray is told, and the bits are asked instead."""
        number, bit = self.split(granule)
        above = self.starts(number) >> bit >> 1
        if above:
            return granule + 1 + lowest(above)
        if number == self.last_segment:
            wrong("nothing starts behind the block at %#x" % self.address_of(granule))
            return self.granules
        following = self.starts(number + 1)
        if following:
            return self.granule(number + 1, lowest(following))
        end = self.map.get(number + 1)[3]
        if granule < end <= self.granules and self.is_start(end):
            return end
        found = self.next_start(granule)
        wrong(
            "the tag at %#x ends the block at %#x at granule %d; the next block starts at %d"
            % (
                self.segment_address(number + 1) + self.layout.segment_next,
                self.address_of(granule),
                end,
                found,
            )
        )
        return found

    def blocks(self, wrong=lambda text: None):
        """All blocks, in the order of their addresses."""
        self.open()
        granule = 0
        if not self.is_start(0):
            wrong("no block starts at %#x, where the region begins" % self.base)
            granule = self.next_start(0)
        while granule < self.granules:
            end = min(self.end_of(granule, wrong), self.granules)
            yield Block(self, granule, end, self.is_object(granule))
            granule = end

    def block_around(self, granule):
        """The block in which a granule lies; None if the map has none there."""
        self.open()
        start = self.start_around(granule)
        if start is None:
            return None
        end = self.end_of(start, lambda text: None)
        if granule >= end:
            end = self.next_start(start)
        return Block(self, start, end, self.is_object(start))

    def block_before(self, block):
        return self.block_around(block.start - 1) if block.start > 0 else None

    def block_after(self, block):
        return self.block_around(block.end) if block.end < self.granules else None

    # The free list

    def largest_node_size(self):
        """The most bytes that a node shows: what an int holds."""
        return 0x7FFFFFFF >> self.layout.granule_shift << self.layout.granule_shift

    def read_node(self, address):
        layout, memory = self.layout, self.memory
        return (
            memory.number(address + layout.list_size, "i"),
            memory.number(address + layout.list_type, "B"),
            memory.number(address + layout.list_next, "P"),
        )

    def spoilt_node(self, block, after):
        """What a chunk's node says, and what it should say; None if these are the same. `after` is
        the granule of the next chunk, None without."""
        size = min(block.bytes, self.largest_node_size())
        expected = (size, 1, self.address_of(after) if after is not None else 0)
        found = self.read_node(block.address)
        if found == expected:
            return None
        form = "size %d, type %d, next %#x"
        return "%s; the index says %s" % (form % found, form % expected)

    def chunk_after(self, block):
        """The first chunk behind a block; by the bits, since a chain may lead anywhere."""
        if block.end >= self.granules:
            return None
        number, bit = self.split(block.end)
        above = self.map.get(number)[1] >> bit
        if above:
            return block.end + lowest(above)
        last = self.last_segment + 1
        number = self.map.search(number + 1, last, 1, lambda segment: segment[1])
        if number is None:
            return None
        found = self.granule(number, lowest(self.map.get(number)[1]))
        return found if found < self.granules else None

    # Figures

    def stats(self):
        """The members of struct Mem_Stats, by their names."""
        least = min(self.free, self.least_free, self.least_before)
        return (
            ("region_bytes", self.bytes),
            ("index_bytes", self.index_bytes),
            ("live_bytes", self.bytes - self.bytes_of(self.free)),
            ("live_blocks", self.live_objects),
            ("peak_live_bytes", self.bytes - self.bytes_of(least)),
            ("free_bytes", self.bytes_of(self.free)),
            ("free_chunks", self.chunks),
            ("largest_free", self.largest_free()),
            ("allocations", (self.requests - self.refused) & 0xFFFFFFFFFFFFFFFF),
            ("frees", self.frees),
            ("refused", self.refused),
            ("bad_frees", self.bad_frees),
        )

    def largest_free(self):
        """In bytes, by the current chunk and the roots of the trees."""
        nodes = 1 << self.layout.node_shift
        large = self.memory.words(self.memory.read(self.large, 4 * nodes))
        largest = max(max(large), (self.current_end - self.current_start) & 0xFFFFFFFF)
        return self.bytes_of(largest or max(self.memory.read(self.small, nodes)))


def has_start(segment):
    """Whether a block starts in a segment."""
    return (segment[0] | segment[1]) != 0


def lowest(bits):
    """The number of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1
