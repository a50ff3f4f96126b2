"""Every effect at most once: an operation id has one first outcome, and who asks again gets that one.

A call is refused when its epoch is not that of the last welcome, so that a manager that was replaced cannot act any
more. A call whose deadline passes is answered `deadline_exceeded` and its work is cancelled; what then became of it is
remembered as the outcome. The number of remembered operations and the bytes of their results are bounded: the oldest
results are dropped first, and long after that the oldest ids.

Limits: memory only; an agent that is started anew remembers nothing, and gets a new epoch and a new worker id.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, JsonValue

from worker_agent.faults import fault
from worker_agent.protocol import (
    Call,
    OperationOutcome,
    OperationState,
    PackError,
    WorkerFault,
)

_log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[BaseModel]]

_FORGOTTEN = WorkerFault(code="outcome_forgotten", message="This ran already; its result is not kept any more.")
_UNEXPECTED = WorkerFault(code="internal_error", message="The worker failed; its log on the node says why.")
_CUT_SHORT = WorkerFault(code="deadline_exceeded", message="The work was cut short before it ended.")


@dataclass
class _Running:
    task: asyncio.Task[None]
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Record:
    request: int
    running: _Running | None = None
    outcome: OperationOutcome | None = None
    size: int = 0


class Operations:
    def __init__(self, *, most_ids: int = 4096, most_bytes: int = 4 * 1024 * 1024, most_running: int = 256) -> None:
        self.epoch: int | None = None
        self._records: dict[str, _Record] = {}
        self._running: dict[str, _Record] = {}
        self._with_result: OrderedDict[str, None] = OrderedDict()
        self._bytes = 0
        self._most_ids = most_ids
        self._most_bytes = most_bytes
        self._most_running = most_running

    @property
    def running(self) -> tuple[str, ...]:
        return tuple(self._running)

    def admit(self, call: Call) -> None:
        """Refuse what a replaced manager or connection sends."""
        if call.epoch != self.epoch:
            raise fault("stale_epoch", f"Epoch {call.epoch} is over; this worker obeys its last connection only.")

    async def perform(self, call: Call, request: int, work: Work) -> JsonValue:
        """The result of the first operation with this id; `request` is a digest that tells it from another call."""
        self.admit(call)
        record = self._records.get(call.operation_id)
        first = record is None
        if record is None:
            record = self._begin(call.operation_id, request, work)
        elif record.request != request:
            raise fault("operation_id_reused", "This operation id stands for another call; use a new one.")
        if record.running is not None:
            await self._until_deadline(record.running, call, cancel=first)
        return _answer(record.outcome)

    def outcome(self, operation: str) -> OperationOutcome:
        record = self._records.get(operation)
        if record is None:
            return OperationOutcome(state=OperationState.UNKNOWN)
        return record.outcome or OperationOutcome(state=OperationState.RUNNING)

    def _begin(self, operation: str, request: int, work: Work) -> _Record:
        if len(self._running) >= self._most_running:
            raise fault("too_many_operations", f"{self._most_running} operations run; wait for one.", retryable=True)
        record = self._records[operation] = self._running[operation] = _Record(request)
        record.running = _Running(asyncio.ensure_future(self._settle(operation, record, work)))
        return record

    async def _until_deadline(self, running: _Running, call: Call, *, cancel: bool) -> None:
        try:
            async with asyncio.timeout(call.deadline_s):
                await running.ended.wait()
        except TimeoutError:
            if cancel:
                running.task.cancel()
            raise fault(
                "deadline_exceeded",
                f"Not done within {call.deadline_s:g} s; ask operation.outcome what became of it.",
                retryable=True,
            ) from None

    async def _settle(self, operation: str, record: _Record, work: Work) -> None:
        try:
            result = await work()
            dumped = result.model_dump(mode="json")  # so nothing in it is to be looked at again
            record.outcome = OperationOutcome.model_construct(state=OperationState.DONE, result=dumped)
            record.size = len(result.model_dump_json())
        except PackError as error:
            record.outcome = OperationOutcome(state=OperationState.FAILED, fault=error.fault)
        except asyncio.CancelledError:
            record.outcome = OperationOutcome(state=OperationState.FAILED, fault=_CUT_SHORT)
        except Exception:
            _log.exception("operation %s failed unexpectedly", operation)
            record.outcome = OperationOutcome(state=OperationState.FAILED, fault=_UNEXPECTED)
        if record.running is not None:
            record.running.ended.set()
            record.running = None
        del self._running[operation]
        self._keep_within_bounds(operation, record)

    def _keep_within_bounds(self, operation: str, record: _Record) -> None:
        self._with_result[operation] = None
        self._bytes += record.size
        while self._bytes > self._most_bytes and len(self._with_result) > 1:
            first, _ = self._with_result.popitem(last=False)
            oldest = self._records[first]
            self._bytes -= oldest.size
            oldest.size = 0
            if oldest.outcome is not None and oldest.outcome.state is OperationState.DONE:
                oldest.outcome = OperationOutcome(state=OperationState.DONE, fault=_FORGOTTEN)
        while len(self._records) > self._most_ids and self._forget_oldest():
            pass

    def _forget_oldest(self) -> bool:
        """Drop the oldest id that is not running; whether there was one."""
        oldest = next((key for key, record in self._records.items() if record.outcome is not None), None)
        if oldest is not None:
            self._bytes -= self._records.pop(oldest).size
            self._with_result.pop(oldest, None)
        return oldest is not None


def _answer(outcome: OperationOutcome | None) -> JsonValue:
    assert outcome is not None
    if outcome.fault is not None:
        raise PackError(outcome.fault)
    return outcome.result
