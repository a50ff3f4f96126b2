"""What is known of one thing of the site, and what it is connected with, as far as the one who asks may see it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from ink_core.labels import HIGHEST
from manager.api.platform import Parts
from mcp_tools.knowledge import EntityDescription, NearbyEntities, description_of, nearby

router = Area(prefix="/api/v1/knowledge/entities", tags=["knowledge"])
Reader = Annotated[Principal, requires(Scope.AGENT_USE, Scope.JOBS_READ)]
Node = Annotated[str, Query(min_length=3, max_length=512, pattern="^[a-z]+:.+$")]


class EntityNotFound(NotFound):
    """Nothing is known of it that you may see."""

    code = "entity_not_found"


@router.get("/facts")
async def describe_entity(node: Node, principal: Reader, platform: Parts) -> EntityDescription:
    """All that is known of it, with sources and times; where sources disagree, all of them."""
    found = await platform.reader.describe(principal, node, HIGHEST.confidentiality)
    if not found.facts:
        raise EntityNotFound(f"nothing is known of {node[:100]} that you may see; write KIND:NAME: node:wn042")
    return description_of(found)


@router.get("/neighbours")
async def list_neighbours(
    node: Node, principal: Reader, platform: Parts, limit: Annotated[int, Query(ge=1, le=200)] = 40
) -> NearbyEntities:
    """What it is connected with, and how; nothing for what is unknown."""
    return nearby(await platform.reader.neighbourhood(principal, node, limit, HIGHEST.confidentiality))
