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
from typing import IO

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


def manifest_of(archive: Path) -> Manifest:
    """Of what an archive says, without a look at its parts. Raises `BackupUnusable` and `OSError`."""
    with _opened(archive) as tar:
        return _manifest(tar)


def extract(archive: Path, folder: Path, key: str | None) -> Manifest:
    """Every part into the folder, checked on its way. Raises `BackupUnusable` for anything that is not as written.

    `key` is the public key (as `ink audit key` prints it) that must have signed it.
    """
    with _opened(archive) as tar:
        manifest = _manifest(tar)
        if key is not None and key != manifest.key:
            raise BackupUnusable("the archive is signed with another key than the one given: it is another manager's")
        for part in manifest.parts:
            _take(tar, part, folder)
        if tar.next() is not None:
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


@contextmanager
def _opened(archive: Path) -> Generator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r|gz") as tar:
            yield tar
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError) as error:
        raise BackupUnusable(f"{archive} is no backup, or damaged: {error}") from None


def _manifest(tar: tarfile.TarFile) -> Manifest:
    text, signature = (_small(tar, name) for name in (MANIFEST, SIGNATURE))
    return read_manifest(text, signature)


def _small(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.next()
    content = _content(tar, member) if member and member.name == name and member.size <= MOST_BYTES else None
    if content is None:
        raise BackupUnusable("it does not begin with a manifest: it is no backup")
    return content.read()


def _take(tar: tarfile.TarFile, part: Part, folder: Path) -> None:
    member = tar.next()
    content = _content(tar, member) if member and (member.name, member.size) == (part.name, part.size) else None
    if content is None:
        raise BackupUnusable(f"{part.name} is missing in the archive, or has another size")
    target = folder / part.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as opened:
        shutil.copyfileobj(content, opened, PIECE)
    with target.open("rb") as written:
        if hashlib.file_digest(written, "sha256").hexdigest() != part.sha256:
            raise BackupUnusable(f"{part.name} was changed in the archive")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes] | None:
    return tar.extractfile(member) if member.isreg() else None
