"""The nodes' root file system: a Debian suite with HTCondor, Slurm and Apptainer, as one squashfs file in the cache."""

import platform
import shlex
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
FOR_WORKERS = frozenset(
    {"apptainer", "squashfs-tools", "squashfuse", "fuse2fs", "fuse-overlayfs", "uidmap", "jq", "less", "ripgrep"}
)
"""What schedulers do without: a bare root has none of it, and is made in half the time."""
PRIVATE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")  # ends whole, mounts and all
APT_OPTIONS = (
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=Acquire::Languages "none"',
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
)
BORROW = HERE / "borrow-from-sid.sh"
FROM_SID = {"trixie": ("apptainer",)}  # what a suite lacks


def debootstrap(suite: str, packages: Sequence[str], target: Path) -> None:
    """A minimal tree of a suite with some packages, without manuals and translations."""
    borrowed = [package for package in packages if package in FROM_SID.get(suite, ())]
    hooks = [f'--customize-hook={shlex.join([str(BORROW), package])} "$1"' for package in borrowed]
    included = ",".join(package for package in packages if package not in borrowed)
    argv = [*PRIVATE, "mmdebstrap", "--variant=minbase", "--mode=root", "--components=main", *APT_OPTIONS, *hooks]
    run([*argv, f"--include={included}", suite, target], f"building Debian {suite}", 1800)


def squash(tree: Path, target: Path) -> None:
    """Level 3 packs four times as fast as the default and a tenth larger."""
    options = ["-noappend", "-comp", "zstd", "-Xcompression-level", "3", "-quiet", "-no-progress"]
    run(["mksquashfs", tree, target, *options], "packing the root file system", 600)


def root_image(suite: str, bare: bool = False) -> Path:
    """The root file system of a suite, from the cache or built (about two minutes)."""
    packages = [package for package in PACKAGES if not (bare and package in FOR_WORKERS)]
    steps = [FINISH, BORROW] if suite in FROM_SID else [FINISH]
    key = key_of([suite, platform.machine(), *packages, *steps])
    target = CACHE / f"root-{suite}-{key}.sqfs"
    if not target.exists():
        with step(f"root file system of Debian {suite}: not in the cache, building (minutes)"):
            _build(suite, packages, target)
    touch_and_prune(target, f"root-{suite}-*.sqfs")
    return target


def _build(suite: str, packages: Sequence[str], target: Path) -> None:
    with building(target) as draft, scratch(target.with_suffix(".tree")) as tree:
        debootstrap(suite, packages, tree)
        run([IN_ROOT, tree, f"{HERE}:/mnt", "--", "/bin/bash", f"/mnt/{FINISH.name}"], "finishing the root", 300)
        squash(tree, draft)
