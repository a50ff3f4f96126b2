"""Whose a worker is, as sessions ask it."""

from __future__ import annotations

from typing import Protocol


class OwnWorkers(Protocol):
    def owned(self, user: str, worker_id: str) -> object:
        """Raises `WorkerNotFound` for a worker that is not this user's."""
        ...
