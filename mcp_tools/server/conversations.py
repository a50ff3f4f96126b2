"""The conversations of calls that are followed by a request, or whose run waits for its client."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from mcp_tools.conversation import Conversation

MOST = 1_000


class Conversations:
    """By call. A conversation stays after its request while its run has questions open or takes long.

    Bounded: of those that no request follows, the oldest are dropped, so that their questions stay unanswered until
    the gate ends the run.
    """

    def __init__(self) -> None:
        self._talks: dict[str, Conversation] = {}

    @contextmanager
    def of(self, call_id: str, talk: Conversation) -> Generator[None]:
        self._talks[call_id] = talk
        try:
            yield
        finally:
            if not talk.open and not talk.is_long:
                self.end(call_id)
            while len(self._talks) > MOST:
                self.end(next(iter(self._talks)))

    def find(self, call_id: str) -> Conversation | None:
        return self._talks.get(call_id)

    def end(self, call_id: str) -> None:
        self._talks.pop(call_id, None)
