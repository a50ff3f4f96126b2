"""Unpacks an archive into an empty directory: `python -I -S unarchiver.py ARCHIVE DIRECTORY`, both open descriptors.

Run by `packing`, never imported: what unpacks a hostile archive may take all the memory that it is given, or crash. Zip
and tar (also compressed by gzip, bzip2 or xz). It ends with 0 and one JSON object `{"entries", "bytes", "left_out"}` on
standard output, else with 1 and `{"code", "path"}` on standard error.

No entry gets out: names that lead up or begin at the root end it, directories are entered without following links, and
links are made last, those that would lead out not at all. Devices, pipes and rights of other users (set-uid) neither.

Limits: standard library only; bounds on entries, bytes, depth and memory; owners are not kept.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import stat
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, NamedTuple

MAX_ENTRIES = 200_000
MAX_BYTES = 64 * 1024**3
MAX_DEPTH = 100
PIECE = 1024 * 1024
_MEMORY = 1024**3
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
CODES: dict[int | None, str] = {errno.ENOSPC: "no_space", errno.EDQUOT: "no_space", errno.ENAMETOOLONG: "bad_archive"}


class Failed(Exception):
    def __init__(self, code: str, path: str) -> None:
        super().__init__(code)
        self.code, self.path = code, path


class Entry(NamedTuple):
    """`source` has the bytes of a file, `link` the target of a link; a directory has neither."""

    name: str
    mode: int
    modified: float
    source: IO[bytes] | None = None
    link: str | None = None


class Unpacker:
    def __init__(self, top: int) -> None:
        self._top = top
        self._links: list[tuple[list[str], str]] = []
        self.entries = self.bytes = self.left_out = 0

    def add(self, entry: Entry | None) -> None:
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            raise Failed("too_large", "it")
        if entry is None:
            self.left_out += 1
            return
        parts = inside(entry.name)
        if entry.link is not None:
            self._links.append((parts, entry.link))
        elif entry.source is None:
            os.close(self._folder(parts))
        elif parts:
            self._file(parts, entry)

    def make_links(self) -> None:
        for parts, target in self._links:
            if not stays(parts, target):
                self.left_out += 1
                continue
            folder = self._folder(parts[:-1])
            try:
                with suppress(FileExistsError):
                    os.symlink(target, parts[-1], dir_fd=folder)
            finally:
                os.close(folder)

    def _folder(self, parts: list[str]) -> int:
        """A descriptor of the directory, made where it is missing, with those above it."""
        held = os.dup(self._top)
        for part in parts:
            with suppress(FileExistsError):
                os.mkdir(part, 0o755, dir_fd=held)
            try:
                below = os.open(part, _DIRECTORY, dir_fd=held)
            finally:
                os.close(held)
            held = below
        return held

    def _file(self, parts: list[str], entry: Entry) -> None:
        folder = self._folder(parts[:-1])
        try:
            with suppress(FileNotFoundError):
                os.unlink(parts[-1], dir_fd=folder)  # of two entries of one name the last counts
            descriptor = os.open(parts[-1], _NEW, 0o600, dir_fd=folder)
        finally:
            os.close(folder)
        with open(descriptor, "wb", buffering=0) as target:
            assert entry.source is not None
            self._copy(entry.source, target, entry.name)
            os.fchmod(descriptor, (entry.mode & 0o777) | 0o600)
            os.utime(descriptor, (time.time(), entry.modified))

    def _copy(self, source: IO[bytes], target: IO[bytes], name: str) -> None:
        while data := source.read(PIECE):
            self.bytes += len(data)
            if self.bytes > MAX_BYTES:
                raise Failed("too_large", name)
            target.write(data)


def inside(name: str) -> list[str]:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\0" in name:
        raise Failed("leads_out", name)
    if len(parts) > MAX_DEPTH:
        raise Failed("too_large", name)
    return parts


def stays(parts: list[str], target: str) -> bool:
    """Whether a link of that place leads nowhere above the top; one that goes up again on its way could, by links."""
    way = target.split("/")
    ups = next((n for n, part in enumerate(way) if part != ".."), len(way))
    return bool(parts) and not target.startswith("/") and ".." not in way[ups:] and ups < len(parts)


def of_zip(file: IO[bytes]) -> Iterator[Entry | None]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            modified = time.mktime((*info.date_time, 0, 0, -1))
            if info.flag_bits & 1:
                raise Failed("encrypted", info.filename)
            if info.is_dir():
                yield Entry(info.filename, mode, modified)
            elif stat.S_ISLNK(mode):
                yield Entry(info.filename, mode, modified, link=os.fsdecode(archive.read(info)[:4096]))
            else:
                with archive.open(info) as source:
                    yield Entry(info.filename, mode or 0o644, modified, source)


def of_tar(file: IO[bytes]) -> Iterator[Entry | None]:
    with tarfile.open(fileobj=file, mode="r:*") as archive:
        for member in archive:
            if member.isdir():
                yield Entry(member.name, member.mode, member.mtime)
            elif member.issym():
                yield Entry(member.name, member.mode, member.mtime, link=member.linkname)
            elif (member.isreg() or member.islnk()) and (source := archive.extractfile(member)):
                yield Entry(member.name, member.mode, member.mtime, source)
            else:
                yield None
        while archive.fileobj.read(PIECE):
            pass  # what compressed it has its checksum at the end


def unpack(file: IO[bytes], top: int) -> dict[str, int]:
    unpacker = Unpacker(top)
    zipped = zipfile.is_zipfile(file)
    file.seek(0)
    for entry in of_zip(file) if zipped else of_tar(file):
        try:
            unpacker.add(entry)
        except OSError as error:
            raise Failed(CODES.get(error.errno, "bad_archive"), entry.name if entry else "it") from error
    unpacker.make_links()
    return {"entries": unpacker.entries, "bytes": unpacker.bytes, "left_out": unpacker.left_out}


def main(archive: int, top: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        with open(archive, "rb", closefd=False) as file:
            sys.stdout.write(json.dumps(unpack(file, top)))
    except Failed as failed:
        end(failed.code, failed.path)
    except Exception:  # whatever its bytes make the libraries raise, it is no archive that can be unpacked
        end("bad_archive", "it")


def end(code: str, path: str) -> None:
    sys.stderr.write(json.dumps({"code": code, "path": path[:500]}))
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
