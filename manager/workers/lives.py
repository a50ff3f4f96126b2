"""Lives of workers in memory, found by worker, by user and by operation without looking at the others.

Limits: a cache of what the ledger has. Of workers that are over, the newest of each user stay; the rest is forgotten.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection
from datetime import datetime

from manager.workers.life import WorkerLife


class Lives:
    """`kept_over` is how many workers of one user that are over stay."""

    def __init__(self, kept_over: int) -> None:
        self._kept_over = kept_over
        self._all: dict[str, WorkerLife] = {}
        self._of_user: dict[str, dict[str, WorkerLife]] = {}
        self._over: dict[str, list[tuple[datetime, str]]] = {}
        self._by_operation: dict[str, str] = {}

    def get(self, worker_id: str) -> WorkerLife | None:
        return self._all.get(worker_id)

    def by_operation(self, operation_id: str) -> WorkerLife | None:
        return self._all.get(self._by_operation.get(operation_id, ""))

    def users(self) -> Collection[str]:
        return tuple(self._of_user)

    def of(self, user: str) -> list[WorkerLife]:
        """Newest first."""
        return sorted(self._of_user.get(user, {}).values(), key=_launched_at, reverse=True)

    def put(self, life: WorkerLife) -> None:
        """It is known from now on as it is now, unless it is over and older than so many others of its user."""
        before = self._all.get(life.worker_id)
        self._all[life.worker_id] = life
        self._of_user.setdefault(life.user, {})[life.worker_id] = life
        self._by_operation[life.operation_id] = life.worker_id
        if life.over != (before is not None and before.over):
            self._count_over(life)

    def _count_over(self, life: WorkerLife) -> None:
        over = self._over.setdefault(life.user, [])
        if life.over:
            insort(over, (_launched_at(life), life.worker_id))
            if len(over) > self._kept_over:
                self._forget(over.pop(0)[1])
        else:
            over.remove((_launched_at(life), life.worker_id))

    def _forget(self, worker_id: str) -> None:
        life = self._all.pop(worker_id)
        mine = self._of_user[life.user]
        del mine[worker_id], self._by_operation[life.operation_id]
        if not mine:
            del self._of_user[life.user]


def _launched_at(life: WorkerLife) -> datetime:
    assert life.launched_at is not None, "a life that was recorded has the time of its launch"
    return life.launched_at
