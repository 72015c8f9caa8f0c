#!/bin/sh
# sqlite3.sh - sqlite3 fills a table, makes an index, joins and groups.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs sqlite3 strace gdb

cat >work.sql <<'END'
create table item (id integer primary key, word text, number integer);
with recursive counter (i) as (select 1 union all select i + 1 from counter where i < 40000)
    insert into item select i, 'word ' || (i * 7919 % 4001), i % 97 from counter;
create index by_word on item (word);
select word, count(*), sum(number) from item group by word order by word limit 20;
select count(*) from item a join item b on a.word = b.word and a.id < b.id;
select sum(length(replace(word, 'word', 'w'))) from item;
pragma integrity_check;
END

task() {
    "$@" sqlite3 file.db ".read $work/work.sql"
}
examined sqlite3
finish
