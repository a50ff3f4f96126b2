"""What a task knows: findings and decisions of its conversations and sub-agents, told to all its members' agents.

What a model wrote stays untrusted, whoever's agent reads it, until a person has reviewed it for everybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import structlog
from pydantic import JsonValue

from ink_core.errors import InkError
from knowledge_graph.contributions.contribution import (
    MAX_TITLE,
    Content,
    Contribution,
    ContributionKind,
    Standing,
    Step,
)
from knowledge_graph.contributions.desk import ContributionDesk, NewContribution
from knowledge_graph.contributions.faults import ContributionNotFound
from knowledge_graph.contributions.shelf import Viewer
from manager.sessions.access import SessionAccess
from manager.sessions.view import SessionView
from manager.tasks.task import Task

log = structlog.get_logger()

MAX_CHARACTERS = 10_000
"""Of one finding; the whole result stands in its sub-agent's session."""
_GONE = frozenset({Standing.WITHDRAWN, Standing.ERASED})


class TaskMemory:
    def __init__(self, contributions: ContributionDesk, access: SessionAccess) -> None:
        self._contributions = contributions
        self._access = access

    def of(self, task_id: str) -> Sequence[Contribution]:
        """What its members are told, the one written last first."""
        kept = [each for each in self._contributions.shelf if each.task_id == task_id]
        told = [each for each in kept if each.latest.standing not in _GONE]
        return sorted(told, key=lambda each: each.latest.at, reverse=True)

    async def forget(self, task: Task, contribution_id: str, by: str) -> None:
        """By the task's owner, or who said it: nobody is told of it any more. Raises what `faults` names."""
        if all(each.id != contribution_id for each in self.of(task.task_id)):
            raise ContributionNotFound(f"the task knows nothing of the id {contribution_id[:64]}")
        viewer = Viewer(by, owns_task=task.task_id if by == task.owner else "")
        await self._contributions.withdraw(contribution_id, viewer, f"taken out of the task's memory by {by}")

    async def remember(self, child: SessionView, result: Mapping[str, JsonValue]) -> None:
        """What a sub-agent has handed in, once. That it cannot be kept does not take its result from its parent."""
        task_id = self._access.adds_to(child.owner, child)
        if task_id is None or child.delegation is None:
            return
        finding = NewContribution(
            id=hashlib.sha256(f"found by {child.session_id}".encode()).hexdigest()[:32],
            kind=ContributionKind.FINDING,
            content=Content(f"{child.delegation.profile}: {child.title}"[:MAX_TITLE], _text(result)),
            confidentiality=child.confidentiality,
            share=False,
            step=Step(child.session_id, child.turn),
            task_id=task_id,
        )
        try:
            await self._contributions.contribute(finding, author=child.owner, by_hand=False)
        except InkError as error:
            log.warning("finding_not_kept", session=child.session_id, code=error.code, reason=str(error))


def _text(result: Mapping[str, JsonValue]) -> str:
    """As JSON: what it says is what was handed in."""
    text = json.dumps(dict(result), ensure_ascii=False, indent=1)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"
