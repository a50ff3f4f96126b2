"""Approvals: a request bound to what would run, the pure course of its decision, grants, and the desk that does it.

`request` is what is decided on, `machine` what a decision means, `grants` what it lets through later, `statement` what
is signed of it; `desk` and `standing_grants` are the services that record and act.
"""

from manager.gate.approvals.errors import (
    ApprovalClosed,
    ApprovalExpired,
    ApprovalMismatch,
    ApprovalUnverified,
    ApprovalVoid,
    ApprovedBefore,
    FreshLoginNeeded,
    GrantNotFound,
    GrantRefused,
    NotAnApprover,
    SelfApproval,
)
from manager.gate.approvals.grants import Grant, GrantAsked, LaterCall, Limit, LimitKind
from manager.gate.approvals.machine import check_decision
from manager.gate.approvals.people import KnownPeople, People
from manager.gate.approvals.request import ApprovalRequest, Verdict

__all__ = [
    "ApprovalClosed",
    "ApprovalExpired",
    "ApprovalMismatch",
    "ApprovalRequest",
    "ApprovalUnverified",
    "ApprovalVoid",
    "ApprovedBefore",
    "FreshLoginNeeded",
    "Grant",
    "GrantAsked",
    "GrantNotFound",
    "GrantRefused",
    "KnownPeople",
    "LaterCall",
    "Limit",
    "LimitKind",
    "NotAnApprover",
    "People",
    "SelfApproval",
    "Verdict",
    "check_decision",
]
