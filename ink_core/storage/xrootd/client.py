"""Reads from one storage. Blocking, so it runs in threads."""

from __future__ import annotations

from collections.abc import Iterator

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.calls import ReadStorage, StorageEntry
from ink_core.storage.xrootd.http import StorageHttp, normal
from ink_core.storage.xrootd.multistatus import entries_in, entries_of
from ink_core.storage.xrootd.options import StorageOptions
from worker_agent.protocol import MAX_PIECE_BYTES

MOST_LIST_BYTES = 16 * 1024 * 1024


class XrootdClient:
    def __init__(self, options: StorageOptions) -> None:
        self.name = options.name
        self.http = StorageHttp(options)

    def list(self, path: str) -> list[StorageEntry]:
        """What is in the directory, by name. Raises `FileFault`, as all of these do."""
        _, *inside = self._found(path, depth=1)
        return sorted(inside, key=lambda entry: entry.name)

    def status(self, path: str) -> StorageEntry:
        return self._found(path, depth=0)[0]

    def find(self, path: str) -> StorageEntry | None:
        """None where nothing is."""
        try:
            return self.status(path)
        except FileFault as fault:
            if fault.code == "not_found":
                return None
            raise

    def read(self, wanted: ReadStorage) -> bytes:
        last = wanted.offset + wanted.length - 1
        span = {"Range": f"bytes={wanted.offset}-{last}"}
        reply = self.http.ask("GET", wanted.path, span, most=wanted.length)
        told = reply.headers.get("content-range")
        if told != f"bytes {wanted.offset}-{last}/{wanted.size}" or len(reply.body) != wanted.length:
            raise FileFault(f"{wanted.path} is not what it was; read it again", code="file_changed", retryable=True)
        return reply.body

    def pieces(self, entry: StorageEntry) -> Iterator[bytes]:
        """The whole file."""
        for offset in range(0, entry.size, MAX_PIECE_BYTES):
            length = min(MAX_PIECE_BYTES, entry.size - offset)
            yield self.read(
                ReadStorage(storage=self.name, path=entry.path, offset=offset, length=length, size=entry.size)
            )

    def _found(self, path: str, *, depth: int) -> list[StorageEntry]:
        """The entry itself, then those in it."""
        reply = self.http.ask("PROPFIND", path, {"Depth": str(depth)}, most=MOST_LIST_BYTES)
        found, own = entries_of(reply.body), normal(path)
        mine = [entry for entry in found if entry.path == own]
        if len(mine) != 1:
            raise FileFault(f"the storage does not tell of {path}", code="storage_refused")
        return [*mine, *entries_in(own, found)]
