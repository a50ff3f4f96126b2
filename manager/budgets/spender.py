"""Who uses something up, and which accounts it counts in.

It is the user by whose authority it is done: the author of the message that is being answered, or who called a tool.
So nobody's month is used up by another member of a task; the task and the session are limits beside it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from audit.chains import SESSIONS
from audit.ledger import Ledger

SITE = "site"
KEPT_LINEAGES = 10_000


@dataclass(frozen=True)
class Spender:
    """`agents` are sessions: the one that a person opened first, the sub-agent at work last. None outside of all."""

    username: str
    task_id: str | None = None
    agents: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[str, ...]:
        """The accounts that nobody else uses up: its user's, and those of the agents at work, from above."""
        return (user_account(self.username), *map(session_account, self.agents))


class Lineages:
    """Which agents are at work in a session, by the first record of its chain, which never changes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    async def agents(self, chain: str) -> tuple[str, ...]:
        """None for a chain of no session."""
        if not chain.startswith(SESSIONS):
            return ()
        if chain not in self._known:
            self._known[chain] = await self._read(chain)
            if len(self._known) > KEPT_LINEAGES:
                self._known.popitem(last=False)
        return self._known[chain]

    async def _read(self, chain: str) -> tuple[str, ...]:
        opened = await self._ledger.read(chain, limit=1)
        body = cast("Mapping[str, Any]", opened[0].body if opened else {})
        delegation = cast("Mapping[str, Any]", body.get("delegation") or {})
        return (*delegation.get("ancestors", ()), chain.removeprefix(SESSIONS))


def user_account(username: str) -> str:
    return f"user {username}"


def task_account(task_id: str) -> str:
    return f"task {task_id}"


def session_account(session_id: str) -> str:
    return f"session {session_id}"


def path_of(agents: Sequence[str]) -> str:
    """As it is stored: an agent's begins with those of the agents above it."""
    return "".join(f"{agent}/" for agent in agents)
