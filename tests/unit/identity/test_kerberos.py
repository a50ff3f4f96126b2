"""Whose ticket counts and what for, before and after the library has looked at it."""

from __future__ import annotations

import pytest

from ink_core.clock import ManualClock
from ink_core.identity.external import ExternalPeople, UnknownUser
from ink_core.identity.kerberos.sign_in import MAX_TICKET, Accepted, KerberosSignIn, TicketRefused
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.service import IdentityService


class Says:
    """An acceptor that takes every ticket for this principal's."""

    def __init__(self, principal: str) -> None:
        self._principal = principal
        self.asked = 0

    def accept(self, ticket: bytes) -> Accepted:
        self.asked += 1
        return Accepted(self._principal, b"reply")


def site(principal: str) -> tuple[KerberosSignIn, IdentityService, Says]:
    identity = IdentityService(InMemoryIdentityStore(), ManualClock())
    acceptor = Says(principal)
    return KerberosSignIn(acceptor, "INK.TEST", "create", ExternalPeople(identity)), identity, acceptor


async def test_a_principal_of_the_realm_is_the_account_of_its_name() -> None:
    kerberos, _, _ = site("alice@INK.TEST")
    issued, reply = await kerberos.sign_in(b"ticket")
    assert (issued.principal.username, reply) == ("alice", b"reply")
    again, _ = await kerberos.sign_in(b"ticket")
    assert again.principal.username == "alice"


@pytest.mark.parametrize(
    "principal",
    ["alice@OTHER.TEST", "alice", "alice@INK.TEST@OTHER.TEST", "alice/admin@INK.TEST", "a@b@INK.TEST", "@INK.TEST"],
)
async def test_nobody_else_is(principal: str) -> None:
    kerberos, identity, _ = site(principal)
    with pytest.raises(UnknownUser):
        await kerberos.sign_in(b"ticket")
    assert list(await identity.users()) == []


async def test_an_administrators_account_is_not_given_away_by_its_name() -> None:
    kerberos, identity, _ = site("boss@INK.TEST")
    await identity.create_user("boss", is_admin=True)
    with pytest.raises(UnknownUser, match="administrator"):
        await kerberos.sign_in(b"ticket")


@pytest.mark.parametrize("ticket", [b"", b"x" * (MAX_TICKET + 1)])
async def test_what_can_be_no_ticket_is_not_even_looked_at(ticket: bytes) -> None:
    kerberos, _, acceptor = site("alice@INK.TEST")
    with pytest.raises(TicketRefused):
        await kerberos.sign_in(ticket)
    assert acceptor.asked == 0
