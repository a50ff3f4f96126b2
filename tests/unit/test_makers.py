"""By whom an account was lately made what it is, from what administrators do: for whether two decide as two."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from pydantic import JsonValue

from audit.ledger import Record
from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.identity.administration import Administration, UserChange
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import Group
from ink_core.identity.passwords import Passwords
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope
from ink_core.identity.service import IdentityService
from manager.administration import CHAIN
from manager.makers import PAGE, Makers

pytestmark = pytest.mark.requirement("GATE-APPROVAL-14")
NOBODY, PASSWORD = frozenset[str](), "correct horse battery"


def admin(name: str) -> Principal:
    return Principal(username=name, is_admin=True, scopes=ADMIN_SCOPES, credential=f"session:{name}")


ADA, BO = admin("ada"), admin("bo")


@dataclass
class OnRecord:
    """Implements `Consequences`, of a platform where nothing is live."""

    ledger: MemoryLedger

    async def record(self, kind: str, body: Mapping[str, JsonValue]) -> None:
        await self.ledger.append(CHAIN, Record(kind, body))

    async def end_all(self, username: str, by: str, why: str) -> None: ...


class Site:
    """With bob, who was made on the manager's host, so by nobody."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.ledger = MemoryLedger(self.clock)
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.identity = IdentityService(InMemoryIdentityStore(), self.clock, quick)
        self.does = Administration(self.identity, OnRecord(self.ledger))
        self._makers = Makers(self.ledger, self.identity.groups, self.clock, timedelta(days=7))

    async def makers_of(self, name: str) -> frozenset[str]:
        return (await self._makers.of(name))[name]

    async def group(self, name: str, *scopes: Scope) -> Group:
        made = Group(
            name=name, description="", permissions=NOBODY, scopes=frozenset(scopes), created_at=self.clock.now()
        )
        return await self.does.create_group(BO, made)

    async def approving_from_now_on(self) -> None:
        group = await self.group("judges")
        await self.identity.groups.add_member("judges", "bob")
        await self.does.change_group(ADA, group.model_copy(update={"scopes": frozenset({Scope.APPROVE})}))

    async def member(self, name: str, *scopes: Scope) -> None:
        await self.group(name, *scopes)
        await self.does.add_member(ADA, name, "bob")

    async def changed(self, change: UserChange) -> None:
        await self.does.change_user(ADA, "bob", change)

    async def made_again(self, *, is_admin: bool, password: str | None = None) -> None:
        await self.does.delete_user(ADA, "bob")
        await self.does.create_user(ADA, "bob", password, is_admin=is_admin)


@pytest.fixture
async def site() -> Site:
    made = Site()
    await made.identity.create_user("bob")
    return made


Act = Callable[[Site], Awaitable[object]]
MAKES: Mapping[str, Act] = {
    "an administrator": lambda site: site.made_again(is_admin=True),
    "a user whose password is known": lambda site: site.made_again(is_admin=False, password=PASSWORD),
    "an administrator of a user": lambda site: site.changed(UserChange(is_admin=True)),
    "an approver of a user": lambda site: site.changed(UserChange(scopes=frozenset({*USER_SCOPES, Scope.APPROVE}))),
    "a password": lambda site: site.changed(UserChange(password=PASSWORD)),
    "a sign-in link": lambda site: site.does.create_sign_in_link(ADA, "bob"),
    "a member of approvers": lambda site: site.member("judges", Scope.APPROVE),
    "approvers of a group": lambda site: site.approving_from_now_on(),
}
MAKES_NOT: Mapping[str, Act] = {
    "a user who signs in elsewhere": lambda site: site.made_again(is_admin=False),
    "fewer rights": lambda site: site.changed(UserChange(scopes=frozenset({Scope.JOBS_READ}))),
    "a member of others": lambda site: site.member("physicists", Scope.JOBS_READ),
}


@pytest.mark.parametrize("act", MAKES.values(), ids=MAKES)
async def test_who_could_act_as_an_account_or_chose_it_as_an_approver_made_it(site: Site, act: Act) -> None:
    await act(site)
    assert await site.makers_of("bob") == {"ada"}
    site.clock.advance(timedelta(days=6).total_seconds())
    assert await site.makers_of("bob") == {"ada"}
    site.clock.advance(timedelta(days=2).total_seconds())
    assert await site.makers_of("bob") == NOBODY


@pytest.mark.parametrize("act", MAKES_NOT.values(), ids=MAKES_NOT)
async def test_nothing_else_does(site: Site, act: Act) -> None:
    await act(site)
    assert await site.makers_of("bob") == NOBODY


async def test_makers_of_makers_count_and_much_that_happened_since_hides_none(site: Site) -> None:
    await site.does.change_user(BO, "bob", UserChange(is_admin=True))
    await site.does.create_user(admin("bob"), "eve", None, is_admin=True)
    await site.ledger.append(CHAIN, *[Record("account.change", {"by": "x", "name": "y"})] * (2 * PAGE))
    assert await site.makers_of("eve") == {"bob", "bo"}
    assert await site.makers_of("bo") == NOBODY
