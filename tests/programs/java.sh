#!/bin/sh
# java.sh - java runs a program with threads and collections of garbage.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs java javac strace gdb

cat >Work.java <<'END'
import java.util.*;
import java.util.stream.*;
public class Work {
    public static void main(String[] args) {
        Map<String, List<Integer>> map = new TreeMap<>();
        for (int i = 0; i < 100000; i++)
            map.computeIfAbsent("w" + i * 31 % 997, k -> new ArrayList<>()).add(i);
        System.gc();
        System.out.println(map.get("w7").size() + " "
            + IntStream.range(0, 100000).parallel().mapToObj(Integer::toString).mapToInt(String::length).sum());
    }
}
END
javac Work.java || exit 99

task() {
    "$@" java -XX:-UsePerfData -Xmx128m -cp "$work" Work
}
examined java
finish
