/*
 * map.js - the map of blocks: rows of the region, one below the other, each cell as dark as what
 * lies in it is old.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */

const ROWS = 32, ROW = 14, GAP = 2; /* the last two in pixels */
const EDGE = .6; /* how dark the first pixel of an object is beside the others */
const canvas = document.querySelector('#map canvas');
const paint = canvas.getContext('2d');
const view = {
    top: 0,    /* the first granule that is shown, where a row begins */
    zoom: 0,   /* each step shows a quarter */
    chosen: 0, /* a granule of the block that is framed */
};

const widest = Math.ceil(region / ROWS), narrowest = Math.min(widest, 64);
const perRow = () => Math.max(narrowest, Math.ceil(widest / 4 ** view.zoom));
const lastTop = () => Math.max(0, Math.ceil(region / perRow()) - ROWS) * perRow();
const lastZoom = Math.ceil(Math.log2(widest / narrowest) / 2);

/* ---- Drawing ---- */

const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Its red, green and blue, of "#rgb" or "#rrggbb". */
function colour(name) {
    const digits = variable(name).slice(1);
    const length = digits.length / 3;
    return [0, 1, 2].map((k) => parseInt(digits.slice(k * length, (k + 1) * length).padEnd(2, digits[k]), 16));
}

/* From 0.4 for what was placed just now to 1 for what is as old as the trace: a step for each
 * quarter of that. */
function darkness(age) {
    const quarters = Math.log2((data.operations + 1) / (age + 1)) / 2;
    return 1 - .15 * Math.min(4, quarters);
}

/* Adds up how dark each cell is, and how much of it is small blocks. */
function gather(cells, dark, small) {
    const blocks = shown.blocks, end = Math.min(region, view.top + ROWS * perRow());
    const scale = cells / perRow();
    for (let i = blockOf(blocks, view.top); i < blocks.start.length && blocks.start[i] < end; i++) {
        const what = blocks.what[i];
        if (what === FREE)
            continue;
        const into = what === SMALL ? small : dark, shade = what === SMALL ? 1 : darkness(ageOf(what));
        const stop = (Math.min(blocks.start[i] + blocks.size[i], end) - view.top) * scale;
        const begin = (blocks.start[i] - view.top) * scale;
        const edge = what !== SMALL && stop - begin >= 4 ? begin + 1 : begin; /* is lighter */
        for (let x = Math.max(0, begin); x < stop;) {
            const next = Math.min(stop, Math.floor(x) + 1);
            into[Math.floor(x)] += (x < edge ? EDGE : 1) * shade * (next - x);
            x = next;
        }
    }
}

function drawRows(cells, height, gap) {
    const paper = colour('--paper'), ink = colour('--ink');
    const dark = new Float32Array(cells * ROWS + 1), small = new Float32Array(cells * ROWS + 1);
    const image = paint.createImageData(cells, ROWS * height);
    const end = (region - view.top) * cells / perRow();
    gather(cells, dark, small);
    for (let y = 0, at = 0; y < ROWS * height; y++)
        for (let x = 0; x < cells; x++, at += 4) {
            const cell = Math.floor(y / height) * cells + x;
            const isOutside = y % height >= height - gap || cell >= end;
            const hatch = (x + y) % 6 < 2 ? .7 : .15;
            const shade = isOutside ? .12 : Math.min(1, dark[cell] + small[cell] * hatch);
            for (let k = 0; k < 3; k++)
                image.data[at + k] = paper[k] + (ink[k] - paper[k]) * shade;
            image.data[at + 3] = 255;
        }
    paint.putImageData(image, 0, 0);
}

/* Around the chosen block, row by row. */
function drawFrame(cells, height, thickness) {
    const i = blockOf(shown.blocks, view.chosen), row = perRow();
    const begin = shown.blocks.start[i] - view.top, end = begin + shown.blocks.size[i];
    paint.fillStyle = variable('--accent');
    for (let r = Math.max(0, Math.floor(begin / row)); r < ROWS && r * row < end; r++) {
        const left = Math.max(0, begin - r * row) / row * cells;
        const right = Math.max(Math.min(row, end - r * row) / row * cells, left + thickness);
        const y = r * height;
        paint.fillRect(left, y - thickness / 2, right - left, thickness);
        paint.fillRect(left, y + height - thickness, right - left, thickness);
        if (begin >= r * row)
            paint.fillRect(left - thickness / 2, y - thickness / 2, thickness, height);
        if (end <= (r + 1) * row)
            paint.fillRect(right - thickness / 2, y - thickness / 2, thickness, height);
    }
}

