#!/bin/bash
# Builds PySlurm for the Slurm of the cluster that is up, and shows it to the Python of its portal node until that is taken down.
# Needs root, the registries of PyPI and Debian, and some minutes. `tests/integration/test_slurm.py` then tries it too.
#
# PyPI has PySlurm for Slurm 25.11, which neither Debian suite ships. It is built here against Slurm 26.05 by what that Slurm
# offers for older callers (SLURM_BACKWARD_COMPAT), without its deprecated interface, which does not compile and is not used.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
release=25.11.2
cluster() { python3 "$here/cluster.py" "$@"; }
[[ $(cluster status --json) == *'"suite": "sid"'* ]] || { echo "pyslurm: start the newer cluster first, by: make cluster-up" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --no-deps --no-binary pyslurm --dest "$work" "pyslurm==$release"
cat >"$work/inside.sh" <<'INSIDE'
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive SLURM_INCLUDE_DIR=/usr/include
apt-get -o Acquire::Check-Valid-Until=false update -qq
apt-get install -y -qq --no-install-recommends libslurm-dev python3-dev gcc cython3 python3-setuptools python3-packaging >/build/log
[[ $(dpkg-query -f '${source:Version}' -W libslurm-dev) == "$(dpkg-query -f '${source:Version}' -W slurmctld)" ]] ||
    { echo "pyslurm: the suite has another Slurm by now than the image: remove the image from the cache" >&2; exit 1; }
SLURM_LIB_DIR=$(dirname "$(find /usr/lib -name libslurmfull.so | head -1)")
export SLURM_LIB_DIR CFLAGS="-O0 -DSLURM_BACKWARD_COMPAT -Dslurm_free_ctl_conf=slurm_free_conf"
cd /tmp && tar xzf /build/pyslurm-*.tar.gz && cd pyslurm-*
rm pyslurm/deprecated.p*
sed -i /deprecated/d pyslurm/__init__.py
sed -i "s/^__version__ = .*/__version__ = \"$(slurmctld -V | sed 's/.* \([0-9]*\)\.0*\([0-9]*\)\..*/\1.\2/').0\"/" pyslurm/version.py
python3 setup.py build_ext --inplace -j 2 >/build/log 2>&1 || { tail -20 /build/log >&2; exit 1; }
mkdir /build/out
find pyslurm \( -name '*.py' -o -name '*.so' \) -exec cp --parents {} /build/out \;
INSIDE
image=$(ls -t "${INK_CACHE:-/var/cache/ink-harness}"/cluster/root-sid-*.sqfs | head -1)
"$here/in-root.sh" "$image" "$work:/build" /etc/resolv.conf:/etc/resolv.conf -- /bin/bash /build/inside.sh

# In the portal's own view of the environment, which all clusters share in the cache: it goes with the node.
cluster exec portal -- mkdir -p /opt/pyslurm
tar -C "$work/out" -c pyslurm | cluster exec portal -- tar -C /opt/pyslurm -x
cluster exec portal -- bash -c '
    packages=$(/opt/ink/env/bin/python -c "import sysconfig; print(sysconfig.get_path(\"purelib\"))")
    mount -t overlay overlay -o "lowerdir=/opt/pyslurm:$packages" "$packages"'
cluster exec portal -- /opt/ink/env/bin/python -c 'import pyslurm; print("pyslurm", pyslurm.__version__, "for Slurm", len(pyslurm.Nodes.load()), "nodes")'
