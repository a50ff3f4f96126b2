#!/bin/sh
# A desktop without a screen, and the page that shows it: start.sh SOCKET
#
# Nothing here listens on the network, and no neighbour on the node gets in: the desktop is shown on a unix socket in a
# folder of the user's alone, so is the page, and programs reach the display by a cookie that the user alone can read.
set -eu
socket=$1
umask 077
place=$(mktemp -d)
server=
finish() {
    trap '' EXIT INT TERM
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$place"
}
trap finish EXIT
trap 'exit 0' INT TERM

novnc=${INK_NOVNC:-/usr/share/novnc}
[ -f "$novnc/vnc.html" ] || { echo "noVNC is not in $novnc on this node (INK_NOVNC)" >&2; exit 1; }
mkdir "$place/web"
ln -s "$novnc"/* "$place/web/"
# The page tells where its own WebSocket is: below the path of the session.
cat >"$place/web/index.html" <<'PAGE'
<!doctype html><html lang="en"><meta charset="utf-8"><title>Desktop</title><script>
const path = location.pathname.replace(/[^/]*$/, '').slice(1) + 'websockify'
location.replace('vnc.html?autoconnect=true&resize=remote&path=' + encodeURIComponent(path))
</script></html>
PAGE

XAUTHORITY=$place/authority
export XAUTHORITY
cookie=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "add :0 . $cookie" | xauth -q source -
Xvnc -auth "$XAUTHORITY" -displayfd 3 -rfbport -1 -rfbunixpath "$place/rfb" -SecurityTypes None -nolisten tcp \
    -geometry "${INK_GEOMETRY:-1600x900}" 3>"$place/display" &
server=$!
until [ -s "$place/display" ] && [ -S "$place/rfb" ]; do
    kill -0 "$server" # ends with it
    sleep 0.1
done
DISPLAY=:$(cat "$place/display")
export DISPLAY
echo "add $DISPLAY . $cookie" | xauth -q source -
"${INK_DESKTOP:-x-session-manager}" &
websockify --web "$place/web" --unix-target "$place/rfb" --unix-listen "$socket" &
page=$!
wait "$page"
