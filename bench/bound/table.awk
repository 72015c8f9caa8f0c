# table.awk - the tables of what was found and of what is derived, and whether the first is at most
# the second.
#
#     awk -f table.awk derived.txt measured
#
# A line of the second file is `BYTES KIND STATE RULED ALONE LOCKED`, one measured call (bound.sh).
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

function levels(elements, branches,    room, count) {
    count = 1
    for (room = branches; room < elements; room *= branches)
        count++
    return count
}

# The turns of each loop, but for the first, in a region of so many granules.
function set_turns(granules) {
    turns["small"] = levels(granules / 64 > 17 ? granules / 64 : 17, 16) - 1
    turns["large"] = levels(granules / 256, 16) - 1
    turns["chunk"] = 31
    turns["set"] = levels(granules / 64, 64) - 1
    turns["trie"] = levels(granules, 2)
}

function part_cost(part,    fields, count, i, cost) {
    if (!(part in parts)) {
        print "no such part: " part
        exit broken = 1
    }
    count = split(parts[part], fields)
    cost = fields[1]
    for (i = 2; i < count; i += 2)
        cost += turns[fields[i]] * fields[i + 1]
    return cost
}

# The bound of a call in the region that turns[] tells: of its ways, the longest.
function derived(kind, state,    way, names, count, i, cost, most) {
    if (!((kind, state) in ways))
        state = "plain" # the same there
    for (way = 1; way <= ways[kind, state]; way++) {
        count = split(ways_parts[kind, state, way], names)
        cost = 0
        for (i = 1; i <= count; i++)
            cost += part_cost(names[i])
        most = cost > most ? cost : most
    }
    return most
}

function derived_call(kind, state, ruled) {
    if (kind ~ /^aligned/)
        return derived("aligned", state) + ruled * derived("ruled", state)
    return derived(kind, state)
}

function note(where, value) {
    if (value > found[where])
        found[where] = value
}

/^#/ || NF == 0 { next }

FNR == NR && $1 == "part" {
    name = $2
    $1 = $2 = ""
    parts[name] = $0
    next
}

FNR == NR && $1 == "call" {
    kind = $2
    state = $3
    way = ++ways[kind, state]
    next
}

FNR == NR {
    ways_parts[kind, state, way] = ways_parts[kind, state, way] " " $0
    next
}

{
    if ($1 != bytes) {
        bytes = $1
        sizes[++size_count] = bytes
        set_turns(int((bytes + 15) / 16))
    }
    most = derived_call($2, $3, $4)
    if ($5 > most || $6 > most) {
        printf "%s: %s, %s: %d and %d instructions, more than %d\n", $1, $2, $3, $5, $6, most
        broken = 1
    }
    if ($2 != "aligned-many") {
        note(bytes SUBSEP $2 SUBSEP $3 SUBSEP "alone", $5)
        note(bytes SUBSEP $2 SUBSEP $3 SUBSEP "locked", $6)
    } else { # sort(1) puts "aligned" before it
        note(bytes SUBSEP $2 SUBSEP $3 SUBSEP "alone", ($5 - found[bytes, "aligned", $3, "alone"]) / $4)
        note(bytes SUBSEP $2 SUBSEP $3 SUBSEP "locked", ($6 - found[bytes, "aligned", $3, "locked"]) / $4)
    }
    note("all", 1)
}

function cell(kind, state, what,    value) {
    if (what != "bound")
        value = found[bytes, kind, state, what]
    else if (kind == "aligned-many")
        value = derived("ruled", state)
    else
        value = derived_call(kind, state, kind == "aligned-1")
    if (value > 0)
        printf " %7d", value + 0.5
    else
        printf " %7s", "-"
}

function table(state, what,    i, k, kinds, count) {
    count = split("first worst best calloc shrink grow move aligned aligned-1 aligned-many free size", kinds)
    printf "\n# %s, %s\n%-12s", titles[state], titles[what], "# region"
    for (k = 1; k <= count; k++)
        printf " %7s", kinds[k] ~ /-/ ? "+" substr(kinds[k], 9) : kinds[k]
    print ""
    for (i = 1; i <= size_count; i++) {
        bytes = sizes[i]
        set_turns(int((bytes + 15) / 16))
        printf "%-12s", bytes
        for (k = 1; k <= count; k++)
            cell(kinds[k], state, what)
        print ""
    }
}

END {
    if (broken || !("all" in found))
        exit 1
    titles["plain"] = "before the first best fit"
    titles["ordered"] = "after the first best fit"
    titles["alone"] = "found, one thread"
    titles["locked"] = "found, with a second thread"
    titles["bound"] = "derived, with a second thread"
    states_count = split("plain ordered", states)
    whats_count = split("alone locked bound", whats)
    for (s = 1; s <= states_count; s++)
        for (w = 1; w <= whats_count; w++)
            table(states[s], whats[w])
}
