#!/bin/sh
# nginx.sh - nginx, in the foreground, serves a file to many connections.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs nginx ab curl strace gdb

seq 1 20000 >file
mkdir conf
cat >nginx.conf <<'END'
worker_processes 2;
USER
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
    uwsgi_temp_path temp; scgi_temp_path temp;
    gzip on; gzip_types text/plain; default_type text/plain;
    server { listen unix:socket; listen 127.0.0.1:PORT; root ROOT; }
}
END

# A worker of root's would be another user, who cannot read what is here.
user=
[ "$(id -u)" -ne 0 ] || user='user root;'

# Without workers it stays, and answers nobody.
answers() {
    ! kill -0 $server 2>/dev/null || grep -q 'cannot be respawned' error.log 2>/dev/null ||
        curl -s -f -m 5 -o /dev/null --unix-socket socket http://localhost/file
}

task() {
    # Below the ports that the system gives to connections.
    port=$((20000 + $(date +%s%N) / 1000 % 12000))
    sed "s|USER|$user|; s|ROOT|$work|; s|PORT|$port|" "$work/nginx.conf" >nginx.conf
    "$@" nginx -p "$PWD" -c nginx.conf -e error.log >log 2>&1 &
    server=$!
    eventually answers
    timeout 20 ab -q -n 2000 -c 50 "http://127.0.0.1:$port/file" 2>/dev/null | grep -E '^(Complete|Failed|Non-2xx)'
    curl -s -m 5 --compressed --unix-socket socket http://localhost/file | cksum
    [ ! -s nginx.pid ] || kill -QUIT "$(cat nginx.pid)"
    wait $server
}
examined nginx
finish
