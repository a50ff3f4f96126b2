"""What changed in a queue from one poll to the next, for those who follow it.

Limits: what appeared and left between two polls is not seen; of very many changes only the latest are kept, and a
follower who was too slow is told so and lists again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ink_core.compute.model import Job
from ink_core.compute.queue_index import EVERYBODY

KEPT = 5_000


class ChangeKind(StrEnum):
    APPEARED = "appeared"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True)
class JobChange:
    kind: ChangeKind
    job: Job


@dataclass(frozen=True)
class Numbered:
    number: int
    change: JobChange


class ChangesLost(Exception):
    """The follower's last number is older than what is kept, or of another run of the server."""


def changes_between(before: Mapping[str, Job], after: Mapping[str, Job]) -> Sequence[JobChange]:
    """In no particular order. A job that left had ended long ago, or was dropped without a trace."""
    found = [
        JobChange(ChangeKind.CHANGED if job_id in before else ChangeKind.APPEARED, job)
        for job_id, job in after.items()
        if (known := before.get(job_id)) is not job and known != job
    ]
    return [*found, *(JobChange(ChangeKind.LEFT, job) for job_id, job in before.items() if job_id not in after)]


def jobs_that(changes: Iterable[JobChange], *kinds: ChangeKind) -> Sequence[Job]:
    return [one.job for one in changes if one.kind in kinds]


class ChangeFeed:
    """One cluster's changes, numbered from 1. `run` tells the numbers of one process from those of the next."""

    def __init__(self, kept: int = KEPT) -> None:
        self.run = secrets.token_hex(4)
        self._kept: deque[Numbered] = deque(maxlen=kept)
        self._waiting: dict[str, asyncio.Event] = {}
        self.last = 0

    def publish(self, changes: Iterable[JobChange]) -> None:
        touched: set[str] = set()
        for change in changes:
            self.last += 1
            self._kept.append(Numbered(self.last, change))
            touched |= {change.job.owner, EVERYBODY}
        self._wake(touched)

    async def after(self, number: int, owner: str) -> Sequence[Numbered]:
        """That owner's changes after this number, as soon as there are any. Raises `ChangesLost`."""
        while not (found := self.since(number, owner)):
            number = self.last
            await self._waiting.setdefault(owner, asyncio.Event()).wait()
        return found

    def since(self, number: int, owner: str) -> Sequence[Numbered]:
        """Those that there are. Raises `ChangesLost`."""
        oldest = self._kept[0].number if self._kept else self.last + 1
        if number > self.last or number + 1 < oldest:
            raise ChangesLost
        return [one for one in self._kept if one.number > number and owner in (EVERYBODY, one.change.job.owner)]

    def _wake(self, owners: Collection[str]) -> None:
        for owner in owners:
            if event := self._waiting.pop(owner, None):
                event.set()
