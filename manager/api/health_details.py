"""What of the service is not as it should be, for administrators; the public `/health` says only that it is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class ClusterView(BaseModel):
    """What the queue mirror shows of a cluster: as of `observed_at`, with the `problem` of its latest poll.

    `unrecorded` are ended jobs that the history could not take, with the reason.
    """

    cluster: str
    observed_at: datetime | None
    problem: str | None
    unrecorded: Mapping[str, str]


class KnowledgeHealth(BaseModel):
    """The global model: its `facts`, those `waiting` to be taken in, and changes not on disk yet (`unsaved`).

    Since the start: `refused` counts by reason facts that it could not keep, `coalesced` those that a later word
    overtook while they waited. `problem` says why the latest save failed.
    """

    facts: int
    waiting: int
    unsaved: int
    coalesced: int
    refused: Mapping[str, int]
    problem: str | None


class HealthDetails(BaseModel):
    status: str
    policy: PolicyHealth
    clusters: Sequence[ClusterView]
    knowledge: KnowledgeHealth


@router.get("/health/details")
async def get_health_details(principal: Administrator, platform: Parts) -> HealthDetails:
    """Which policy is in force, and what is wrong with its file."""
    policy = PolicyHealth(**vars(platform.policy.status()))
    queues = platform.core.queues
    clusters = [ClusterView(**vars(queues.status(cluster))) for cluster in queues.clusters()]
    knowledge = KnowledgeHealth(**vars(platform.knowledge.status()))
    troubled = policy.problem or knowledge.problem or any(one.problem or one.unrecorded for one in clusters)
    return HealthDetails(status="degraded" if troubled else "ok", policy=policy, clusters=clusters, knowledge=knowledge)
