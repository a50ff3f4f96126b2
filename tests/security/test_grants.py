"""Grants: what they let through is within what was approved, and they end as they say."""

from __future__ import annotations

import asyncio
import posixpath
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.erasing import Selection, erase
from audit.ledger import Record
from ink_core.errors import Forbidden
from manager.gate.approvals import GrantAsked, GrantRefused, Limit, LimitKind
from manager.gate.approvals.grants import is_under
from manager.gate.call import CallStatus
from mcp_tools.spec import Binding
from tests.security.approval_world import ADA, ALICE, CHAIN, POLICY, Setting, admin, user

pytestmark = pytest.mark.requirement("GATE-APPROVAL-10")
UNDER_DATA = GrantAsked(30, 10, {"path": Limit(LimitKind.UNDER, "data")})
HALF_AN_HOUR = GrantAsked(30, 10)


@pytest.fixture
def setting() -> Setting:
    return Setting()


async def granted(setting: Setting, asked: GrantAsked = UNDER_DATA, **arguments: Any) -> str:
    await setting.approve(await setting.asked(**arguments), grant=asked)
    (grant,) = setting.gate.grants.live()
    return grant.grant_id


async def test_a_later_call_within_the_pattern_runs_without_a_question_and_names_the_grant(setting: Setting) -> None:
    grant_id = await granted(setting)
    state = await setting.asked(path="data/derived")
    assert (state.status, state.grant_id, state.acting_as) == (CallStatus.DONE, grant_id, "ada")
    assert (await setting.recorded("call.intent"))[-1].body["grant_id"] == grant_id
    assert setting.gate.grants.book.get(grant_id).used == 1


async def test_text_that_was_erased_is_in_no_grant_any_more_and_the_grant_covers_nothing(setting: Setting) -> None:
    grant_id = await granted(setting, path="data/of-carol")
    grants = setting.gate.grants
    assert grants.book.get(grant_id).scripts
    for chain in await erase(
        setting.ledger, Selection(session=CHAIN.removeprefix("session:")), by="ada", reason="asked"
    ):
        await setting.gate.read_again(chain)
    known = (grants.book.get(grant_id), grants.book.signed(grant_id))
    assert "data" not in repr(known)
    assert (known[0].arguments, known[0].scripts) == ({}, ())
    assert (await setting.asked(path="data/derived")).status is CallStatus.WAITING_APPROVAL


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": "other/derived"},
        {"path": "data"},
        {"path": "data/../other"},
        {"path": "data2/x"},
        {"path": "/data/x"},
        {"path": "data/x", "owner": "carol"},
        {"path": "data/x", "count": 2},
        {"path": "data/x", "place": "elsewhere"},
    ],
)
async def test_a_call_outside_the_pattern_asks_again(setting: Setting, arguments: dict[str, Any]) -> None:
    await granted(setting)
    assert (await setting.asked(**arguments)).status is CallStatus.WAITING_APPROVAL


async def test_a_grant_is_of_one_session_and_one_requester(setting: Setting) -> None:
    await granted(setting)
    assert (await setting.asked("session:s2", path="data/x")).status is CallStatus.WAITING_APPROVAL
    assert (await setting.asked(by=user("eve"), path="data/x")).status is CallStatus.WAITING_APPROVAL


async def test_a_grant_for_minutes_lets_texts_differ_but_no_number_grow(setting: Setting) -> None:
    await granted(setting, HALF_AN_HOUR, count=5)
    assert (await setting.asked(path="elsewhere", count=4)).status is CallStatus.DONE
    assert (await setting.asked(path="elsewhere", count=6)).status is CallStatus.WAITING_APPROVAL
    assert (await setting.asked(owner="carol", count=1)).status is CallStatus.WAITING_APPROVAL


async def test_a_grant_ends_with_its_time(setting: Setting) -> None:
    await granted(setting)
    setting.clock.advance(30 * 60)
    assert (await setting.asked(path="data/x")).status is CallStatus.WAITING_APPROVAL
    assert setting.gate.grants.live() == ()


async def test_a_grant_ends_with_its_uses_also_when_they_come_at_once(setting: Setting) -> None:
    await granted(setting, replace(UNDER_DATA, uses=3))
    states = await asyncio.gather(*(setting.asked(path=f"data/{number}") for number in range(10)))
    assert sum(state.status is CallStatus.DONE for state in states) == 3
    assert len(setting.world.swept) == 4


async def test_a_revoked_grant_lets_nothing_through_and_says_who_took_it_back(setting: Setting) -> None:
    grant_id = await granted(setting)
    with pytest.raises(Forbidden):
        await setting.gate.grants.revoke(grant_id, user("eve"), "mine")
    await setting.gate.grants.revoke(grant_id, admin("bo"), "enough")
    assert (await setting.asked(path="data/x")).status is CallStatus.WAITING_APPROVAL
    (revoked,) = await setting.recorded("grant.revoked")
    assert (revoked.body["by"], revoked.body["reason"]) == ("bo", "enough")


