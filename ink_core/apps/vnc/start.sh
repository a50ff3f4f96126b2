#!/bin/sh
# A desktop without a screen, and its web page: start.sh SOCKET
#
# Nothing listens on the network: the server of the desktop has a unix socket in a folder of the user's alone, and so has
# the page. An X server needs a display of the node; the next free one is taken.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
Xvnc -displayfd 3 -rfbport -1 -rfbunixpath "$place/rfb" -SecurityTypes None -nolisten tcp -geometry 1600x900 \
    3>"$place/display" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$place"' EXIT INT TERM
until [ -s "$place/display" ]; do
    kill -0 "$server"
    sleep 0.1
done
DISPLAY=":$(cat "$place/display")"
export DISPLAY
"${INK_DESKTOP:-x-session-manager}" &
websockify --web "${INK_NOVNC:-/usr/share/novnc}" --unix-target "$place/rfb" --unix-listen "$1"
