"""Steps that people marked as wrong, the contexts that held these corrections since, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.idempotency import IdempotencyKey
from ink_core.identity.principal import Principal, Scope
from knowledge_graph.contributions.contribution import Contribution, ContributionKind
from knowledge_graph.contributions.shelf import Viewer
from knowledge_graph.contributions.telling import node_of
from knowledge_graph.facts import NodeId
from knowledge_graph.memory.recalls import Recall
from manager.api.knowledge_routes import Contributor, Limit, changed
from manager.api.knowledge_view import (
    ContributionDetails,
    CorrectionRow,
    RecallRow,
    correction,
    recall_row,
)
from manager.api.platform import Parts, Platform
from manager.sessions.views import SessionNotFound
from mcp_tools.contributions import CorrectStep, Remember

router = Area(prefix="/api/v1/knowledge", tags=["knowledge"])


class CorrectionPage(BaseModel):
    corrections: list[CorrectionRow]


class RecallPage(BaseModel):
    """Of sessions that the caller may look at; `others` counts those of other people."""

    recalls: list[RecallRow]
    others: int


@router.get("/corrections")
async def list_corrections(principal: Contributor, platform: Parts, limit: Limit = 50) -> CorrectionPage:
    """Those that the caller may see, the one written last first: how often each was recalled, and what came of it."""
    seen = platform.learning.contributions.shelf.seen_by(Viewer.of(principal))
    recalls = platform.learning.recalls_by_memory()
    promoted = _promoted(seen)
    return CorrectionPage(
        corrections=[_row(each, recalls, promoted) for each in seen if each.kind is ContributionKind.CORRECTION][:limit]
    )


@router.post("/corrections", status_code=201)
async def correct_step(
    new: CorrectStep, principal: Contributor, platform: Parts, key: IdempotencyKey = None
) -> ContributionDetails:
    """Mark a call, or the reply of a turn, as wrong, and say what is right."""
    return await changed(platform, principal, "correct_step", new.model_dump(mode="json"), key)


@router.post("/memories", status_code=201)
async def remember(
    new: Remember, principal: Contributor, platform: Parts, key: IdempotencyKey = None
) -> ContributionDetails:
    """Keep a finding or a decision of a session for the next ones."""
    return await changed(platform, principal, "remember", new.model_dump(mode="json"), key)


@router.get("/contributions/{contribution_id}/recalls")
async def list_recalls(contribution_id: str, principal: Contributor, platform: Parts, limit: Limit = 50) -> RecallPage:
    """The contexts that held this memory, the latest first, and what came of each."""
    found = platform.learning.contributions.shelf.shown(contribution_id, Viewer.of(principal))
    recalls = platform.learning.recalls_of(node_of(found))
    own = [recall for recall in recalls if await _may_look(platform, principal, recall)]
    return RecallPage(recalls=[recall_row(recall) for recall in own[:limit]], others=len(recalls) - len(own))


def _row(
    each: Contribution, recalls: Mapping[NodeId, Sequence[Recall]], promoted: Mapping[str, Sequence[str]]
) -> CorrectionRow:
    return correction(each, recalls.get(node_of(each), ()), promoted.get(each.id, ()))


def _promoted(seen: Sequence[Contribution]) -> Mapping[str, Sequence[str]]:
    made: dict[str, list[str]] = {}
    for each in seen:
        if each.promotes:
            made.setdefault(each.promotes, []).append(each.id)
    return made


async def _may_look(platform: Platform, principal: Principal, recall: Recall) -> bool:
    """Into the conversation that it was recalled in."""
    if Scope.AUDIT_READ in principal.scopes:
        return True
    try:
        await platform.sessions.get(principal, recall.place.session_id)
    except SessionNotFound:
        return False
    return True