async def test_the_one_whom_a_grant_serves_may_give_it_up(setting: Setting) -> None:
    await setting.gate.grants.revoke(await granted(setting), ALICE, "")
    assert setting.gate.grants.live() == ()


async def test_a_grant_ends_when_its_approver_may_approve_no_more(setting: Setting) -> None:
    await granted(setting)
    setting.people.disabled.add("ada")
    assert (await setting.asked(path="data/x")).status is CallStatus.WAITING_APPROVAL


@pytest.mark.requirement("GATE-APPROVAL-08")
async def test_a_grant_ends_when_the_script_changes(setting: Setting) -> None:
    await granted(setting)
    setting.world.script = "rm -rf ~"
    assert (await setting.asked(path="data/x")).status is CallStatus.WAITING_APPROVAL


@pytest.mark.requirement("GATE-APPROVAL-08")
async def test_a_call_whose_script_cannot_be_seen_is_never_granted_and_let_through_by_no_grant(
    setting: Setting,
) -> None:
    setting.world.bound = Binding(unbound=("/opt/tool",))
    with pytest.raises(GrantRefused):
        await setting.approve(await setting.asked(), grant=HALF_AN_HOUR)
    setting.world.bound = Binding()
    await granted(setting, HALF_AN_HOUR)
    assert (await setting.asked()).status is CallStatus.DONE
    setting.world.bound = Binding(unbound=("/opt/other",))
    assert (await setting.asked()).status is CallStatus.WAITING_APPROVAL


async def test_a_grant_and_its_uses_survive_a_restart(setting: Setting) -> None:
    grant_id = await granted(setting)
    await setting.asked(path="data/x")
    await setting.restart()
    assert setting.gate.grants.book.get(grant_id).used == 1
    assert (await setting.asked(path="data/y")).grant_id == grant_id


async def test_what_takes_two_persons_or_a_fresh_login_is_never_granted(setting: Setting) -> None:
    state = await setting.asked(place="vital")
    with pytest.raises(GrantRefused):
        await setting.approve(state, grant=HALF_AN_HOUR)
    assert await setting.refusals() == [("ada", "grant_refused")]
    await granted(setting, HALF_AN_HOUR)
    assert (await setting.asked(place="vital")).status is CallStatus.WAITING_APPROVAL


@pytest.mark.parametrize(
    "asked",
    [
        GrantAsked(0, 1),
        GrantAsked(481, 1),
        GrantAsked(1, 0),
        GrantAsked(1, 101),
        GrantAsked(float("nan"), 1),
        GrantAsked(30, 1, {"path": Limit(LimitKind.UNDER, "other")}),
        GrantAsked(30, 1, {"path": Limit(LimitKind.UNDER, ".")}),
        GrantAsked(30, 1, {"path": Limit(LimitKind.UNDER, "/")}),
        GrantAsked(30, 1, {"path": Limit(LimitKind.UNDER, "data/raw/../..")}),
        GrantAsked(30, 1, {"path": Limit(LimitKind.UNDER, None)}),
        GrantAsked(30, 1, {"colour": Limit(LimitKind.ANY)}),
    ],
)
async def test_a_grant_that_is_too_wide_or_makes_no_sense_is_refused_and_nothing_runs(
    setting: Setting, asked: GrantAsked
) -> None:
    state = await setting.asked()
    with pytest.raises(GrantRefused):
        await setting.approve(state, grant=asked)
    assert setting.gate.book.get(state.call_id).status is CallStatus.WAITING_APPROVAL
    assert setting.world.swept == []


async def test_a_grant_that_only_the_ledger_tells_of_lets_nothing_through(setting: Setting) -> None:
    """Somebody who can write the ledger copies a real grant and widens it."""
    await granted(setting)
    (event,) = await setting.recorded("grant.given")
    wider = {**event.body, "grant_id": "g-wider", "arguments": {}, "most_uses": 100}
    for name in ("path", "owner", "count", "place"):
        wider["arguments"] |= {name: {"kind": "any", "value": None}}  # type: ignore[operator]
    await setting.ledger.append(CHAIN, Record("grant.given", wider))
    await setting.restart()
    assert (await setting.asked(path="other/x")).status is CallStatus.WAITING_APPROVAL


async def test_a_rejected_or_expired_request_leaves_no_grant(setting: Setting) -> None:
    await setting.approve(await setting.asked(), ADA, approve=False, reason="no", grant=UNDER_DATA)
    assert setting.gate.grants.live() == ()


async def test_a_grant_ends_with_the_policy_it_was_given_under(setting: Setting) -> None:
    await granted(setting)
    setting.policy = POLICY.replace("One's own.", "What is mine.")
    await setting.restart()
    assert (await setting.asked(path="data/x")).status is CallStatus.WAITING_APPROVAL


@given(st.sampled_from(["data", "/data/raw", "a.b/c"]), st.text("ab./~", max_size=12))
@settings(deadline=None)
def test_no_path_that_counts_as_below_a_directory_leads_out_of_it(directory: str, rest: str) -> None:
    path = f"{directory}/{rest}"
    assert is_under(path, directory) == (posixpath.normpath(f"/root/{rest}".replace("//", "/")).startswith("/root/"))
