#!/bin/sh
# ROOT's web browser on a unix socket, for one file: start.sh FILE SOCKET
set -eu
settings=$(mktemp -d)
trap 'rm -rf "$settings"' EXIT
printf 'WebGui.UnixSocket: %s\nWebGui.UnixSocketMode: 0600\nWebGui.HttpLoopback: yes\n' "$2" >"$settings/.rootrc"
cd "$settings"
exec rootbrowse --web=server "$1"
