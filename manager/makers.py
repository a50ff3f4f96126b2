"""By whom an account was lately made what it is: who made it, gave it a way to sign in, or the right to approve.

Whoever does that knows how to act as the account, or chose who may decide, so for some days its decisions are theirs as
well. Until then others can see it in the record. Read from the ledger for each decision. Limits: what is done on the
manager's own host (`ink user`) is not on record, and who can do that needs no approval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, cast

from audit.ledger import Event, Ledger, Where
from ink_core.clock import Clock
from ink_core.identity.groups import Groups
from ink_core.identity.principal import Scope
from manager.administration import CHAIN

PAGE = 500


class Makers:
    def __init__(self, ledger: Ledger, groups: Groups, clock: Clock, lately: timedelta) -> None:
        self._ledger, self._groups, self._clock, self._lately = ledger, groups, clock, lately

    async def of(self, *usernames: str) -> Mapping[str, frozenset[str]]:
        """Of each of them, makers of makers included. Raises `LedgerUnavailable`."""
        direct = await self._direct()
        return {name: _all_of(name, direct) for name in usernames}

    async def _direct(self) -> Mapping[str, set[str]]:
        approving = {group.name for group in await self._groups.all() if Scope.APPROVE in group.scopes}
        found = defaultdict[str, set[str]](set)
        async for event in self._recent():
            body = cast("Mapping[str, Any]", event.body)
            for name in await self._made(event.kind, body, approving):
                found[name].add(str(body["by"]))
        return found

    async def _recent(self) -> AsyncIterator[Event]:
        where, before = Where(chain=CHAIN, since=self._clock.now() - self._lately), None
        while found := await self._ledger.newest(where, before=before, limit=PAGE):
            for placed in found:
                yield placed.event
            before = found[-1].position

    async def _made(self, kind: str, body: Mapping[str, Any], approving: set[str]) -> list[str]:
        """Whom this made what they are; `approving` are the groups that give the right to approve now."""
        gives_approval = bool(body.get("is_admin")) or Scope.APPROVE in (body.get("scopes") or ())
        match kind:
            case "account.create" | "account.change" if gives_approval or body.get("password"):
                return [str(body["name"])]
            case "account.sign_in_link":
                return [str(body["name"])]
            case "group.add_member" if body["name"] in approving:
                return [str(body["member"])]
            case "group.change" if gives_approval and body["name"] in approving:
                return list(await self._groups.members(str(body["name"])))
            case _:
                return []


def _all_of(name: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    found, waiting = set[str](), [name]
    while waiting:
        new = direct.get(waiting.pop(), set[str]()) - found
        found |= new
        waiting += new
    return frozenset(found)
