#!/bin/sh
# python.sh - python3 parses and prints JSON, matches regular expressions, runs a pool of threads, and
# processes by fork and by spawn, with its own heap for small objects and without.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs python3 strace gdb

cat >work.py <<'END'
import json, re, hashlib
from concurrent.futures import ThreadPoolExecutor
import multiprocessing as mp

def task(n):
    items = [{"id": i, "name": "item %d" % i, "tags": [str(i % 7), str(i % 11)]} for i in range(n)]
    text = json.dumps(items)
    found = re.findall(r'"name": "item (\d+)"', text)
    return hashlib.sha256((text + ",".join(found)).encode()).hexdigest()

if __name__ == "__main__":
    print("alone", task(5000))
    with ThreadPoolExecutor(4) as pool:
        for digest in pool.map(task, [500, 1000, 1500, 2000]):
            print("thread", digest)
    for method in "fork", "spawn":
        with mp.get_context(method).Pool(2) as pool:
            print(method, pool.map(task, [300, 600]))
END

task() {
    "$@" python3 "$work/work.py"
}
examined python

task() {
    PYTHONMALLOC=malloc "$@" python3 "$work/work.py"
}
examined python-malloc
finish
