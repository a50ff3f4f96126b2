"""What keeps an idle job from the machines, on ads written by hand."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("classad2")

from ink_core.compute.htcondor.matching import ClauseCount, TooLarge, analyse
from ink_core.compute.htcondor.pool import classad


def machine(name: str, *, cpus: int = 8, free: int | None = None, memory: int = 4000, start: bool = True) -> Any:
    return classad.ClassAd(
        f'[ Machine = "{name}"; Cpus = {cpus if free is None else free}; TotalSlotCpus = {cpus}; Memory = {memory}; '
        f"TotalSlotMemory = {memory}; Requirements = {str(start).lower()} && TARGET.RequestCpus <= MY.Cpus ]"
    )


def job(requirements: str = "TARGET.Memory >= RequestMemory", cpus: int = 1, memory: int = 1000) -> Any:
    return classad.ClassAd(f"[ RequestCpus = {cpus}; RequestMemory = {memory}; Requirements = {requirements} ]")


def test_free_machines_and_those_that_would_do_when_empty_are_counted() -> None:
    found = analyse(job(cpus=4), [machine("a"), machine("b", free=2), machine("c", cpus=2)])
    assert (found.machines, found.free_now, found.possible, found.unwilling) == (3, 1, 2, 1)
    assert found.too_large == ()


def test_a_request_above_the_largest_machine_is_named() -> None:
    found = analyse(job(cpus=9, memory=5000), [machine("a"), machine("b")])
    assert found.possible == 0
    assert found.too_large == (TooLarge("CPUs", 9, 8), TooLarge("MB of memory", 5000, 4000))


def test_each_clause_is_counted_by_itself() -> None:
    found = analyse(
        job('(TARGET.Machine == "b") && (TARGET.Memory > 1) && TARGET.HasGPU'), [machine("a"), machine("b")]
    )
    assert found.clauses == (
        ClauseCount('TARGET.Machine == "b"', 1),
        ClauseCount("TARGET.Memory > 1", 2),
        ClauseCount("TARGET.HasGPU", 0),
    )


def test_machines_that_refuse_are_counted() -> None:
    found = analyse(job(), [machine("a", start=False)])
    assert (found.possible, found.unwilling) == (0, 1)


def test_a_pool_without_machines_is_no_error() -> None:
    found = analyse(job(), [])
    assert (found.machines, found.possible, found.too_large) == (0, 0, ())
