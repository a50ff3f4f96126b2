"""Label of what a call brings back, known before it is made.

A call of the file tools can follow links anywhere below the root of its agent, never out of it
(`worker_agent.sandbox`), so its result is as confidential as the most confidential tree that the root holds. A program
can read what its container mounts; without a container, everything that its user can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.labels import Confidentiality, Label, most_confidential
from mcp_tools.context import ToolContext
from mcp_tools.path_labels import PathLabels
from mcp_tools.spec import ToolSpec, ToolValue
from mcp_tools.workspace import base_directory


def result_label(spec: ToolSpec, context: ToolContext, arguments: ToolValue) -> Label:
    """Of the result or the error of this call."""
    if spec.confidentiality_of is None:
        return spec.label
    reached = spec.confidentiality_of(context, arguments)
    return Label(most_confidential((spec.label.confidentiality, reached)), spec.label.integrity)


def of_files(context: ToolContext, asked: ToolValue) -> Confidentiality:
    """Of whatever the file tools can bring back from the session's place."""
    return context.services.path_labels.reachable(base_directory(context))


def of_home(context: ToolContext, asked: ToolValue) -> Confidentiality:
    """Of whatever lies in the home at the access point."""
    return context.services.path_labels.reachable(context.services.homes.home(context.acting_as))


def of_programs(context: ToolContext, asked: ToolValue) -> Confidentiality:
    """Of whatever a program can bring back from the session's place."""
    return of_worker(context.services.path_labels, context.services.launcher, context.worker_id)


class Mounts(Protocol):
    def mounts(self, worker_id: str) -> Sequence[str] | None:
        """Trees of the user that programs in this worker can read; None where no container confines them."""
        ...


def of_worker(labels: PathLabels, workers: Mounts, worker_id: str | None) -> Confidentiality:
    """Of whatever a program in this worker can read, or without one a program at the access point."""
    mounts = workers.mounts(worker_id) if worker_id else None
    return most_confidential(labels.reachable(mount) for mount in (mounts if mounts is not None else ["/"]))
