"""`archive.*`: directories and files as one stream that is made while it is read."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from worker_agent.protocol.frames import Payload
from worker_agent.protocol.transfers import TransferId
from worker_agent.protocol.wire import Wire


class ArchiveFormat(StrEnum):
    ZIP = "zip"
    TAR = "tar"
    TAR_GZ = "tar.gz"


class ArchiveOpen(Wire):
    """Arguments of `archive.open`. Each path is in the archive by its own name, with all below it."""

    archive_id: TransferId
    paths: tuple[str, ...] = Field(min_length=1, max_length=100)
    format: ArchiveFormat = ArchiveFormat.ZIP
    hidden: bool = True


class ArchiveOpened(Wire):
    archive_id: TransferId


class ArchiveRead(Wire):
    """Arguments of `archive.read`: what comes next, from `offset` on; the result is an `ArchivePiece`."""

    archive_id: TransferId
    offset: int = Field(ge=0)


class ArchivePiece(Payload):
    """`eof`: the archive is complete. One that cannot be completed is the fault `archive_failed`."""

    offset: int
    eof: bool


class ArchivePack(Wire):
    """Arguments of `archive.pack`: an archive as the new file `target`; the result is a `FileEntry`.

    `made_id`: under which it is noted that it was put in place (`files.made`).
    """

    paths: tuple[str, ...] = Field(min_length=1, max_length=100)
    target: str
    format: ArchiveFormat
    hidden: bool = True
    made_id: TransferId | None = None


class ArchiveUnpack(Wire):
    """Arguments of `archive.unpack`: what a zip or tar archive holds as the new directory `target`."""

    path: str
    target: str
    made_id: TransferId | None = None


class ArchiveUnpacked(Wire):
    """`bytes` of all files; `left_out`: links that would lead out, and what is neither file, directory nor link."""

    path: str
    entries: int
    bytes: int
    left_out: int


class ArchiveClose(Wire):
    """Arguments of `archive.close`; one that has ended is closed already. Result: `ArchiveOpened`."""

    archive_id: TransferId
