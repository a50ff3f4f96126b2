#!/usr/bin/env bash
# From a bare Linux host to a running platform: builds the image, renders the deployment, makes its keys, starts it.
#   deploy/install.sh --output-dir DIR [--answers-file FILE] [--profile NAME] [--extra NAME]... [--base IMAGE] [--image NAME]
# It needs a container engine (podman or docker) and nothing else: rendering, too, runs in a container. A second run brings
# the deployment up to date. --base is that of deploy/images/build.sh; --image is what the answers say in `image`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fail() {
    printf 'ink: %s\n' "$*" >&2
    exit 1
}
say() { printf '\n== %s\n' "$*" >&2; }

output='' answers='' words=() base=() image=localhost/ink-harness:latest
while (($#)); do
    (($# > 1)) || { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }
    case $1 in
    --output-dir) output=$2 ;;
    --answers-file) answers=$(realpath -- "$2") || fail "the answers $2 are not there." ;;
    --profile | --extra) words+=("$1" "$2") ;;
    --base) base=(--base "$2") ;;
    --image) image=$2 ;;
    *) sed -n '2,5s/^# \?//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
[[ $output ]] || fail "--output-dir says where the deployment is to be, for instance /srv/ink."
for engine in ${INK_ENGINE:-podman docker} none; do
    ! command -v "$engine" >/dev/null || break
done
[[ $engine != none ]] || fail "a container engine is needed, podman or docker, and none was found (Debian: apt install podman)."
((EUID == 0)) || fail "this needs root: containers of a site become its users (sudo $0 …)."

say "1 of 3: the image"
"$here/images/build.sh" "${base[@]}" --tag "$image"
say "2 of 3: the deployment in $output"
mkdir -p "$output"
output=$(realpath -- "$output")
mounts=(--volume "$output:$output")
[[ ! $answers ]] || mounts+=(--volume "$answers:$answers:ro") words+=(--answers-file "$answers")
"$engine" run --rm --network=none --read-only --cap-drop=ALL --security-opt=no-new-privileges --user=0:0 \
    --ulimit nofile=16384:16384 --ulimit nproc=4096:4096 "${mounts[@]}" "$image" \
    ink deploy render --output-dir "$output" "${words[@]}" || fail "the deployment could not be rendered (see above)."
say "3 of 3: its containers"
exec "$output/stack" up
