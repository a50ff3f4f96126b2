"""How the site stands, as one call: clusters, nodes, queues, schedds, file systems, JobLens, and what is wrong."""

from __future__ import annotations

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.incidents import LABEL, confidentiality_of_open
from mcp_tools.site_views import SiteHealth
from mcp_tools.spec import Risk, RunsOn, ToolSpec, ToolValue


class AskSite(ToolValue):
    """Nothing is asked: it is always the whole site."""


async def _site_health(context: ToolContext, _: AskSite) -> SiteHealth:
    return await context.services.site.health(context.principal)


TOOLS = (
    ToolSpec(
        name="site_health",
        title="Site health",
        description="All clusters at once: nodes, load, queues, schedds, file systems, JobLens and open incidents.",
        input=AskSite,
        output=SiteHealth,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=60,
        label=LABEL,
        confidentiality_of=confidentiality_of_open,
        run=_site_health,
    ),
)
