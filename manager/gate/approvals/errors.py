"""Why a decision does not count: each its own error, told to whoever tried and recorded."""

from __future__ import annotations

from ink_core.errors import BadInput, Conflict, Forbidden, NotFound


class ApprovalMismatch(Conflict):
    """The decision does not belong to what is shown now; look at the approval again."""

    code = "approval_mismatch"


class ApprovalClosed(Conflict):
    code = "approval_closed"


class ApprovalExpired(Conflict):
    code = "approval_expired"


class ApprovalVoid(Conflict):
    """What was asked for is not what it was, or its requester may not act any more."""

    code = "approval_void"


class SelfApproval(Forbidden):
    code = "self_approval"


class NotAnApprover(Forbidden):
    code = "not_an_approver"


class ApprovedBefore(Conflict):
    """Two persons are needed, and this one is counted already."""

    code = "approved_before"


class FreshLoginNeeded(Forbidden):
    """The approver signed in too long ago for a decision of this weight."""

    code = "fresh_login_needed"


class ApprovalUnverified(Forbidden):
    """The ledger says that this was approved, and the signature does not."""

    code = "approval_unverified"


class GrantRefused(BadInput):
    """A wider approval than this request may have."""

    code = "grant_refused"


class GrantNotFound(NotFound):
    code = "grant_not_found"
