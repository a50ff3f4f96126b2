"""Accounts of the containers' systems, in the files that libnss-extrausers reads, and the homes of these people.

Numbers are never given twice: a name that is there keeps its own, and new ones come after the highest ever given.
Limits: one file for all containers of one deployment; a site whose people come from a directory mounts its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from deploy.init.files import Owner, put

READABLE = 0o644
HIGHEST = 60000

MakeHome = Callable[[Path, Owner], None]


def ensure_accounts(folder: Path, homes: Path, names: Iterable[str], first_uid: int, make_home: MakeHome) -> list[str]:
    """Adds the names that are missing, each with a group and a home of its own; returns those. Raises `OSError`."""
    numbers = known(folder)
    added = [name for name in names if name not in numbers]
    following = max([first_uid - 1, _highest_given(folder), *numbers.values()]) + 1
    if following + len(added) - 1 > HIGHEST:
        raise OSError(f"no numbers are left below {HIGHEST} for {len(added)} accounts")
    numbers |= {name: following + place for place, name in enumerate(added)}
    _write(folder, numbers)
    for name, number in numbers.items():
        make_home(homes / name, Owner(number, number))
    return added


def remove_accounts(folder: Path, names: Iterable[str]) -> None:
    gone = set(names)
    _write(folder, {name: number for name, number in known(folder).items() if name not in gone})


def known(folder: Path) -> dict[str, int]:
    try:
        lines = (folder / "passwd").read_text("ascii").splitlines()
    except FileNotFoundError:
        return {}
    return {fields[0]: int(fields[2]) for fields in (line.split(":") for line in lines)}


def home(path: Path, owner: Owner) -> None:
    """A private folder of this owner; one that is there is left as it is."""
    if not path.exists():
        path.mkdir(mode=0o700)
        os.chown(path, owner.uid, owner.gid)


def _highest_given(folder: Path) -> int:
    try:
        return int((folder / "highest").read_text("ascii"))
    except FileNotFoundError:
        return 0


def _write(folder: Path, numbers: dict[str, int]) -> None:
    highest = max([_highest_given(folder), *numbers.values()])
    put(folder / "highest", str(highest).encode(), mode=READABLE)
    groups = "".join(f"{name}:x:{number}:\n" for name, number in numbers.items())
    people = "".join(f"{name}:x:{number}:{number}::/home/{name}:/bin/bash\n" for name, number in numbers.items())
    put(folder / "group", groups.encode(), mode=READABLE)
    put(folder / "passwd", people.encode(), mode=READABLE)
