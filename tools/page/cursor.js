/*
 * cursor.js - the cursor: a line through all panels, a slider, and what is told of where it stands.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */

const MOST_HOLES = 10;
const lines = []; /* in each panel, and how wide that is */

/* ---- The heap there ---- */

/* A row for a free chunk, with a button that shows it in the map. */
function rowOfHole(i) {
    const start = shown.blocks.start[i];
    const button = make('button', {type: 'button', title: 'show it in the map', onclick() {
        choose(start);
        canvas.focus();
    }}, bytes(shown.blocks.size[i]));
    return make('tr', {}, make('td', {}, button), make('td', {}, bytes(start)),
        make('td', {}, sayNeighbour(i - 1)), make('td', {}, sayNeighbour(i + 1)));
}

function showHoles() {
    const blocks = shown.blocks;
    const holes = Array.from(blocks.what.keys()).filter((i) => blocks.what[i] === FREE);
    holes.sort((a, b) => blocks.size[b] - blocks.size[a]);
    const rows = holes.slice(0, MOST_HOLES).map(rowOfHole);
    if (rows.length === 0)
        rows.push(make('tr', {}, make('td', {colSpan: 4}, 'none')));
    makeTable($('holes'), ['free bytes', 'at', 'before it', 'behind it'], rows);
}

function showMoment() {
    const events = sayEvents(shown.moment), at = shown.style.at[shown.moment];
    $('moment').textContent = 'After operation ' + group(data.moments[shown.moment]) +
        (events === '' ? '' : ': ' + events) + '. By ' + fit(shown.style) + ', ' + group(at.objects) +
        ' objects are live. Blocks are known at ' + data.moments.length +
        ' moments, and this one is the nearest to the cursor.';
}

/* After another moment or another style. */
function showHeap() {
    shown.blocks = blocksAt(shown.style, shown.moment);
    showMoment();
    showHoles();
    choose(view.chosen);
}

/* What the heap has by each style: exactly, where it is known, or else between the least and the
 * most of a column. */
function showFigures() {
    const column = Math.min(COLUMNS - 1, Math.floor(shown.done * COLUMNS / Math.max(1, data.operations)));
    const isExact = data.moments[shown.moment] === shown.done;
    const cell = (least, most, say) =>
        make('td', {}, least === most ? say(least) : say(least) + '\u2013' + say(most));
    makeTable($('figures'), ['policy', 'bytes live', 'bytes free', 'largest free chunk', 'free chunks'],
        shown.styles.map((one) => {
            const at = one.at[shown.moment];
            const range = (name) => isExact ? [at[name], at[name]] : [one[name].least[column], one[name].most[column]];
            const [least, most] = range('live');
            return make('tr', {}, make('th', {scope: 'row'}, fit(one)), cell(least, most, bytes),
                cell(region - most, region - least, bytes), cell(...range('largest'), bytes),
                cell(...range('chunks'), group));
        }));
}

/* ---- Moving ---- */

/* The moment that is nearest to where so many operations are done. */
function nearest(done) {
    let best = 0;
    data.moments.forEach((at, i) => {
        if (Math.abs(at - done) < Math.abs(data.moments[best] - done))
            best = i;
    });
    return best;
}

function go(done) {
    const text = () => 'after operation ' + group(shown.done) + ' of ' + group(data.operations);
    shown.done = Math.round(Math.min(data.operations, Math.max(0, done)));
    $('slider').value = shown.done;
    $('slider').setAttribute('aria-valuetext', text());
    $('where').textContent = text();
    for (const {line, width} of lines)
        line.setAttribute('transform', 'translate(' + width * shown.done / Math.max(1, data.operations) + ')');
    if (nearest(shown.done) !== shown.moment) {
        shown.moment = nearest(shown.done);
        showHeap();
    }
    showFigures();
}

/* To the next moment, or the one before. */
function goOn(by) {
    const others = data.moments.filter((at) => by * (at - shown.done) > 0);
    if (others.length > 0)
        go(by > 0 ? others[0] : others[others.length - 1]);
}

const column = Math.max(1, data.operations / COLUMNS);
const arrows = {ArrowLeft: () => go(shown.done - column), ArrowRight: () => go(shown.done + column)};

document.onkeydown = (event) => {
    if (event.target === document.body)
        pressed(event, arrows);
};
$('slider').onkeydown = (event) => pressed(event, {
    ...arrows,
    ArrowDown: arrows.ArrowLeft,
    ArrowUp: arrows.ArrowRight,
    PageDown: () => goOn(-1),
    PageUp: () => goOn(1),
    Home: () => go(0),
    End: () => go(data.operations),
});
$('slider').oninput = () => go(Number($('slider').value));
$('earlier').onclick = () => goOn(-1);
$('later').onclick = () => goOn(1);

/* ---- In the panels ---- */

/* The cursor goes where the pointer is. */
function follow(event) {
    const svg = event.currentTarget, box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    for (const [left, top, width, height] of data.panels)
        if (x >= left - 5 && x <= left + width + 5 && y >= top && y <= top + height)
            go((x - left) / width * data.operations);
}

/* A line in each panel, which moves across it. */
function makeLines() {
    const svg = document.querySelector('#time svg');
    for (const [left, top, width, height] of data.panels) {
        const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
        line.setAttribute('class', 'cursor');
        line.setAttribute('d', 'M' + left + ' ' + (top - 6) + 'v' + (height + 6));
        svg.append(line);
        lines.push({line, width});
    }
    svg.onpointerdown = follow;
    svg.onpointermove = (event) => {
        if (event.buttons === 1)
            follow(event);
    };
}
