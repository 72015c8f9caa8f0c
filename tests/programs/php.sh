#!/bin/sh
# php.sh - php with its extensions, some of which are loaded with RTLD_DEEPBIND, with its own heap and
# without.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs php strace gdb

cat >work.php <<'END'
<?php
$rows = [];
for ($i = 0; $i < 20000; $i++)
    $rows[] = ["id" => $i, "text" => str_repeat(chr(97 + $i % 26), $i % 50)];
$json = json_encode($rows);
usort($rows, fn($a, $b) => strcmp($a["text"], $b["text"]) ?: $a["id"] - $b["id"]);
echo hash("sha256", $json), " ", $rows[12345]["id"], "\n";
echo preg_match_all('/"id":(\d+)/', $json), " ", strlen(serialize($rows)), "\n";
if (extension_loaded("dom")) {
    $document = new DOMDocument();
    $document->loadXML("<a>" . str_repeat("<b>text</b>", 2000) . "</a>");
    echo $document->getElementsByTagName("b")->length, "\n";
}
if (extension_loaded("mbstring"))
    echo mb_strlen(str_repeat("\u{e9}", 3000)), "\n";
END

task() {
    "$@" php "$work/work.php"
}
examined php

task() {
    USE_ZEND_ALLOC=0 "$@" php "$work/work.php"
}
examined php-malloc
finish
