"""Changes of the model that are not on disk yet. Told by the model's thread, taken by the event loop."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from knowledge_graph.changes import Change, Renewed

MOST_UNSAVED = 500_000


class Unsaved:
    """Beyond `most` the changes are forgotten: then only a whole snapshot says what is true.

    They are `pressing` where they are more than new times of what was known.
    """

    def __init__(self, most: int = MOST_UNSAVED) -> None:
        self.needs_snapshot = False
        self.pressing = False
        self._most = most
        self._changes: list[Change] = []
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._changes)

    def hear(self, changes: Sequence[Change]) -> None:
        with self._lock:
            self._changes.extend(changes)
            self.pressing = self.pressing or not all(isinstance(change, Renewed) for change in changes)
            self._bound()

    def take(self) -> Sequence[Change]:
        with self._lock:
            changes, self._changes, self.pressing = self._changes, [], False
            return changes

    def put_back(self, changes: Sequence[Change]) -> None:
        """They could not be saved, and come before all that was heard meanwhile."""
        with self._lock:
            self._changes[:0] = changes
            self.pressing = True
            self._bound()

    def _bound(self) -> None:
        if len(self._changes) > self._most:
            self._changes.clear()
            self.needs_snapshot = True
