# means.awk - geometric means over whole programs, of an allocator's ratios to glibc.
#
# In:  the lines that medians.awk has written.
# Out: such lines, with the case `mean`, for each metric of the experiment `program` for which the
#      allocator has a ratio in all cases that glibc has.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

BEGIN { FS = "," }

$1 != "program" || $8 == "" { next }

{
    logs[$3, $4] += log($8)
    cases[$3, $4]++
    if (!(($3, $4) in order)) {
        order[$3, $4] = ++lines
        metric[lines] = $3
        allocator[lines] = $4
    }
}

END {
    for (i = 1; i <= lines; i++) {
        key = metric[i] SUBSEP allocator[i]
        if (cases[key] == cases[metric[i], "glibc"])
            printf "program,mean,%s,%s,,,,%.4g,%d\n", metric[i], allocator[i],
                exp(logs[key] / cases[key]), cases[key]
    }
}
