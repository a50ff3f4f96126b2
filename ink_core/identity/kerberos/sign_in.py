"""From a Kerberos ticket to a browser session, for people of one realm."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from ink_core.errors import Unauthenticated
from ink_core.identity.external import ExternalIdentity, ExternalPeople, Policy, UnknownUser
from ink_core.identity.model import Issued

MAX_TICKET = 64 * 1024


class TicketRefused(Unauthenticated):
    """The ticket is not for this service, not of this time, was shown before, or is none."""

    code = "ticket_refused"


@dataclass(frozen=True)
class Accepted:
    """Whose ticket it was (`alice@REALM`), and what is answered so that the client knows whom it spoke with."""

    principal: str
    reply: bytes | None


class Acceptor(Protocol):
    def accept(self, ticket: bytes) -> Accepted:
        """Blocking. Raises `TicketRefused`."""
        ...


class KerberosSignIn:
    def __init__(self, acceptor: Acceptor, realm: str, policy: Policy, people: ExternalPeople) -> None:
        self._acceptor = acceptor
        self._realm = realm
        self._policy: Policy = policy
        self._people = people

    async def sign_in(self, ticket: bytes) -> tuple[Issued, bytes | None]:
        """The session and the answer to the client. Raises `TicketRefused`, `UnknownUser` or `AccountLocked`."""
        if not 0 < len(ticket) <= MAX_TICKET:
            raise TicketRefused("there is no ticket in the request, or too long a one")
        accepted = await asyncio.to_thread(self._acceptor.accept, ticket)
        name, _, realm = accepted.principal.rpartition("@")
        if realm != self._realm:
            raise UnknownUser(f"people of the realm {realm[:100]} have no accounts here")
        who = ExternalIdentity(f"krb5:{realm}", accepted.principal, name)
        return await self._people.sign_in(who, self._policy, "Kerberos"), accepted.reply
