"""Opening a path beneath a directory so that neither `..` nor a symbolic link, swapped in at any moment, leads out.

Two ways, with the same meaning: the kernel's openat2(RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS), and a walk that opens
one component after the other without following links and reads each link itself. The walk serves kernels and sandboxes
without openat2, and absolute links that point back inside, which openat2 refuses. Both raise OSError(EXDEV) for a way
out.

Limits: flags must not create files; what is opened is confined at the time of opening, as with the kernel's own call.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable

_OPENAT2 = 437  # the same number on every architecture
_RESOLVE_BENEATH_NO_MAGICLINKS = 0x08 | 0x02
_MAX_LINKS = 40
_RACES = 16

_libc = ctypes.CDLL(None, use_errno=True)


class _OpenHow(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64)]


def openat2(root: int, path: str, flags: int) -> int:
    """The kernel's confined open. EAGAIN (a rename raced with a `..`) is tried again a few times."""
    how = _OpenHow(flags | os.O_CLOEXEC, 0, _RESOLVE_BENEATH_NO_MAGICLINKS)
    encoded = os.fsencode(path)
    for _ in range(_RACES):
        descriptor = _libc.syscall(_OPENAT2, root, encoded, ctypes.byref(how), ctypes.sizeof(how))
        if descriptor >= 0:
            return descriptor
        if (code := ctypes.get_errno()) not in {errno.EAGAIN, errno.EINTR}:
            raise OSError(code, os.strerror(code), path)
    raise OSError(errno.EXDEV, "the path changes too fast to be resolved", path)


def openat2_works(root: int) -> bool:
    """Whether this kernel has openat2 and no seccomp filter forbids it."""
    try:
        os.close(openat2(root, ".", os.O_PATH | os.O_DIRECTORY))
    except OSError:
        return False
    return True


class Walk:
    """One resolution, component by component. `inside` maps an absolute link to a path below the root, or None."""

    def __init__(self, root: int, inside: Callable[[str], str | None]) -> None:
        self._held = [os.dup(root)]
        self._inside = inside
        self._links = 0

    def open(self, path: str, flags: int) -> int:
        try:
            pending = path.split("/")[::-1]
            while pending:
                name = pending.pop()
                if name == "..":
                    self._up()
                elif name not in {"", "."}:
                    descriptor = self._step(name, pending, flags)
                    if descriptor is not None:
                        return descriptor
            return os.open(".", flags | os.O_CLOEXEC, dir_fd=self._held[-1])
        finally:
            self._drop(0)

    def _up(self) -> None:
        if len(self._held) == 1:
            raise OSError(errno.EXDEV, "the path leaves the root")
        self._drop(len(self._held) - 1)

    def _drop(self, keep: int) -> None:
        while len(self._held) > keep:
            os.close(self._held.pop())

    def _step(self, name: str, pending: list[str], flags: int) -> int | None:
        """Open `name`: the result if it is the last component, else go down, or put a link's target in its place."""
        last = not pending
        wanted = flags if last else os.O_PATH | os.O_DIRECTORY
        try:
            descriptor = os.open(name, wanted | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._held[-1])
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.ENOTDIR} or (last and flags & os.O_NOFOLLOW):
                raise
            self._follow(name, pending, error)
            return None
        if last and (flags & os.O_PATH and not flags & os.O_NOFOLLOW) and self._is_link(descriptor):
            os.close(descriptor)
            self._follow(name, pending, OSError(errno.ELOOP, "the link went away"))
            return None
        if last:
            return descriptor
        self._held.append(descriptor)
        return None

    @staticmethod
    def _is_link(descriptor: int) -> bool:
        return os.fstat(descriptor).st_mode & 0o170000 == 0o120000

    def _follow(self, name: str, pending: list[str], otherwise: OSError) -> None:
        try:
            target = os.readlink(name, dir_fd=self._held[-1])
        except OSError:
            raise otherwise from None
        self._links += 1
        if self._links > _MAX_LINKS:
            raise OSError(errno.ELOOP, "too many links")
        if target.startswith("/"):
            inside = self._inside(target)
            if inside is None:
                raise OSError(errno.EXDEV, "the link leaves the root")
            target = inside
            self._drop(1)
        pending.extend(target.split("/")[::-1])
