"""Who may decide on what: a decision counts for exactly the request that was shown, by the right person, in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.approvals import (
    ApprovalExpired,
    ApprovalMismatch,
    ApprovalRequest,
    NotAnApprover,
    SelfApproval,
    check_decision,
)
from mcp_tools.spec import Risk

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:1")
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:2")
REQUEST = ApprovalRequest(
    approval_id="a-1",
    call_id="c-1",
    chain="session:s1",
    tool="remove_jobs",
    arguments={"job_ids": ["1.0", "2.0"]},
    requester="alice",
    worker_id=None,
    risk=Risk.HIGH,
    rule="many-jobs",
    reason="many",
    policy_version="default-1",
    preview={"targets": ["1.0", "2.0"], "owners": ["alice"]},
    requested_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)


def test_an_administrator_approves_anothers_request() -> None:
    check_decision(REQUEST, ADMIN, REQUEST.digest, True, NOW)


@pytest.mark.requirement("GATE-APPROVAL-03")
def test_nobody_approves_their_own_request() -> None:
    own = replace(REQUEST, requester="admin")
    with pytest.raises(SelfApproval):
        check_decision(own, ADMIN, own.digest, True, NOW)


def test_a_user_without_the_scope_decides_on_nothing_but_withdraws_their_own() -> None:
    with pytest.raises(NotAnApprover):
        check_decision(REQUEST, ALICE, REQUEST.digest, True, NOW)
    check_decision(REQUEST, ALICE, REQUEST.digest, False, NOW)


@pytest.mark.requirement("GATE-APPROVAL-04")
@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, arguments={"job_ids": ["1.0", "3.0"]}),
        replace(REQUEST, tool="hold_jobs"),
        replace(REQUEST, chain="session:s2"),
        replace(REQUEST, requester="bob"),
        replace(REQUEST, worker_id="w-000000000000"),
        replace(REQUEST, policy_version="default-2"),
        replace(REQUEST, preview={"targets": ["1.0", "2.0"], "owners": ["bob"]}),
        replace(REQUEST, approval_id="a-2"),
        replace(REQUEST, call_id="c-2"),
        replace(REQUEST, expires_at=NOW + timedelta(hours=2)),
    ],
)
def test_a_decision_counts_only_for_the_very_request_that_was_shown(other: ApprovalRequest) -> None:
    with pytest.raises(ApprovalMismatch):
        check_decision(other, ADMIN, REQUEST.digest, True, NOW)


def test_a_decision_after_the_expiry_does_not_count() -> None:
    with pytest.raises(ApprovalExpired):
        check_decision(REQUEST, ADMIN, REQUEST.digest, True, REQUEST.expires_at)
