"""`files.earlier`: what a file held before an operation changed it, so that the change can be looked at and undone.

Kept in `.ink/earlier`, one file for each version: a line with what it is of, then the bytes as they were.

Limits: blocking, so it runs in threads. The latest versions are kept, within a bound of their number and of their bytes
together; what the disk has no room for is not kept, and the change is made all the same. Not flushed to disk.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress

from pydantic import ValidationError

from worker_agent.faults import fault
from worker_agent.names import to_wire
from worker_agent.own_directory import own_directory, read_whole, write_record
from worker_agent.protocol import EarlierVersion, FilesEarlier, Wire
from worker_agent.sandbox import Sandbox

PLACE = "earlier"
MOST_VERSIONS = 500
MOST_BYTES = 64 * 1024 * 1024


class _Head(Wire):
    """`existed`: there was a file; `after_sha256` is of what the operation put in its place."""

    path: str
    existed: bool
    after_sha256: str


def keep(sandbox: Sandbox, made_id: str | None, path: str, before: bytes | None, after: bytes) -> None:
    """`path` is as the sandbox has it; `before` is None where there was no file. Called before the change."""
    if made_id is None:
        return
    after_sha256 = hashlib.sha256(after).hexdigest()
    head = _Head(path=to_wire(path), existed=before is not None, after_sha256=after_sha256)
    with suppress(OSError), own_directory(sandbox, PLACE) as kept:
        content = head.model_dump_json().encode() + b"\n" + (before or b"")
        _make_room(kept, len(content))
        write_record(kept, _name(made_id, head.path), content)


def earlier(sandbox: Sandbox, arguments: FilesEarlier) -> EarlierVersion:
    path = to_wire(sandbox.relative(arguments.path))
    try:
        with own_directory(sandbox, PLACE) as kept:
            head, _, content = read_whole(kept, _name(arguments.made_id, path)).partition(b"\n")
        told = _Head.model_validate_json(head)
    except (FileNotFoundError, ValidationError):
        raise fault("not_found", f"What {arguments.path} held before is not kept any more, or never was.") from None
    data = base64.b64encode(content).decode() if told.existed else None
    return EarlierVersion(path=told.path, content=data, after_sha256=told.after_sha256)


def _name(made_id: str, path: str) -> str:
    return f"{made_id}-{hashlib.sha256(path.encode()).hexdigest()[:32]}"


def _make_room(kept: int, size: int) -> None:
    with os.scandir(kept) as entries:
        status = [(entry.stat(follow_symlinks=False), entry.name) for entry in entries]
    oldest = sorted((one.st_mtime_ns, one.st_size, name) for one, name in status)
    number, held = len(oldest), sum(one[1] for one in oldest)
    for _, its_size, name in oldest:
        if number < MOST_VERSIONS and held + size <= MOST_BYTES:
            return
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=kept)
        number, held = number - 1, held - its_size
