"""Contributions, corrections and what came of them, as the routes show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from ink_core.labels import Confidentiality
from knowledge_graph.contributions.contribution import Contribution, ContributionKind, Standing, Step, Version
from knowledge_graph.contributions.telling import node_of
from knowledge_graph.facts import Scalar
from knowledge_graph.memory.recalls import Recall, RecallOutcome


class ContributionRow(BaseModel):
    """Of the latest version; `in_force` is the number of the one that everybody is told, if there is one."""

    contribution_id: str
    kind: ContributionKind
    title: str
    owner: str
    author: str
    version: int
    standing: Standing
    in_force: int | None
    written_at: datetime
    reviewer: str
    reason: str
    characters: int


class VersionView(BaseModel):
    """`by_hand`: no model wrote it for its author."""

    version: int
    author: str
    by_hand: bool
    written_at: datetime
    title: str
    text: str
    about: list[str]
    attribute: str
    value: Scalar
    standing: Standing
    reviewer: str
    reason: str
    reviewed_at: datetime | None


class StepView(BaseModel):
    """`entities` are what a like step would be about."""

    session_id: str
    turn: int
    call_id: str
    tool: str
    argument_names: list[str]
    entities: list[str]
    error: str


class ContributionDetails(ContributionRow):
    """`node` is what it is called in the global model and in context packs."""

    node: str
    confidentiality: Confidentiality
    promotes: str
    step: StepView | None
    versions: list[VersionView]


class CorrectionRow(ContributionRow):
    """`recalled`: how many contexts held it; `outcomes` counts what came of the decisions made with it.

    `promoted_to` are the runbooks that were made of it.
    """

    step: StepView
    wrong: str
    right: str
    recalled: int
    last_recalled_at: datetime | None
    outcomes: dict[RecallOutcome, int]
    promoted_to: list[str]


class FollowedCall(BaseModel):
    call_id: str
    tool: str
    outcome: RecallOutcome


class RecallRow(BaseModel):
    """`seq` is the request to the model in the session's record."""

    session_id: str
    turn: int
    seq: int
    at: datetime
    outcome: RecallOutcome
    calls: list[FollowedCall]


def row(contribution: Contribution) -> ContributionRow:
    return ContributionRow.model_validate(_of_row(contribution))


def details(contribution: Contribution) -> ContributionDetails:
    return ContributionDetails.model_validate(
        {
            **_of_row(contribution),
            "node": node_of(contribution),
            "confidentiality": contribution.confidentiality,
            "promotes": contribution.promotes,
            "step": step_view(contribution.step) if contribution.step else None,
            "versions": [_version(version) for version in contribution.versions],
        }
    )


def correction(contribution: Contribution, recalls: Sequence[Recall], promoted_to: Sequence[str]) -> CorrectionRow:
    """`recalls` in the order in which they happened."""
    content = contribution.latest.content
    return CorrectionRow.model_validate(
        {
            **_of_row(contribution),
            "step": step_view(contribution.step or Step("", 0)),
            "wrong": content.title,
            "right": content.text,
            "recalled": len(recalls),
            "last_recalled_at": recalls[-1].at if recalls else None,
            "outcomes": Counter(recall.outcome for recall in recalls),
            "promoted_to": list(promoted_to),
        }
    )


def recall_row(recall: Recall) -> RecallRow:
    place = recall.place
    return RecallRow(
        session_id=place.session_id,
        turn=place.turn,
        seq=place.seq,
        at=recall.at,
        outcome=recall.outcome,
        calls=[FollowedCall(call_id=each.call_id, tool=each.tool, outcome=each.outcome) for each in recall.followed],
    )


def step_view(step: Step) -> StepView:
    return StepView(
        session_id=step.session_id,
        turn=step.turn,
        call_id=step.call_id,
        tool=step.tool,
        argument_names=list(step.argument_names),
        entities=list(step.entities),
        error=step.error,
    )


def _of_row(contribution: Contribution) -> dict[str, object]:
    latest, in_force = contribution.latest, contribution.in_force
    return {
        "contribution_id": contribution.id,
        "kind": contribution.kind,
        "title": latest.content.title,
        "owner": contribution.owner,
        "author": latest.author,
        "version": latest.number,
        "standing": latest.standing,
        "in_force": in_force.number if in_force else None,
        "written_at": latest.at,
        "reviewer": latest.reviewer,
        "reason": latest.reason,
        "characters": len(latest.content.text),
    }


def _version(version: Version) -> VersionView:
    content = version.content
    return VersionView(
        version=version.number,
        author=version.author,
        by_hand=version.by_hand,
        written_at=version.at,
        title=content.title,
        text=content.text,
        about=list(content.about),
        attribute=content.attribute,
        value=content.value,
        standing=version.standing,
        reviewer=version.reviewer,
        reason=version.reason,
        reviewed_at=version.reviewed_at,
    )
