"""10,000 changes a second for some seconds, saved and asked meanwhile: `python -m bench.knowledge.flood`.

The running model of the platform over an SQLite database, at the promised size. `ask_p99_ms` is what a question for one
node's facts and neighbours waits; `waiting_most` and `unsaved_most` are the bounded queues; `settle_s` is how long the
model was behind after the last change.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from bench.calls import milliseconds
from bench.knowledge.facts import NOW, PROMISED, facts, job, updates
from ink_core.clock import SystemClock
from ink_core.db import Database
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.sql import SqlKnowledgeStore
from manager.knowledge.knowledge import Knowledge

PER_S = 10_000
SECONDS = 10
BURSTS_PER_S = 20
SAVE_S = 2.0


class Meanwhile:
    """What is seen while the flood lasts."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.asked: list[float] = []
        self.waiting_most = 0
        self.unsaved_most = 0

    async def ask(self) -> None:
        number = 0
        while True:
            node, began = job(number % PROMISED.jobs), time.perf_counter()
            await self._knowledge.ask(_looking_at(node))
            self.asked.append(time.perf_counter() - began)
            self._look()
            number += 7
            await asyncio.sleep(0.01)

    async def save(self) -> None:
        while True:
            await asyncio.sleep(SAVE_S)
            await self._knowledge.save()

    def _look(self) -> None:
        status = self._knowledge.status()
        self.waiting_most = max(self.waiting_most, status.waiting)
        self.unsaved_most = max(self.unsaved_most, status.unsaved)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        print(json.dumps(asyncio.run(_measured(Path(folder)))))


async def _measured(folder: Path) -> Mapping[str, float]:
    database = Database(f"sqlite:///{folder}/ink.db")
    database.migrate()
    knowledge = Knowledge(GlobalModel(), SqlKnowledgeStore(database), SystemClock(), room=200_000)
    await knowledge.recover()
    await knowledge.change(list(facts()))
    await knowledge.settled()
    await knowledge.save()
    seen = Meanwhile(knowledge)
    tasks = [asyncio.create_task(work()) for work in (seen.ask, seen.save)]
    told, settle_s = await _flood(knowledge)
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await knowledge.close()
    database.close()
    return {
        "changes_per_s": round(told),
        "settle_s": settle_s,
        "questions": len(seen.asked),
        "ask_p50_ms": milliseconds(seen.asked, 50),
        "ask_p99_ms": milliseconds(seen.asked, 99),
        "waiting_most": seen.waiting_most,
        "unsaved_most": seen.unsaved_most,
    }


async def _flood(knowledge: Knowledge) -> tuple[float, float]:
    """Changes told a second, and how long the model was behind in the end."""
    began = time.monotonic()
    bursts = SECONDS * BURSTS_PER_S
    for burst in range(bursts):
        await knowledge.change(updates(PROMISED, PER_S // BURSTS_PER_S, burst))
        await asyncio.sleep(max(0.0, began + (burst + 1) / BURSTS_PER_S - time.monotonic()))
    ended = time.monotonic()
    await knowledge.settled()
    return bursts * PER_S / BURSTS_PER_S / (ended - began), round(time.monotonic() - ended, 3)


def _looking_at(node: str) -> Callable[[GlobalModel], int]:
    return lambda model: len(model.facts(node, NOW)) + len(model.neighbours(node))


if __name__ == "__main__":
    main()
