"""Requests for approval that wait in a conversation, and what a line from the keyboard decides of them. Pure.

Each has a number of its own, which a decision names: one that is shown while somebody types is never meant by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Event = Mapping[str, Any]
Verdict = Literal["approve", "reject"]
WORDS = ("approve", "reject", "withdraw")
"""What a person says; who asked withdraws what others reject."""


@dataclass(frozen=True)
class Person:
    """Who sits at the terminal, and whether their token may decide on others' requests."""

    username: str
    may_decide: bool


@dataclass(frozen=True)
class Decision:
    request: Event
    verdict: Verdict
    why: str


@dataclass
class Waiting:
    """`person` decides; what they may not decide is the manager's to refuse, and is not offered."""

    person: Person
    page: str
    _requests: dict[int, Event] = field(default_factory=dict[int, Event])
    _shown: int = 0

    def __bool__(self) -> bool:
        return bool(self._requests)

    def add(self, request: Event) -> str:
        """What can be said about it."""
        self._shown += 1
        self._requests[self._shown] = request
        return self._choices(self._shown, request)

    def ended(self, which: str) -> None:
        """The request of this call, or with this id."""
        left = {n: one for n, one in self._requests.items() if which not in (one["call_id"], one["approval_id"])}
        self._requests = left

    def read(self, line: str) -> Decision | str:
        """The decision, or what is wrong with the line. Its slash may be left out."""
        word, number, why = [*line.removeprefix("/").split(maxsplit=2), "", "", ""][:3]
        request = self._requests.get(int(number)) if number.isdecimal() else None
        if request is None:
            return f"say which one: {'; '.join(self._choices(*one) for one in self._requests.items())}"
        if word.lower() not in self._words(request):
            return self._choices(int(number), request)
        if word.lower() == "approve":
            return Decision(request, "approve", why.strip())
        return Decision(request, "reject", why.strip()) if why.strip() else f"say why: `/{word} {number} WHY`"

    def _choices(self, number: int, request: Event) -> str:
        words = [f"`/{word} {number}{'' if word == 'approve' else ' WHY'}`" for word in self._words(request)]
        offered = f"type {' or '.join(words)}, or wait" if words else "it waits"
        return f"[{number}] {offered}; it is decided on {self.page} too"

    def _words(self, request: Event) -> tuple[str, ...]:
        if request["requester"] == self.person.username:
            return ("withdraw",)
        return ("approve", "reject") if self.person.may_decide else ()
