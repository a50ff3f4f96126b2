"""Capability pack of the access-point agent: reads from the site's storages with its own user's token.

The token is read by the user's process and sent to the storage: the manager never sees it.
Options: `{"storages": [StorageOptions, ...]}`.
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
    READ,
    STATUS,
    OnStorage,
    ReadStorage,
    StorageEntries,
    StorageEntry,
    StoragePiece,
)
from ink_core.storage.xrootd.client import XrootdClient
from ink_core.storage.xrootd.options import StorageOptions
from worker_agent.protocol import Call, PackError, PackMethod, WorkerFault

T = TypeVar("T")


def storage_pack(options: Mapping[str, JsonValue]) -> Mapping[str, PackMethod]:
    """The pack's entry point: `ink_core.storage.xrootd.agent_pack:storage_pack`."""
    storages = TypeAdapter(tuple[StorageOptions, ...]).validate_python(options.get("storages", []))
    return StoragePack(storages).methods()


class StoragePack:
    def __init__(self, storages: tuple[StorageOptions, ...]) -> None:
        self._clients = {options.name: XrootdClient(options) for options in storages}

    def methods(self) -> Mapping[str, PackMethod]:
        return {
            LIST: PackMethod(OnStorage, StorageEntries, self._list, without_effect=True),
            STATUS: PackMethod(OnStorage, StorageEntry, self._status, without_effect=True),
            READ: PackMethod(ReadStorage, StoragePiece, self._read, without_effect=True),
        }

    async def _list(self, arguments: OnStorage, call: Call) -> StorageEntries:
        found = await _as_fault(lambda: self._client(arguments).list(arguments.path))
        return StorageEntries(entries=tuple(found))

    async def _status(self, arguments: OnStorage, call: Call) -> StorageEntry:
        return await _as_fault(lambda: self._client(arguments).status(arguments.path))

    async def _read(self, arguments: ReadStorage, call: Call) -> StoragePiece:
        data = await _as_fault(lambda: self._client(arguments).read(arguments))
        return StoragePiece(offset=arguments.offset, payload=data)

    def _client(self, arguments: OnStorage) -> XrootdClient:
        if arguments.storage not in self._clients:
            raise FileFault(f"there is no storage {arguments.storage[:64]}", code="not_found")
        return self._clients[arguments.storage]


async def _as_fault(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except InkError as error:
        raise PackError(WorkerFault(code=error.code, message=str(error), retryable=error.retryable)) from error
