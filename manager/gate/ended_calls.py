"""Ended calls that are still in memory, up to bounds in number and in bytes; whoever has most there loses the oldest.

Of calls with a client's key that left, the ids stay, so that a request which is sent again is found in the ledger
instead of being taken for a new one.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field

from pydantic_core import to_json

from manager.gate.call import CallState

KEPT_IDS = 10_000
"""Of one user; beyond it every key of theirs is looked for in the ledger."""


@dataclass
class _OfUser:
    calls: OrderedDict[str, CallState] = field(default_factory=lambda: OrderedDict[str, CallState]())
    held_bytes: int = 0


class EndedCalls:
    def __init__(self, most_calls: int, most_bytes: int) -> None:
        self._most_calls, self._most_bytes = most_calls, most_bytes
        self._users: dict[str, _OfUser] = {}
        self._owner: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._bytes = 0
        self._left: defaultdict[str, set[str]] = defaultdict(set)
        self._left_many: set[str] = set()

    def get(self, call_id: str) -> CallState | None:
        owner = self._owner.get(call_id)
        return None if owner is None else self._users[owner].calls[call_id]

    def put(self, state: CallState) -> list[CallState]:
        """Returns the calls that had to leave."""
        self._take(state.call_id)
        username, size = state.principal.username, size_of(state)
        mine = self._users.setdefault(username, _OfUser())
        mine.calls[state.call_id] = state
        mine.held_bytes += size
        self._owner[state.call_id], self._sizes[state.call_id] = username, size
        self._bytes += size
        left: list[CallState] = []
        while len(self._owner) > 1 and (len(self._owner) > self._most_calls or self._bytes > self._most_bytes):
            left.append(self._drop_one())
        return left

    def may_have_left(self, username: str, call_id: str) -> bool:
        """Whether this may be a call with a key that is in the ledger and not here."""
        return username in self._left_many or call_id in self._left.get(username, ())

    def _drop_one(self) -> CallState:
        by_bytes = self._bytes > self._most_bytes
        most = max(self._users.values(), key=lambda user: user.held_bytes if by_bytes else len(user.calls))
        dropped = self._take(next(iter(most.calls)))
        assert dropped is not None
        if dropped.request_sha256 is not None:
            self._note(dropped.principal.username, dropped.call_id)
        return dropped

    def _note(self, username: str, call_id: str) -> None:
        if username in self._left_many:
            return
        self._left[username].add(call_id)
        if len(self._left[username]) > KEPT_IDS:
            del self._left[username]
            self._left_many.add(username)

    def _take(self, call_id: str) -> CallState | None:
        owner = self._owner.pop(call_id, None)
        if owner is None:
            return None
        size, of_user = self._sizes.pop(call_id), self._users[owner]
        state = of_user.calls.pop(call_id)
        of_user.held_bytes -= size
        self._bytes -= size
        if not of_user.calls:
            del self._users[owner]
        return state


def size_of(state: CallState) -> int:
    """Bytes of what was given and what came out, as JSON."""
    return len(to_json(dict(state.arguments))) + len(to_json(state.result))
