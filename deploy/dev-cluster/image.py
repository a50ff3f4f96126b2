"""The nodes' root file system: a Debian suite with HTCondor, Slurm and Apptainer, as one squashfs file in the cache."""

import platform
from collections.abc import Sequence
from pathlib import Path

from cache import building, key_of, scratch, touch_and_prune
from layout import CACHE, HERE
from steps import run, step

FINISH = HERE / "finish-root.sh"
IN_ROOT = HERE / "in-root.sh"
PACKAGES = (
    "condor", "slurmctld", "slurmd", "slurmdbd", "slurmrestd", "slurm-client", "slurm-wlm-basic-plugins",
    "slurm-wlm-jwt-plugin", "slurm-wlm-mysql-plugin", "munge", "mariadb-server",
    "apptainer", "squashfs-tools", "squashfuse", "fuse2fs", "fuse-overlayfs", "uidmap",
    "python3", "ca-certificates", "curl", "iproute2", "jq", "less", "passwd", "procps", "ripgrep", "util-linux",
)  # fmt: skip


def debootstrap(suite: str, packages: Sequence[str], target: Path) -> None:
    """A minimal tree of a suite with some packages, without manuals and translations."""
    no_docs = ("path-exclude=/usr/share/man/*", "path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/doc/*",
               "path-include=/usr/share/doc/*/copyright")  # fmt: skip
    apt = ('APT::Install-Recommends "false"', 'Acquire::Check-Valid-Until "false"', 'Acquire::Languages "none"')
    options = [f"--aptopt={option}" for option in apt] + [f"--dpkgopt={option}" for option in no_docs]
    private = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]  # ends whole, mounts and all
    argv = [*private, "mmdebstrap", "--variant=minbase", "--mode=root", "--components=main", *options]
    run([*argv, f"--include={','.join(packages)}", suite, target], f"building Debian {suite}", 1800)


def squash(tree: Path, target: Path) -> None:
    """Level 3 packs four times as fast as the default and a tenth larger."""
    options = ["-noappend", "-comp", "zstd", "-Xcompression-level", "3", "-quiet", "-no-progress"]
    run(["mksquashfs", tree, target, *options], "packing the root file system", 600)


def root_image(suite: str) -> Path:
    """The root file system of a suite, from the cache or built (about two minutes)."""
    key = key_of([suite, platform.machine(), *PACKAGES, FINISH])
    target = CACHE / f"root-{suite}-{key}.sqfs"
    if not target.exists():
        with step(f"root file system of Debian {suite}: not in the cache, building (minutes)"):
            _build(suite, target)
    touch_and_prune(target, f"root-{suite}-*.sqfs")
    return target


def _build(suite: str, target: Path) -> None:
    with building(target) as draft, scratch(target.with_suffix(".tree")) as tree:
        debootstrap(suite, PACKAGES, tree)
        run([IN_ROOT, tree, f"{HERE}:/mnt", "--", "/bin/bash", f"/mnt/{FINISH.name}"], "finishing the root", 300)
        squash(tree, draft)
