#!/bin/sh
# autogen.sh - generates configure and the Makefile.in; a release has them already.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
cd "$(dirname "$0")" || exit
# For libtool's macros; aclocal looks there before libtoolize makes the folder, and warns.
mkdir -p m4 || exit
exec autoreconf -fi
