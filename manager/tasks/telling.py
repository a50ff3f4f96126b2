"""What the global model is told of a task: where its members work. Pure.

Its owner wrote that, so to the agents of other members it is untrusted text.
"""

from __future__ import annotations

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.changes import Observation
from knowledge_graph.facts import Attribute, Layer, NodeKind, Origin, node_id
from manager.tasks.task import Task


def observation(task_id: str, task: Task | None) -> Observation:
    """All that is said of the task now; nothing of one that is closed, or has no workspace."""
    source = f"tasks/{task_id}"
    if task is None or not task.workspace:
        return Observation(source, ())
    node, alone = node_id(NodeKind.TASK, task_id), set(task.members) == {task.owner}
    label = Label(Confidentiality.SCRATCH, Integrity.TRUSTED if alone else Integrity.UNTRUSTED)
    origin = Origin(source, Layer.MEMORY, task.created_at, label=label, readers=frozenset({node}))
    return Observation(source, (Attribute(node, "workspace", task.workspace, origin),))
