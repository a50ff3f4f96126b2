"""A contribution as it stands: what somebody said, in all its versions, and what a reviewer made of each. Values only.

A version that was accepted counts until another one is: an amendment changes nothing while it waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ink_core.labels import Confidentiality
from knowledge_graph.facts import NodeId, NodeKind, Scalar, kind_of

MAX_TITLE = 200
MAX_TEXT_BYTES = 1024 * 1024
MAX_ABOUT = 50
_PRIVATE = frozenset({NodeKind.JOB, NodeKind.USER})


class ContributionKind(StrEnum):
    FACT = "fact"
    DOCUMENT = "document"
    RUNBOOK = "runbook"
    SKILL = "skill"
    CORRECTION = "correction"
    FINDING = "finding"
    DECISION = "decision"


OF_SESSIONS = frozenset({ContributionKind.CORRECTION, ContributionKind.FINDING, ContributionKind.DECISION})
"""What comes of a session is memory of its members, whether or not it is ever shared with everybody."""


class Standing(StrEnum):
    """`PRIVATE`: nobody asked that others be told. The erased ones have lost their content for good."""

    PRIVATE = "private"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class ReviewVerdict(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a session that a correction is about, with what a like step has in common with it.

    `call_id` is '' for a reply without a call. `argument_names` are those of the call; `entities` what its arguments
    and their surroundings name; `error` the code it ended with, or ''; `question` what the user had asked.
    """

    session_id: str
    turn: int
    call_id: str = ""
    tool: str = ""
    argument_names: Sequence[str] = ()
    entities: Sequence[NodeId] = ()
    error: str = ""
    question: str = ""

    @property
    def for_everybody(self) -> Step:
        """Without whose session it was, whose jobs it was about and what its user had asked."""
        entities = tuple(each for each in self.entities if kind_of(each) not in _PRIVATE)
        return replace(self, session_id="", call_id="", entities=entities, question="")


@dataclass(frozen=True, slots=True)
class Content:
    """What is said: `text` is Markdown; of a correction `title` says what was wrong, and `text` what is right.

    A fact about one entity may be said as a value of an attribute, so that it can be compared with what others say.
    """

    title: str
    text: str
    about: Sequence[NodeId] = ()
    attribute: str = ""
    value: Scalar = ""


@dataclass(frozen=True, slots=True)
class Version:
    """`by_hand`: a person wrote it in the page or by a program of theirs, and no model did for them."""

    number: int
    author: str
    by_hand: bool
    at: datetime
    content: Content
    standing: Standing
    reviewer: str = ""
    reason: str = ""
    reviewed_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """For somebody to review it."""
        return self.standing is Standing.PENDING


@dataclass(frozen=True, slots=True)
class Contribution:
    """`owner` is the first author; `members` are whose session it is of. `promotes`: the correction it was made of.

    `task_id`: the task that it is memory of, or ''; all members of that are told.
    """

    id: str
    kind: ContributionKind
    owner: str
    confidentiality: Confidentiality
    versions: Sequence[Version]
    members: frozenset[str] = frozenset()
    step: Step | None = None
    promotes: str = ""
    pulled_from: str = ""
    task_id: str = ""

    @property
    def latest(self) -> Version:
        return self.versions[-1]

    @property
    def in_force(self) -> Version | None:
        """The version that everybody is told."""
        accepted = (version for version in reversed(self.versions) if version.standing is Standing.ACCEPTED)
        return next(accepted, None)

    @property
    def circle(self) -> frozenset[str]:
        """Who is told of it before it is accepted, beside its task: its owner, and whose session it is of."""
        return self.members | {self.owner}

    @property
    def authors(self) -> frozenset[str]:
        return frozenset(version.author for version in self.versions)

    def seen_by(self, username: str, *, reviews: bool) -> Contribution:
        """As much of it as one may see who may see it at all.

        All is for its circle. Reviewers do not learn what the user of the session had asked; others see what was
        accepted and what they wrote themselves.
        """
        if username in self.circle:
            return self
        if reviews:
            return replace(self, step=self.step and replace(self.step, question=""))
        seen = tuple(each for each in self.versions if each.standing is Standing.ACCEPTED or each.author == username)
        return replace(self, versions=seen, step=self.step and self.step.for_everybody)

    def version(self, number: int) -> Version | None:
        return self.versions[number - 1] if 0 < number <= len(self.versions) else None
