# Sourced by scripts/bootstrap.sh: the front end, from web/ into manager/api/static.

need_node() {
    local version
    version=$(node --version 2>/dev/null) \
        || fail "Node 20 or newer is needed to build the page and none was found; install it (Debian: apt install nodejs npm) and start again."
    version=${version#v}
    ((${version%%.*} >= 20)) || fail "Node 20 or newer is needed to build the page and this is $version; install a newer one and start again."
    command -v npm >/dev/null || fail "npm is needed to build the page and was not found; install it (Debian: apt install npm) and start again."
}

web_inputs() {
    find web -type d \( -name node_modules -o -name dist -o -name .vite -o -name .svelte-kit \) -prune -o -type f -print0 | sort -z
}

web_hash() { web_inputs | xargs -0 sha256sum | sha256sum | cut -d' ' -f1; }

ensure_node_modules() {
    local want
    want=$(hash_of web/package-lock.json web/package.json)
    [[ $(cat web/node_modules/.stamp 2>/dev/null) == "$want" ]] && return
    need_node
    need_space 600 "the front end's tool chain"
    say "installing the front end's packages"
    (cd web && npm ci --no-audit --no-fund --loglevel=error >/dev/null 2> >(head -n 12 >&2)) \
        || fail "the front end's packages could not be installed (see above); check the network or your npm settings."
    echo "$want" >web/node_modules/.stamp
}

build_web() { # into a new folder first: a failed build leaves the page of before
    local new=$PWD/manager/api/static.new
    rm -rf "$new"
    trap 'rm -rf "manager/api/static.new"' EXIT
    say "building the front end"
    (cd web && npm run --silent build -- --outDir "$new" --emptyOutDir --logLevel error) \
        || fail "the front end could not be built (see above)."
    echo "$1" >"$new/.stamp"
    rm -rf manager/api/static
    mv "$new" manager/api/static
    trap - EXIT
}

ensure_web() {
    [[ -f web/package.json ]] || fail "web/package.json is missing from this checkout."
    local want
    want=$(web_hash)
    [[ $(cat manager/api/static/.stamp 2>/dev/null) == "$want" ]] && return
    ensure_node_modules
    build_web "$want"
}
