"""Makes an archive of the entries that it is given and writes it to standard output; run by `archives`, never imported.

`python -I -S archiver.py` reads one JSON object from standard input: `{"format", "hidden", "roots": [{"directory",
"name", "title"}]}`, where `directory` is an inherited descriptor and the names are hexadecimal. Every entry is opened
below it, without following links. It ends with 0 when the archive is complete; else with 1 and one JSON object
`{"code", "path"}` on standard error.

Limits: sockets, pipes and devices are left out. Names that are no UTF-8 are written with `\\xNN` for their bytes.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import tarfile
import time
import zipfile
from typing import IO, Any, Literal, Protocol

MAX_DEPTH = 100
PIECE = 1024 * 1024
LEFT_OUT = ".ink"
STAGED = (".ink-upload-", ".ink-copy-")
CODES: dict[int | None, str] = {
    errno.EACCES: "permission_denied",
    errno.EPERM: "permission_denied",
    errno.ENOENT: "not_found",
}


_FIRST, _LAST = 315_619_200, 4_354_732_800  # 1980-01-02 and 2107-12-31: what the time of a zip entry can hold


class Failed(Exception):
    def __init__(self, code: str, path: str) -> None:
        super().__init__(code)
        self.code, self.path = code, path


class Archive(Protocol):
    """`title` is an entry's name in the archive."""

    def directory(self, title: str, status: os.stat_result) -> None: ...

    def link(self, title: str, status: os.stat_result, target: str) -> None: ...

    def file(self, title: str, status: os.stat_result, source: IO[bytes]) -> None: ...

    def close(self) -> None: ...


class Zip:
    def __init__(self, stream: IO[bytes]) -> None:
        self._file = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)

    def directory(self, title: str, status: os.stat_result) -> None:
        self._file.writestr(self._info(title + "/", status), b"")

    def link(self, title: str, status: os.stat_result, target: str) -> None:
        self._file.writestr(self._info(title, status), os.fsencode(target))

    def file(self, title: str, status: os.stat_result, source: IO[bytes]) -> None:
        info = self._info(title, status)
        info.file_size = status.st_size
        with self._file.open(info, "w", force_zip64=status.st_size >= 2**31 - 1) as target:
            copy(title, source, target, status.st_size)

    def close(self) -> None:
        self._file.close()

    @staticmethod
    def _info(title: str, status: os.stat_result) -> zipfile.ZipInfo:
        stamp = time.localtime(min(max(status.st_mtime, _FIRST), _LAST))
        info = zipfile.ZipInfo(title, (stamp[0], stamp[1], stamp[2], stamp[3], stamp[4], stamp[5]))
        info.external_attr = (status.st_mode & 0xFFFF) << 16
        info.create_system = 3  # Unix: the upper half of the attributes is the mode
        return info


class Tar:
    def __init__(self, stream: IO[bytes], mode: Literal["w|", "w|gz"]) -> None:
        self._file = tarfile.open(mode=mode, fileobj=stream, format=tarfile.PAX_FORMAT, bufsize=PIECE)  # noqa: SIM115

    def directory(self, title: str, status: os.stat_result) -> None:
        self._file.addfile(self._info(title, status, tarfile.DIRTYPE))

    def link(self, title: str, status: os.stat_result, target: str) -> None:
        info = self._info(title, status, tarfile.SYMTYPE)
        info.linkname = text(target)
        self._file.addfile(info)

    def file(self, title: str, status: os.stat_result, source: IO[bytes]) -> None:
        info = self._info(title, status, tarfile.REGTYPE)
        info.size = status.st_size
        self._file.addfile(info, Exactly(title, source))

    def close(self) -> None:
        self._file.close()

    @staticmethod
    def _info(title: str, status: os.stat_result, kind: bytes) -> tarfile.TarInfo:
        info = tarfile.TarInfo(title)
        info.type, info.mode, info.mtime = kind, stat.S_IMODE(status.st_mode), int(status.st_mtime)
        return info


class Exactly:
    """A file that must not end before its size: an archive that is filled up would lie."""

    def __init__(self, title: str, source: IO[bytes]) -> None:
        self._title, self._source = title, source

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        if len(data) < size:
            raise Failed("file_changed", self._title)
        return data


def copy(title: str, source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size:
        data = source.read(min(PIECE, size))
        if not data:
            raise Failed("file_changed", title)
        target.write(data)
        size -= len(data)


def text(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def add(archive: Archive, directory: int, name: str, title: str, hidden: bool, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Failed("too_large", title)
    try:
        add_entry(archive, directory, name, title, hidden, depth)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise Failed(CODES.get(error.errno, "io_error"), title) from error


def add_entry(archive: Archive, directory: int, name: str, title: str, hidden: bool, depth: int) -> None:
    status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        archive.link(title, status, os.readlink(name, dir_fd=directory))
    elif stat.S_ISDIR(status.st_mode):
        add_directory(archive, directory, name, title, hidden, depth)
    elif stat.S_ISREG(status.st_mode):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with open(os.open(name, flags, dir_fd=directory), "rb", buffering=0) as source:
            archive.file(title, os.fstat(source.fileno()), source)


def add_directory(archive: Archive, directory: int, name: str, title: str, hidden: bool, depth: int) -> None:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, dir_fd=directory)
    try:
        archive.directory(title, os.fstat(descriptor))
        for child in sorted(os.listdir(descriptor)):
            if child != LEFT_OUT and not child.startswith(STAGED) and (hidden or not child.startswith(".")):
                add(archive, descriptor, child, f"{title}/{text(child)}", hidden, depth + 1)
    finally:
        os.close(descriptor)


def opened(stream: IO[bytes], kind: str) -> Archive:
    if kind == "zip":
        return Zip(stream)
    return Tar(stream, "w|gz" if kind == "tar.gz" else "w|")


def add_root(archive: Archive, root: dict[str, Any], hidden: bool) -> None:
    name, title = (os.fsdecode(bytes.fromhex(root[field])) for field in ("name", "title"))
    add(archive, root["directory"], name, text(title), hidden, 0)


def main() -> None:
    wanted = json.load(sys.stdin)
    with open(sys.stdout.fileno(), "wb", buffering=PIECE, closefd=False) as stream:
        archive = opened(stream, wanted["format"])
        try:
            for root in wanted["roots"]:
                add_root(archive, root, wanted["hidden"])
        except Failed as failed:
            sys.stderr.write(json.dumps({"code": failed.code, "path": failed.path}))
            sys.stderr.flush()
            os._exit(1)  # without the end of the archive, which would make it look like a whole one
        archive.close()


if __name__ == "__main__":
    main()
