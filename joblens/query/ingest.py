"""What collectors send, on its way into the store: what comes while others are being written is written together.

A disk flushes some hundred times a second at best, the nodes of a large site send more often, and to begin and end a
writing costs as much as what is written of a node; so a flush is of all that comes within a moment, and each sender is
answered when its own is durable. What waits is bounded: beyond it a collector is told to come again, and keeps its
batches meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ink_core.errors import DeadlineExceeded, InkError, Throttled
from joblens.api.batch_checks import check_sent
from joblens.api.node_tokens import Hosts
from joblens.query.store_threads import StoreThreads
from joblens.records import Batch
from joblens.store.trace_store import TraceStore
from joblens.store.wire import MAX_BODY_BYTES, decode_body

MOST_WAITING_BYTES = 4 * MAX_BODY_BYTES
TOGETHER, TOGETHER_BYTES = 256, 4 << 20
"""Of one flush; a larger body is written alone."""
AGAIN_S = 5
MOMENT_S = 0.05
"""Nobody looks at an interval of seconds so closely."""


class IngestFull(Throttled):
    """More waits to be written than is held in memory; the collector comes again, and nothing is lost."""

    code = "ingest_full"
    http_status = 503


@dataclass(frozen=True, slots=True)
class _Sent:
    body: bytes
    hosts: Hosts
    now: float
    kept: asyncio.Future[Sequence[Batch]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


_Outcome = Sequence[Batch] | Exception


class Ingest:
    def __init__(self, store: StoreThreads, most_waiting_bytes: int = MOST_WAITING_BYTES) -> None:
        self._store = store
        self._most = most_waiting_bytes
        self._waiting: deque[_Sent] = deque()
        self._bytes = 0
        self._writing: asyncio.Task[None] | None = None

    async def take(self, body: bytes, hosts: Hosts, now: float) -> Sequence[Batch]:
        """The batches of a body, durable. Raises `IngestFull`, `HostForeign`, `ClockAhead`, `BatchMalformed`,
        `DeadlineExceeded` or what the store raises."""
        if self._bytes and self._bytes + len(body) > self._most:
            raise IngestFull("the batches of other nodes wait to be written; come again soon", retry_after_s=AGAIN_S)
        sent = _Sent(body, hosts, now)
        self._waiting.append(sent)
        self._bytes += len(body)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        try:
            async with asyncio.timeout(self._store.deadline_s):
                return await sent.kept
        except TimeoutError:
            raise DeadlineExceeded(f"the batches are not durable after {self._store.deadline_s:g} s") from None

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(MOMENT_S)
            together = list(self._next())
            try:
                outcomes = await self._store.ask(lambda store, sent=together: _written(store, sent))
            except Exception as error:  # each sender is told
                outcomes = [error] * len(together)
            for sent, outcome in zip(together, outcomes, strict=True):
                self._bytes -= len(sent.body)
                _answer(sent.kept, outcome)

    def _next(self) -> Iterator[_Sent]:
        size = 0
        for _ in range(min(len(self._waiting), TOGETHER)):
            size += len(self._waiting[0].body)
            if size > TOGETHER_BYTES and size > len(self._waiting[0].body):
                return
            yield self._waiting.popleft()


def _answer(kept: asyncio.Future[Sequence[Batch]], outcome: _Outcome) -> None:
    if kept.done():  # whoever sent it has gone
        return
    if isinstance(outcome, Exception):
        kept.set_exception(outcome)
    else:
        kept.set_result(outcome)


def _written(store: TraceStore, together: Sequence[_Sent]) -> Sequence[_Outcome]:
    """What is wrong with one is for it alone; the others are in the store on return. Raises what that raises."""
    outcomes = [_checked(sent) for sent in together]
    store.write([batch for outcome in outcomes if not isinstance(outcome, Exception) for batch in outcome])
    return outcomes


def _checked(sent: _Sent) -> _Outcome:
    try:
        batches = decode_body(sent.body)
        for batch in batches:
            sent.hosts.check(batch.host)
            check_sent(batch, sent.now)
        return batches
    except InkError as error:
        return error
