/*
 * cursor.js - the cursor: a line through all panels, a slider, and what is told of where it stands.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */

const MOST_HOLES = 10;
const FIRST = Math.min(1, data.operations); /* where the cursor can go */
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
        (at.objects === 1 ? ' object is live.' : ' objects are live.') + ' Blocks are known at ' +
        data.moments.length + (data.moments.length === 1 ? ' moment.' :
            ' moments, and this one is the nearest to the cursor.');
}

/* After another moment or another style. */
function showHeap() {
    shown.blocks = blocksAt(shown.style, shown.moment);
    showMoment();
    showHoles();
    choose(view.chosen);
}

/* What the heap has by each style: exactly, where it is known, or else between the least and the
 * most of a column, in which it is as the last operation left it. */
function showFigures() {
    const column = Math.max(0, Math.ceil(shown.done * COLUMNS / Math.max(1, data.operations)) - 1);
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

/* In the list of events, it is the one where the cursor stands, if there is one. */
function chooseEvent() {
    $('events').value = shown.done;
    if ($('events').selectedIndex < 0)
        $('events').value = '';
}

function go(done) {
    const text = () => 'after operation ' + group(shown.done) + ' of ' + group(data.operations);
    shown.done = Math.round(Math.min(data.operations, Math.max(FIRST, done)));
    $('slider').value = shown.done;
    chooseEvent();
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

/* The arrow keys move the cursor, wherever they do nothing else. */
function isFree(target) {
    const wide = target.closest('.scroll');
    return target.closest('input, select, canvas') === null &&
        (wide === null || wide.scrollWidth <= wide.clientWidth);
}

function makeControls() {
    const column = Math.max(1, data.operations / COLUMNS);
    const arrows = {ArrowLeft: () => go(shown.done - column), ArrowRight: () => go(shown.done + column)};
    document.onkeydown = (event) => {
        if (isFree(event.target))
            pressed(event, arrows);
    };
    $('slider').min = FIRST;
    $('slider').max = data.operations;
    $('slider').onkeydown = (event) => pressed(event, {
        ...arrows,
        ArrowDown: arrows.ArrowLeft,
        ArrowUp: arrows.ArrowRight,
        PageDown: () => goOn(-1),
        PageUp: () => goOn(1),
        Home: () => go(FIRST),
        End: () => go(data.operations),
    });
    $('slider').oninput = () => go(Number($('slider').value));
    $('earlier').onclick = () => goOn(-1);
    $('later').onclick = () => goOn(1);
}

/* ---- In the panels ---- */

/* Where the pointer is, in the units of the picture. */
function placeOf(svg, event) {
    const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}

/* The panel there, with a little beside it; undefined if there is none. */
function panelAt([x, y]) {
    return data.panels.find(([left, top, width, height]) =>
        x >= left - 5 && x <= left + width + 5 && y >= top && y <= top + height);
}

/* The cursor goes where the pointer is, which stays with the panel in which it was pressed. */
function followPointer(svg) {
    let panel;
    function follow(event) {
        if (panel !== undefined)
            go((placeOf(svg, event)[0] - panel[0]) / panel[2] * data.operations);
    }
    svg.onpointerdown = (event) => {
        panel = event.button === 0 ? panelAt(placeOf(svg, event)) : undefined;
        if (panel !== undefined)
            svg.setPointerCapture(event.pointerId);
        follow(event);
    };
    svg.onpointermove = follow;
    svg.onpointerup = svg.onpointercancel = () => panel = undefined;
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
    followPointer(svg);
}
