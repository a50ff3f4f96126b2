"""A DAG as it is asked for: nodes in any order, with scripts from somebody's home."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from ink_core.compute.dag import MAX_NODES, check_unique, in_order
from ink_core.compute.model import JobOptions, Value

MAX_DAG_JOBS = 10_000


class NodeJob(JobOptions):
    """A script or program to run as one or several jobs; its paths begin where those of the DAG do."""

    script: str = Field(min_length=1, max_length=4096, description="Path on the access point.")
    working_directory: str | None = Field(default=None, max_length=4096)


class NewNode(Value):
    """`parents` are the nodes that must have ended well before this one begins."""

    name: str = Field(min_length=1, max_length=64, description="Letters, digits, _ and -, a letter first.")
    parents: tuple[str, ...] = Field(default=(), max_length=MAX_NODES)
    job: NodeJob


class NewNodes(Value):
    nodes: tuple[NewNode, ...] = Field(min_length=1, max_length=MAX_NODES)
    schedd: str | None = Field(default=None, max_length=255, description="Where the pool has several (HTCondor).")

    @model_validator(mode="after")
    def _is_a_dag(self) -> Self:
        check_unique([node.name for node in self.nodes])
        in_order(self.parents())
        if self.jobs > MAX_DAG_JOBS:
            raise ValueError(f"these are {self.jobs} jobs; a DAG has at most {MAX_DAG_JOBS}")
        return self

    def parents(self) -> dict[str, tuple[str, ...]]:
        return {node.name: node.parents for node in self.nodes}

    def in_order(self) -> tuple[NewNode, ...]:
        """Those before first."""
        by_name = {node.name: node for node in self.nodes}
        return tuple(by_name[name] for name in in_order(self.parents()))

    @property
    def jobs(self) -> int:
        return sum(node.job.count for node in self.nodes)
