"""The form in which contributions are on record: kinds and bodies of events, made and read here and nowhere else.

What people said stands in `title`, `text` and `detail`, which are the ledger's names of personal content, so that it
can be erased; who said it, when, of which session and what became of it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue, TypeAdapter

from ink_core.labels import Confidentiality
from knowledge_graph.contributions.contribution import (
    Content,
    Contribution,
    ContributionKind,
    ReviewVerdict,
    Standing,
    Step,
    Version,
)

CONTRIBUTED = "knowledge.contributed"
AMENDED = "knowledge.amended"
REVIEWED = "knowledge.reviewed"
WITHDRAWN = "knowledge.withdrawn"

Body = dict[str, JsonValue]
_STEP = TypeAdapter(Step | None)


def contributed(contribution: Contribution) -> Body:
    """Of a new one, which has one version."""
    step = contribution.step
    return {
        **_version(contribution.id, contribution.latest, step),
        "kind": contribution.kind.value,
        "confidentiality": contribution.confidentiality.value,
        "members": [*sorted(contribution.members)],
        "promotes": contribution.promotes,
        "pulled_from": contribution.pulled_from,
        **({"task_id": contribution.task_id} if contribution.task_id else {}),
        "session_id": step.session_id if step else "",
        "call_id": step.call_id if step else "",
    }


def amended(contribution_id: str, version: Version) -> Body:
    return _version(contribution_id, version, None)


def reviewed(contribution_id: str, version: int, verdict: ReviewVerdict, *, by: str, reason: str) -> Body:
    named: Body = {"contribution_id": contribution_id, "version": version}
    return {**named, "verdict": verdict.value, "by": by, "reason": reason}


def withdrawn(contribution_id: str, *, by: str, reason: str) -> Body:
    return {"contribution_id": contribution_id, "by": by, "reason": reason}


def contribution_of(body: Mapping[str, Any], at: datetime, *, erased: bool) -> Contribution:
    return Contribution(
        id=str(body["contribution_id"]),
        kind=ContributionKind(body["kind"]),
        owner=str(body["by"]),
        confidentiality=Confidentiality(body["confidentiality"]),
        versions=(version_of(body, at, erased=erased),),
        members=frozenset(body["members"]),
        step=None if erased else _step_of(body["detail"]),
        promotes=str(body["promotes"]),
        pulled_from=str(body["pulled_from"]),
        task_id=str(body.get("task_id", "")),
    )


def version_of(body: Mapping[str, Any], at: datetime, *, erased: bool) -> Version:
    return Version(
        number=int(body["version"]),
        author=str(body["by"]),
        by_hand=bool(body["by_hand"]),
        at=at,
        content=Content("", "") if erased else _content_of(body),
        standing=Standing.ERASED if erased else Standing(body["standing"]),
    )


def _version(contribution_id: str, version: Version, step: Step | None) -> Body:
    content = version.content
    return {
        "contribution_id": contribution_id,
        "version": version.number,
        "by": version.author,
        "by_hand": version.by_hand,
        "standing": version.standing.value,
        "title": content.title,
        "text": content.text,
        "detail": {
            "about": list(content.about),
            "attribute": content.attribute,
            "value": content.value,
            "step": cast(JsonValue, asdict(step)) if step else None,
        },
    }


def _content_of(body: Mapping[str, Any]) -> Content:
    detail = body["detail"]
    about, attribute, value = tuple(detail["about"]), str(detail["attribute"]), detail["value"]
    return Content(str(body["title"]), str(body["text"]), about, attribute, value)


def _step_of(detail: Mapping[str, Any]) -> Step | None:
    return _STEP.validate_python(detail["step"])
