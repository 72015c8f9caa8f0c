/*
 * words.js - what is shown at the moment, and how it is said.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */

const shown = {
    styles: [],
    style: null,  /* of the map */
    done: 0,      /* operations, where the cursor is */
    moment: -1,   /* the nearest one, its number */
    blocks: null, /* of that style at that moment */
};

const group = (number) => number.toLocaleString('en');
const bytes = (granules) => group(granules * GRANULE);
const fit = (style) => style.name + ' fit';

/* An element with such properties and such children, texts among them. */
function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
}

function makeTable(table, heads, rows) {
    const head = make('tr', {}, ...heads.map((text) => make('th', {scope: 'col'}, text)));
    table.replaceChildren(make('thead', {}, head), make('tbody', {}, ...rows));
}

/* ---- Blocks ---- */

const ageOf = (object) => data.moments[shown.moment] - shown.style.objects.since[object];

function callerOf(object) {
    if (shown.style.objects.caller === null)
        return '';
    const rank = shown.style.objects.caller[object];
    if (rank === 0)
        return ', by an unknown caller';
    return ', by ' + (rank <= data.callers.length ? data.callers[rank - 1] : 'a caller without name');
}

const sayAge = (object) => group(ageOf(object)) + (ageOf(object) === 1 ? ' operation old' : ' operations old');

/* A block beside another. */
function sayNeighbour(i) {
    const blocks = shown.blocks, what = blocks.what[i];
    if (i < 0 || i >= blocks.start.length)
        return i < 0 ? 'the beginning of the region' : 'the end of the region';
    if (what < 0)
        return 'small blocks, ' + bytes(blocks.size[i]) + ' bytes';
    return bytes(blocks.size[i]) + ' bytes, ' + sayAge(what) + callerOf(what);
}

function sayBlock(i) {
    const blocks = shown.blocks, what = blocks.what[i];
    const place = bytes(blocks.size[i]) + ' bytes at ' + bytes(blocks.start[i]);
    if (what === FREE)
        return 'Free chunk of ' + place + '.';
    if (what === SMALL)
        return 'Objects and free chunks of less than ' + group(data.least) + ' bytes each: ' + place + '.';
    return 'Object of ' + place + ', ' + sayAge(what) + callerOf(what) + '.';
}

/* The same with what holds a free chunk apart. */
function sayBetween(i) {
    return sayBlock(i) + (shown.blocks.what[i] !== FREE ? '' :
        ' Before it: ' + sayNeighbour(i - 1) + '. Behind it: ' + sayNeighbour(i + 1) + '.');
}

/* ---- Moments ---- */

/* As enum event of moments.h. */
const EVENTS = ['most is live', 'the largest free chunk is smallest', 'free memory is most scattered',
    'first refusal because full', 'first refusal because fragmented'];

/* What happens at a moment, and by which styles, if not by all. */
function sayEvents(moment) {
    const words = EVENTS.map((event, k) => {
        const names = data.styles.filter((_, i) => data.events[moment][i] >> k & 1);
        const by = names.length < data.styles.length ? ' (' + names.join(', ') + ' fit)' : '';
        return names.length > 0 ? event + by : '';
    });
    words.push(moment === data.moments.length - 1 ? 'the end' : '');
    return words.filter((text) => text !== '').join('; ');
}
