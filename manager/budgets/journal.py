"""What was used and is on its way to the database: calls that ended, and jobs of theirs that ended.

Neither a call nor the poller of a cluster waits for it. A manager that dies before it is written finds the calls in the
ledger again, and the jobs in their cluster's queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from ink_core.clock import Clock
from ink_core.compute.model import Job
from manager.budgets.spender import Lineages, Spender
from manager.budgets.submissions import Submission, Submissions, Turned
from manager.budgets.usage import UsageBook, Used

WAITS_FOR_ITS_CALL = timedelta(minutes=10)
"""A job can end before the call that submitted it."""
MOST_WAITING = 20_000
FULL = 1_000


@dataclass(frozen=True)
class Submitted:
    """Jobs that a call submitted or may have: where, under which operation, how many, and for how long at most."""

    operation_id: str
    cluster: str
    jobs: int
    cpu_s: int
    dag: str | None = None


@dataclass(frozen=True)
class EndedCall:
    """A call that was carried out, however it ended. `counts` is False for what a person did in the page."""

    call_id: str
    chain: str
    username: str
    task_id: str | None
    at: datetime
    counts: bool
    wall_ms: int
    submitted: Submitted | None = None


class UsageJournal:
    """`jobs_ended` is for any thread, all else for the event loop's."""

    def __init__(self, book: UsageBook, submissions: Submissions, lineages: Lineages, clock: Clock) -> None:
        self._book = book
        self._submissions = submissions
        self._lineages = lineages
        self._clock = clock
        self._calls: dict[str, EndedCall] = {}
        self._ended: SimpleQueue[Job] = SimpleQueue()
        self._waiting: list[tuple[datetime, Job]] = []
        self._writing = asyncio.Lock()

    def note(self, call: EndedCall) -> None:
        """The same call again is written once."""
        self._calls[call.call_id] = call

    @property
    def full(self) -> bool:
        """There is enough to be written for it to be worth a transaction or two."""
        return len(self._calls) >= FULL

    def jobs_ended(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            if job.operation_id or job.dag:
                self._ended.put(job)

    async def flush(self) -> Sequence[Turned]:
        """Write all of it; what that changed of reservations. What cannot be written waits for the next time."""
        async with self._writing:
            calls = list(self._calls.values())
            spent = [(call, await self._spender(call)) for call in calls]
            await asyncio.to_thread(self._book.add, *_rows(spent))
            made = list(_submissions(spent))
            await asyncio.to_thread(self._submissions.add, made)
            for call in calls:
                self._calls.pop(call.call_id, None)
            return await self._jobs(again=bool(made))

    async def _spender(self, call: EndedCall) -> Spender:
        return Spender(call.username, call.task_id, await self._lineages.agents(call.chain))

    async def give_up(self) -> Sequence[Turned]:
        """See `Submissions.give_up`."""
        return await asyncio.to_thread(self._submissions.give_up, self._clock.now())

    async def _jobs(self, again: bool) -> Sequence[Turned]:
        """`again`: a new submission can be that of jobs that are waiting for theirs."""
        now = self._clock.now()
        new = [(now, job) for job in _drained(self._ended)]
        looked = [*self._waiting, *new] if again else new
        self._waiting = [*self._waiting, *new]
        if not looked:
            return ()
        turned, unknown = await asyncio.to_thread(self._submissions.ended, [job for _, job in looked], now)
        known = {id(job) for _, job in looked} - {id(job) for job in unknown}
        waiting = (one for one in self._waiting if id(one[1]) not in known and one[0] > now - WAITS_FOR_ITS_CALL)
        self._waiting = list(waiting)[-MOST_WAITING:]
        return turned


def _rows(spent: Iterable[tuple[EndedCall, Spender]]) -> Iterator[Used]:
    for call, spender in spent:
        if call.counts:
            yield Used(id=call.call_id, at=call.at, spender=spender, calls=1, wall_ms=call.wall_ms)


def _submissions(spent: Iterable[tuple[EndedCall, Spender]]) -> Iterator[Submission]:
    for call, spender in spent:
        if made := call.submitted:
            yield Submission(made.operation_id, made.cluster, call.at, spender, made.jobs, made.cpu_s, made.dag)


def _drained(queue: SimpleQueue[Job]) -> Iterator[Job]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
