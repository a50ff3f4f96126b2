"""Makes an installation of an archive, where there is none: checked first, and put in place by one rename.

What goes to PostgreSQL goes there before, each in one transaction. Where the rename does not come any more, the empty
directory tells, and the databases have to be emptied before the next try.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from ink_core.db import Database, database_file
from ink_core.durable import flush
from ink_core.migrations import HEAD
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password
from manager.backup.draft import draft_folder
from manager.backup.manifest import DATABASE, KEYS, LEDGER, TRACES, BackupUnusable, Manifest
from manager.backup.read import extract, problems
from manager.backup.sealed_keys import unseal
from manager.backup.tables import copy_tables
from manager.ledger import fill_ledger, ledger_path


async def restore(
    archive: Path, settings: Settings, *, key: str | None = None, recipient: Path | None = None
) -> Manifest:
    """Raises `BackupUnusable` for a place that is not empty or an archive that does not verify, and `OSError`."""
    target = settings.data_dir
    if target.exists() and any(target.iterdir()):
        raise BackupUnusable(f"{target} is not empty: a backup is restored to an empty directory only")
    target.parent.mkdir(parents=True, exist_ok=True)
    with draft_folder(target.parent) as made:
        folder = made / "data"
        folder.mkdir(mode=0o700)
        manifest = await asyncio.to_thread(_checked, archive, folder, key, recipient)
        await _place(settings, folder)
        await asyncio.to_thread(_settle, folder, target)
    return manifest


def _checked(archive: Path, folder: Path, key: str | None, recipient: Path | None) -> Manifest:
    manifest = extract(archive, folder, key)
    if manifest.schema_revision > HEAD:
        raise BackupUnusable(
            f"its database has schema {manifest.schema_revision}, this release knows {HEAD}: use its own"
        )
    if found := problems(folder, manifest):
        raise BackupUnusable(
            f"the backup does not verify: {found[0]}" + (f" and {len(found) - 1} more" * (len(found) > 1))
        )
    if manifest.has_keys:
        if recipient:
            unseal((folder / KEYS).read_bytes(), recipient, folder)
        (folder / KEYS).unlink()
    return manifest


async def _place(settings: Settings, folder: Path) -> None:
    """Each part where the settings want it: below the data directory, or in PostgreSQL."""
    if file := database_file(settings.database.url):
        _move(folder, DATABASE, file, settings.data_dir)
    else:
        await asyncio.to_thread(_fill_database, settings, folder / DATABASE)
    if file := ledger_path(settings):
        _move(folder, LEDGER, file, settings.data_dir)
    else:
        await fill_ledger(settings, folder / LEDGER)
        (folder / LEDGER).unlink()
    if (folder / TRACES).is_file():
        _move(folder, TRACES, settings.joblens.file, settings.data_dir)


def _fill_database(settings: Settings, file: Path) -> None:
    with (
        closing(Database(f"sqlite:///{file}")) as source,
        closing(Database(settings.database.url, database_password(settings.database))) as target,
    ):
        copy_tables(source, target)
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()


def _move(folder: Path, name: str, wanted: Path, data_dir: Path) -> None:
    if not wanted.is_relative_to(data_dir):
        raise BackupUnusable(f"{wanted} lies outside the data directory {data_dir}; restore to one below it")
    target = folder / wanted.relative_to(data_dir)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / name).rename(target)


def _settle(folder: Path, target: Path) -> None:
    """On the disk first, then in place, which is one step."""
    for file in (*folder.rglob("*"), folder):
        file.chmod(0o700 if file.is_dir() else 0o600)
        flush(file)
    if target.is_symlink():
        raise BackupUnusable(f"{target} is a link; name the directory itself in INK_DATA_DIR")
    folder.rename(target)
    flush(target.parent)
