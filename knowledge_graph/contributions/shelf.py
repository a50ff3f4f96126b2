"""All contributions, as a fold over what was recorded of them, and what may be done with each. Pure: no I/O, no clock.

Limits: `MAX_WAITING` of one author wait at once; what one author wrote has `MAX_OF_ONE` characters at most, and all of
it together `MAX_CHARACTERS`. What was withdrawn or rejected counts, as it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ink_core.identity.principal import Principal, Scope
from knowledge_graph.contributions import records
from knowledge_graph.contributions.contribution import Content, Contribution, ReviewVerdict, Standing, Version
from knowledge_graph.contributions.faults import (
    ContributionNotFound,
    KnowledgeFull,
    NotYours,
    OwnContribution,
    ReviewedBefore,
    TooManyWaiting,
)

MAX_WAITING = 200
MAX_CHARACTERS = 64 * 1024 * 1024
MAX_OF_ONE = MAX_CHARACTERS // 8
VERSION_CHARACTERS = 500
"""What a version takes beside what was written: the least that it counts for."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a reviewer sees what waits for a review, too; who owns a task what is memory of it."""

    username: str
    reviews: bool = False
    owns_task: str = ""

    @classmethod
    def of(cls, principal: Principal) -> Viewer:
        return cls(principal.username, Scope.KNOWLEDGE_REVIEW in principal.scopes)


class Shelf:
    def __init__(self) -> None:
        self._kept: dict[str, Contribution] = {}
        self._characters = 0
        self._written_by: dict[str, int] = {}

    def __iter__(self) -> Iterator[Contribution]:
        return iter(tuple(self._kept.values()))

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, contribution_id: str) -> Contribution | None:
        return self._kept.get(contribution_id)

    def get(self, contribution_id: str, viewer: Viewer) -> Contribution:
        """The whole of it. Raises `ContributionNotFound`, also for one that this viewer may not see."""
        found = self._kept.get(contribution_id)
        if found is None or not may_see(found, viewer):
            raise ContributionNotFound(f"there is no contribution {contribution_id[:64]} that you may see")
        return found

    def shown(self, contribution_id: str, viewer: Viewer) -> Contribution:
        """As much of it as this viewer may see. Raises as `get` does."""
        return self.get(contribution_id, viewer).seen_by(viewer.username, reviews=viewer.reviews)

    def seen_by(self, viewer: Viewer) -> Sequence[Contribution]:
        """As much of each as this viewer may see; the one written last first."""
        kept = [each for each in self._kept.values() if may_see(each, viewer)]
        seen = [each.seen_by(viewer.username, reviews=viewer.reviews) for each in kept]
        return sorted(seen, key=lambda each: each.latest.at, reverse=True)

    # what may be done; raises where it may not

    def check_room(self, author: str, content: Content) -> None:
        waiting = sum(each.latest.author == author and each.latest.waits for each in self._kept.values())
        if waiting >= MAX_WAITING:
            raise TooManyWaiting(f"{waiting} contributions of yours wait for a review; withdraw some, or wait")
        characters = _size(content)
        if self._written_by.get(author, 0) + characters > MAX_OF_ONE:
            raise KnowledgeFull(f"you have written as much as one may: {MAX_OF_ONE:,} characters")
        if self._characters + characters > MAX_CHARACTERS:
            raise KnowledgeFull("the contributions have no room for more; ask an administrator")

    def check_review(self, contribution_id: str, version: int, verdict: ReviewVerdict, reviewer: str) -> Contribution:
        """The contribution as it stands; the same review a second time changes nothing."""
        found = self.get(contribution_id, Viewer(reviewer, reviews=True))
        latest = found.latest
        if (version, verdict.value, reviewer) == (latest.number, latest.standing.value, latest.reviewer):
            return found
        if version != latest.number or not latest.waits:
            raise ReviewedBefore(
                f"version {version} of {contribution_id} does not wait for a review: the latest is"
                f" {latest.number}, {latest.standing.value}"
            )
        if reviewer == latest.author:
            raise OwnContribution("you wrote this version yourself, so somebody else has to review it")
        return found

    def check_withdrawal(self, contribution_id: str, viewer: Viewer) -> Contribution:
        """Its owner may, who owns its task, and who reviews: what is out of date has to go, whoever wrote it."""
        found = self.get(contribution_id, viewer)
        if viewer.username != found.owner and not viewer.reviews and not _of_own_task(found, viewer):
            raise NotYours(f"{contribution_id} is of {found.owner}; amend it, or ask a reviewer to withdraw it")
        return found

    # the fold

    def fold(self, kind: str, body: Mapping[str, Any], at: datetime, *, erased: bool = False) -> Contribution | None:
        """The contribution after this record; None for a record that is of none."""
        match kind:
            case records.CONTRIBUTED:
                changed = records.contribution_of(body, at, erased=erased)
            case records.AMENDED:
                changed = self._with_version(records.version_of(body, at, erased=erased), body)
            case records.REVIEWED:
                changed = self._reviewed(body, at)
            case records.WITHDRAWN:
                changed = self._withdrawn(body)
            case _:
                return None
        self._keep(changed)
        return changed

    def _keep(self, changed: Contribution) -> None:
        known = self._kept.get(changed.id)
        self._count(known.versions if known else (), -1)
        self._count(changed.versions, +1)
        self._kept[changed.id] = changed

    def _count(self, versions: Sequence[Version], sign: int) -> None:
        for version in versions:
            characters = sign * _size(version.content)
            self._characters += characters
            self._written_by[version.author] = self._written_by.get(version.author, 0) + characters

    def _with_version(self, version: Version, body: Mapping[str, Any]) -> Contribution:
        known = self._kept[str(body["contribution_id"])]
        return replace(known, versions=(*known.versions, version))

    def _reviewed(self, body: Mapping[str, Any], at: datetime) -> Contribution:
        known = self._kept[str(body["contribution_id"])]
        standing = Standing.ACCEPTED if body["verdict"] == ReviewVerdict.ACCEPTED else Standing.REJECTED
        number, reviewer, reason = int(body["version"]), str(body["by"]), str(body["reason"])
        versions = [
            replace(each, standing=standing, reviewer=reviewer, reason=reason, reviewed_at=at)
            if each.number == number and each.standing is not Standing.ERASED
            else each
            for each in known.versions
        ]
        return replace(known, versions=tuple(versions))

    def _withdrawn(self, body: Mapping[str, Any]) -> Contribution:
        known, reason = self._kept[str(body["contribution_id"])], str(body["reason"])
        versions = [
            each if each.standing is Standing.ERASED else replace(each, standing=Standing.WITHDRAWN, reason=reason)
            for each in known.versions
        ]
        return replace(known, versions=tuple(versions))


def may_see(contribution: Contribution, viewer: Viewer) -> bool:
    """What was accepted is for everybody; what waits for a review is for its circle, its authors and the reviewers."""
    if viewer.username in contribution.circle | contribution.authors or contribution.in_force is not None:
        return True
    if _of_own_task(contribution, viewer):
        return True
    return viewer.reviews and contribution.latest.standing is not Standing.PRIVATE


def _of_own_task(contribution: Contribution, viewer: Viewer) -> bool:
    return bool(viewer.owns_task) and contribution.task_id == viewer.owns_task


def _size(content: Content) -> int:
    """Characters that a version takes."""
    value = len(content.value) if isinstance(content.value, str) else 0
    return VERSION_CHARACTERS + len(content.title) + len(content.text) + sum(map(len, content.about)) + value
