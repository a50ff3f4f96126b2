#!/usr/bin/env bash
# Installs the programs of interactive apps that tests start for real: JupyterLab (PyPI) and code-server (npm). Nobody else
# needs them; without them these tests skip and say so. No script of a package runs: what they would compile (the
# terminal of code-server, for one) is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=tests/app_programs
place=.venv/apps/jupyter

jupyter() {
    local want
    want=$(sha256sum <requirements/jupyter.lock)
    [[ $(cat "$place/stamp" 2>/dev/null) == "$want" ]] && return
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$place" &&
        timeout 300 .venv/bin/uv pip install --quiet --require-hashes --python "$place/bin/python" -r requirements/jupyter.lock &&
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

jupyter >&2 || echo "ink: JupyterLab could not be installed; its tests will be skipped." >&2 &
code_server >&2 || echo "ink: code-server could not be installed; its tests will be skipped." >&2 &
wait
