"""What of the service is not as it should be, for administrators; the public `/health` says only that it is up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts

router = APIRouter(tags=["service"])
Administrator = Annotated[Principal, requires(Scope.ADMIN)]


class PolicyHealth(BaseModel):
    """The policy in force; `problem` says why its file as it is now is not."""

    version: str
    source: str
    rules: int
    since: datetime
    problem: str | None


class HealthDetails(BaseModel):
    status: str
    policy: PolicyHealth


@router.get("/health/details")
async def get_health_details(principal: Administrator, platform: Parts) -> HealthDetails:
    """Which policy is in force, and what is wrong with its file."""
    policy = PolicyHealth(**vars(platform.policy.status()))
    return HealthDetails(status="degraded" if policy.problem else "ok", policy=policy)
