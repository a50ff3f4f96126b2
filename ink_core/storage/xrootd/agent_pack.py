"""Capability pack of the access-point agent: reads and changes the site's storages with its own user's token.

The token is read by the user's process and sent to the storage: the manager never sees it.
Options: `{"storages": [StorageOptions, ...], "home": PATH}`, home being where the agent's paths begin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter

from ink_core.errors import InkError
from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.calls import (
    LIST,
    MAKE_DIRECTORY,
    PUT,
    READ,
    REMOVE,
    RENAME,
    STATUS,
    OnStorage,
    PutOnStorage,
    ReadStorage,
    RemovedFromStorage,
    RenameOnStorage,
    StorageEntries,
    StorageEntry,
    StoragePiece,
)
from ink_core.storage.xrootd.changes import StorageChanges
from ink_core.storage.xrootd.client import XrootdClient
from ink_core.storage.xrootd.options import StorageOptions
from ink_core.storage.xrootd.staged import staged_body
from worker_agent.protocol import Call, PackError, PackMethod, WorkerFault

T = TypeVar("T")


def storage_pack(options: Mapping[str, JsonValue]) -> Mapping[str, PackMethod]:
    """The pack's entry point: `ink_core.storage.xrootd.agent_pack:storage_pack`."""
    storages = TypeAdapter(tuple[StorageOptions, ...]).validate_python(options.get("storages", []))
    return StoragePack(storages, str(options.get("home", "."))).methods()


class StoragePack:
    def __init__(self, storages: tuple[StorageOptions, ...], home: str) -> None:
        self._home = home
        self._clients = {options.name: XrootdClient(options) for options in storages}

    def methods(self) -> Mapping[str, PackMethod]:
        return {
            LIST: PackMethod(OnStorage, StorageEntries, self._list, without_effect=True),
            STATUS: PackMethod(OnStorage, StorageEntry, self._status, without_effect=True),
            READ: PackMethod(ReadStorage, StoragePiece, self._read, without_effect=True),
            PUT: PackMethod(PutOnStorage, StorageEntry, self._put),
            MAKE_DIRECTORY: PackMethod(OnStorage, StorageEntry, self._make_directory),
            RENAME: PackMethod(RenameOnStorage, StorageEntry, self._rename),
            REMOVE: PackMethod(OnStorage, RemovedFromStorage, self._remove),
        }

    async def _list(self, arguments: OnStorage, call: Call) -> StorageEntries:
        found = await _as_fault(lambda: self._client(arguments).list(arguments.path))
        return StorageEntries(entries=tuple(found))

    async def _status(self, arguments: OnStorage, call: Call) -> StorageEntry:
        return await _as_fault(lambda: self._client(arguments).status(arguments.path))

    async def _read(self, arguments: ReadStorage, call: Call) -> StoragePiece:
        data = await _as_fault(lambda: self._client(arguments).read(arguments))
        return StoragePiece(offset=arguments.offset, payload=data)

    async def _put(self, arguments: PutOnStorage, call: Call) -> StorageEntry:
        def put() -> StorageEntry:
            changes = StorageChanges(self._client(arguments))
            with staged_body(self._home, arguments) as body:
                return changes.put(arguments, body, call.operation_id)

        return await _as_fault(put)

    async def _make_directory(self, arguments: OnStorage, call: Call) -> StorageEntry:
        return await _as_fault(lambda: StorageChanges(self._client(arguments)).make_directory(arguments.path))

    async def _rename(self, arguments: RenameOnStorage, call: Call) -> StorageEntry:
        return await _as_fault(
            lambda: StorageChanges(self._client(arguments)).rename(arguments.source, arguments.target)
        )

    async def _remove(self, arguments: OnStorage, call: Call) -> RemovedFromStorage:
        await _as_fault(lambda: StorageChanges(self._client(arguments)).remove(arguments.path))
        return RemovedFromStorage(path=arguments.path)

    def _client(self, arguments: OnStorage | RenameOnStorage) -> XrootdClient:
        if arguments.storage not in self._clients:
            raise FileFault(f"there is no storage {arguments.storage[:64]}", code="not_found")
        return self._clients[arguments.storage]


async def _as_fault(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except InkError as error:
        raise PackError(WorkerFault(code=error.code, message=str(error), retryable=error.retryable)) from error
