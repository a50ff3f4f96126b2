#!/bin/bash
# Last steps on the worker image's base, run inside it: where its own package will lie, and folders to mount on.
set -euo pipefail
site=$(python3 -c 'import site; print(site.getsitepackages()[0])')
echo "$1" >"$site/ink.pth"
mkdir -p /shared /scratch /workspace
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/*.log
