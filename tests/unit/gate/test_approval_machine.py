"""The course of an approval, driven at random: never dispatched without exactly the needed approvals, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.approvals import ApprovalRequest, Verdict
from manager.gate.approvals.machine import (
    Case,
    Close,
    Decide,
    End,
    Give,
    Ignore,
    Refuse,
    Run,
    Situation,
    Tick,
    handle,
)
from manager.gate.policy import Approver
from mcp_tools.spec import Risk

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADMINS: tuple[str, ...] = ("ada", "bo", "cy")
PEOPLE: tuple[str, ...] = (*ADMINS, "alice")


MOSTLY = st.sampled_from([True] * 7 + [False])


def principal(name: str) -> Principal:
    admin = name in ADMINS
    scopes = ADMIN_SCOPES if admin else USER_SCOPES
    return Principal(username=name, is_admin=admin, scopes=scopes, credential=f"session:{name}")


def request(
    requester: str = "alice",
    persons: int = 1,
    fresh_login_s: float | None = None,
    approver: Approver = Approver.ADMINISTRATOR,
) -> ApprovalRequest:
    return ApprovalRequest(
        approval_id="a-1",
        call_id="c-1",
        chain="session:s1",
        tool="remove_jobs",
        arguments={"job_ids": ["1.0"]},
        requester=requester,
        worker_id=None,
        risk=Risk.HIGH,
        rule="others-property",
        reason="others",
        policy_version="1",
        preview={"targets": ["1.0"], "owners": ["bob"]},
        requested_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        approver=approver,
        persons=persons,
        fresh_login_s=fresh_login_s,
    )


class Course(RuleBasedStateMachine):
    """People decide, sign in, are disabled; files change; time passes. `case` is what the ledger would say."""

    @initialize()
    def begin(self) -> None:
        self.asks("alice", 2, 600.0)

    @precondition(lambda self: self.case.closed_by is not None)
    @rule(
        requester=st.sampled_from((*PEOPLE, "alice", "alice")),
        persons=st.integers(1, 2),
        fresh_login_s=st.sampled_from([None, 600.0]),
        approver=st.sampled_from(Approver),
    )
    def asks(
        self,
        requester: str,
        persons: int,
        fresh_login_s: float | None,
        approver: Approver = Approver.ADMINISTRATOR,
    ) -> None:
        """A new request, of new people: the one before is over."""
        if persons > 1 or fresh_login_s is not None:
            approver = Approver.ADMINISTRATOR  # as rules have it
        self.case = Case(request(requester, persons, fresh_login_s, approver))
        self.now = NOW
        self.active: set[str] = set(PEOPLE)
        self.signed_in: dict[str, datetime] = dict.fromkeys(PEOPLE, NOW)
        self.changed: tuple[str, ...] = ()
        self.runs: list[tuple[str, ...]] = []
        self.approved_by: set[str] = set()
        self.at_run: tuple[set[str], dict[str, datetime], tuple[str, ...], datetime] | None = None

    @rule(who=st.sampled_from(PEOPLE), approve=MOSTLY, seen=MOSTLY)
    def decides(self, who: str, approve: bool, seen: bool) -> None:
        if who not in self.active:
            return  # whoever is disabled has no credential that counts
        situation = Situation(
            now=self.now,
            requester_active=self.case.request.requester in self.active,
            approvers=frozenset(self.active & {*self.case.given, who} & set(ADMINS)),
            changed=self.changed,
        )
        digest = self.case.request.digest if seen else "0" * 64
        event = Decide(principal(who), self.signed_in[who], digest, approve, "", situation)
        instruction = handle(self.case, event)
        match instruction:
            case Give():
                self.approved_by.add(who)
                self.case = replace(self.case, given=(*self.case.given, who))
            case Run(approvers):
                self.approved_by.add(who)
                self.runs.append(approvers)
                self.at_run = (set(self.active), dict(self.signed_in), self.changed, self.now)
                self.case = replace(self.case, closed_by=who)
            case Close(_, by):
                self.case = replace(self.case, closed_by=by)
            case _:
                assert isinstance(instruction, Refuse)

    @rule(minutes=st.sampled_from([1, 9, 11, 61]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self._told(handle(self.case, Tick(self.now)))

    @rule(who=st.sampled_from(PEOPLE))
    def is_disabled(self, who: str) -> None:
        self.active.discard(who)

    @rule(who=st.sampled_from(PEOPLE))
    def signs_in_again(self, who: str) -> None:
        self.active.add(who)
        self.signed_in[who] = self.now

    @rule()
    def a_file_changes(self) -> None:
        self.changed = ("run.sh",)

    @precondition(lambda self: self.case.closed_by is None)
    @rule(sometimes=st.integers(0, 9))
    def is_taken_back(self, sometimes: int) -> None:
        if not sometimes:
            self._told(handle(self.case, End(Verdict.REJECTED, "the session", "withdrawn", "approval_withdrawn")))

    def _told(self, instruction: object) -> None:
        assert isinstance(instruction, Close | Ignore)
        if isinstance(instruction, Close):
            assert self.case.closed_by is None
            self.case = replace(self.case, closed_by=instruction.by)

    @invariant()
    def runs_at_most_once_and_never_without_exactly_the_needed_approvals(self) -> None:
        if not getattr(self, "runs", None):
            return
        assert self.at_run is not None
        (approvers,), (active, signed_in, changed, now) = self.runs, self.at_run
        asked = self.case.request
        assert len(approvers) == len(set(approvers)) == asked.persons
        confirms = {asked.requester} if asked.approver is Approver.REQUESTER else set[str]()
        assert set(approvers) <= ((set(ADMINS) - {asked.requester}) | confirms) & active & self.approved_by
        assert asked.requester in active
        assert changed == ()
        assert now < asked.expires_at
        if asked.fresh_login_s is not None:
            assert now - signed_in[approvers[-1]] <= timedelta(seconds=asked.fresh_login_s)


TestCourse = pytest.mark.requirement("GATE-APPROVAL-11")(Course.TestCase)
Course.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
