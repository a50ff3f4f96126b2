"""`files.page` and `files.status`: directories page by page in any order, also very large ones.

By name only the entries of the page are looked at; by size or time, each entry of the directory.

Limits: blocking, so it runs in threads; every page reads the names anew and keeps none.
"""

from __future__ import annotations

import functools
import grp
import os
import stat
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice

from pydantic_core import to_json

from worker_agent.faults import fault
from worker_agent.files import MAX_DIRECTORY_ENTRIES, kind_of, user_name
from worker_agent.names import from_wire, to_wire
from worker_agent.protocol import FileOrder, FileRow, FilesPage, FilesPaged, FilesStatus
from worker_agent.sandbox import Sandbox

_Key = str | tuple[int, str]
"""Where an entry stands among the directories, or among the rest: by its name, or by a value and then its name."""


def page_of(sandbox: Sandbox, arguments: FilesPage) -> FilesPaged:
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_RDONLY | os.O_DIRECTORY) as directory:
        groups = _sorted_keys(directory, arguments)
        page = list(islice(_behind(groups, arguments), arguments.limit + 1))
        shown = page[: arguments.limit]
        return FilesPaged(
            path=to_wire(path),
            total=sum(map(len, groups)),
            next_cursor=_cursor(*shown[-1]) if len(page) > len(shown) else None,
            payload=to_json(list(_rows(directory, path, [_name(key) for _, key in shown]))),
        )


def status_of(sandbox: Sandbox, arguments: FilesStatus) -> FileRow:
    path = sandbox.relative(arguments.path)
    if path == ".":
        with sandbox.open(path, os.O_PATH | os.O_DIRECTORY) as root:
            return row_of(path, os.fstat(root), None)
    with sandbox.entry(path, own=True) as (directory, _):
        return row_at(directory, path)


def row_of(path: str, status: os.stat_result, link: str | None) -> FileRow:
    name = os.path.basename(path)
    return FileRow(
        name=to_wire(name),
        path=to_wire(path),
        kind=kind_of(status.st_mode),
        size=status.st_size,
        mode=stat.S_IMODE(status.st_mode),
        modified=status.st_mtime,
        owner=user_name(status.st_uid),
        group=group_name(status.st_gid),
        link=link,
        hidden=name.startswith(".") and name != ".",
    )


@functools.lru_cache(maxsize=256)
def group_name(gid: int) -> str:
    """The group's name, or the number where the node does not know the group."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _sorted_keys(directory: int, arguments: FilesPage) -> tuple[list[_Key], list[_Key]]:
    """Of the directories and of the rest, each in ascending order."""
    groups: tuple[list[_Key], list[_Key]] = ([], [])
    by_name, order = arguments.order is FileOrder.NAME, arguments.order
    with os.scandir(directory) as entries:
        wanted = entries if arguments.hidden else (entry for entry in entries if entry.name[0] != ".")
        for entry in islice(wanted, MAX_DIRECTORY_ENTRIES + 1):
            key = entry.name if by_name else (_value(entry, order), entry.name)
            groups[not entry.is_dir(follow_symlinks=False)].append(key)
    if sum(map(len, groups)) > MAX_DIRECTORY_ENTRIES:
        named = f"{arguments.path} holds more than {MAX_DIRECTORY_ENTRIES} entries"
        raise fault("too_large", f"{named}; list a directory below it.")
    for group in groups:
        group.sort()
    return groups


def _value(entry: os.DirEntry[str], order: FileOrder) -> int:
    """Of an entry that went away meanwhile 0: its row is left out later."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return 0
    return status.st_size if order is FileOrder.SIZE else status.st_mtime_ns


def _behind(groups: tuple[list[_Key], list[_Key]], arguments: FilesPage) -> Iterator[tuple[int, _Key]]:
    """Group and key of all entries behind the cursor, in the order that is asked for."""
    first, last = _read_cursor(arguments) if arguments.after is not None else (0, None)
    for number in range(first, 2):
        keys = groups[number]
        start, end = 0, len(keys)
        if number == first and last is not None:
            start, end = (0, bisect_left(keys, last)) if arguments.descending else (bisect_right(keys, last), end)
        for place in reversed(range(start, end)) if arguments.descending else range(start, end):
            yield number, keys[place]


def _name(key: _Key) -> str:
    return key if isinstance(key, str) else key[1]


def _cursor(group: int, key: _Key) -> str:
    value = 0 if isinstance(key, str) else key[0]
    return f"{group}:{value}:{to_wire(_name(key))}"


def _read_cursor(arguments: FilesPage) -> tuple[int, _Key]:
    group, value, name = (*(arguments.after or "").split(":", 2), "", "")[:3]
    if group not in {"0", "1"} or not value.lstrip("-").isdecimal() or len(value) > 30:
        raise fault("bad_arguments", "This cursor is none of ours; start again without one.")
    last = from_wire(name)
    return int(group), last if arguments.order is FileOrder.NAME else (int(value), last)


def _rows(directory: int, path: str, names: list[str]) -> Iterator[FileRow]:
    for name in names:
        try:
            yield row_at(directory, name if path == "." else f"{path}/{name}")
        except FileNotFoundError:  # removed since it was listed
            continue


def row_at(directory: int, path: str) -> FileRow:
    """Of the entry of `path` that `directory` holds, itself."""
    name = os.path.basename(path)
    status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    link = to_wire(os.readlink(name, dir_fd=directory)) if stat.S_ISLNK(status.st_mode) else None
    return row_of(path, status, link)
