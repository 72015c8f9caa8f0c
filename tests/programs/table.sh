#!/bin/sh
# table.sh FILE... - prints the rows that the tests of whole programs have left as one table.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

{
    printf 'program\talone, ms\tmem-run, ms\tpeak\tsmallest\tforeign\tin a half\tin a tenth\n'
    cat "$@"
} | column -t -s "$(printf '\t')"
