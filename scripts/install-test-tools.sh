#!/usr/bin/env bash
# Installs Debian's Chromium for the browser tests, when root and missing. Without it those tests skip and say so.
set -euo pipefail

[[ -x /usr/bin/chromium ]] && exit 0
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "ink: no /usr/bin/chromium; the browser tests will be skipped (as root on Debian: apt-get install chromium)." >&2
    exit 0
fi
echo "· installing chromium for the browser tests" >&2
export DEBIAN_FRONTEND=noninteractive
quiet=(-qq -o Dpkg::Use-Pty=0 -o APT::Keep-Downloaded-Packages=false)
if ! { timeout 120 apt-get "${quiet[@]}" update &&
    timeout 600 apt-get "${quiet[@]}" install --no-install-recommends -y chromium fonts-noto-cjk; } >/dev/null; then
    echo "ink: chromium could not be installed; the browser tests will be skipped." >&2
fi
