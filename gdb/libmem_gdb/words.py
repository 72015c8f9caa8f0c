# words.py - what several commands and printers say alike.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

def count(number, name):
    return "%d %s%s" % (number, name, "" if number == 1 else "s")


def totals(region, chunks, free, largest):
    return "%s, %d bytes free, largest %d, region %d bytes" % (
        count(chunks, "chunk"),
        free,
        largest,
        region.bytes,
    )


def heading(region):
    return "region %d, %s, %#x: %d bytes at %#x" % (
        region.number,
        region.kind,
        region.address,
        region.bytes,
        region.base,
    )


def lock_in_words(state):
    if state == 0:
        return "free"
    waiting = state >> 1
    words = "owned" if state & 1 else "free"
    return words + (", %d waiting" % waiting if waiting else "")
