"""The ledger's own check, for those who may read the audit."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from audit.verify import verify
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])
Auditor = Annotated[Principal, requires(Scope.AUDIT_READ)]


class Verified(BaseModel):
    """`outcomes` counts attempts (proposed tool calls) by how they ended."""

    ok: bool
    chains: int
    events: int
    attempts: int
    outcomes: dict[str, int]
    problems: list[str]


@router.get("/verify")
async def verify_ledger(principal: Auditor, platform: Parts) -> Verified:
    """Recompute every chain from what is stored, beside the running server."""
    async with platform.ledger_file() as file:
        report = await asyncio.to_thread(verify, file)
    return Verified(
        ok=report.ok,
        chains=report.chains,
        events=report.events,
        attempts=len(report.attempts),
        outcomes=report.outcomes,
        problems=report.problems,
    )
