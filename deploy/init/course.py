"""Accounts and homes of a course: made for it, archived if that is asked for, and taken away after it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from deploy.init import accounts
from deploy.render.model import Course

ARCHIVES = Path("archives")
CHANGED_MEANWHILE = 1
"""Exit status of tar where a file grew or went while it was read; what is above is an error."""


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
    """Root's alone. By GNU tar, which follows no link that is put in a file's place meanwhile, and skips holes: a file
    of a few bytes may say that it has exabytes.
    """
    archives.mkdir(mode=0o700, exist_ok=True)
    target = next(file for file in _names(archives, home.name) if not file.exists())
    draft = target.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as opened:
        argv = ["tar", "--create", "--gzip", "--sparse", "--directory", str(home.parent), "--", home.name]
        done = subprocess.run(argv, stdout=opened, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode > CHANGED_MEANWHILE:
            raise OSError(f"{home} could not be archived: {done.stderr.strip()[:1000]}")
        os.fsync(opened.fileno())
    draft.replace(target)


def _names(archives: Path, name: str) -> Iterator[Path]:
    """The next course may have the same names, and nothing of this one is replaced."""
    yield archives / f"{name}.tar.gz"
    yield from (archives / f"{name}-{number}.tar.gz" for number in count(2))
