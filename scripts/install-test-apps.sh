#!/usr/bin/env bash
# Installs the programs of interactive apps that tests start for real: JupyterLab and websockify (PyPI), code-server and
# JSROOT (npm) and, when root on Debian, TigerVNC, xterm and the page noVNC. Nobody else needs them; without them these
# tests skip and say so. OpenClaw is half a gigabyte: it is installed by
# `scripts/install-test-apps.sh openclaw` alone. No script of a package of npm runs: what they would compile (the terminal of code-server, for
# one) is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=tests/app_programs

python_programs() {
    local want place=.venv/apps/python
    want=$(sha256sum <requirements/apps.lock)
    [[ $(cat "$place/stamp" 2>/dev/null) == "$want" ]] && return
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$place" &&
        timeout 300 .venv/bin/uv pip install --quiet --require-hashes --python "$place/bin/python" -r requirements/apps.lock &&
        echo "$want" >"$place/stamp"
}

code_server() {
    local want npm_options=(--omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error)
    want=$(cat "$programs/package.json" "$programs/package-lock.json" | sha256sum)
    [[ $(cat "$programs/node_modules/.stamp" 2>/dev/null) == "$want" ]] && return
    command -v npm >/dev/null &&
        (cd "$programs" && timeout 300 npm ci "${npm_options[@]}" >/dev/null) &&
        (cd "$programs/node_modules/code-server/lib/vscode" && timeout 300 npm install "${npm_options[@]}" >/dev/null) &&
        echo "$want" >"$programs/node_modules/.stamp"
}

openclaw() { # its installation ends at its first call, by the Node of code_server
    local want place=$programs/openclaw npm_options=(--omit=dev --omit=optional --ignore-scripts --no-audit --no-fund)
    want=$(cat "$place/package.json" "$place/package-lock.json" | sha256sum)
    [[ $(cat "$place/node_modules/.stamp" 2>/dev/null) == "$want" ]] && return
    command -v npm >/dev/null &&
        (cd "$place" && timeout 300 npm ci --prefer-offline "${npm_options[@]}" --loglevel=error >/dev/null) &&
        HOME=$place/node_modules timeout 120 "$programs/bin/openclaw" --version >/dev/null 2>&1 &&
        echo "$want" >"$place/node_modules/.stamp"
}

jsroot_version=7.11.2
jsroot_sha256=1f238fe69332b2bd788b6f5e8cc1b2038b5759b0c3534306ad25762494661d70

jsroot() { # the package alone: its bundle has all that the page needs
    local place=.venv/apps/jsroot draft
    [[ $(cat "$place/stamp" 2>/dev/null) == "$jsroot_sha256" ]] && return
    draft=$(mktemp -d)
    command -v npm >/dev/null &&
        (cd "$draft" && timeout 120 npm pack --silent --ignore-scripts "jsroot@$jsroot_version" >/dev/null &&
            echo "$jsroot_sha256  jsroot-$jsroot_version.tgz" | sha256sum --quiet --check && tar -xzf ./*.tgz) &&
        rm -rf "$place" && mkdir -p .venv/apps && mv "$draft/package" "$place" && echo "$jsroot_sha256" >"$place/stamp"
    local code=$?
    rm -rf "$draft"
    return "$code"
}

desktop_is_there() { [[ -x /usr/bin/Xvnc && -x /usr/bin/xterm && -x /usr/bin/xauth ]]; }

# Of noVNC the files alone: what its package of Debian depends on is not for a page.
desktop() {
    local place=.venv/apps/novnc draft
    desktop_is_there && [[ -f $place/vnc.html ]] && return
    ((EUID == 0)) && command -v apt-get >/dev/null || return
    local quiet=(-qq -o Dpkg::Use-Pty=0 -o APT::Keep-Downloaded-Packages=false)
    local install=(timeout 300 apt-get "${quiet[@]}" install --no-install-recommends -y tigervnc-standalone-server xterm xauth)
    export DEBIAN_FRONTEND=noninteractive
    draft=$(mktemp -d)
    { "${install[@]}" >/dev/null 2>&1 || { timeout 120 apt-get "${quiet[@]}" update && "${install[@]}" >/dev/null; }; } &&
        (cd "$draft" && timeout 120 apt-get "${quiet[@]}" -o APT::Sandbox::User=root download novnc && dpkg -x ./*.deb .) &&
        rm -rf "$place" && mkdir -p .venv/apps && cp -rL "$draft/usr/share/novnc" "$place"
    local code=$?
    rm -rf "$draft"
    return "$code"
}

if [[ ${1:-} == openclaw ]]; then
    code_server && openclaw
    exit
fi
desktop >&2 || echo "ink: TigerVNC or noVNC could not be installed; the test of the desktop will be skipped." >&2
python_programs >&2 || echo "ink: JupyterLab could not be installed; its tests will be skipped." >&2 &
jsroot >&2 || echo "ink: JSROOT could not be installed; its tests will be skipped." >&2 &
code_server >&2 || echo "ink: code-server could not be installed; its tests will be skipped." >&2 &
wait
