# memory.py - bytes of the program, as numbers. All that the other files read of it, they read here.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import array
import struct
import sys

import gdb


class Trouble(Exception):
    """Something cannot be read, or makes no sense; the text says what."""


class Memory:
    """Bytes of the program, in its byte order, "<" or ">"."""

    def __init__(self, order, pointer_bytes):
        self.order = order
        self.pointer_bytes = pointer_bytes
        self.pointer_code = "Q" if pointer_bytes == 8 else "I"
        self.bits = 8 * pointer_bytes

    @staticmethod
    def read(address, size):
        try:
            return bytes(gdb.selected_inferior().read_memory(address, size))
        except (gdb.error, OverflowError, MemoryError):
            raise Trouble("the %d bytes at %#x cannot be read" % (size, address)) from None

    def numbers(self, address, code):
        """The numbers at an address, by the letters of `struct`; P is a pointer."""
        form = self.order + code.replace("P", self.pointer_code)
        return struct.unpack(form, self.read(address, struct.calcsize(form)))

    def number(self, address, code):
        return self.numbers(address, code)[0]

    def words(self, data):
        """Bytes of the program as numbers of 32 bits."""
        words = array.array("I", data)
        if (self.order == "<") != (sys.byteorder == "little"):
            words.byteswap()
        return words


class Windows:
    """Records of one size that lie one after the other, read and kept many at a time."""

    RECORDS = 2048
    KEPT = 64

    def __init__(self, memory, address, form, first, end):
        """Record 0 is at the address; there are those from `first` to before `end`."""
        self.memory = memory
        self.address = address
        self.form = struct.Struct(form)
        self.first = first
        self.end = end
        self.zero = self.form.unpack(bytes(self.form.size))
        self.kept = {}

    def window(self, number):
        """The records of a window, or None if every byte of them is zero."""
        if number not in self.kept:
            if len(self.kept) >= self.KEPT:
                self.kept.clear()
            low = self.first + number * self.RECORDS
            many = min(self.RECORDS, self.end - low)
            size = self.form.size
            data = self.memory.read(self.address + low * size, many * size)
            zero = data.count(0) == len(data)
            self.kept[number] = None if zero else list(self.form.iter_unpack(data))
        return self.kept[number]

    def get(self, index):
        number, offset = divmod(index - self.first, self.RECORDS)
        records = self.window(number)
        return records[offset] if records is not None else self.zero

    def search(self, start, end, step, wanted):
        """The first index from start to before end, by steps of 1 or -1, whose record is not zero
        and wanted; None without."""
        index = start
        while (end - index) * step > 0:
            number, offset = divmod(index - self.first, self.RECORDS)
            records = self.window(number)
            if records is None:
                low = self.first + number * self.RECORDS
                index = low + self.RECORDS if step > 0 else low - 1
            elif wanted(records[offset]):
                return index
            else:
                index += step
        return None
