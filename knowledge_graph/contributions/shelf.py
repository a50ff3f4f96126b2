"""All contributions, as a fold over what was recorded of them, and what may be done with each. Pure: no I/O, no clock.

Limits: `MAX_WAITING` of one author wait at once; together they have `MAX_CHARACTERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from knowledge_graph.contributions import records
from knowledge_graph.contributions.contribution import Contribution, ReviewVerdict, Standing, Version
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


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a reviewer sees what waits for a review, too."""

    username: str
    reviews: bool = False


class Shelf:
    def __init__(self) -> None:
        self._kept: dict[str, Contribution] = {}
        self._characters = 0

    def __iter__(self) -> Iterator[Contribution]:
        return iter(tuple(self._kept.values()))

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, contribution_id: str) -> Contribution | None:
        return self._kept.get(contribution_id)

    def get(self, contribution_id: str, viewer: Viewer) -> Contribution:
        """Raises `ContributionNotFound`, also for one that this viewer may not see."""
        found = self._kept.get(contribution_id)
        if found is None or not may_see(found, viewer):
            raise ContributionNotFound(f"there is no contribution {contribution_id[:64]} that you may see")
        return found

    def seen_by(self, viewer: Viewer) -> Sequence[Contribution]:
        """The one written last first."""
        seen = [each for each in self._kept.values() if may_see(each, viewer)]
        return sorted(seen, key=lambda each: each.latest.at, reverse=True)

    # what may be done; raises where it may not

    def check_room(self, author: str, characters: int) -> None:
        waiting = sum(each.latest.author == author and each.latest.waits for each in self._kept.values())
        if waiting >= MAX_WAITING:
            raise TooManyWaiting(f"{waiting} contributions of yours wait for a review; withdraw some, or wait")
        if self._characters + characters > MAX_CHARACTERS:
            raise KnowledgeFull("the contributions have no room for more; withdraw what is out of date")

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
        """Its owner may, and whoever reviews: what is out of date has to go, whoever wrote it."""
        found = self.get(contribution_id, viewer)
        if viewer.username != found.owner and not viewer.reviews:
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
        self._characters += _characters(changed) - _characters(self._kept.get(changed.id))
        self._kept[changed.id] = changed

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
    """What was accepted is for everybody; what waits for a review is for its circle and the reviewers."""
    if viewer.username in contribution.circle or contribution.in_force is not None:
        return True
    return viewer.reviews and contribution.latest.standing is not Standing.PRIVATE


def _characters(contribution: Contribution | None) -> int:
    return sum(len(each.content.text) for each in contribution.versions) if contribution else 0
