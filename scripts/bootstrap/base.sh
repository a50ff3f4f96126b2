# Sourced by scripts/bootstrap.sh: messages, hashes, one bootstrap at a time, free disk space.

say() { # dimmed on a terminal, plain in a log
    local form='· %s\n'
    [[ -t 2 ]] && form='\033[2m· %s\033[0m\n'
    printf "$form" "$*" >&2
}

fail() {
    printf 'ink: %s\n' "$*" >&2
    exit 1
}

hash_of() { # of the contents and names of the given files
    sha256sum "$@" | sha256sum | cut -d' ' -f1
}

need_space() { # MiB WHAT
    local free
    free=$(df -Pm . | awk 'NR==2 {print $4}')
    ((free >= $1)) || fail "$2 needs $1 MiB free on this disk and only $free MiB are left; free some space and start again."
}

with_lock() { # PART COMMAND...: two bootstraps of one part at once would undo each other
    local part=$1
    shift
    mkdir -p .stamps 2>/dev/null && : 2>/dev/null >>".stamps/$part.lock" \
        || fail "this user may not write in the checkout $PWD; change its owner, or copy it to a place of your own."
    exec 9>".stamps/$part.lock"
    flock -w 900 9 || fail "another bootstrap of '$part' has been running for 15 minutes; end it and start again."
    "$@"
}

# Sites behind mirrors sign with an authority of their own: pip, uv and npm believe what the machine believes.
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    [[ -r $bundle ]] || continue
    export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1} PIP_CERT=${PIP_CERT:-$bundle}
    export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$bundle}
    break
done
