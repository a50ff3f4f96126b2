"""Changes one storage. Blocking, so it runs in threads.

A file is sent under a hidden name beside its own and renamed when all of it is there: whoever reads it sees the old
one or the whole new one. Limits: XRootD has no way to say "only if nothing is there", so whether a name is free is
asked right before it is taken; what was broken off and could not be removed lies there under its hidden name.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.calls import PutOnStorage, StorageEntry
from ink_core.storage.xrootd.client import XrootdClient
from ink_core.storage.xrootd.http import Body, normal
from worker_agent.protocol import FileKind

_AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f?#]|%[0-9A-Fa-f]{2}")
"""XRootD takes what follows `?` for options; its versions differ in whether they decode the target of a renaming."""


class StorageChanges:
    def __init__(self, client: XrootdClient) -> None:
        self._client = client

    def put(self, wanted: PutOnStorage, body: Body, operation_id: str) -> StorageEntry:
        """The file as it is then. One that is there with the same bytes is fine, so that this may be done again."""
        path = _new_name(wanted.path)
        if self._in_place(wanted, path):
            return self._client.status(path)
        directory, _, name = path.rpartition("/")
        hidden = f"{directory}/.{name[:100]}.{_short(operation_id)}.part"
        try:
            self._client.http.ask("PUT", hidden, body=body)
            self._check_arrived(hidden, wanted)
            self._move(hidden, path)
        except BaseException:
            with suppress(FileFault):
                self._client.http.ask("DELETE", hidden)
            raise
        return self._client.status(path)

    def make_directory(self, path: str) -> StorageEntry:
        """One that is there is fine; those above it are made too."""
        found = self._client.find(_new_name(path))
        if found is not None and found.kind is not FileKind.DIRECTORY:
            raise FileFault(f"{path} exists and is no directory", code="conflict")
        if found is None:
            self._client.http.ask("MKCOL", path)
        return found or self._client.status(path)

    def rename(self, source: str, target: str) -> StorageEntry:
        """Nothing is replaced."""
        self._client.status(source)
        if self._client.find(_new_name(target)) is not None:
            raise FileFault(f"{target} exists; nothing was renamed", code="conflict")
        self._move(source, normal(target))
        return self._client.status(target)

    def remove(self, path: str) -> None:
        """A file, or a directory with nothing in it."""
        if normal(path) == "/":
            raise FileFault("a storage itself cannot be removed", code="bad_arguments")
        entry = self._client.status(path)
        if entry.kind is FileKind.DIRECTORY and self._client.list(path):
            raise FileFault(f"{path} is not empty; nothing was removed", code="directory_not_empty")
        self._client.http.ask("DELETE", path)

    def _in_place(self, wanted: PutOnStorage, path: str) -> bool:
        """Whether exactly this file is there already. Raises `FileFault` for what may not be replaced."""
        found = self._client.find(path)
        if found is None:
            return False
        if found.kind is FileKind.DIRECTORY:
            raise FileFault(f"{path} is a directory", code="is_a_directory")
        if wanted.overwrite:
            return False
        if found.size == wanted.size and self._digest(found) == wanted.sha256:
            return True
        said = f"{path} exists; nothing was written. Choose another name, or set overwrite"
        raise FileFault(said, code="conflict")

    def _digest(self, entry: StorageEntry) -> str:
        digest = hashlib.sha256()
        for piece in self._client.pieces(entry):
            digest.update(piece)
        return digest.hexdigest()

    def _check_arrived(self, hidden: str, wanted: PutOnStorage) -> None:
        if self._client.status(hidden).size != wanted.size:
            said = f"the storage did not keep all of {wanted.path}; nothing is there under that name"
            raise FileFault(said, code="storage_down", retryable=True)

    def _move(self, source: str, target: str) -> None:
        """The target is not percent-encoded: XRootD 5.5 would not decode it."""
        destination = f"{self._client.http.root}{target}".encode().decode("latin-1")  # a header's bytes are UTF-8 then
        self._client.http.ask("MOVE", source, {"Destination": destination, "Overwrite": "T"})


def _new_name(path: str) -> str:
    """The normal form. Raises `FileFault` for a name that not every XRootD takes for the same."""
    if _AMBIGUOUS.search(path):
        said = f"{path!r} is not written: a new name on a storage has no ?, #, control character or percent-encoding"
        raise FileFault(said, code="bad_arguments")
    return normal(path)


def _short(operation_id: str) -> str:
    """A part of a file name; another for each operation."""
    return hashlib.sha256(operation_id.encode()).hexdigest()[:16]
