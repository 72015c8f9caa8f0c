/*
 * heaps.js - reads what heaps.c has written, and finds the blocks of a moment.
 *
 * The parts of the script stand one behind the other in a page, in the order of document.c. Sizes
 * and addresses are granules of 16 bytes until they are shown.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
'use strict';

const GRANULE = 16, COLUMNS = 1000;
const $ = (id) => document.getElementById(id);
const data = JSON.parse($('data').textContent);
const region = data.region / GRANULE;

async function unpack(text, format) {
    const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    if (format === '')
        return packed;
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

/* ---- Numbers, as code.h has them ---- */

function readerOf(bytes) {
    let at = 0;
    function number() {
        let value = 0, unit = 1;
        for (; bytes[at] >= 128; unit *= 128)
            value += (bytes[at++] - 128) * unit;
        return value + bytes[at++] * unit;
    }
    function step() {
        const value = number(), size = Math.floor(value / 2);
        return value % 2 === 0 ? size : -size;
    }
    function steps(count) {
        let value = 0;
        return Float64Array.from({length: count}, () => value += step());
    }
    const numbers = (count) => Float64Array.from({length: count}, number);
    return {number, numbers, steps};
}

/* ---- Styles ---- */

function readCurve(from) {
    const least = from.steps(COLUMNS);
    return {least, most: from.numbers(COLUMNS).map((more, i) => least[i] + more)};
}

/* Objects or holes, and the order of their addresses. */
function readList(from, moments) {
    const begin = from.numbers(moments), count = begin.reduce((sum, n) => sum + n, 0);
    const first = new Uint8Array(count);
    for (let i = 0, at = 0; i < moments; at += begin[i++])
        first.fill(i, at, at + begin[i]);
    const start = from.numbers(count), size = from.numbers(count);
    for (let i = 1; i < count; i++)
        if (first[i] === first[i - 1])
            start[i] += start[i - 1] + size[i - 1];
    const last = from.numbers(count).map((back) => moments - 1 - back);
    const order = Uint32Array.from(first, (_, i) => i).sort((a, b) => start[a] - start[b]);
    return {count, first, last, start, size, order};
}

function readStyle(from, name) {
    const moments = data.moments.length;
    const live = readCurve(from), largest = readCurve(from), chunks = readCurve(from);
    const at = Array.from({length: moments}, () => ({live: from.number(), objects: from.number(),
        chunks: from.number(), largest: from.number()}));
    const objects = readList(from, moments);
    objects.since = from.steps(objects.count);
    objects.caller = data.callers.length > 0 ? from.numbers(objects.count) : null;
    const holes = data.least > 0 ? readList(from, moments) : null;
    return {name, live, largest, chunks, at, objects, holes};
}

async function readStyles() {
    const from = readerOf(await unpack(data.heaps, data.format));
    return data.styles.map((name) => readStyle(from, name));
}

/* ---- The blocks of a moment ---- */

/* What a block is: the number of an object, or one of these; SMALL stands for several blocks side
 * by side that are left out. */
const FREE = -1, SMALL = -2;

/* What a list has at a moment, by address; then null. */
function* blocksOf(list, moment, isFree) {
    for (const i of list.order)
        if (list.first[i] <= moment && moment <= list.last[i])
            yield {start: list.start[i], size: list.size[i], what: isFree ? FREE : i};
    yield null;
}

/* All blocks by their addresses, without a gap. */
function blocksAt(style, moment) {
    const blocks = {start: [], size: [], what: []};
    const lists = [blocksOf(style.objects, moment, false)];
    let end = 0;
    if (style.holes !== null)
        lists.push(blocksOf(style.holes, moment, true));
    function add(start, size, what) {
        blocks.start.push(start);
        blocks.size.push(size);
        blocks.what.push(what);
        end = start + size;
    }
    function fill(to) {
        if (to > end)
            add(end, to - end, style.holes === null ? FREE : SMALL);
    }
    const heads = lists.map((list) => list.next().value);
    for (;;) {
        let least = -1;
        heads.forEach((head, k) => {
            if (head !== null && (least < 0 || head.start < heads[least].start))
                least = k;
        });
        if (least < 0)
            break;
        fill(heads[least].start);
        add(heads[least].start, heads[least].size, heads[least].what);
        heads[least] = lists[least].next().value;
    }
    fill(region);
    return blocks;
}

/* The number of the block in which a granule lies. */
function blockOf(blocks, granule) {
    let low = 0, high = blocks.start.length - 1;
    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (blocks.start[middle] <= granule)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
