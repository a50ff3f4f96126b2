"""The ledger's own check, for those who may read the audit, and erasure, for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from audit.erasing import Selection
from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts, Platform
from manager.erasing import erase_everywhere

router = Area(prefix="/api/v1/audit", tags=["audit"])
Auditor = Annotated[Principal, requires(Scope.AUDIT_READ)]
Administrator = Annotated[Principal, requires(Scope.ADMIN)]


class Verified(BaseModel):
    """`outcomes` counts attempts (proposed tool calls) by how they ended.

    `sealed` events are covered by the last signed checkpoint; `erased` ones have lost their personal content, as
    recorded; `missing` names archives that are not here, so that the ledger is not `whole`; `unchecked` says what else
    could not be looked at. `sealed_until` is the time of the event that the last entry of the log names;
    `witnesses` have cosigned the last checkpoint.
    """

    ok: bool
    whole: bool
    missing: list[str]
    chains: int
    events: int
    erased: int
    checkpoints: int
    sealed: int
    sealed_until: datetime | None
    witnesses: list[str]
    unchecked: list[str]
    attempts: int
    outcomes: dict[str, int]
    problems: list[str]


@router.get("/verify")
async def verify_ledger(principal: Auditor, platform: Parts) -> Verified:
    """Recompute every chain and the log from what is stored, beside the running server; one such check at a time."""
    report = await platform.verification.result()
    return Verified(
        ok=report.ok,
        whole=report.whole,
        missing=report.missing,
        chains=report.chains,
        events=report.events,
        erased=report.erased,
        checkpoints=report.checkpoints,
        sealed=report.sealed,
        sealed_until=await _sealed_until(platform),
        witnesses=[each.witness for each in await platform.checkpointer.cosigned()],
        unchecked=report.unchecked,
        attempts=len(report.attempts),
        outcomes=report.outcomes,
        problems=report.problems,
    )


async def _sealed_until(platform: Platform) -> datetime | None:
    leaf = await platform.checkpointer.last_leaf()
    events = await platform.ledger.read(leaf.chain, after=leaf.seq - 1, limit=1) if leaf else ()
    return events[0].time if events else None


class ErasureRequest(BaseModel):
    """Exactly one of user, session_id and call_id."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(default="", max_length=64)
    session_id: str = Field(default="", max_length=64)
    call_id: str = Field(default="", max_length=200)
    reason: str = Field(min_length=1, max_length=1000)


class Erased(BaseModel):
    """`recordings`: how many recorded terminals."""

    events: int
    chains: int
    recordings: int


@router.post("/erasures")
async def erase_content(request: ErasureRequest, principal: Administrator, platform: Parts) -> Erased:
    """Erase personal content for good. That it was erased, by whom and why, is recorded; the ledger still verifies."""
    selection = Selection(request.user, request.session_id, request.call_id)
    by, reason = principal.username, request.reason
    erased = await erase_everywhere(platform.ledger, platform.recorder, selection, by=by, reason=reason)
    for chain in erased.targets:
        await platform.gate.read_again(chain)
        await platform.sessions.read_again(chain)
        await platform.learning.read_again(chain)
        await platform.tasks.desk.read_again(chain)
    return Erased(events=erased.events, chains=len(erased.targets), recordings=erased.recordings)
