"""May and can this machine carry the cluster: Linux, root, disk space, tools. One sentence when it cannot."""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layout import BASE, CACHE
from steps import ClusterError, run, step

NEEDED_BYTES = 4 * 10**9
TOOLS = {  # command: Debian package
    "mmdebstrap": "mmdebstrap",
    "mksquashfs": "squashfs-tools",
    "ip": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "bash": "bash",
}


def require_root() -> None:
    if sys.platform != "linux":
        raise ClusterError(f"The development cluster is made of Linux namespaces and cannot run on {sys.platform}")
    if os.geteuid() != 0:
        raise ClusterError("The development cluster needs root (namespaces, mounts): run it with sudo")


def require_space() -> None:
    for folder in (CACHE, BASE):
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(existing).free
        if free < NEEDED_BYTES:
            raise ClusterError(
                f"The development cluster needs {NEEDED_BYTES // 10**9} GB of disk space for {folder}"
                f" and {free / 10**9:.1f} GB are free"
            )


def require_tools() -> None:
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise ClusterError(f"Host tools are missing and there is no apt-get to install them: {', '.join(missing)}")
    with step(f"host tools: {' '.join(missing)}"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "-q", "update"], "apt-get update", 300, env)
        run(["apt-get", "-q", "-y", "--no-install-recommends", "install", *missing], "apt-get install", 600, env)


@contextmanager
def only_one(timeout: float = 900) -> Iterator[None]:
    """Keep a second command from building or starting the same things at the same time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        _acquire(lock.fileno(), timeout, CACHE / "lock")
        yield


def _acquire(descriptor: int, timeout: float, path: Path) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"Another cluster command holds {path} since {timeout:.0f} s; end it first"
                ) from None
            time.sleep(0.2)
