"""Reader of `files.bpf.c` and `rings.bpf.c`: traffic of each tree on each file, and what no file is known of."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from operator import sub
from sys import intern

from joblens.bpf.layout import FileKey, FileNamed
from joblens.bpf.libbpf import HashMap
from joblens.bpf.lifecycle import joined
from joblens.bpf.traffic import NOTHING, Book, Figures, Line, Name
from joblens.bpf.usage import Tree
from joblens.collector.probes.probe import FileUsage
from joblens.records import Traffic

MAX_PATH = 1024
"""Characters of a path: a user chooses how long they are, and the paths of all jobs are held in memory."""
OTHERS = Name("", "", "", Traffic.FILE)
_VALUE = struct.Struct("=4Q8x")  # of `FileValue` the traffic
_HEAD = ctypes.sizeof(FileNamed)
_KEY = slice(FileNamed.key.offset, FileNamed.key.offset + ctypes.sizeof(FileKey))


class FileReader:
    def __init__(self, entries: HashMap, *, tells_unattributed: bool) -> None:
        self._book = Book(entries, _VALUE)
        self._names: dict[bytes, Name] = {}
        self._beyond: dict[int, Figures] = {}  # the kernel's sum of files beyond the bound, as last seen
        self._told_unattributed: dict[int, tuple[int, int]] = {}
        self._tells_unattributed = tells_unattributed

    def take(self, address: int) -> None:
        """An event that names an entry."""
        head = ctypes.string_at(address, _HEAD)
        event = FileNamed.from_buffer_copy(head)
        names = ctypes.string_at(address + _HEAD, event.length)
        self._names[head[_KEY]] = _name(event, names)

    def read(self, trees: Sequence[Tree], ended: set[int]) -> list[FileUsage]:
        """What changed since the last time; `ended` are the handles that will be forgotten."""

        def name_of(handle: int, key: bytes) -> Name | None:
            """An entry whose name did not come is of the others at the end: no operation can name it any more."""
            return self._names.pop(key, None) or (OTHERS if handle in ended else None)

        told, shared = self._book.read(name_of)
        for tree in trees:
            self._add_files_beyond(tree.usage.handle, tree.other_files, shared)
        told += [line.told() for line in shared]
        if self._tells_unattributed:
            for tree in trees:
                told += self._unattributed(tree)
        return told

    def forget(self, handle: int) -> int:
        """How many entries it had."""
        self._beyond.pop(handle, None)
        self._told_unattributed.pop(handle, None)
        start = handle.to_bytes(8, "little")
        for key in [key for key in self._names if key.startswith(start)]:  # told twice, by two threads at once
            del self._names[key]
        return self._book.forget(handle)

    def _add_files_beyond(self, handle: int, now: Figures, shared: set[Line]) -> None:
        before = self._beyond.get(handle, NOTHING)
        if now != before:
            line = self._book.shared_line(handle, OTHERS)
            line.add(map(sub, now, before))
            self._beyond[handle] = now
            shared.add(line)

    def _unattributed(self, tree: Tree) -> list[FileUsage]:
        """Bytes that no file can be named for: counted by the kernel as asked by a call but matched to none, or fetched
        from and sent to storage beyond what was asked (mapped files, asynchronous I/O, read-ahead, whole pages). A
        lower bound, which falls when what was fetched ahead is asked for later."""
        usage, handle = tree.usage, tree.usage.handle
        read, written = self._book.moved(handle)
        ring_read, _, ring_written, _ = tree.rings
        now = (
            max(usage.rchar - tree.other_read - (read - ring_read), usage.read_bytes - read, 0),
            max(usage.wchar - tree.other_written - (written - ring_written), usage.write_bytes - written, 0),
        )
        if now == self._told_unattributed.get(handle, (0, 0)):
            return []
        self._told_unattributed[handle] = now
        return [FileUsage(handle, "", "", "", Traffic.UNATTRIBUTED, now[0], 0, now[1], 0)]


def _name(event: FileNamed, names: bytes) -> Name:
    path = joined(names)
    parts = names.split(b"\0")[:-1]
    mount = joined(b"".join(part + b"\0" for part in parts[event.below_mount :]))
    if event.truncated:
        path, mount = "…" + path, "…" + mount
    path, mount = clipped(path), clipped(mount)
    subtype, source = event.subtype.decode("utf-8", "replace"), event.source.decode("utf-8", "replace")
    kind = file_system(event.type.decode(), subtype, source, mount)
    return Name(path, intern(mount), intern(kind), Traffic.FILE)  # of many files the same


def clipped(path: str) -> str:
    """Its end, which tells files apart."""
    return path if len(path) <= MAX_PATH else "…" + path[1 - MAX_PATH :]


def file_system(kind: str, subtype: str, source: str, mount: str) -> str:
    """As in the table of mounts (`ext4`, `lustre`, `fuse.sshfs`). CVMFS and EOS mount as plain `fuse`: their source or
    their place tells them, as `fuse.cvmfs2` and `fuse.eosxd`."""
    if subtype:
        return f"{kind}.{subtype}"
    if kind != "fuse":
        return kind
    if source.startswith("cvmfs2") or mount.startswith("/cvmfs/"):
        return "fuse.cvmfs2"
    if source.startswith("eos") or mount == "/eos" or mount.startswith("/eos/"):
        return "fuse.eosxd"
    return kind
