"""The desk where contributions are handed in, reviewed and withdrawn. This one keeps them in memory.

One that keeps them for good overrides `_record` and `_catch_up`; where `_record` raises, nothing has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from ink_core.clock import Clock
from ink_core.errors import Throttled
from ink_core.labels import Confidentiality
from knowledge_graph.changes import Observation
from knowledge_graph.contributions import records
from knowledge_graph.contributions.checking import check
from knowledge_graph.contributions.contribution import (
    OF_SESSIONS,
    Content,
    Contribution,
    ContributionKind,
    ReviewVerdict,
    Standing,
    Step,
    Version,
)
from knowledge_graph.contributions.faults import BadContribution
from knowledge_graph.contributions.shelf import Shelf, Viewer
from knowledge_graph.contributions.telling import node_of, observations
from knowledge_graph.facts import NodeId

Observe = Callable[[Observation], Awaitable[object]]
"""Tells the model; raises `Throttled` where it is too busy."""
Confirmed = Callable[[NodeId], datetime | None]
"""When use last proved a memory right."""


def never(node: NodeId) -> datetime | None:
    """Where nobody keeps account of what came of memories."""


async def observed_by_nobody(observation: Observation) -> None:
    """Where there is no model."""


@dataclass(frozen=True)
class NewContribution:
    """`share`: everybody should be told, once it is reviewed; else it stays with its circle."""

    id: str
    kind: ContributionKind
    content: Content
    confidentiality: Confidentiality = Confidentiality.SCRATCH
    share: bool = True
    members: frozenset[str] = frozenset()
    step: Step | None = None
    promotes: str = ""
    pulled_from: str = ""
    task_id: str = ""


class ContributionDesk:
    """Everything raises what `faults` names. A contribution with an id that is known is not made a second time."""

    def __init__(self, clock: Clock, observe: Observe = observed_by_nobody, confirmed: Confirmed = never) -> None:
        self.shelf = Shelf()
        self._clock = clock
        self._observe = observe
        self._confirmed = confirmed
        self._untold = set[str]()
        self._lock = asyncio.Lock()

    async def contribute(self, new: NewContribution, *, author: str, by_hand: bool) -> Contribution:
        """Waits for a review from then on, if it is to be shared."""
        check(new.kind, new.content)
        async with self._lock:
            await self._catch_up()
            if known := self.shelf.find(new.id):
                return known
            self.shelf.check_room(author, new.content)
            standing = Standing.PENDING if new.share else Standing.PRIVATE
            first = Version(1, author, by_hand, self._clock.now(), new.content, standing)
            return await self._changed(records.CONTRIBUTED, records.contributed(_contribution(new, author, first)))

    async def amend(self, contribution_id: str, content: Content, viewer: Viewer, *, by_hand: bool) -> Contribution:
        """A new version, which waits for a review; the one in force stays in force until it is accepted."""
        async with self._lock:
            await self._catch_up()
            known = self.shelf.get(contribution_id, viewer)
            if known.latest.content == content:
                return known
            check(known.kind, content)
            self.shelf.check_room(viewer.username, content)
            private = known.latest.standing is Standing.PRIVATE
            standing = Standing.PRIVATE if private else Standing.PENDING
            number = known.latest.number + 1
            version = Version(number, viewer.username, by_hand, self._clock.now(), content, standing)
            return await self._changed(records.AMENDED, records.amended(contribution_id, version))

    async def review(
        self, contribution_id: str, version: int, verdict: ReviewVerdict, *, reviewer: str, reason: str
    ) -> Contribution:
        """`version` is the one that the reviewer has read: a later one was not reviewed."""
        if verdict is ReviewVerdict.REJECTED and not reason.strip():
            raise BadContribution("say why, so that its author can do better")
        async with self._lock:
            await self._catch_up()
            known = self.shelf.check_review(contribution_id, version, verdict, reviewer)
            if not known.latest.waits:
                return known
            body = records.reviewed(contribution_id, version, verdict, by=reviewer, reason=reason)
            return await self._changed(records.REVIEWED, body)

    async def withdraw(self, contribution_id: str, viewer: Viewer, reason: str) -> Contribution:
        """Nobody is told of it any more; what was said stays on record."""
        async with self._lock:
            await self._catch_up()
            known = self.shelf.check_withdrawal(contribution_id, viewer)
            if known.latest.standing is Standing.WITHDRAWN:
                return known
            return await self._changed(
                records.WITHDRAWN, records.withdrawn(contribution_id, by=viewer.username, reason=reason)
            )

    async def _changed(self, kind: str, body: Mapping[str, JsonValue]) -> Contribution:
        changed = await self._record(kind, body)
        await self._tell(changed)
        return changed

    async def _catch_up(self) -> None:
        """Before something is decided: fold what was recorded and is not known here yet."""

    async def _record(self, kind: str, body: Mapping[str, JsonValue]) -> Contribution:
        changed = self.shelf.fold(kind, body, self._clock.now())
        assert changed is not None
        return changed

    async def tell_again(self) -> None:
        """What the model could not take when it was said, and what counts less or more by now."""
        async with self._lock:
            for contribution in self.shelf:
                if contribution.id in self._untold or contribution.kind in OF_SESSIONS:
                    await self._tell(contribution)

    async def _tell(self, contribution: Contribution) -> None:
        """What was recorded is not lost by a model that is busy: it is told later."""
        confirmed = self._confirmed(node_of(contribution))
        try:
            for observation in observations(contribution, confirmed, self._clock.now()):
                await self._observe(observation)
            self._untold.discard(contribution.id)
        except Throttled:
            self._untold.add(contribution.id)


def _contribution(new: NewContribution, author: str, first: Version) -> Contribution:
    made = Contribution(new.id, new.kind, author, new.confidentiality, (first,))
    made = replace(made, members=new.members, step=new.step, promotes=new.promotes)
    return replace(made, pulled_from=new.pulled_from, task_id=new.task_id)
