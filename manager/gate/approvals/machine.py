"""The course of one approval as a pure machine: what is done about an event, given what is known of the case.

No I/O and no clock: who is still active and what has changed is looked up just before and comes with the event.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ink_core.errors import InkError
from ink_core.identity.principal import Principal, Scope
from manager.gate.approvals.errors import (
    ApprovalClosed,
    ApprovalExpired,
    ApprovalMismatch,
    ApprovalVoid,
    ApprovedBefore,
    FreshLoginNeeded,
    NotAnApprover,
    SelfApproval,
)
from manager.gate.approvals.request import ApprovalRequest, Verdict
from manager.gate.policy import Approver

THE_GATE = "the gate"
THE_CLOCK = "the clock"
LATE = "nobody decided in time"
ONE_PERSON = (
    "an administrator who lately made the account, its sign-in or its right to approve could act as both; "
    "another administrator has to approve"
)
NOT_KEPT = "its arguments held a secret, which is not recorded, and the service restarted; ask for it again"


@dataclass(frozen=True)
class Case:
    """An approval as the ledger has it. `given` are those who approved while more are needed."""

    request: ApprovalRequest
    given: tuple[str, ...] = ()
    closed_by: str | None = None


@dataclass(frozen=True)
class Situation:
    """What is true of people and things at `now`.

    `approvers` are those who, by their accounts, may approve now: of `given`, the requester and whoever decides;
    `makers` says by whom each of them was lately made what it is.
    """

    now: datetime
    requester_active: bool = True
    approvers: frozenset[str] = frozenset()
    makers: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    changed: tuple[str, ...] = ()
    arguments_kept: bool = True


@dataclass(frozen=True)
class Decide:
    """Somebody decides. `signed_in_at` is None for a credential that is no sign-in."""

    decider: Principal
    signed_in_at: datetime | None
    digest: str
    approve: bool
    reason: str
    situation: Situation


@dataclass(frozen=True)
class End:
    """The request is taken back: by its session, or because somebody was locked."""

    verdict: Verdict
    by: str
    reason: str
    code: str


@dataclass(frozen=True)
class Tick:
    now: datetime


Event = Decide | End | Tick


@dataclass(frozen=True)
class Ignore:
    """Nothing is due."""


@dataclass(frozen=True)
class Refuse:
    """The attempt counts for nothing; it is recorded and told to whoever tried."""

    error: InkError


@dataclass(frozen=True)
class Give:
    """One more person has approved; others are still needed."""


@dataclass(frozen=True)
class Run:
    """Consume the approval and dispatch the call. `approvers` in the order they approved; the last one acts."""

    approvers: tuple[str, ...]


@dataclass(frozen=True)
class Close:
    """The call will not run. `error` is what whoever tried is told, where that is not what they wanted."""

    verdict: Verdict
    by: str
    reason: str
    code: str
    error: InkError | None = None


Instruction = Ignore | Refuse | Give | Run | Close


def handle(case: Case, event: Event) -> Instruction:
    match event:
        case Decide():
            return _decide(case, event)
        case _ if case.closed_by is not None:
            return Ignore()
        case End(verdict, by, reason, code):
            return Close(verdict, by, reason, code)
        case Tick(now):
            return _expired() if now >= case.request.expires_at else Ignore()


def _decide(case: Case, event: Decide) -> Instruction:
    if case.closed_by is not None:
        said = f"this request was already decided by {case.closed_by}; nothing was changed"
        return Refuse(ApprovalClosed(said))
    try:
        check_decision(
            case.request,
            event.decider,
            event.digest,
            event.approve,
            event.situation.now,
            signed_in_at=event.signed_in_at,
            given=case.given,
        )
    except ApprovalExpired as error:
        return _expired(error)
    except InkError as error:
        return Refuse(error)
    if not event.approve:
        return Close(Verdict.REJECTED, event.decider.username, event.reason, "approval_rejected")
    if event.decider.username not in {case.request.requester, *event.situation.approvers}:
        return Refuse(NotAnApprover("you may not approve any more; another administrator has to"))
    if other := _one_person_with(case, event):
        return Refuse(SelfApproval(f"you and {other} count as one person for some days: {ONE_PERSON}"))
    return _void(case.request, event.situation) or _approve(case, event)


def _one_person_with(case: Case, event: Decide) -> str | None:
    """Who else that takes part is, or made, or was made by the same person as the decider.

    Whoever made the account of a user who may not approve may still approve for that user, except where others'
    property is touched.
    """
    request, decider, makers = case.request, event.decider.username, event.situation.makers
    if decider == request.requester:
        return None
    persons = {name: {name, *makers.get(name, ())} for name in (decider, request.requester, *case.given)}
    others = {name: persons[name] for name in case.given if name in event.situation.approvers}
    others |= {name: {name} for name in request.authors}
    whole = request.touches_others or request.requester in event.situation.approvers
    others[request.requester] = persons[request.requester] if whole else {request.requester}
    return next((name for name, person in others.items() if person & persons[decider]), None)


def _approve(case: Case, event: Decide) -> Instruction:
    still = tuple(name for name in case.given if name in event.situation.approvers)
    approvers = (*still, event.decider.username)[-case.request.persons :]
    return Run(approvers) if len(approvers) == case.request.persons else Give()


def _void(request: ApprovalRequest, situation: Situation) -> Close | None:
    if not situation.arguments_kept:
        return Close(Verdict.REJECTED, THE_GATE, NOT_KEPT, "arguments_not_recorded")
    if not situation.requester_active:
        why = f"{request.requester} may not act any more"
    elif situation.changed:
        why = (
            f"{', '.join(situation.changed)} changed after the approval was asked for; ask again if it is still wanted"
        )
    else:
        return None
    return Close(Verdict.VOID, THE_GATE, why, ApprovalVoid.code, ApprovalVoid(f"this request is void: {why}"))


def _expired(error: InkError | None = None) -> Close:
    return Close(Verdict.EXPIRED, THE_CLOCK, LATE, ApprovalExpired.code, error)


def check_decision(
    request: ApprovalRequest,
    decider: Principal,
    digest: str,
    approve: bool,
    now: datetime,
    *,
    signed_in_at: datetime | None = None,
    given: Collection[str] = (),
) -> None:
    """Raise unless `decider` may take this decision now.

    Requesters may withdraw (reject) their own request, and confirm it where it says so, in person: a token may be in
    the hands of a program.
    """
    own = decider.username == request.requester
    confirming = approve and own and request.approver is Approver.REQUESTER
    withdrawing = not approve and own
    if Scope.APPROVE not in decider.scopes and not (confirming or withdrawing):
        raise NotAnApprover("only administrators decide on approvals; the request stays in their queue")
    if approve and own and not confirming:
        raise SelfApproval("nobody approves their own request; another administrator has to")
    if approve and decider.username in request.authors:
        raise SelfApproval("you wrote to this conversation yourself; its user or another administrator has to approve")
    if confirming and signed_in_at is None:
        raise SelfApproval("your own request is confirmed by you, signed in on the page; a token cannot")
    if digest != request.digest:
        raise ApprovalMismatch("this decision was for something else than what is asked now; look at the request again")
    if now >= request.expires_at:
        raise ApprovalExpired("this request has expired; ask for the operation again if it is still wanted")
    if approve and decider.username in given:
        raise ApprovedBefore(f"{request.persons} different persons must approve this, and you have done so already")
    if approve:
        _check_fresh(request.fresh_login_s, signed_in_at, now)


def _check_fresh(within_s: float | None, signed_in_at: datetime | None, now: datetime) -> None:
    if within_s is None:
        return
    if signed_in_at is None or now - signed_in_at > timedelta(seconds=within_s):
        minutes = max(1, round(within_s / 60))
        raise FreshLoginNeeded(f"this takes a sign-in of the last {minutes} min; sign in again, then approve")
