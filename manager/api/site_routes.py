"""How the site stands, over HTTP: one call for all of it, and the health map of one cluster."""

from __future__ import annotations

from typing import Annotated

from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts
from mcp_tools.site_views import NodeMap, SiteHealth

router = Area(prefix="/api/v1/site", tags=["site"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]


@router.get("/health")
async def get_site_health(principal: Reader, platform: Parts) -> SiteHealth:
    """Clusters with nodes, load, queues and schedds, file systems, JobLens and the open incidents."""
    return await platform.watch.site.health(principal)


@router.get("/clusters/{cluster}/nodes")
async def get_node_map(cluster: str, principal: Reader, platform: Parts) -> NodeMap:
    """Each node with its condition, load and incidents."""
    return await platform.watch.site.nodes(principal, cluster)
