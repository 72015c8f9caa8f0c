/*
 * start.js - makes what the trace decides on, and shows the heap where most is live.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */

function makePolicies() {
    shown.styles.forEach((one, i) => {
        const radio = make('input', {type: 'radio', name: 'policy', checked: i === 0, onchange() {
            shown.style = one;
            showHeap();
        }});
        $('policies').append(make('label', {}, radio, ' ' + fit(one)));
    });
    $('policies').hidden = shown.styles.length === 1;
}

function makeEvents() {
    data.moments.forEach((at, i) => {
        if (sayEvents(i) !== '')
            $('events').append(make('option', {value: at}, group(at) + ': ' + sayEvents(i)));
    });
    $('events').onchange = () => {
        if ($('events').value !== '')
            go(Number($('events').value));
    };
}

function makeLegend() {
    const mix = (dark) => 'color-mix(in srgb, var(--ink) ' + 100 * dark + '%, var(--paper))';
    const sample = (background, text) => {
        const box = make('i', {});
        box.style.background = background;
        $('legend').append(make('span', {}, box, text));
    };
    sample('var(--paper)', 'free');
    sample(mix(.4), 'object, placed just now');
    sample(mix(.7), 'placed a sixteenth of the trace ago');
    sample(mix(1), 'placed at its beginning');
    if (data.least > 0)
        sample('repeating-linear-gradient(135deg, ' + mix(.7) + ' 0 2px, ' + mix(.15) + ' 2px 5px)',
            'small blocks, live and free');
}

function tellLeftOut() {
    $('left-out').hidden = data.least === 0;
    $('left-out').textContent = 'This trace has too many blocks for a page: objects and free chunks of less than ' +
        group(data.least) + ' bytes are not shown one by one.';
}

async function start() {
    shown.styles = await readStyles();
    shown.style = shown.styles[0];
    $('heap').hidden = $('cursor').hidden = false;
    $('nearer').onclick = () => zoom(1);
    $('farther').onclick = () => zoom(-1);
    $('whole').onclick = () => zoom(-lastZoom);
    makeControls();
    makePolicies();
    makeEvents();
    makeLegend();
    makeLines();
    tellLeftOut();
    go(data.moments[Math.max(0, data.events.findIndex((of) => of[0] & 1))]);
    for (const medium of ['(prefers-color-scheme: dark)', 'print'])
        matchMedia(medium).addEventListener('change', drawMap);
    addEventListener('resize', drawMap);
    new ResizeObserver(drawMap).observe($('map'));
}

/* A browser may be older than what it takes to unpack the heaps. */
start().catch((error) => {
    $('heap').hidden = $('cursor').hidden = true;
    $('failed').hidden = false;
    $('failed').append(' (' + error.message + ')');
});
