#!/usr/bin/env bash
# Builds the image of every service of a deployment from this checkout.
#   deploy/images/build.sh [--base IMAGE] [--tag NAME]
# BASE is a Debian that the engine has or can pull; `--base mmdebstrap` makes one by the host's mmdebstrap instead, without a
# registry, and `--base FILE.sqfs` takes a root file system that is there. INK_ENGINE chooses podman or docker.
set -euo pipefail
cd "$(dirname "$0")/../.."

base=debian:trixie-slim tag=localhost/ink-harness:latest suite=trixie
fail() {
    printf 'ink: %s\n' "$*" >&2
    exit 1
}
say() { printf '· %s\n' "$*" >&2; }

while (($#)); do
    case $1 in
    --base) base=${2:?--base wants an image}; shift 2 ;;
    --tag) tag=${2:?--tag wants a name}; shift 2 ;;
    *) sed -n '2,5s/^# \?//p' "$0" >&2; exit 2 ;;
    esac
done

for engine in ${INK_ENGINE:-podman docker} none; do
    ! command -v "$engine" >/dev/null || break
done
[[ $engine != none ]] || fail "a container engine is needed, podman or docker, and none was found (Debian: apt install podman)."
limits=(--ulimit nofile=16384:16384 --ulimit nproc=32768:32768)
trust=()
bundle=/etc/ssl/certs/ca-certificates.crt # sites behind mirrors sign with an authority of their own
[[ $engine == docker || ! -r $bundle ]] || trust=(--volume "$bundle:/run/host-authorities.crt:ro")

have() { "$engine" image inspect "$1" >/dev/null 2>&1; }

made_base() { # from mmdebstrap, once
    base=localhost/ink-debian:$suite
    have "$base" && return
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is needed for a base of one's own (Debian: apt install mmdebstrap)."
    say "making Debian $suite"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' "$suite" - | "$engine" import - "$base" >/dev/null \
        || fail "Debian $suite could not be made (see above)."
}

taken_base() { # FILE: a squashfs, known by its name
    local file=$1 mounted
    base=localhost/ink-debian:$(basename "$file" .sqfs)
    have "$base" && return
    say "taking $(basename "$file") as the base"
    mounted=$(mktemp -d)
    mount -t squashfs -o loop,ro "$file" "$mounted" || fail "$file could not be mounted."
    tar -C "$mounted" -c . | "$engine" import - "$base" >/dev/null || { umount "$mounted"; fail "$file could not be imported."; }
    umount "$mounted" && rmdir "$mounted"
}

page() { # the front end, where it is not built yet: by this host's Node, or by Node in a container
    [[ ! -e manager/api/static/index.html ]] || return 0
    if command -v node >/dev/null; then
        scripts/bootstrap.sh web
        return
    fi
    say "building the page in a container"
    "$engine" run --rm --network=host "${limits[@]}" "${trust[@]}" --volume "$PWD:/src" --workdir /src "$base" bash -c \
        '[[ ! -r /run/host-authorities.crt ]] || export NODE_EXTRA_CA_CERTS=/run/host-authorities.crt; apt-get -qq update && apt-get -qq install -y --no-install-recommends nodejs npm ca-certificates >/dev/null && scripts/bootstrap.sh web' \
        || fail "the page could not be built (see above)."
}

case $base in
mmdebstrap) made_base ;;
*.sqfs) taken_base "$base" ;;
esac
page
say "building $tag on $base"
former=$("$engine" image inspect --format '{{.Id}}' "$tag" 2>/dev/null) || former=''
DOCKER_BUILDKIT=1 "$engine" build --network=host "${limits[@]}" "${trust[@]}" --build-arg "BASE=$base" --tag "$tag" \
    --file deploy/images/Containerfile . >"${INK_BUILD_LOG:-/dev/null}" || fail "the image could not be built (see above)."
[[ ! $former || $former == "$("$engine" image inspect --format '{{.Id}}' "$tag")" ]] || "$engine" rmi "$former" >/dev/null 2>&1 || true # while containers use it, it stays
