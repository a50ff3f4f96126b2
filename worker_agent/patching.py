"""`files.patch`: edits of several files that are all made or, where one does not fit, none, with a report of why.

An edit fits where its old text stands in the file exactly once. All files are made ready beside their targets first, so
that what can fail fails before anything is replaced; a failure while they are put in place is undone.

Limits: blocking, so it runs in threads. A crash while the files are put in place leaves some of them new and some old,
each of them whole. As with `writing`, a foreign process that changes a file in that moment is not noticed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from worker_agent import earlier
from worker_agent.faults import fault, from_os_error
from worker_agent.made import noted
from worker_agent.names import to_wire
from worker_agent.near_text import lines_of, nearest
from worker_agent.protocol import (
    MAX_WRITE_BYTES,
    FilesPatch,
    FilesPatched,
    PatchConflict,
    PatchedFile,
    PatchEdit,
    PatchProblem,
)
from worker_agent.renaming import rename_noreplace
from worker_agent.sandbox import Sandbox
from worker_agent.writing import content_of, existing_file, flush_directory, folder_named, one_writer, write_new

MAX_FILES = 50
MAX_BYTES = 2 * MAX_WRITE_BYTES
NEW_MODE = 0o644


@dataclass
class Target:
    """One file that edits are about; `before` is None where there is none yet."""

    path: str
    directory: int
    name: str
    before: bytes | None
    mode: int
    after: bytes | None
    lines: list[int] = field(default_factory=list[int])
    staged: str = field(default_factory=lambda: f".ink-{secrets.token_hex(8)}.tmp")

    def edit(self, number: int, wanted: PatchEdit) -> PatchConflict | None:
        """Make one edit in memory, or say why it does not fit."""
        if not wanted.old:
            return self._create(number, wanted)
        if self.after is None:
            return PatchConflict(edit=number, path=wanted.path, problem=PatchProblem.FILE_MISSING)
        old, new = _with_line_ends_of(self.after, wanted)
        found = lines_of(self.after, old)
        if len(found) == 1:
            self.lines.append(found[0])
            self.after = self.after.replace(old, new, 1)
            return None
        if found:
            return PatchConflict(edit=number, path=wanted.path, problem=PatchProblem.TEXT_REPEATED, lines=tuple(found))
        lines, near = nearest(self.after, old)
        return PatchConflict(edit=number, path=wanted.path, problem=PatchProblem.TEXT_MISSING, lines=lines, near=near)

    def _create(self, number: int, wanted: PatchEdit) -> PatchConflict | None:
        if self.after is not None:
            return PatchConflict(edit=number, path=wanted.path, problem=PatchProblem.FILE_EXISTS)
        self.after = wanted.new.encode()
        self.lines.append(1)
        return None

    def patched(self) -> PatchedFile:
        data = self.after or b""
        digest = hashlib.sha256(data).hexdigest()
        return PatchedFile(path=to_wire(self.path), size=len(data), sha256=digest, lines=tuple(self.lines))


def patch(sandbox: Sandbox, arguments: FilesPatch) -> FilesPatched:
    with ExitStack() as held, one_writer:
        targets = _Targets(sandbox, held)
        edits = enumerate(arguments.edits)
        found = [targets.of(wanted.path).edit(number, wanted) for number, wanted in edits]
        conflicts = tuple(conflict for conflict in found if conflict is not None)
        changed = [target for target in targets.all if target.after is not None]
        targets.check_size()
        applied = not conflicts and not arguments.dry_run
        if applied:
            _put_in_place(sandbox, arguments.made_id, changed)
    files = () if conflicts else tuple(target.patched() for target in changed)
    return FilesPatched(applied=applied, files=files, conflicts=conflicts)


class _Targets:
    """The files by where they are, so that two ways to one file are one target."""

    def __init__(self, sandbox: Sandbox, held: ExitStack) -> None:
        self._sandbox = sandbox
        self._held = held
        self._by_place: dict[tuple[int, int, str], Target] = {}
        self._by_path: dict[str, Target] = {}

    @property
    def all(self) -> list[Target]:
        return list(self._by_place.values())

    def of(self, named: str) -> Target:
        if named not in self._by_path:
            try:
                self._by_path[named] = self._opened(named)
            except OSError as error:
                raise from_os_error(error, named) from error
        return self._by_path[named]

    def check_size(self) -> None:
        if any(len(target.after or b"") > MAX_WRITE_BYTES for target in self.all):
            raise fault("too_large", f"A patched file may hold {MAX_WRITE_BYTES} bytes.")

    def _opened(self, named: str) -> Target:
        path = self._sandbox.relative(named)
        with folder_named(named):
            directory, name = self._held.enter_context(self._sandbox.entry(path, follow=True))
            folder = os.stat(directory)
        place = (folder.st_dev, folder.st_ino, name)
        if place not in self._by_place:
            if len(self._by_place) == MAX_FILES:
                raise fault("too_large", f"A patch may change {MAX_FILES} files; make several of it.")
            self._by_place[place] = self._read(path, directory, name)
        return self._by_place[place]

    def _read(self, path: str, directory: int, name: str) -> Target:
        status = existing_file(directory, name, to_wire(path))
        if status is None:
            return Target(path, directory, name, None, NEW_MODE, None)
        held = sum(len(target.before or b"") for target in self.all)
        if status.st_size > min(MAX_WRITE_BYTES, MAX_BYTES - held):
            said = f"{to_wire(path)} is too large for this patch: {MAX_WRITE_BYTES} bytes each, {MAX_BYTES} together."
            raise fault("too_large", said)
        data = content_of(directory, name)
        return Target(path, directory, name, data, stat.S_IMODE(status.st_mode), data)


def _with_line_ends_of(content: bytes, wanted: PatchEdit) -> tuple[bytes, bytes]:
    """Whoever reads a file with CRLF line ends as text writes its lines with LF."""
    old, new = wanted.old.encode(), wanted.new.encode()
    if b"\r\n" in content and b"\r\n" not in old:
        return old.replace(b"\n", b"\r\n"), new.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return old, new


def _put_in_place(sandbox: Sandbox, made_id: str | None, targets: list[Target]) -> None:
    last = targets[-1]
    try:
        for target in targets:
            keep = target.before is not None
            write_new(target.directory, target.staged, target.after or b"", target.mode, keep_mode=keep)
            earlier.keep(sandbox, made_id, target.path, target.before, target.after or b"")
        with noted(sandbox, made_id, last.path, last.directory, last.staged):
            _rename_all(targets)
    finally:
        for target in targets:
            with suppress(FileNotFoundError):
                os.unlink(target.staged, dir_fd=target.directory)
    for target in targets:
        flush_directory(target.directory)


def _rename_all(targets: list[Target]) -> None:
    done: list[Target] = []
    try:
        for target in targets:
            _rename(target, target.staged)
            done.append(target)
    except BaseException:
        for target in done:
            _undo(target)
        raise


def _rename(target: Target, source: str) -> None:
    if target.before is None:
        rename_noreplace(target.directory, source, target.directory, target.name)
    else:
        os.rename(source, target.name, src_dir_fd=target.directory, dst_dir_fd=target.directory)


def _undo(target: Target) -> None:
    if target.before is None:
        os.unlink(target.name, dir_fd=target.directory)
        return
    again = f"{target.staged}.old"
    write_new(target.directory, again, target.before, target.mode, keep_mode=True)
    _rename(target, again)
