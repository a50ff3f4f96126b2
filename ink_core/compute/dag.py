"""A DAG: jobs of which some begin only when others have ended well. Submitted, followed and removed as one.

Each scheduler keeps it in its own way: DAGMan on HTCondor, dependencies of jobs on Slurm. Its id is the number of the
DAGMan job there, and follows from the submitting operation elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from typing import Self

from pydantic import Field, model_validator

from ink_core.compute.model import JobSpec, Submitted, Value
from ink_core.errors import BadInput, SchedulerRefused

MAX_NODES = 500
MOST_NODES_TEXT = 32 * 1024
"""Characters in which DAGMan's job tells its nodes and what they wait for: that is for people to look at."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_RESERVED = frozenset({"parent", "child", "all_nodes"})
"""Words of DAGMan's own language."""


class DagNode(Value):
    """One node: one job, or several equal ones, that begin when all jobs of the nodes before it have ended well."""

    name: str
    parents: tuple[str, ...] = Field(default=(), max_length=MAX_NODES)
    job: JobSpec


class Dag(Value):
    """The nodes with those before first, so that whoever submits one by one always knows what a node waits for."""

    nodes: tuple[DagNode, ...] = Field(min_length=1, max_length=MAX_NODES)
    schedd: str | None = Field(default=None, max_length=255)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_unique([node.name for node in self.nodes])
        _check_names({node.name: node.parents for node in self.nodes})
        before: set[str] = set()
        for node in self.nodes:
            if not before.issuperset(node.parents):
                raise ValueError(f"node {node.name} stands before one that it waits for")
            before.add(node.name)
        return self


class SubmittedDag(Submitted):
    """`job_ids` are the jobs that exist by now: the DAGMan job on HTCondor, those of all nodes elsewhere."""

    dag: str


def dag_id_of(operation_id: str) -> str:
    """For schedulers without an id of their own for it: known before anything is submitted."""
    return f"dag-{sha256(operation_id.encode()).hexdigest()[:16]}"


@contextmanager
def naming(node: DagNode) -> Generator[None]:
    """Errors within tell which node they are about."""
    try:
        yield
    except (BadInput, SchedulerRefused) as error:
        raise type(error)(f"node {node.name}: {error}") from error


def is_name(text: str) -> bool:
    """Whether a node may be called so."""
    return _NAME.fullmatch(text) is not None and text.lower() not in _RESERVED


def check_unique(names: Sequence[str]) -> None:
    """Also in capitals: files are called after the nodes, and not all file systems tell them apart."""
    folded = Counter(name.lower() for name in names)
    if twice := [name for name in names if folded[name.lower()] > 1]:
        raise ValueError(f"there are two nodes called {twice[0][:64]}")


def in_order(parents: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The names, those before first. Raises `ValueError` for what is no DAG."""
    _check_names(parents)
    try:
        return tuple(TopologicalSorter(parents).static_order())
    except CycleError as error:
        raise ValueError(f"these nodes wait for each other: {' → '.join(error.args[1])}") from None


def _check_names(parents: Mapping[str, Sequence[str]]) -> None:
    for name in parents:
        if not is_name(name):
            raise ValueError(f"{name[:64]!r} is no name of a node: letters, digits, _ and -, a letter first")
        if unknown := [parent for parent in parents[name] if parent not in parents]:
            raise ValueError(f"node {name} waits for {unknown[0][:64]!r}, and there is no such node")
