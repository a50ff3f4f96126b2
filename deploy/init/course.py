"""Accounts and homes of a course: made for it, archived if that is asked for, and taken away after it."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from deploy.init import accounts
from deploy.render.model import Course

ARCHIVES = Path("archives")


def create(course: Course, folder: Path, homes: Path, first_uid: int) -> list[str]:
    """Names of the accounts that were missing."""
    return accounts.ensure_accounts(folder / "accounts", homes, course.names, first_uid, accounts.home)


def remove(course: Course, folder: Path, homes: Path, *, archive: bool) -> list[str]:
    """Names of those that were there. Each home is archived whole before anything of it goes. Raises `OSError`."""
    there = [name for name in course.names if name in accounts.known(folder / "accounts")]
    for name in there:
        if archive and (homes / name).is_dir():
            _archive(homes / name, folder / ARCHIVES)
    for name in there:
        if (homes / name).is_dir():
            shutil.rmtree(homes / name)
    accounts.remove_accounts(folder / "accounts", there)
    return there


def _archive(home: Path, archives: Path) -> None:
    """Root's alone. Links are kept as links, and devices and sockets are left out."""
    archives.mkdir(mode=0o700, exist_ok=True)
    target = archives / f"{home.name}.tar.gz"
    draft = target.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as opened:
        with tarfile.open(fileobj=opened, mode="w:gz") as packed:
            packed.add(home, home.name, filter=_kept)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(target)


def _kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return member if member.isfile() or member.isdir() or member.issym() or member.islnk() else None
