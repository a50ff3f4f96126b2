"""Reads the scene off the model. Jobs, of which there are very many, are read again only where they changed.

Not for two threads at once. It forgets at a restart which absent nodes had been taken out before they went away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from knowledge_graph.changes import Change, Renewed
from knowledge_graph.facts import NodeId, NodeKind
from knowledge_graph.incidents.node_states import NodeCondition
from knowledge_graph.incidents.scene import (
    HELD,
    Scene,
    SeenJob,
    SeenNode,
    about,
    file_system_seen,
    job_seen,
    node_seen,
    part_seen,
)
from knowledge_graph.reading import ReadableModel

PIECE = 500
_JOB = f"{NodeKind.JOB.value}:"


class SceneWatcher:
    def __init__(self, model: ReadableModel) -> None:
        self._model = model
        self._jobs: dict[NodeId, SeenJob] = {}
        self._touched: set[NodeId] = set(model.nodes(NodeKind.JOB))
        self._conditions: dict[NodeId, NodeCondition] = {}
        model.listening(self._hear)

    def catch_up(self, now: datetime) -> bool:
        """Read a piece of what has changed, in some milliseconds; whether there is more."""
        self._read_jobs(now, PIECE)
        return bool(self._touched)

    def scene(self, now: datetime) -> Scene:
        """As it is now."""
        model = self._model
        self._read_jobs(now)
        return Scene(
            at=now,
            nodes=[seen for node in model.nodes(NodeKind.NODE) if (seen := self._node(node, now)).cluster],
            schedds=[part_seen(about(model, one, now)) for one in model.nodes(NodeKind.SCHEDD)],
            clusters=[part_seen(about(model, one, now)) for one in model.nodes(NodeKind.CLUSTER)],
            file_systems=[file_system_seen(about(model, one, now), now) for one in model.nodes(NodeKind.FILE_SYSTEM)],
            jobs=tuple(self._jobs.values()),
        )

    def _hear(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if not isinstance(change, Renewed) and change.fact.subject.startswith(_JOB):
                self._touched.add(change.fact.subject)

    def _read_jobs(self, now: datetime, most: int | None = None) -> None:
        for job in [*islice(self._touched, most)]:
            self._touched.remove(job)
            seen = job_seen(about(self._model, job, now))
            if seen.state:
                self._jobs[job] = _with_hold(seen, self._jobs.get(job), now)
            else:
                self._jobs.pop(job, None)

    def _node(self, node: NodeId, now: datetime) -> SeenNode:
        taken_out = self._conditions.get(node) is NodeCondition.MAINTENANCE
        seen = node_seen(about(self._model, node, now), was_taken_out=taken_out)
        self._conditions[node] = seen.condition
        return seen


def _with_hold(seen: SeenJob, before: SeenJob | None, now: datetime) -> SeenJob:
    if seen.state != HELD or before is None:
        return seen
    return replace(seen, held_at=before.held_at if before.state == HELD else now)
