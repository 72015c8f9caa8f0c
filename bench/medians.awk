# medians.awk - makes one line of the rounds of a figure.
#
# In:  ROUND,ALLOCATOR,EXPERIMENT,CASE,METRIC,VALUE (see run.c), remarks after #.
# Out: EXPERIMENT,CASE,METRIC,ALLOCATOR, the median of the values, the lowest and the
#      highest of them, the median of the ratios to glibc, and how many rounds.
#
# A ratio is one of two figures of the same round, which met the machine in the
# same state. It is empty where glibc has no figure.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

# Sorts a[1..n] in place: there are some ten of them at most.
function sort(a, n,    i, j, x) {
    for (i = 2; i <= n; i++) {
        x = a[i]
        for (j = i - 1; j >= 1 && a[j] > x; j--)
            a[j + 1] = a[j]
        a[j + 1] = x
    }
}

function median_of(a, n) {
    return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}

# The median of the ratios, empty when there is none.
function ratio_of(figure, allocator,    round, n, ratios) {
    for (round = 1; round <= rounds; round++)
        if ((figure, allocator, round) in value && value[figure, "glibc", round] > 0)
            ratios[++n] = value[figure, allocator, round] / value[figure, "glibc", round]
    sort(ratios, n)
    return n ? sprintf("%.4g", median_of(ratios, n)) : ""
}

function tell(figure, allocator,    round, n, values) {
    for (round = 1; round <= rounds; round++)
        if ((figure, allocator, round) in value)
            values[++n] = value[figure, allocator, round]
    sort(values, n)
    printf "%s,%s,%.10g,%.10g,%.10g,%s,%d\n", figure, allocator, median_of(values, n),
        values[1], values[n], ratio_of(figure, allocator), n
}

BEGIN {
    FS = ","
    print "experiment,case,metric,allocator,median,lowest,highest,ratio to glibc,rounds"
}

/^#/ { next }

{
    figure = $3 "," $4 "," $5
    value[figure, $2, $1] = $6 + 0
    if ($1 > rounds)
        rounds = $1
    if (!((figure, $2) in seen)) {
        seen[figure, $2] = 1
        figures[++lines] = figure
        names[lines] = $2
    }
}

END {
    for (i = 1; i <= lines; i++)
        tell(figures[i], names[i])
}
