"""Compares an idle job with the machines: which could run it now, which when empty, and what keeps the others from it.

The first degree of `condor_q -better-analyze`: each clause is counted alone, and no clause is suggested to be dropped
on the ground of several together. Machine ads are changed by it: pass fresh ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ink_core.compute.htcondor.ads import number
from ink_core.compute.htcondor.clauses import clauses
from ink_core.compute.htcondor.pool import classad

_RESOURCES = {
    "RequestCpus": ("Cpus", "CPUs"),
    "RequestMemory": ("Memory", "MB of memory"),
    "RequestGPUs": ("GPUs", "GPUs"),
}


@dataclass(frozen=True)
class ClauseCount:
    clause: str
    machines: int


@dataclass(frozen=True)
class TooLarge:
    """A request that no machine can meet, even empty."""

    what: str
    asked: int
    largest: int


@dataclass(frozen=True)
class Analysis:
    machines: int
    free_now: int
    possible: int
    unwilling: int
    clauses: tuple[ClauseCount, ...]
    too_large: tuple[TooLarge, ...]


def analyse(job: Any, machines: Sequence[Any]) -> Analysis:
    free_now = sum(1 for machine in machines if job.symmetricMatch(machine))
    for machine in machines:
        _empty(machine)
    requirements = clauses(str(job.lookup("Requirements")))
    return Analysis(
        machines=len(machines),
        free_now=free_now,
        possible=sum(1 for machine in machines if job.symmetricMatch(machine)),
        unwilling=sum(1 for machine in machines if machine.matches(job) and not job.matches(machine)),
        clauses=tuple(ClauseCount(clause, _satisfied(job, clause, machines)) for clause in requirements),
        too_large=tuple(_too_large(job, machines)),
    )


def _empty(machine: Any) -> None:
    """As the slot would be with nothing running in it."""
    for resource in ("Cpus", "Memory", "Disk", "GPUs"):
        if (total := number(machine, f"TotalSlot{resource}")) is not None:
            machine[resource] = int(total)


def _satisfied(job: Any, clause: str, machines: Sequence[Any]) -> int:
    expression = classad.ExprTree(clause)
    return sum(1 for machine in machines if expression.eval(job, machine) is True)


def _too_large(job: Any, machines: Sequence[Any]) -> list[TooLarge]:
    found: list[TooLarge] = []
    for request, (resource, words) in _RESOURCES.items():
        asked = number(job, request)
        largest = max((number(machine, resource) or 0 for machine in machines), default=0)
        if asked is not None and machines and asked > largest:
            found.append(TooLarge(words, int(asked), int(largest)))
    return found
