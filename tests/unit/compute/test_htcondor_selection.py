"""Which jobs an expression of ids chooses, as HTCondor's own library evaluates it."""

from __future__ import annotations

import pytest

from ink_core.compute.htcondor.selection import MOST_PROCS, choosing

classad2 = pytest.importorskip("classad2")


def chosen(job_ids: list[str]) -> set[str]:
    """Of the first 200 jobs of three clusters."""
    expression = choosing(job_ids)
    assert expression is not None
    jobs = [(cluster, proc) for cluster in (1, 2, 12) for proc in range(200)]
    ads = [classad2.ClassAd({"ClusterId": cluster, "ProcId": proc}) for cluster, proc in jobs]
    holds = [classad2.ExprTree(expression).eval(ad) is True for ad in ads]
    return {f"{cluster}.{proc}" for (cluster, proc), one in zip(jobs, holds, strict=True) if one}


def test_whoever_asks_for_some_jobs_of_a_cluster_is_not_told_of_all() -> None:
    assert chosen(["2.7"]) == {"2.7"}
    assert chosen(["2.7", "12.3", "2.0", "2.7", "1.5", "1.6"]) == {"2.0", "2.7", "12.3", "1.5", "1.6"}


def test_very_many_jobs_of_a_cluster_are_chosen_with_their_siblings() -> None:
    found = chosen([f"2.{proc}" for proc in range(MOST_PROCS + 1)] + ["1.0"])
    assert found == {"1.0"} | {f"2.{proc}" for proc in range(200)}


def test_what_is_no_id_chooses_nothing() -> None:
    assert choosing(["", "2", "2.0 || true", "-1.0", "2.0\n", "1234567890.0", "\u0662.0"]) is None
