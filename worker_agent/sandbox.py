"""The workspace: every path a caller names is resolved relative to one directory descriptor and never leaves it.

Paths are relative to the workspace, or absolute and inside it. Links in the workspace that stay inside are followed.
`relative` takes a path from the wire; every other method takes what it gave.

What the agent keeps in `.ink/trash`, `.ink/uploads`, `.ink/made` and `.ink/earlier` decides what it removes and says
later, so no caller's path reaches it, by whatever links, and `.ink` itself is neither moved nor put in place.
`own=True` is for the agent's own records. What lies in `.ink/dags` decides what DAGMan submits later, and tells how it
went: it is only read.

Limits: it confines paths, not programs; a process that the user starts may read whatever the user may read.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Generator
from contextlib import contextmanager

from worker_agent.confinement import Walk, openat2, openat2_works
from worker_agent.faults import fault
from worker_agent.names import from_wire, to_wire

OWN = ".ink"
_RESERVED = re.compile(rf"(^|/){re.escape(OWN)}/(trash|uploads|made|earlier)(/|$)")
_ONLY_READ = re.compile(rf"(^|/){re.escape(OWN)}/dags(/|$)")
_MAX_LINKS = 40
_MAX_PATH = 4096


class Sandbox:
    """`use_openat2=False` forces the walk, for a place where the kernel's call does not work."""

    def __init__(self, root: str, *, use_openat2: bool = True) -> None:
        self.path = os.path.realpath(root)
        self._spellings = tuple(dict.fromkeys((self.path, os.path.normpath(os.path.abspath(root)))))
        self._root = os.open(self.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._use_openat2 = use_openat2 and openat2_works(self._root)

    def close(self) -> None:
        os.close(self._root)

    def relative(self, path: str) -> str:
        """The path below the workspace, normalised; `.` is the workspace itself. `path` is text from the wire."""
        if "\0" in path or not path or len(path) > _MAX_PATH:
            raise fault("bad_arguments", "A path must be 1 to 4096 characters long and hold no NUL character.")
        return self._normal(from_wire(path))

    def _normal(self, path: str) -> str:
        inside = self._inside(path) if path.startswith("/") else path
        normal = os.path.normpath(inside) if inside is not None else ".."
        if normal == ".." or normal.startswith("../"):
            raise fault(
                "path_outside_workspace",
                f"{to_wire(path)} lies outside the workspace {to_wire(self.path)}; name a path inside it.",
            )
        return normal

    def absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.path, path))

    @contextmanager
    def open(self, path: str, flags: int, *, own: bool = False) -> Generator[int]:
        """A descriptor of `path` (as `relative` gives it), closed at the end. OSError(EXDEV) if it leads outside."""
        descriptor = self._resolve(path, flags if flags & os.O_PATH else flags | os.O_NOCTTY)
        try:
            if not own:
                self.check_reserved(descriptor, reading=not flags & (os.O_PATH | os.O_ACCMODE))
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def entry(self, path: str, *, follow: bool = False, own: bool = False) -> Generator[tuple[int, str]]:
        """The directory that holds `path` and its name there; with `follow`, of what a link at the end points to."""
        for _ in range(_MAX_LINKS):
            parent, name = os.path.split(path.rstrip("/"))
            if name in {"", ".", ".."}:
                raise fault("bad_arguments", "This cannot be done to the workspace itself or through a '..'.")
            with self.open(parent or ".", os.O_PATH | os.O_DIRECTORY, own=own) as directory:
                target = _link_target(directory, name) if follow else None
                if target is None:
                    if not own:
                        self.check_reserved(directory, name, whole=True)
                    yield directory, name
                    return
            path = self._normal(target) if target.startswith("/") else os.path.join(parent, target)
        raise OSError(errno.ELOOP, "too many links", path)

    def check_reserved(self, descriptor: int, name: str = "", *, whole: bool = False, reading: bool = False) -> None:
        """Raises a fault where the agent's own records are, or would be; with `whole` also for all of `.ink`."""
        place = os.path.join(os.path.relpath(_location(descriptor), _location(self._root)), name)
        if _RESERVED.search(place) or (not reading and _ONLY_READ.search(place)) or (whole and name == OWN):
            raise fault("permission_denied", f"{OWN} holds the trash, uploads and DAGs, which have tools of their own.")

    def _resolve(self, path: str, flags: int) -> int:
        if self._use_openat2:
            try:
                return openat2(self._root, path, flags)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
        return Walk(self._root, self._inside).open(path, flags)

    def _inside(self, absolute: str) -> str | None:
        """The rest of an absolute path that begins with the workspace, not normalised; None if it does not."""
        for root in self._spellings:
            if absolute == root or absolute.startswith(root.rstrip("/") + "/"):
                return absolute[len(root) :].lstrip("/") or "."
        return None


def _location(descriptor: int) -> str:
    """Where an open file or directory is now, all links resolved."""
    return os.readlink(f"/proc/self/fd/{descriptor}")


def _link_target(directory: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=directory)
    except OSError as error:
        if error.errno in {errno.EINVAL, errno.ENOENT}:  # not a link, or nothing there yet
            return None
        raise
