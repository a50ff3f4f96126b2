"""Asks connected workers to countersign each checkpoint; what they sign is checked before it counts.

A worker answers with the size that it last signed, and is then given the proof from there. Limits: a few workers are
asked, execute agents first; those that do not answer in time, or sign nothing, are passed over.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

import structlog
from pydantic import JsonValue, ValidationError

from audit.checkpoint import Checkpoint, Cosignature, cosigned
from audit.merkle import TiledTree
from ink_core.errors import InkError
from manager.workers.connection import WorkerConnection
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import WitnessCosigned

log = structlog.get_logger()

DEADLINE_S = 5.0


class WorkerWitnesses:
    def __init__(self, registry: WorkerRegistry, most: int) -> None:
        self._registry = registry
        self._most = most
        self._known: dict[str, int] = {}

    async def cosign(self, checkpoint: Checkpoint, tree: TiledTree) -> Sequence[Cosignature]:
        chosen = self._registry.witnesses(self._most)
        self._known = {each.worker_id: self._known.get(each.worker_id, 0) for each in chosen}
        signed = await asyncio.gather(*(self._ask(each, checkpoint, tree) for each in chosen))
        return tuple(cosignature for cosignature in signed if cosignature is not None)

    async def _ask(self, worker: WorkerConnection, checkpoint: Checkpoint, tree: TiledTree) -> Cosignature | None:
        try:
            answer = await self._cosign(worker, checkpoint, tree, self._known[worker.worker_id])
            if answer.line is None:
                answer = await self._cosign(worker, checkpoint, tree, answer.known_size)
        except (InkError, ValidationError, ValueError) as error:
            log.warning("not_cosigned", worker_id=worker.worker_id, size=checkpoint.size, reason=str(error))
            return None
        self._known[worker.worker_id] = answer.known_size
        cosignature = Cosignature(worker.worker_id, answer.key, answer.line or "")
        if cosigned(checkpoint, cosignature):
            return cosignature
        log.warning("bad_cosignature", worker_id=worker.worker_id, size=checkpoint.size)
        return None

    async def _cosign(
        self, worker: WorkerConnection, checkpoint: Checkpoint, tree: TiledTree, known: int
    ) -> WitnessCosigned:
        proof: list[JsonValue] = []
        if known:
            hashes = await asyncio.to_thread(tree.consistency_proof, known, checkpoint.size)
            proof.extend(each.hex() for each in hashes)
        arguments: dict[str, JsonValue] = {"checkpoint": checkpoint.note, "old_size": known, "proof": proof}
        operation_id = f"witness-{secrets.token_hex(8)}"
        answer = await worker.call("witness.cosign", arguments, operation_id=operation_id, deadline_s=DEADLINE_S)
        return WitnessCosigned.model_validate(answer)
