"""The policy over HTTP, for administrators: what is in force, whether a changed one is valid, what it would have
decided, and putting it in force, which is a call through the gate like any other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from manager.api.audit_view import Cursor, looked_at, position
from manager.api.platform import Parts
from manager.gate.policy.alike import forgotten
from manager.gate.policy.past import Difference, dry_run
from manager.gate.policy_desk import WRITTEN
from manager.gate.policy_file import PolicyInvalid, parse_policy
from manager.gate.policy_versions import PolicyVersion
from manager.gate.recent_calls import recent_calls
from mcp_tools.policy import MAX_TEXT
from mcp_tools.policy_port import AppliedPolicy

router = Area(prefix="/api/v1/admin/policy", tags=["administration"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]
AdminAndAuditor = Annotated[Principal, requires(Scope.ADMIN, Scope.AUDIT_READ)]
MOST_SHOWN = 200
MAX_DAYS = 90


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PolicyText(Asked):
    text: str = Field(max_length=MAX_TEXT)


class PolicyTrial(PolicyText):
    days: int = Field(default=7, ge=1, le=MAX_DAYS, description="Calls of so many days.")


class PolicyChange(PolicyText):
    """`replaces` is the version that one has looked at."""

    replaces: str = Field(pattern=r"^[0-9a-f]{64}$")
    reason: str = Field(min_length=1, max_length=1000)


class PolicyView(BaseModel):
    """`problem` says why its file as it is now is not in force. With `owned_by_file` it is changed there alone."""

    version: str
    source: str
    rules: int
    since: datetime
    problem: str | None
    owned_by_file: bool
    text: str


class PolicyProblem(BaseModel):
    """`path` is the way to it in the document."""

    line: int
    column: int
    path: str
    message: str


class PolicyCheck(BaseModel):
    """`version` is null where there are problems; `warnings` tell what its rules may have forgotten."""

    version: str | None
    rules: int
    problems: Sequence[PolicyProblem]
    warnings: Sequence[str]


class Treatment(BaseModel):
    effect: str
    rule: str
    approver: str
    persons: int


class TreatedOtherwise(BaseModel):
    call_id: str
    time: datetime
    user: str
    tool: str
    was: Treatment
    now: Treatment


class ChangeCount(BaseModel):
    was: str
    now: str
    calls: int


class PolicyDryRun(BaseModel):
    """`uncertain` calls have arguments that are not on record as they were; `skipped` ones were refused before the
    policy was asked. With `whole` false only the latest calls were looked at. `differences` are the latest ones.
    """

    since: datetime
    calls: int
    whole: bool
    uncertain: int
    skipped: int
    changed: int
    counts: Sequence[ChangeCount]
    differences: Sequence[TreatedOtherwise]


class PolicyVersionRow(BaseModel):
    """`written_here`: it was put in force on the page, by whom and why; else a file or the program brought it."""

    seq: int
    version: str
    source: str
    at: datetime
    rules: int
    written_here: bool
    by: str
    reason: str


class PolicyVersionDetails(PolicyVersionRow):
    text: str


class PolicyVersions(BaseModel):
    versions: Sequence[PolicyVersionRow]
    next_cursor: str | None


@router.get("")
async def get_policy(principal: Admin, platform: Parts) -> PolicyView:
    """The policy in force, as it is written."""
    policy = platform.policy
    text = await asyncio.to_thread(policy.text)
    return PolicyView(**asdict(policy.status()), owned_by_file=policy.owned_by_file, text=text)


@router.put("")
async def apply_policy(
    change: PolicyChange, principal: Admin, platform: Parts, key: IdempotencyKey = None
) -> AppliedPolicy:
    """Through the gate: by the shipped policy it waits for another administrator, who is shown what changes."""
    arguments: dict[str, Any] = change.model_dump(mode="json")
    return AppliedPolicy.model_validate(await platform.core.actions.call(principal, "apply_policy", arguments, key=key))


@router.post("/check")
async def check_policy(asked: PolicyText, principal: Admin, platform: Parts) -> PolicyCheck:
    """Whether a text is a policy, and where it is not. Nothing changes."""
    try:
        async with platform.policy.trying:
            policy = await asyncio.to_thread(parse_policy, asked.text, WRITTEN)
    except PolicyInvalid as error:
        problems = [PolicyProblem(**asdict(problem)) for problem in error.problems[:MOST_SHOWN]]
        return PolicyCheck(version=None, rules=0, problems=problems, warnings=[])
    warnings = [str(each) for each in forgotten(policy.rules)]
    return PolicyCheck(version=policy.version, rules=len(policy.rules), problems=[], warnings=warnings)


@router.post("/dry-run")
async def try_policy(asked: PolicyTrial, principal: AdminAndAuditor, platform: Parts) -> PolicyDryRun:
    """What it would have decided on the calls of the last days. Nothing changes; the look is on record."""
    since = platform.core.clock.now() - timedelta(days=asked.days)
    async with platform.policy.trying:
        policy = await asyncio.to_thread(parse_policy, asked.text, WRITTEN)
        recent = await recent_calls(platform.ledger, since)
        tried = await asyncio.to_thread(dry_run, policy, recent.past, recent.since)
    await looked_at(platform, principal, "policy dry run", "", version=policy.version, shown=len(tried.differences))
    return PolicyDryRun(
        since=since,
        calls=tried.calls,
        whole=recent.whole,
        uncertain=tried.uncertain,
        skipped=recent.past.skipped,
        changed=len(tried.differences),
        counts=_counts(tried.differences),
        differences=[_difference(one) for one in reversed(tried.differences[-MOST_SHOWN:])],
    )


@router.get("/versions")
async def list_policy_versions(
    principal: Admin,
    platform: Parts,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PolicyVersions:
    """Those that were in force, the latest first."""
    below = position(cursor)
    found = [one for one in reversed(await platform.policy.versions()) if below is None or one.seq < below]
    more = str(found[limit - 1].seq) if len(found) > limit else None
    return PolicyVersions(versions=[PolicyVersionRow(**_row(one)) for one in found[:limit]], next_cursor=more)


@router.get("/versions/{seq}")
async def get_policy_version(seq: int, principal: Admin, platform: Parts) -> PolicyVersionDetails:
    """One of them with its text, to look at or to go back to."""
    for one in await platform.policy.versions():
        if one.seq == seq:
            return PolicyVersionDetails(**_row(one), text=one.text)
    raise NotFound(f"there was no policy {seq}")


def _row(version: PolicyVersion) -> dict[str, Any]:
    values = asdict(version)
    return {name: values[name] for name in PolicyVersionRow.model_fields}


def _counts(differences: Sequence[Difference]) -> list[ChangeCount]:
    """How many go from which effect to which, most first."""
    counted = Counter((one.past.effect.value, one.now.effect.value) for one in differences)
    return [ChangeCount(was=was, now=now, calls=calls) for (was, now), calls in counted.most_common()]


def _difference(one: Difference) -> TreatedOtherwise:
    past, now = one.past, one.now
    return TreatedOtherwise(
        call_id=past.call_id,
        time=past.facts.time,
        user=past.facts.username,
        tool=past.facts.tool,
        was=Treatment(effect=past.effect, rule=past.rule, approver=past.approver, persons=past.persons),
        now=Treatment(effect=now.effect, rule=now.rule, approver=now.approver, persons=now.persons),
    )
