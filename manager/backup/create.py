"""Makes an archive (`tar.gz`), whole or not at all: everything is copied beside its place first, and then put there."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from audit.checkpoint import origin_of, read_checkpoint, verifier_key
from ink_core.durable import flush
from ink_core.migrations import VERSION_TABLE
from ink_core.settings import Settings
from ink_core.signing import KEY_FILE, SigningKey
from manager.backup.draft import draft_folder
from manager.backup.manifest import (
    DATABASE,
    KEYS,
    LEDGER,
    MANIFEST,
    SIGNATURE,
    TRACES,
    BackupUnusable,
    Manifest,
    part_of,
    signed,
)
from manager.backup.sealed_keys import sealed
from manager.backup.snapshot import copy_database, copy_ledger, copy_sqlite

FOLDERS = ("terminals",)
"""Folders of the data directory that are kept as they are; their files are written once."""


async def create(settings: Settings, output: Path, *, traces: bool = False) -> Manifest:
    """Raises `BackupUnusable` where nothing is to be kept or something is in the way, `OSError`, what stores raise."""
    _check(settings, output)
    with draft_folder(output.parent) as folder:
        await asyncio.to_thread(copy_database, settings, folder / DATABASE)
        await copy_ledger(settings, folder / LEDGER)
        return await asyncio.to_thread(_finish, settings, folder, output, traces)


def _check(settings: Settings, output: Path) -> None:
    if not (settings.data_dir / KEY_FILE).is_file():
        raise BackupUnusable(f"there is no installation in {settings.data_dir}: it was never started")
    if output.exists():
        raise BackupUnusable(f"{output} is there already, and a backup replaces nothing")


def _finish(settings: Settings, folder: Path, output: Path, traces: bool) -> Manifest:
    if traces and settings.joblens.store == "embedded" and settings.joblens.file.is_file():
        copy_sqlite(settings.joblens.file, folder / TRACES)
    for name in FOLDERS:
        _copy_folder(settings.data_dir / name, folder / name)
    if settings.backup.recipient:
        (folder / KEYS).write_bytes(sealed(settings.data_dir, settings.backup.recipient))
    key = SigningKey.open(settings.data_dir / KEY_FILE)
    manifest = _manifest(folder, key)
    draft = folder / ".archive"
    _write(draft, folder, manifest, key)
    os.link(draft, output)  # never replaces one that somebody else made meanwhile
    flush(output.absolute().parent)
    return manifest


def _copy_folder(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file() and not file.is_symlink():
            with suppress(FileNotFoundError):  # the manager deletes old ones
                shutil.copyfile(file, copy)


def _manifest(folder: Path, key: SigningKey) -> Manifest:
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        (events,) = ledger.execute("SELECT count(*) FROM events").fetchone()
        last = ledger.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        (schema,) = database.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - a constant
    return Manifest(
        made_at=datetime.now(UTC),
        release=version("ink-harness"),
        schema_revision=schema,
        events=events,
        checkpoint=read_checkpoint(last[0]).anchor_line if last else None,
        key=verifier_key(origin_of(key), key.public),
        public_key=key.public.hex(),
        parts=tuple(part_of(folder / name, name) for name in sorted(_files(folder))),
    )


def _files(folder: Path) -> Iterator[str]:
    return (str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def _write(draft: Path, folder: Path, manifest: Manifest, key: SigningKey) -> None:
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        with tarfile.open(fileobj=opened, mode="w:gz", compresslevel=3) as tar:
            for name, content in zip((MANIFEST, SIGNATURE), signed(manifest, key), strict=True):
                member = tarfile.TarInfo(name)
                member.size, member.mode = len(content), 0o600
                tar.addfile(member, io.BytesIO(content))
            for part in manifest.parts:
                tar.add(folder / part.name, part.name, recursive=False)
        opened.flush()
        os.fsync(opened.fileno())
