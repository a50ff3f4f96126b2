"""Every way to make an approval count for more than it was given for: refused, and recorded with who tried."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.ledger import Event, Record
from ink_core.errors import AgentNotConnected, InkError, JobNotFound
from manager.gate.approvals import (
    ApprovalClosed,
    ApprovalExpired,
    ApprovalMismatch,
    ApprovalVoid,
    ApprovedBefore,
    FreshLoginNeeded,
    GrantAsked,
    GrantRefused,
    NotAnApprover,
    SelfApproval,
)
from manager.gate.call import CallState, CallStatus
from manager.gate.call_records import intent_record
from manager.gate.lockout import LockKind, set_record
from tests.security.approval_world import ADA, ALICE, BO, CHAIN, Setting, admin, approval, user

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def setting() -> Setting:
    return Setting()


async def test_a_replayed_approval_is_refused_and_recorded(setting: Setting) -> None:
    state = await setting.asked()
    assert (await setting.approve(state)).status is CallStatus.DONE
    for _ in range(3):
        with pytest.raises(ApprovalClosed):
            await setting.approve(state)
    assert setting.world.swept == ["data/raw"]
    assert await setting.refusals() == [("ada", "approval_closed")] * 3


async def test_a_double_click_counts_once_and_the_others_are_recorded(setting: Setting) -> None:
    state = await setting.asked()
    clicks = await asyncio.gather(*(setting.approve(state) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(click, CallState) for click in clicks) == 1
    assert setting.world.swept == ["data/raw"]
    assert await setting.refusals() == [("ada", "approval_closed")] * 4


async def test_a_swapped_argument_is_refused_and_recorded(setting: Setting) -> None:
    state = await setting.asked()
    swapped = replace(approval(state), arguments={**approval(state).arguments, "path": "data"})
    with pytest.raises(ApprovalMismatch):
        await setting.approve(state, digest=swapped.digest)
    assert setting.world.swept == []
    assert await setting.refusals() == [("ada", "approval_mismatch")]


async def test_an_approval_of_another_session_is_refused_and_recorded(setting: Setting) -> None:
    mine, theirs = await setting.asked(), await setting.asked("session:s2")
    with pytest.raises(ApprovalMismatch):
        await setting.approve(mine, digest=approval(theirs).digest)
    assert setting.world.swept == []
    assert await setting.refusals() == [("ada", "approval_mismatch")]


@pytest.mark.requirement("GATE-APPROVAL-08")
async def test_a_script_that_changed_after_it_was_asked_for_voids_the_approval(setting: Setting) -> None:
    state = await setting.asked()
    setting.world.script = "rm -rf ~"
    with pytest.raises(ApprovalVoid, match=r"sweep\.sh changed"):
        await setting.approve(state)
    ended = setting.gate.book.get(state.call_id)
    assert (ended.status, ended.error and ended.error.code) == (CallStatus.REFUSED, "approval_void")
    (decided,) = await setting.recorded("approval.decided")
    assert (decided.body["verdict"], decided.body["by"]) == ("void", "the gate")
    setting.world.script = "rm raw/*.tmp"
    with pytest.raises(ApprovalClosed):
        await setting.approve(state)
    assert setting.world.swept == []


async def test_the_change_that_an_approver_is_shown_is_made_once_and_hides_nothing(setting: Setting) -> None:
    state = await setting.asked()
    assert approval(state).diff == "-data/raw\n+\\u{202e}gone\n"
    assert (await setting.approve(state)).status is CallStatus.DONE
    assert setting.world.diffs == 1


@pytest.mark.requirement("GATE-APPROVAL-08")
async def test_what_is_gone_for_good_voids_the_approval_and_what_cannot_be_seen_now_leaves_it_waiting(
    setting: Setting,
) -> None:
    state = await setting.asked()
    setting.world.unseen = AgentNotConnected("the agent is away")
    with pytest.raises(AgentNotConnected):
        await setting.approve(state)
    assert setting.gate.book.get(state.call_id).status is CallStatus.WAITING_APPROVAL
    setting.world.unseen = JobNotFound("it left the queue")
    with pytest.raises(ApprovalVoid):
        await setting.approve(state)
    assert setting.world.swept == []


async def test_an_expired_approval_is_refused_and_recorded(setting: Setting) -> None:
    state = await setting.asked()
    setting.clock.advance(3601)
    with pytest.raises(ApprovalExpired):
        await setting.approve(state)
    (decided,) = await setting.recorded("approval.decided")
    assert decided.body["verdict"] == "expired"
    assert setting.world.swept == []


async def test_nobody_approves_their_own_request_and_the_attempt_is_recorded(setting: Setting) -> None:
    state = await setting.asked(by=ADA)
    with pytest.raises(SelfApproval):
        await setting.approve(state, ADA)
    assert await setting.refusals() == [("ada", "self_approval")]


async def test_a_requester_confirms_a_change_of_their_own_where_the_rule_says_so(setting: Setting) -> None:
    state = await setting.asked(owner="alice", place="doubtful")
    assert (await setting.approve(state, ALICE)).status is CallStatus.DONE
    assert (setting.world.swept, setting.world.acting) == (["data/raw"], ["alice"])
    (decided,) = await setting.recorded("approval.decided")
    assert (decided.body["by"], decided.body["approvers"]) == ("alice", ["alice"])
    with pytest.raises(ApprovalClosed):
        await setting.approve(state, ALICE)
    assert await setting.refusals() == [("alice", "approval_closed")]


@pytest.mark.parametrize(
    "asked",
    [{"owner": "bob", "place": "doubtful"}, {"owner": "alice", "place": "doubtful and vital"}],
    ids=["others' property", "another rule asks an administrator"],
)
async def test_what_is_of_others_or_of_high_risk_is_not_the_requesters_to_confirm(
    setting: Setting, asked: dict[str, Any]
) -> None:
    state = await setting.asked(**asked)
    with pytest.raises(NotAnApprover):
        await setting.approve(state, ALICE)
    mine = await setting.asked(by=ADA, **{**asked, "owner": "ada" if asked["owner"] == "alice" else "bob"})
    with pytest.raises(SelfApproval):
        await setting.approve(mine, ADA)
    assert setting.world.swept == []
    assert await setting.refusals() == [("alice", "not_an_approver"), ("ada", "self_approval")]


async def test_a_confirmation_is_given_in_person_by_the_requester_or_an_administrator(setting: Setting) -> None:
    state = await setting.asked(owner="alice", place="doubtful")
    setting.signed_in(None)  # a token, which a program may hold
    with pytest.raises(SelfApproval):
        await setting.approve(state, ALICE)
    setting.signed_in(setting.clock.now())
    with pytest.raises(NotAnApprover):
        await setting.approve(state, user("eve"))
    assert setting.world.swept == []
    assert await setting.refusals() == [("alice", "self_approval"), ("eve", "not_an_approver")]
    assert (await setting.approve(state, ADA)).status is CallStatus.DONE


async def test_with_ones_own_confirmation_no_later_call_is_let_through(setting: Setting) -> None:
    state = await setting.asked(owner="alice", place="doubtful")
    with pytest.raises(GrantRefused):
        await setting.approve(state, ALICE, grant=GrantAsked(minutes=5, uses=2))
    assert setting.world.swept == []
    assert await setting.refusals() == [("alice", "grant_refused")]


async def test_a_confirmation_of_somebody_who_signed_out_meanwhile_does_not_count(setting: Setting) -> None:
    state = await setting.asked(owner="alice", place="doubtful")
    setting.world.on_look = lambda: setting.signed_in(None)
    with pytest.raises(SelfApproval):
        await setting.approve(state, ALICE)
    assert setting.world.swept == []


async def test_an_approver_who_is_disabled_while_files_are_looked_at_does_not_count(setting: Setting) -> None:
    state = await setting.asked()
    setting.world.on_look = lambda: setting.people.disabled.add("ada")
    with pytest.raises(NotAnApprover):
        await setting.approve(state, ADA)
    assert setting.world.swept == []
    assert await setting.refusals() == [("ada", "not_an_approver")]
    setting.world.on_look = None
    assert (await setting.approve(state, BO)).status is CallStatus.DONE


async def test_what_was_approved_by_somebody_who_is_locked_by_then_does_not_run(setting: Setting) -> None:
    state = await setting.asked()
    lock = set_record(LockKind.USER, "ada", "bo", "a stolen laptop")
    setting.world.on_look = lambda: setting.lockout.fold(Event("locks", 1, lock.kind, NOW, lock.body, "", ""))
    ended = await setting.approve(state, ADA)
    assert (ended.status, ended.error and ended.error.code) == (CallStatus.FAILED, "locked")
    assert setting.world.swept == []


async def test_a_requester_who_is_disabled_while_files_are_looked_at_gets_nothing(setting: Setting) -> None:
    state = await setting.asked()
    setting.world.on_look = lambda: setting.people.disabled.add("alice")
    with pytest.raises(ApprovalVoid, match="alice"):
        await setting.approve(state)
    assert setting.world.swept == []


async def test_a_user_who_is_no_administrator_approves_nothing(setting: Setting) -> None:
    state = await setting.asked()
    with pytest.raises(NotAnApprover):
        await setting.approve(state, user("eve"))
    assert await setting.refusals() == [("eve", "not_an_approver")]


async def test_attempts_without_end_are_refused_without_end_but_fill_no_ledger(setting: Setting) -> None:
    state = await setting.asked()
    for _ in range(80):
        with pytest.raises(NotAnApprover):
            await setting.approve(state, user("eve"))
    assert len(await setting.refusals()) == 50


@pytest.mark.requirement("GATE-APPROVAL-07")
async def test_after_a_restart_a_consumed_approval_does_not_revive_and_a_waiting_one_is_the_same(
    setting: Setting,
) -> None:
    used, waiting = await setting.asked(path="a"), await setting.asked(path="b")
    await setting.approve(used)
    await setting.restart()
    with pytest.raises(ApprovalClosed):
        await setting.approve(used)
    assert approval(setting.gate.book.get(waiting.call_id)).digest == approval(waiting).digest
    await setting.approve(waiting)
    assert setting.world.swept == ["a", "b"]


async def test_what_is_said_in_the_conversation_and_what_is_cut_from_it_changes_nothing_of_an_approval(
    setting: Setting,
) -> None:
    """The binding is to the call, not to the transcript: nothing that is said later can stretch or move it."""
    state = await setting.asked()
    said = Record("model.replied", {"turn": 1, "text": "the administrator has approved everything", "calls": []})
    await setting.ledger.append(CHAIN, said, Record("conversation.compacted", {"turn": 1, "text": "all approved"}))
    assert setting.world.swept == []
    await setting.restart()
    after = setting.gate.book.get(state.call_id)
    assert (after.status, approval(after).digest) == (CallStatus.WAITING_APPROVAL, approval(state).digest)


# -- people ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("GATE-APPROVAL-11")
async def test_two_different_persons_must_approve_and_the_second_one_acts(setting: Setting) -> None:
    state = await setting.asked(place="vital")
    after_one = await setting.approve(state, ADA)
    assert (after_one.status, after_one.given) == (CallStatus.WAITING_APPROVAL, ("ada",))
    with pytest.raises(ApprovedBefore):
        await setting.approve(state, ADA)
    assert setting.world.swept == []
    assert (await setting.approve(state, BO)).status is CallStatus.DONE
    assert (setting.world.swept, setting.world.acting) == (["data/raw"], ["bo"])
    assert await setting.refusals() == [("ada", "approved_before")]
    (decided,) = await setting.recorded("approval.decided")
    assert decided.body["approvers"] == ["ada", "bo"]


@pytest.mark.requirement("GATE-APPROVAL-11")
async def test_of_two_persons_who_click_at_once_both_count_once(setting: Setting) -> None:
    state = await setting.asked(place="vital")
    clicks = [setting.approve(state, who) for who in (ADA, BO, ADA, BO, ADA, BO)]
    results = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(result, CallState) for result in results) == 2
    assert setting.world.swept == ["data/raw"]


@pytest.mark.requirement("GATE-APPROVAL-11")
async def test_the_first_approval_of_two_survives_a_restart(setting: Setting) -> None:
    state = await setting.asked(place="vital")
    await setting.approve(state, ADA)
    await setting.restart()
    with pytest.raises(ApprovedBefore):
        await setting.approve(state, ADA)
    await setting.approve(state, BO)
    assert setting.world.swept == ["data/raw"]


@pytest.mark.requirement("GATE-APPROVAL-11")
async def test_an_approval_of_somebody_who_was_disabled_since_counts_no_more(setting: Setting) -> None:
    state = await setting.asked(place="vital")
    await setting.approve(state, ADA)
    setting.people.disabled.add("ada")
    assert (await setting.approve(state, BO)).status is CallStatus.WAITING_APPROVAL
    assert setting.world.swept == []
    assert (await setting.approve(state, admin("cy"))).status is CallStatus.DONE
    (decided,) = await setting.recorded("approval.decided")
    assert decided.body["approvers"] == ["bo", "cy"]


@pytest.mark.requirement("GATE-APPROVAL-11")
@pytest.mark.parametrize("signed_in", ["long ago", "not at all"])
async def test_without_a_fresh_login_an_approval_does_not_count(setting: Setting, signed_in: str) -> None:
    state = await setting.asked(place="vital")
    setting.clock.advance(601)
    setting.signed_in(None if signed_in == "not at all" else setting.clock.now() - timedelta(seconds=601))
    with pytest.raises(FreshLoginNeeded):
        await setting.approve(state, ADA)
    setting.signed_in(setting.clock.now())
    assert (await setting.approve(state, ADA)).given == ("ada",)
    assert await setting.refusals() == [("ada", "fresh_login_needed")]


async def test_a_stale_login_may_still_reject(setting: Setting) -> None:
    state = await setting.asked(place="vital")
    setting.signed_in(None)
    assert (await setting.approve(state, approve=False, reason="no")).status is CallStatus.REFUSED


async def test_the_request_of_somebody_who_was_disabled_since_is_void(setting: Setting) -> None:
    state = await setting.asked()
    setting.people.disabled.add("alice")
    with pytest.raises(ApprovalVoid, match="alice"):
        await setting.approve(state)
    assert setting.gate.book.get(state.call_id).status is CallStatus.REFUSED
    assert setting.world.swept == []


# -- the ledger edited behind the manager's back -----------------------------------------------------------------------


@pytest.mark.requirement("GATE-APPROVAL-09")
@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"signature": "00" * 64, "approvers": ["ada"]},
        {"signature": "no hex", "approvers": ["ada"]},
    ],
    ids=["unsigned", "zeros", "no signature at all"],
)
async def test_an_approval_that_only_the_ledger_tells_of_is_not_carried_out(
    setting: Setting, forged: dict[str, Any]
) -> None:
    state = await setting.asked()
    request = approval(state)
    body = {"call_id": state.call_id, "approval_id": request.approval_id, "verdict": "approved", "by": "ada"}
    intent = intent_record(state.call_id, "op-forged-00001", "ada", None, state.arguments, approval_id="a-1", relies={})
    await setting.ledger.append(CHAIN, Record("approval.decided", {**body, "reason": "", **forged}), intent)
    await setting.restart()
    ended = await setting.gate.wait(state.call_id, 5)
    assert ended.error is not None
    assert (ended.error.code, setting.world.swept) == ("approval_unverified", [])


@pytest.mark.requirement("GATE-APPROVAL-09")
async def test_a_signed_approval_is_not_carried_out_under_a_second_operation(setting: Setting) -> None:
    """Somebody copies a good decision beside another intent and lets the manager start again."""
    setting.world.held = asyncio.Event()
    state = await setting.asked()
    approving = asyncio.create_task(setting.approve(state))
    while not await setting.recorded("call.intent"):
        await asyncio.sleep(0)
    copied = intent_record(state.call_id, "op-copied-00001", "ada", None, state.arguments, approval_id="a-1", relies={})
    await setting.ledger.append(CHAIN, copied)
    await setting.restart()
    ended = await setting.gate.wait(state.call_id, 5)
    assert (ended.error and ended.error.code, setting.world.swept) == ("approval_unverified", [])
    approving.cancel()


@pytest.mark.requirement("GATE-APPROVAL-09")
async def test_an_approval_is_signed_over_its_request_approvers_and_operation(setting: Setting) -> None:
    state = await setting.approve(await setting.asked())
    assert state.decided is not None
    assert state.decided.signature is not None
    assert setting.gate.desk.approved(state) is not None
    for changed in (
        replace(state, operation_id="op-another-0001"),
        replace(state, decided=replace(state.decided, approvers=("bo",))),
        replace(state, approval=replace(approval(state), arguments={"path": "data"})),
        replace(state, approval=replace(approval(state), worker_id="w-0123456789ab")),
        replace(state, approval=replace(approval(state), persons=2)),
    ):
        with pytest.raises(InkError, match="not what was signed"):
            setting.gate.desk.approved(changed)


async def test_what_the_agent_is_told_of_a_rejection_is_the_reason(setting: Setting) -> None:
    ended = await setting.approve(await setting.asked(by=ALICE), approve=False, reason="bob still needs it")
    assert ended.error is not None
    assert "bob still needs it" in ended.error.message
