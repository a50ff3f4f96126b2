"""What every `Spending` promises the gate: what fits is let through, and counts once, however often it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from ink_core.clock import ManualClock
from ink_core.db import Database
from ink_core.identity.principal import USER_SCOPES, Principal
from ink_core.labels import Confidentiality, Integrity, Label
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import Limits
from manager.budgets.calls import CallBudgets
from manager.budgets.desk import SiteLimits
from manager.gate.admission import Admitted, Proposal
from manager.gate.call import CallState, CallStatus, Phase
from manager.gate.policy import CallFacts, Decision, Origin
from manager.gate.spending import NoBudgets, Spending
from mcp_tools.catalogue import default_catalogue
from mcp_tools.spec import Preview
from tests.unit.budgets.desks import desk_on

CATALOGUE, CLOCK = default_catalogue(), ManualClock()
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:1")
TWO = Limits(calls=2)
LIMITS = {"user": SiteLimits(user=TWO), "site": SiteLimits(site=TWO)}
Starts = Callable[[], Spending]
"""Each is what decides after a restart."""


def proposal(call_id: str) -> Proposal:
    return Proposal(call_id, "list_jobs", {}, ALICE, Origin.REST, "mcp:alice")


def admitted() -> Admitted:
    spec = CATALOGUE.get("list_jobs")
    facts = CallFacts(
        tool=spec.name,
        risk=spec.risk,
        origin=Origin.REST,
        username="alice",
        is_admin=False,
        scopes=USER_SCOPES,
        arguments={},
        owners=frozenset(),
        target_count=0,
        session="mcp:alice",
        cluster=None,
        time=CLOCK.now(),
    )
    label = Label(Confidentiality.PUBLIC, Integrity.TRUSTED)
    return Admitted(spec, facts, Preview(summary="List"), cast("Decision", None), label)


def under_way(call_id: str) -> CallState:
    made = CallState(call_id, "mcp:alice", "list_jobs", {}, ALICE, Origin.REST, None, None)
    return replace(made, phase=Phase.INTENDED, intended_at=CLOCK.now())


def ended(call_id: str) -> CallState:
    return replace(under_way(call_id), phase=Phase.ENDED, status=CallStatus.DONE, ended_at=CLOCK.now())


@pytest.fixture(params=["double", "site-postgresql", "site-sqlite", "user-sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def starts(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Starts]:
    """With room for two calls, or with no limit at all."""
    if kind == "double":
        yield NoBudgets
        return
    account, _, store = kind.partition("-")
    url = f"sqlite:///{tmp_path}/ink.db" if store == "sqlite" else request.getfixturevalue("postgresql_url")
    with closing(Database(url)) as database:
        database.migrate()
        yield lambda: CallBudgets(desk_on(database, LIMITS[account], CLOCK), CATALOGUE, lambda: True)


async def reserve(spending: Spending, call_id: str) -> None:
    await spending.reserve(proposal(call_id), admitted())


async def check_full(kind: str, spending: Spending) -> None:
    """Where anything is limited, nothing more is let through."""
    if kind == "double":
        await reserve(spending, "more")
        return
    with pytest.raises(BudgetExhausted):
        await reserve(spending, "more")


async def test_what_fits_is_let_through_and_what_does_not_reserves_nothing(kind: str, starts: Starts) -> None:
    spending = starts()
    await reserve(spending, "c-1")
    await reserve(spending, "c-2")
    await check_full(kind, spending)
    spending.give_back("c-2")
    await reserve(spending, "c-3")


async def test_what_is_given_back_can_be_reserved_again_under_the_same_name(kind: str, starts: Starts) -> None:
    spending = starts()
    await reserve(spending, "c-1")
    for _ in range(3):
        await reserve(spending, "c-2")
        spending.give_back("c-2")
        spending.give_back("c-2")
        await spending.keep_up()
    await reserve(spending, "c-2")
    await check_full(kind, spending)


async def test_a_call_that_ended_counts_once_and_is_not_given_back(kind: str, starts: Starts) -> None:
    spending = starts()
    await reserve(spending, "c-1")
    for _ in range(2):
        spending.settle(ended("c-1"))
        spending.give_back("c-1")
        spending.give_back("never proposed")
        await spending.keep_up()
    await reserve(spending, "c-2")
    await check_full(kind, spending)


async def test_after_a_restart_what_is_open_and_what_has_ended_counts_and_nothing_else(
    kind: str, starts: Starts
) -> None:
    before = starts()
    await reserve(before, "ended")
    await reserve(before, "lost")
    after = starts()
    after.settle(ended("ended"))
    await after.recovered()
    await reserve(after, "open")
    again = starts()
    again.settle(ended("ended"))
    await again.resume(under_way("open"))
    await again.recovered()
    await check_full(kind, again)
    again.settle(ended("open"))
    await again.keep_up()
    await check_full(kind, again)
