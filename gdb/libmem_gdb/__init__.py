# libmem_gdb - regions of libmem in gdb: the commands `mem regions`, `mem info`, `mem walk`,
# `mem holes`, `mem map` and `mem check`, and printers for regions and nodes of the free list.
#
# Everything that it knows of the library it reads from the constant Mem_DebugLayout in the program
# (mem_debug.h), so it serves live programs and core files, and libraries that are stripped. It
# calls nothing in the program.
#
# The memory may be overwritten. Whatever is read is compared with something else before it leads
# anywhere, and every loop has a bound that the program's memory does not set. What contradicts what
# is said in words, with the address. Each of these files knows those before it:
#
#     memory      bytes of the program, or Trouble
#     loaded      the files of the program, and their symbols
#     layout      the constants Mem_DebugLayout: a copy of the library each
#     region      one region, its map, and its blocks
#     registry    the regions of all copies
#     check       what contradicts what in a region
#     words       what several of these say alike
#     commands    what is asked for, and how it is printed
#     printers    how gdb prints values
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

from . import commands, printers


def install():
    """The commands and printers; those of an earlier load are replaced."""
    commands.install()
    printers.install()
