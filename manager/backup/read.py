"""Reads an archive, which is not trusted: what is in it, whether it is what was written, and whether that verifies."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, cast

from audit.verify import verify
from manager.backup.manifest import (
    DATABASE,
    LEDGER,
    MANIFEST,
    MOST_BYTES,
    SIGNATURE,
    BackupUnusable,
    Manifest,
    Part,
    read_manifest,
)

PIECE = 1 << 20
MOST_HEADERS = 64 * 1024
"""Bytes between the contents of two members: a header, and what PAX adds to it for long names and large files."""


def manifest_of(archive: Path) -> Manifest:
    """Of what an archive says, without a look at its parts. Raises `BackupUnusable` and `OSError`."""
    with _opened(archive) as reader:
        return _manifest(reader)


def extract(archive: Path, folder: Path, key: str | None) -> Manifest:
    """Every part into the folder, checked on its way. Raises `BackupUnusable` for anything that is not as written.

    `key` is the public key (as `ink audit key` prints it) that must have signed it.
    """
    with _opened(archive) as reader:
        manifest = _manifest(reader)
        if key is not None and key != manifest.key:
            raise BackupUnusable("the archive is signed with another key than the one given: it is another manager's")
        _check_room(manifest, folder)
        for part in manifest.parts:
            _take(reader, part, folder)
        if reader.next() is not None:
            raise BackupUnusable("the archive holds more than its manifest says")
    return manifest


def problems(folder: Path, manifest: Manifest, anchors: Sequence[Path] = ()) -> list[str]:
    """What the stand-alone verifier and SQLite find wrong in what was extracted."""
    report = verify(folder / LEDGER, key=manifest.key, anchors=list(anchors))
    found = list(report.problems)
    if report.events != manifest.events:
        found.append(f"the ledger holds {report.events} events, the manifest says {manifest.events}")
    return found + _database_problems(folder / DATABASE)


def _database_problems(file: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(file)) as database:
            found = [str(row[0]) for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            return found + [f"a row of {row[0]} refers to none" for row in database.execute("PRAGMA foreign_key_check")]
    except sqlite3.Error as error:
        return [f"the database cannot be read: {error}"]


def _check_room(manifest: Manifest, folder: Path) -> None:
    """What does not fit is not begun: a running manager may share the disk."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    needed, free = sum(part.size for part in manifest.parts), shutil.disk_usage(folder).free
    if needed > free:
        raise BackupUnusable(
            f"its parts take {needed >> 20} MiB, and there are {free >> 20} MiB left at {folder.parent}"
        )


class _Bounded:
    """Gives tarfile so many bytes as are still allowed: it reads headers of any length at once."""

    def __init__(self, raw: gzip.GzipFile) -> None:
        self._raw, self.allowed = raw, 0
        self.seek, self.tell = raw.seek, raw.tell

    def read(self, size: int = -1) -> bytes:
        """Raises `BackupUnusable` for more."""
        if not 0 <= size <= self.allowed:
            raise BackupUnusable("it has a header that no backup has: it is no backup")
        self.allowed -= size
        return self._raw.read(size)


class _Reader:
    """The members of an archive, one after the other."""

    def __init__(self, raw: gzip.GzipFile) -> None:
        self._bounded = _Bounded(raw)
        self._tar: tarfile.TarFile | None = None

    def next(self) -> tarfile.TarInfo | None:
        self._bounded.allowed = MOST_HEADERS
        if self._tar is None:
            opened = cast("IO[bytes]", self._bounded)  # it needs no more of a file
            self._tar = tarfile.open(fileobj=opened, mode="r:")  # noqa: SIM115 - whoever opened the file closes it
        return self._tar.next()

    def content(self, member: tarfile.TarInfo) -> IO[bytes] | None:
        """None for what is no plain file."""
        if self._tar is None or member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
            return None
        self._bounded.allowed = member.size
        return self._tar.extractfile(member)


@contextmanager
def _opened(archive: Path) -> Generator[_Reader]:
    try:
        with gzip.open(archive) as raw:
            yield _Reader(raw)
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError) as error:
        raise BackupUnusable(f"{archive} is no backup, or damaged: {error}") from None


def _manifest(reader: _Reader) -> Manifest:
    text, signature = (_small(reader, name) for name in (MANIFEST, SIGNATURE))
    return read_manifest(text, signature)


def _small(reader: _Reader, name: str) -> bytes:
    member = reader.next()
    content = reader.content(member) if member and member.name == name and member.size <= MOST_BYTES else None
    if content is None:
        raise BackupUnusable("it does not begin with a manifest: it is no backup")
    return content.read()


def _take(reader: _Reader, part: Part, folder: Path) -> None:
    member = reader.next()
    content = reader.content(member) if member and (member.name, member.size) == (part.name, part.size) else None
    if content is None:
        raise BackupUnusable(f"{part.name} is missing in the archive, or has another size")
    target = folder / part.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as opened:
        shutil.copyfileobj(content, opened, PIECE)
    with target.open("rb") as written:
        if hashlib.file_digest(written, "sha256").hexdigest() != part.sha256:
            raise BackupUnusable(f"{part.name} was changed in the archive")
