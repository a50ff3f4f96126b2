"""Who hears what workers say: those who listen to all of them, and those who listen to one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from worker_agent.protocol import Wire


@dataclass(frozen=True)
class Disconnected:
    """What listeners hear when a worker's connection ends; it may come back."""


Listener = Callable[[str, Wire | Disconnected], None]


class Listeners:
    def __init__(self) -> None:
        self._to: dict[str | None, list[Listener]] = {}

    @contextmanager
    def listening(self, listener: Listener, worker_id: str | None = None) -> Generator[None]:
        """Hear every notification of this worker, or of every worker, while the block runs."""
        self._to.setdefault(worker_id, []).append(listener)
        try:
            yield
        finally:
            self._to[worker_id].remove(listener)
            if not self._to[worker_id]:
                del self._to[worker_id]

    def hear(self, worker_id: str, notification: Wire | Disconnected) -> None:
        """Pass what a worker said on to all who listen to it."""
        for listener in (*self._to.get(None, ()), *self._to.get(worker_id, ())):
            listener(worker_id, notification)
