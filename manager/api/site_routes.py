"""How the site stands, over HTTP: all of it in one call, the health map of one cluster, and what was changed there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from audit.chains import session_of
from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from manager.api.audit_view import looked_at
from manager.api.platform import Parts
from manager.gate.policy.facts import Origin
from manager.incidents.changes import Asked, ClusterChange, cluster_changes
from mcp_tools.site_views import NodeMap, SiteHealth

router = Area(prefix="/api/v1/site", tags=["site"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]
MOST_JOBS = 20


@router.get("/health")
async def get_site_health(principal: Reader, platform: Parts) -> SiteHealth:
    """Clusters with nodes, load, queues and schedds, file systems, JobLens and the open incidents."""
    return await platform.watch.site.health(principal)


@router.get("/clusters/{cluster}/nodes")
async def get_node_map(
    cluster: str,
    principal: Reader,
    platform: Parts,
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=5_000)] = 1_000,
) -> NodeMap:
    """Each node with its condition, load and incidents, by name."""
    return await platform.watch.site.nodes(principal, cluster, after=cursor, most=limit)


class ClusterChangeView(BaseModel):
    """A call that changes something. `session_id` is the conversation that it was made in, `rule` what decided on it.

    `verdict` is that of people where they were asked, by `decided_by`; `outcome` is open until the call has ended.
    """

    call_id: str
    time: datetime
    session_id: str | None
    tool: str
    risk: str
    origin: Origin
    user: str
    rule: str
    targets: int
    jobs: list[str]
    verdict: str
    decided_by: str
    outcome: str
    detail: str


class ClusterChanges(BaseModel):
    """`whole`: all of that time are told. `everybody`: those on behalf of all users, and not only of one's own."""

    changes: list[ClusterChangeView]
    whole: bool
    everybody: bool


@router.get("/clusters/{cluster}/changes")
async def list_cluster_changes(
    cluster: str,
    principal: Reader,
    platform: Parts,
    days: Annotated[int, Query(ge=1, le=90)] = 7,
    by_hand: Annotated[bool, Query(description="Those of people and their programs too, not only of agents.")] = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ClusterChanges:
    """What agents did there, the latest first: on behalf of everybody for who may read the audit, else of oneself."""
    if cluster not in platform.core.queues.clusters():
        raise NotFound(f"there is no cluster {cluster[:80]!r}")
    everybody = Scope.AUDIT_READ in principal.scopes
    since = platform.core.clock.now() - timedelta(days=days)
    asked = Asked(cluster, since, None if everybody else principal.username, by_hand, limit)
    found, whole = await cluster_changes(platform.ledger, asked)
    if everybody:
        await looked_at(platform, principal, "changes of a cluster", cluster=cluster, shown=len(found))
    return ClusterChanges(changes=[_shown(one) for one in found], whole=whole, everybody=everybody)


def _shown(one: ClusterChange) -> ClusterChangeView:
    attempt = one.attempt
    return ClusterChangeView(
        call_id=attempt.call_id,
        time=attempt.time,
        session_id=session_of(attempt.chain),
        tool=attempt.tool,
        risk=one.risk,
        origin=one.origin,
        user=attempt.user,
        rule=one.rule,
        targets=one.targets,
        jobs=sorted(attempt.jobs)[:MOST_JOBS],
        verdict=attempt.verdict,
        decided_by=attempt.decided_by,
        outcome=attempt.outcome,
        detail=attempt.detail,
    )
