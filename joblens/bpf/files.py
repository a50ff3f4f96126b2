"""Reader of `files.bpf.c` and `rings.bpf.c`: traffic of each tree on each file, and what no file is known of."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable

from joblens.bpf import jobs
from joblens.bpf.jobs import Row
from joblens.bpf.layout import Counters, FileKey, FileNamed
from joblens.bpf.libbpf import HashMap
from joblens.bpf.lifecycle import joined
from joblens.bpf.traffic import Book, Line, Name, pack
from joblens.collector.probe import FileUsage
from joblens.records import Traffic

OTHERS = Name("", "", "", Traffic.FILE)
_HEAD = ctypes.sizeof(FileNamed)
_KEY = slice(FileNamed.key.offset, FileNamed.key.offset + ctypes.sizeof(FileKey))
_RCHAR, _WCHAR, _READ, _WRITTEN, _OTHER_READ, _OTHER_WRITTEN = (
    field.offset // 8
    for field in (
        *(Counters.rchar, Counters.wchar, Counters.read_bytes, Counters.write_bytes),
        *(Counters.other_read, Counters.other_written),
    )
)


class FileReader:
    def __init__(self, entries: HashMap, *, tells_unattributed: bool) -> None:
        self._book = Book(entries)
        self._names: dict[bytes, Name] = {}
        self._beyond: dict[int, bytes] = {}  # the kernel's sum of files beyond the bound, as last seen
        self._unattributed: dict[int, tuple[int, int]] = {}
        self._tells_unattributed = tells_unattributed

    def take(self, address: int) -> None:
        """An event that names an entry."""
        head = ctypes.string_at(address, _HEAD)
        event = FileNamed.from_buffer_copy(head)
        names = ctypes.string_at(address + _HEAD, event.length)
        self._names[head[_KEY]] = _name(event, names)

    def read(self, trees: Iterable[tuple[Row, tuple[int, ...], bool]]) -> list[FileUsage]:
        """What changed. A tree comes with its row, its counters and whether it has ended."""
        trees = list(trees)
        ended = {row[jobs.HANDLE] for row, _, has_ended in trees if has_ended}
        touched = self._entries(ended)
        for row, _, _ in trees:
            touched |= self._files_beyond(row)
        told = [line.told() for line in touched]
        if self._tells_unattributed:
            for row, counted, _ in trees:
                told += self._beside(row, counted)
        return told

    def forget(self, handle: int) -> None:
        self._book.forget(handle)
        self._beyond.pop(handle, None)
        self._unattributed.pop(handle, None)

    def _entries(self, ended: set[int]) -> set[Line]:
        """An entry whose name did not come is told with the others at the end: no operation can name it any more."""
        touched: set[Line] = set()
        for key, value, line in self._book.changed():
            if line is None:
                handle = int.from_bytes(key[:8], "little")
                name = self._names.pop(key, None) or (OTHERS if handle in ended else None)
                if name is None:
                    continue
                line = self._book.begin(handle, name)
            self._book.settle(key, value, line)
            touched.add(line)
        return touched

    def _files_beyond(self, row: Row) -> set[Line]:
        figures = row[jobs.OTHER_FILES]
        if not any(figures):
            return set()
        handle, now = row[jobs.HANDLE], pack(figures)
        before = self._beyond.get(handle, pack((0, 0, 0, 0)))
        if now == before:
            return set()
        line = self._book.begin(handle, OTHERS)
        line.add(before, now)
        self._beyond[handle] = now
        return {line}

    def _beside(self, row: Row, counted: tuple[int, ...]) -> list[FileUsage]:
        """Bytes that no file can be named for: counted by the kernel as asked by a call but matched to none, or fetched
        from and sent to storage beyond what was asked (mapped files, asynchronous I/O, read-ahead, whole pages). A
        lower bound, which falls when what was fetched ahead is asked for later."""
        handle = row[jobs.HANDLE]
        lines = self._book.lines(handle)
        read, written = sum(line.figures[0] for line in lines), sum(line.figures[2] for line in lines)
        ring_read, _, ring_written, _ = row[jobs.RINGS]
        now = (
            max(counted[_RCHAR] - counted[_OTHER_READ] - (read - ring_read), counted[_READ] - read, 0),
            max(counted[_WCHAR] - counted[_OTHER_WRITTEN] - (written - ring_written), counted[_WRITTEN] - written, 0),
        )
        if now == self._unattributed.get(handle, (0, 0)):
            return []
        self._unattributed[handle] = now
        return [FileUsage(handle, "", "", "", Traffic.UNATTRIBUTED, now[0], 0, now[1], 0)]


def _name(event: FileNamed, names: bytes) -> Name:
    path = joined(names)
    parts = names.split(b"\0")[:-1]
    mount = joined(b"".join(part + b"\0" for part in parts[event.below_mount :]))
    if event.truncated:
        path, mount = "…" + path, "…" + mount
    subtype, source = event.subtype.decode("utf-8", "replace"), event.source.decode("utf-8", "replace")
    return Name(path, mount, file_system(event.type.decode(), subtype, source, mount), Traffic.FILE)


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
