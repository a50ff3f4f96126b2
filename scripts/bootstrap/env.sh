# Sourced by scripts/bootstrap.sh: the Python environment in .venv, from hash-locked requirements.

find_python() {
    local name
    for name in "${INK_PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and none was found; install it (Debian: apt install python3 python3-venv, Alma: dnf install python3.12) and start again."
}

SITE=requirements/site.txt # packages of this site, its plugins above all; not there at first

env_hash() { # LOCK...
    local site=()
    [[ -e $SITE ]] && site=("$SITE")
    hash_of pyproject.toml scripts/bootstrap/env.sh "${site[@]}" "$@"
}

make_venv() { # a fresh .venv with uv in it, or nothing
    local python
    python=$(find_python)
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    trap 'rm -rf .venv' EXIT
    "$python" -c 'import ensurepip, venv' 2>/dev/null \
        || fail "this Python has no venv module; install it (Debian: apt install python3-venv) and start again."
    "$python" -m venv .venv || fail "the Python environment could not be made in .venv (see above)."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.lock \
        || fail "uv could not be installed from the package registry (see above); check the network or your pip settings."
}

sync_env() { # LOCK...; the few source distributions are built with locked tools too
    say "installing the locked packages"
    .venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes \
        --build-constraints requirements/build.lock "$@" \
        || fail "the locked packages could not be installed (see above); nothing was left half-made, start again when it is fixed."
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . \
        || fail "the project itself could not be installed into .venv (see above)."
    [[ ! -e $SITE ]] || install_site "$@"
}

install_site() { # LOCK...: what the sync has removed; it may ask for no other version of what is locked
    local lock constraints=()
    for lock in "$@"; do constraints+=(--constraints "$lock"); done
    say "installing the site's packages ($SITE)"
    .venv/bin/uv pip install --quiet --python .venv/bin/python "${constraints[@]}" -r "$SITE" \
        || fail "the packages in $SITE could not be installed (see above); mend that file and start again."
}

ensure_env() { # run|dev: a development environment also serves for running
    local mode=${1:-run} want
    local locks=(requirements/htcondor.lock requirements/build.lock)
    local dev=(requirements/dev.lock)
    [[ $(cat .venv/stamp-dev 2>/dev/null) == "$(env_hash "${dev[@]}")" ]] && return
    if [[ $mode == dev || -e .venv/stamp-dev ]]; then
        mode=dev locks=("${dev[@]}")
    fi
    want=$(env_hash "${locks[@]}")
    [[ $(cat ".venv/stamp-$mode" 2>/dev/null) == "$want" ]] && return
    need_space 1500 "the Python environment"
    [[ -x .venv/bin/python && -x .venv/bin/uv ]] || make_venv
    rm -f .venv/stamp-*
    sync_env "${locks[@]}"
    echo "$want" >".venv/stamp-$mode"
    trap - EXIT
}
