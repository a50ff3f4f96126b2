"""`quota.show`: the kernel's quota of the user on the workspace's file system, and what of the workspace counts.

Limits: a file system that keeps its quotas elsewhere (a server of its own, as network file systems do) tells the kernel
none, and the answer says so; what the user has outside the workspace counts in `limits` only.
"""

from __future__ import annotations

import ctypes
import errno
import os
from contextlib import suppress

from worker_agent.disk import ENTRIES_LIMIT, tree_size
from worker_agent.names import to_wire
from worker_agent.own_directory import own_directory
from worker_agent.protocol import Quota, QuotaLimits, QuotaShow
from worker_agent.sandbox import Sandbox
from worker_agent.uploads import UploadStore

_QUOTACTL_FD = 443  # the same number on every architecture
_GET_OWN_QUOTA = 0x800007 << 8  # QCMD(Q_GETQUOTA, USRQUOTA) of linux/quota.h
_BLOCK = 1024  # of the two limits in bytes; see quotactl(2)
_SAID = {
    errno.ESRCH: "No quota is set on this file system.",
    errno.ENOSYS: "This kernel or file system tells no quota.",
    errno.EOPNOTSUPP: "This kernel or file system tells no quota.",
    errno.EINVAL: "This kernel or file system tells no quota.",
    errno.ENOTBLK: "This kernel or file system tells no quota.",
    errno.EPERM: "The quota of this file system may not be read here.",
    errno.EACCES: "The quota of this file system may not be read here.",
}

_libc = ctypes.CDLL(None, use_errno=True)


class DiskQuota(ctypes.Structure):
    """`struct if_dqblk` of linux/quota.h."""

    _fields_ = [
        *((name, ctypes.c_uint64) for name in ("hard", "soft", "used", "files_hard", "files_soft", "files_used")),
        *((name, ctypes.c_uint64) for name in ("time", "files_time")),
        ("valid", ctypes.c_uint32),
    ]


def show(sandbox: Sandbox, arguments: QuotaShow, *, until: float, uploads: UploadStore) -> Quota:
    with sandbox.open(".", os.O_RDONLY | os.O_DIRECTORY) as home:
        space = os.fstatvfs(home)
        limits, said = _limits(home)
        used, entries, complete = tree_size(home, until, ENTRIES_LIMIT)
        mount, kind = _mount_of(sandbox.path)
    with own_directory(sandbox, "trash") as trash:
        trash_bytes, _, whole = tree_size(trash, until, ENTRIES_LIMIT)
    return Quota(
        mount=to_wire(mount),
        file_system=kind,
        total_bytes=space.f_blocks * space.f_frsize,
        free_bytes=space.f_bavail * space.f_frsize,
        limits=limits,
        said=said,
        home_bytes=used,
        trash_bytes=trash_bytes,
        staged_bytes=uploads.staged_bytes(),
        entries=entries,
        complete=complete and whole,
    )


def _limits(descriptor: int) -> tuple[QuotaLimits | None, str]:
    found = DiskQuota()
    if _libc.syscall(_QUOTACTL_FD, descriptor, _GET_OWN_QUOTA, os.getuid(), ctypes.byref(found)) != 0:
        code = ctypes.get_errno()
        return None, _SAID.get(code, f"The quota could not be read ({os.strerror(code)}).")
    return told(found)


def told(found: DiskQuota) -> tuple[QuotaLimits, str]:
    """The kernel's record in our units, and in words whether it bounds anything."""
    limits = QuotaLimits(
        used_bytes=found.used,
        soft_bytes=found.soft * _BLOCK or None,
        hard_bytes=found.hard * _BLOCK or None,
        used_files=found.files_used,
        soft_files=found.files_soft or None,
        hard_files=found.files_hard or None,
    )
    if any((limits.soft_bytes, limits.hard_bytes, limits.soft_files, limits.hard_files)):
        return limits, "A quota is set."
    return limits, "Use is counted, and no quota is set."


def _mount_of(path: str) -> tuple[str, str]:
    """Where the file system of the path is mounted, and its type. See proc(5), mountinfo."""
    best = ("/", "unknown")
    with suppress(OSError), open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
        for line in mounts:
            fields, _, rest = line.partition(" - ")
            mount = fields.split(" ")[4].encode(errors="surrogateescape").decode("unicode_escape", "replace")
            if (path == mount or path.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best[0]):
                best = (mount, rest.split(" ")[0])
    return best
