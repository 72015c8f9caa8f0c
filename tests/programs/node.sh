#!/bin/sh
# node.sh - node parses JSON, compresses in its pool of threads, and runs a worker.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs node strace gdb

cat >work.js <<'END'
const zlib = require("zlib");
const { Worker, isMainThread, parentPort } = require("worker_threads");
const items = [];
for (let i = 0; i < 20000; i++)
    items.push({ id: i, text: "x".repeat(i % 40) });
const text = JSON.stringify(items);
if (!isMainThread) {
    parentPort.postMessage(JSON.parse(text).length);
} else {
    let waiting = 4;
    const sizes = [];
    const finish = () => {
        console.log(sizes.join(" "));
        new Worker(__filename).on("message", (count) => console.log("worker", count));
    };
    for (let level = 1; level <= 4; level++)
        zlib.deflate(text, { level }, (error, data) => {
            if (error) throw error;
            sizes[level - 1] = data.length;
            if (--waiting === 0) finish();
        });
}
END

task() {
    "$@" node "$work/work.js"
}
examined node
finish
