# libmem.py - gives gdb the commands for regions of libmem: `source` reads it, from the source tree
# or from where it is installed. All else is in the folder libmem_gdb beside it, as modules, so that
# the names in them are their own.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import inspect
import os
import sys


def libmem_load():
    """Imports the modules anew, and leaves no compiled files beside them. Older gdbs set no
    __file__, or that of another script."""
    this = inspect.currentframe().f_code.co_filename
    for name in [name for name in sys.modules if name.split(".")[0] == "libmem_gdb"]:
        del sys.modules[name]
    kept = sys.path[:], sys.dont_write_bytecode
    sys.path.insert(0, os.path.dirname(os.path.abspath(os.path.expanduser(this))))
    sys.dont_write_bytecode = True
    try:
        import libmem_gdb

        libmem_gdb.install()
    finally:
        sys.path[:], sys.dont_write_bytecode = kept


libmem_load()
