# pivot.awk - makes a table of the lines that medians.awk has written: for people
# a row for each allocator, as text or in Markdown, or CSV for a plot with a column for each.
#
#     -v rows=NAMES        the allocators in the order wanted, separated by commas
#     -v experiment=NAME
#     -v metric=NAME       a column for each case, of this metric
#     -v which=CASE        instead: a column for each metric, of this case
#     -v field=N           5: medians (as is usual), 8: ratios to glibc
#     -v unit=U            divides the figures
#     -v csv=1
#     -v markdown=1        as in the README, ours in bold
#
# An allocator without any figure is not shown.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

# Three digits that count, thousands set apart.
function readable(x,    text, groups) {
    if (x < 10)
        return sprintf("%.2f", x)
    if (x < 100)
        return sprintf("%.1f", x)
    text = sprintf("%.0f", x)
    for (groups = ""; length(text) > 3; text = substr(text, 1, length(text) - 3))
        groups = "," substr(text, length(text) - 2) groups
    return text groups
}

function heading(title) {
    return title ~ /^[0-9]+$/ ? readable(title) : title
}

function text_row(name,    j, cell) {
    printf "    %-13s", name
    for (j = 1; j <= columns; j++) {
        cell = name == "" ? heading(titles[j]) : "-"
        if ((name, titles[j]) in value)
            cell = readable(value[name, titles[j]])
        printf " %13s", cell
    }
    print ""
}

# "libmem first" is "**libmem, first fit**".
function markdown_name(name,    word) {
    return split(name, word, " ") == 2 && word[1] == "libmem" ? \
        "**libmem, " word[2] " fit**" : name
}

function markdown_row(name,    j, line) {
    line = "| " markdown_name(name) " |"
    for (j = 1; j <= columns; j++)
        line = line " " (name == "" ? titles[j] : \
            (name, titles[j]) in value ? readable(value[name, titles[j]]) : "left out") " |"
    sub(/^\|  \|/, "| |", line)
    print line
}

function markdown_table(    i, j) {
    markdown_row("")
    printf "|---|"
    for (j = 1; j <= columns; j++)
        printf "--:|"
    print ""
    for (i = 1; i <= shown; i++)
        markdown_row(names[i])
}

function csv_row(title,    i) {
    printf "%s", title
    for (i = 1; i <= shown; i++)
        printf ",%s", (title == "" ? names[i] : value[names[i], title])
    print ""
}

BEGIN {
    FS = ","
    field = field ? field : 5
    unit = unit ? unit : 1
}

$1 != experiment || (which == "" ? $3 != metric : $2 != which) || $field == "" { next }

{
    title = which == "" ? $2 : $3
    if (!(title in known)) {
        known[title] = 1
        titles[++columns] = title
    }
    value[$4, title] = $field / unit
    present[$4] = 1
}

END {
    count = split(rows, all, ",")
    for (i = 1; i <= count; i++)
        if (all[i] in present)
            names[++shown] = all[i]
    if (csv) {
        csv_row("")
        for (j = 1; j <= columns; j++)
            csv_row(titles[j])
    } else if (markdown) {
        markdown_table()
    } else {
        text_row("")
        for (i = 1; i <= shown; i++)
            text_row(names[i])
    }
}
