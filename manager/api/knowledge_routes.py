"""What people add to what the system knows, and its review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.api.area import Area
from ink_core.api.idempotency import IdempotencyKey, RequestKey
from ink_core.api.security import requires
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from knowledge_graph.contributions.contribution import ContributionKind, ReviewVerdict, Standing
from knowledge_graph.contributions.shelf import Viewer
from manager.api.knowledge_view import ContributionDetails, ContributionRow, details, row
from manager.api.platform import Parts, Platform
from mcp_tools.contributions import ContributeKnowledge, Said

router = Area(prefix="/api/v1/knowledge/contributions", tags=["knowledge"])
Contributor = Annotated[Principal, requires(Scope.AGENT_USE)]
Reviewer = Annotated[Principal, requires(Scope.KNOWLEDGE_REVIEW)]
After = Annotated[str | None, Query(max_length=64, pattern="^[0-9a-f]{32}$")]
Limit = Annotated[int, Query(ge=1, le=200)]


class Amendment(Said):
    """A whole new version."""


class Review(BaseModel):
    """`version` is the one that was read; a rejection says why."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    verdict: ReviewVerdict
    reason: str = Field(default="", max_length=2_000)


class Withdrawal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2_000)


class ContributionPage(BaseModel):
    """`waiting`: how many wait for a review by the caller."""

    contributions: list[ContributionRow]
    next_cursor: str | None
    waiting: int


@router.get("")
async def list_contributions(
    principal: Contributor,
    platform: Parts,
    kind: ContributionKind | None = None,
    standing: Standing | None = None,
    author: Annotated[str, Query(max_length=64)] = "",
    cursor: After = None,
    limit: Limit = 50,
) -> ContributionPage:
    """What was accepted, one's own, and for reviewers what waits; the one written last first."""
    viewer = Viewer.of(principal)
    seen = platform.learning.contributions.shelf.seen_by(viewer)
    waiting = sum(each.latest.waits and each.latest.author != viewer.username for each in seen) if viewer.reviews else 0
    wanted = [
        each
        for each in seen
        if kind in (None, each.kind)
        and standing in (None, each.latest.standing)
        and author in ("", each.latest.author, each.owner)
    ]
    begin = 1 + next((place for place, each in enumerate(wanted) if each.id == cursor), -1)
    if cursor and not begin:
        raise BadInput("the list has changed; begin again without cursor")
    page = wanted[begin : begin + limit]
    more = begin + limit < len(wanted)
    return ContributionPage(
        contributions=[row(each) for each in page], next_cursor=page[-1].id if more else None, waiting=waiting
    )


@router.post("", status_code=201)
async def contribute_knowledge(
    new: ContributeKnowledge, principal: Contributor, platform: Parts, key: IdempotencyKey = None
) -> ContributionDetails:
    """Hand in a fact, a document, a runbook or a skill; with `promotes` it is made of that correction."""
    return await changed(platform, principal, "contribute_knowledge", new.model_dump(mode="json"), key)


@router.get("/{contribution_id}")
async def get_contribution(contribution_id: str, principal: Contributor, platform: Parts) -> ContributionDetails:
    """With all its versions."""
    return details(platform.learning.contributions.shelf.shown(contribution_id, Viewer.of(principal)))


@router.post("/{contribution_id}/versions", status_code=201)
async def amend_contribution(
    contribution_id: str, amendment: Amendment, principal: Contributor, platform: Parts, key: IdempotencyKey = None
) -> ContributionDetails:
    """Write a new version; the one in force stays so until the new one is accepted."""
    arguments = {"contribution_id": contribution_id, **amendment.model_dump(mode="json")}
    return await changed(platform, principal, "amend_knowledge", arguments, key)


@router.post("/{contribution_id}/review")
async def review_contribution(
    contribution_id: str, review: Review, principal: Reviewer, platform: Parts, key: IdempotencyKey = None
) -> ContributionDetails:
    """Accept a version that waits, so that everybody is told, or reject it; nobody reviews their own."""
    arguments = {"contribution_id": contribution_id, **review.model_dump(mode="json")}
    return await changed(platform, principal, "review_knowledge", arguments, key)


@router.post("/{contribution_id}/withdraw")
async def withdraw_contribution(
    contribution_id: str, withdrawal: Withdrawal, principal: Contributor, platform: Parts, key: IdempotencyKey = None
) -> ContributionDetails:
    """Nobody is told of it any more; for its owner and for reviewers."""
    arguments = {"contribution_id": contribution_id, "reason": withdrawal.reason}
    return await changed(platform, principal, "withdraw_knowledge", arguments, key)


async def changed(
    platform: Platform, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], key: RequestKey | None
) -> ContributionDetails:
    """The contribution after this tool call of the caller."""
    kept = await platform.core.actions.call(principal, tool, arguments, key=key)
    contribution_id = str(kept["contribution_id"]) if isinstance(kept, dict) else ""
    return details(platform.learning.contributions.shelf.shown(contribution_id, Viewer.of(principal)))
