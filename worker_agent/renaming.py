"""Renaming that fails where the target exists, in one step where the file system can.

Limits: a file system without RENAME_NOREPLACE (some network ones) gets a check followed by a rename, and a short race.
"""

from __future__ import annotations

import ctypes
import errno
import os

_RENAME_NOREPLACE = 1
_libc = ctypes.CDLL(None, use_errno=True)


def rename_noreplace(source: int, old: str, target: int, new: str) -> None:
    """Rename `old` in directory `source` to `new` in directory `target`; FileExistsError if `new` exists."""
    if hasattr(_libc, "renameat2"):
        if _libc.renameat2(source, os.fsencode(old), target, os.fsencode(new), _RENAME_NOREPLACE) == 0:
            return
        code = ctypes.get_errno()
        if code not in {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}:
            raise OSError(code, os.strerror(code), new)
    _rename_after_check(source, old, target, new)


def _rename_after_check(source: int, old: str, target: int, new: str) -> None:
    try:
        os.stat(new, dir_fd=target, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(old, new, src_dir_fd=source, dst_dir_fd=target)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
