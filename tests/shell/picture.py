# picture.py - compares the map of a picture, cell by cell, with a model of first fit that is too
# simple to be wrong.
#
#     python3 picture.py TRACE REGION PICTURE
#     python3 picture.py --draw SEED REGION OPERATIONS    a random trace, to standard output
#
# A trace has allocations and frees alone. Shares are compared as whole numbers: time is counted in
# thousandths of an operation times operations, addresses in parts of a granule.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import random
import re
import sys
import xml.etree.ElementTree

COLUMNS, ROWS, SHADES, GRANULE = 1000, 600, 5, 16
SVG = "{http://www.w3.org/2000/svg}"


def draw(seed, region, count):
    choose = random.Random(seed)
    live, ids, lines = [], 0, []
    for _ in range(count):
        if live and choose.random() < 0.45:
            lines.append("f %d" % live.pop(choose.randrange(len(live))))
        else:
            most = region // choose.choice([4, 20, 200])
            lines.append("a %d %d" % (ids, choose.randrange(max(20, most))))
            live.append(ids)
            ids += 1
    return "\n".join(["0", str(ids), str(count), "1"] + lines)


class Heap:
    def __init__(self, granules):
        self.free = [(0, granules)]

    def alloc(self, granules):
        for i, (start, size) in enumerate(self.free):
            if size >= granules:
                self.free[i : i + 1] = [(start + granules, size - granules)] * (size > granules)
                return start
        return None

    def release(self, start, granules):
        joined = []
        for first, size in sorted(self.free + [(start, granules)]):
            if joined and sum(joined[-1]) == first:
                first, size = joined[-1][0], joined.pop()[1] + size
            joined.append((first, size))
        self.free = joined


def lives(operations, granules):
    """Each object: first granule, granules, first operation, the one behind the last."""
    heap, objects = Heap(granules), {}
    for time, (kind, number, *size) in enumerate(operations):
        if kind == "a":
            need = (max(int(size[0]), 1) + GRANULE - 1) // GRANULE
            start = heap.alloc(need)
            if start is not None:
                objects[number] = (start, need, time)
        elif number in objects:
            start, need, begin = objects.pop(number)
            heap.release(start, need)
            yield start, need, begin, time
    for start, need, begin in objects.values():
        yield start, need, begin, len(operations)


def shares(begin, end, scale, parts):
    """The parts from begin to end, each as its number and how much of it is covered."""
    begin, end = begin * scale, end * scale
    while begin < end:
        i = begin // parts
        next_one = min(end, (i + 1) * parts)
        yield i, next_one - begin
        begin = next_one


def expected(trace, region):
    operations = [line.split() for line in open(trace).read().split("\n")[4:] if line]
    granules = region // GRANULE
    rows, count = min(ROWS, granules), len(operations)
    areas = {}
    for start, size, begin, end in lives(operations, granules):
        for row, height in shares(start, start + size, rows, granules):
            for column, width in shares(begin, end, COLUMNS, count):
                cell = (column, rows - 1 - row)
                areas[cell] = areas.get(cell, 0) + height * width
    return {cell: -(-area * SHADES // (granules * count)) for cell, area in areas.items()}


def vertical_edges(path):
    """Of each row: where its outlines go up (-1) or down."""
    x = y = first_x = first_y = 0
    rows = {}

    def go(to):
        for row in range(min(y, to), max(y, to)):
            rows.setdefault(row, []).append((x, 1 if to > y else -1))

    for letter, numbers in re.findall(r"([Mmhvz])([-\d ]*)", path):
        values = [int(n) for n in numbers.split()]
        if letter in "Mm":
            x, y = values if letter == "M" else (x + values[0], y + values[1])
            first_x, first_y = x, y
        elif letter == "h":
            x += values[0]
        elif letter == "v":
            go(y + values[0])
            y += values[0]
        else:
            assert x == first_x or y == first_y
            go(first_y)
            x, y = first_x, first_y
    return rows


def cells_in(path):
    for row, edges in vertical_edges(path).items():
        winding, last = 0, 0
        for x, way in sorted(edges):
            if winding != 0:
                yield from ((column, row) for column in range(last, x))
            winding, last = winding + way, x
        assert winding == 0


def shown(picture):
    """The shades of the first panel; each is painted over the one before."""
    groups = xml.etree.ElementTree.parse(picture).getroot().findall(SVG + "g")
    paths = next(g.findall(SVG + "path") for g in groups if len(g.findall(SVG + "path")) == SHADES)
    cells = {}
    for shade, path in enumerate(paths, 1):
        for cell in cells_in(path.get("d")):
            assert cells.get(cell, 0) == shade - 1
            cells[cell] = shade
    return cells


def main():
    if sys.argv[1] == "--draw":
        print(draw(*map(int, sys.argv[2:])))
    else:
        wanted, found = expected(sys.argv[1], int(sys.argv[2])), shown(sys.argv[3])
        wrong = sorted(c for c in {*wanted, *found} if wanted.get(c, 0) != found.get(c, 0))
        print(len(wanted), "cells,", len(wrong), "of them wrong, first", wrong[:1])
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
