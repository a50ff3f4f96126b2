"""Checkpoints of the ledger: who makes them, where they are anchored, and whether all of it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from audit.anchors import Anchor, CommandAnchor, FileAnchor
from audit.checkpointer import Checkpointer
from audit.tile_files import TileFiles
from audit.verify import verify
from audit.verify.report import Report
from ink_core.settings import AuditSettings, Settings
from ink_core.signing import SigningKey
from manager.ledger import ledger_file, open_log_store
from manager.workers.witnesses import WorkerWitnesses


def open_checkpointer(
    settings: Settings, key: SigningKey, witnesses: WorkerWitnesses, exits: AsyncExitStack
) -> Checkpointer:
    """Its last checkpoint is made when everything else that records has ended, and before the ledger closes."""
    store = open_log_store(settings)
    exits.callback(store.close)
    tiles = TileFiles(settings.data_dir / "log")
    checkpointer = Checkpointer(store, tiles, key, _anchors(settings.audit), witnesses)
    exits.push_async_callback(checkpointer.make_last)
    return checkpointer


def _anchors(audit: AuditSettings) -> Sequence[Anchor]:
    files = [FileAnchor(audit.anchor_file)] if audit.anchor_file else []
    commands = [CommandAnchor(audit.anchor_command)] if audit.anchor_command else []
    return [*files, *commands]


async def verified(settings: Settings, key: str) -> Report:
    async with ledger_file(settings) as file:
        return await asyncio.to_thread(verify, file, key=key)
