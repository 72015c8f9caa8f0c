#!/bin/sh
# autogen.sh - generates configure and the Makefile.in; a release has them already.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
exec autoreconf -fi "$(dirname "$0")"