/* What the tip told of may be elsewhere then. */
function drawMap() {
    $('tip').hidden = true;
    const scale = window.devicePixelRatio || 1;
    const cells = Math.max(1, Math.round(canvas.clientWidth * scale)), height = Math.round(ROW * scale);
    canvas.width = cells;
    canvas.height = ROWS * height;
    drawRows(cells, height, Math.round(GAP * scale));
    drawFrame(cells, height, Math.round(2 * scale));
    $('shown').textContent = 'bytes ' + bytes(view.top) + ' to ' +
        bytes(Math.min(region, view.top + ROWS * perRow())) + ', ' + bytes(perRow()) + ' a row';
    $('nearer').disabled = view.zoom === lastZoom;
    $('farther').disabled = $('whole').disabled = view.zoom === 0;
}

/* ---- Moving ---- */

function centre() {
    const row = Math.floor(view.chosen / perRow()) - ROWS / 2;
    view.top = Math.min(lastTop(), Math.max(0, row * perRow()));
}

function zoom(by) {
    view.zoom = Math.min(lastZoom, Math.max(0, view.zoom + by));
    centre();
    drawMap();
}

function choose(granule) {
    view.chosen = Math.min(region - 1, Math.max(0, granule));
    if (view.chosen < view.top || view.chosen >= view.top + ROWS * perRow())
        centre();
    $('said').textContent = sayBetween(blockOf(shown.blocks, view.chosen));
    drawMap();
}

/* Does what is listed for a key, if it is pressed alone. */
function pressed(event, keys) {
    if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey)
        return;
    event.preventDefault();
    keys[event.key]();
}

canvas.onkeydown = (event) => {
    const i = blockOf(shown.blocks, view.chosen), start = shown.blocks.start[i];
    pressed(event, {
        ArrowLeft: () => choose(start - 1),
        ArrowRight: () => choose(start + shown.blocks.size[i]),
        ArrowUp: () => choose(view.chosen - perRow()),
        ArrowDown: () => choose(view.chosen + perRow()),
        PageUp: () => choose(view.chosen - ROWS * perRow()),
        PageDown: () => choose(view.chosen + ROWS * perRow()),
        Home: () => choose(0),
        End: () => choose(region - 1),
        '+': () => zoom(1),
        '=': () => zoom(1), /* the same key, without Shift */
        '-': () => zoom(-1),
        '0': () => zoom(-lastZoom),
        Escape: () => $('tip').hidden = true,
    });
};

/* ---- The pointer ---- */

/* The granule there, or -1. */
function granuleAt(event) {
    const row = Math.floor(event.offsetY / ROW), share = event.offsetX / canvas.clientWidth;
    const granule = view.top + row * perRow() + Math.floor(share * perRow());
    return row >= 0 && row < ROWS && share >= 0 && share < 1 && granule < region ? granule : -1;
}

canvas.onpointermove = (event) => {
    const granule = granuleAt(event), tip = $('tip');
    tip.hidden = granule < 0;
    if (granule < 0)
        return;
    tip.textContent = sayBlock(blockOf(shown.blocks, granule));
    tip.style.left = Math.max(0, Math.min(event.offsetX + 14, canvas.clientWidth - tip.offsetWidth)) + 'px';
    const isLow = event.clientY + 18 + tip.offsetHeight > innerHeight;
    tip.style.top = (isLow ? event.offsetY - 8 - tip.offsetHeight : event.offsetY + 18) + 'px';
};
canvas.onpointerleave = () => $('tip').hidden = true;
canvas.onclick = (event) => {
    if (granuleAt(event) >= 0)
        choose(granuleAt(event));
};
canvas.ondblclick = () => zoom(1);
