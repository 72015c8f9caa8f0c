#!/bin/sh
# autogen.sh - generates configure and the Makefile.in; a release has them already.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
cd "$(dirname "$0")" || exit
# libtoolize makes this folder for libtool's macros, but aclocal looks there before, and warns.
mkdir -p m4 || exit
exec autoreconf -fi
