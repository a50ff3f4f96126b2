"""Whose jobs come first: ranks from HTCondor's ads and Slurm's shares, and where an idle job's user stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest

from ink_core.compute.options import HtcondorOptions
from ink_core.compute.priorities import Measure
from ink_core.compute.slurm.interface import Slurm
from ink_core.compute.slurm.priorities import priorities as of_slurm

pytest.importorskip("htcondor2")

from ink_core.compute.htcondor.idle import explain_idle
from ink_core.compute.htcondor.pool import Pool, classad
from ink_core.compute.htcondor.priorities import group_and_user
from ink_core.compute.htcondor.priorities import priorities as of_pool

pytestmark = pytest.mark.requirement("CORE-JOBS-24")
SUBMITTERS = [
    {"Name": "alice@pool.test", "Priority": 1000.5, "PriorityFactor": 1000.0, "WeightedAccumulatedUsage": 7200.0},
    {"Name": "CEPC.higgs.short.alice@pool.test", "Priority": 500.0, "WeightedResourcesUsed": 3.0},
    {"Name": "bob@pool.test", "Priority": 500.0},
    {"Name": "nobody@pool.test"},
]


class WrittenPool:
    options = HtcondorOptions(name="pool")

    def __init__(self, submitters: Sequence[dict[str, Any]] = tuple(SUBMITTERS)) -> None:
        self.submitters = submitters

    def accounting(self, constraint: str, projection: Sequence[str]) -> Sequence[dict[str, Any]]:
        return self.submitters

    def machines(self, constraint: str, projection: Sequence[str]) -> Sequence[Any]:
        return ()

    def query(self, constraint: str, projection: Sequence[str]) -> Sequence[dict[str, Any]]:
        return ()


def test_submitters_of_a_pool_come_by_their_effective_priority_and_those_alike_have_one_rank() -> None:
    told = of_pool(cast(Pool, WrittenPool()))
    assert told.measure is Measure.EFFECTIVE_PRIORITY
    assert [(row.rank, row.user, row.group) for row in told.users] == [
        (1, "alice", "CEPC.higgs.short"),
        (1, "bob", None),
        (3, "alice", None),
    ]
    assert (told.users[2].factor, told.users[2].cpu_hours, told.users[0].cpus_used) == (1000.0, 2.0, 3.0)


def test_a_user_with_a_dot_in_the_name_is_told_from_a_group_by_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = {"ada.muster", "muster", "alice"}
    monkeypatch.setattr("ink_core.compute.htcondor.priorities._is_account", accounts.__contains__)
    names = ("ada.muster", "CEPC.higgs.ada.muster", "CEPC.higgs.muster", "CEPC.gone")
    pool = WrittenPool([{"Name": f"{name}@pool.test", "Priority": float(n)} for n, name in enumerate(names)])
    assert [(row.group, row.user) for row in of_pool(cast(Pool, pool)).users] == [
        (None, "ada.muster"),
        ("CEPC.higgs", "ada.muster"),
        ("CEPC.higgs", "muster"),
        ("CEPC", "gone"),
    ]


def test_an_account_that_was_not_there_is_looked_for_again_in_the_next_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = set[str]()
    monkeypatch.setattr("ink_core.compute.htcondor.priorities._is_account", accounts.__contains__)
    assert group_and_user("eva.neu", 1) == ("eva", "neu")
    accounts.add("eva.neu")
    assert [group_and_user("eva.neu", hour) for hour in (1, 2)] == [("eva", "neu"), (None, "eva.neu")]


def test_where_the_user_of_an_idle_job_stands_is_among_the_evidence() -> None:
    ad = classad.ClassAd('[ Owner = "alice"; AcctGroup = "CEPC.higgs.short"; Requirements = true ]')
    said = explain_idle(cast(Pool, WrittenPool()), "1.0", ad).evidence
    assert "alice is number 1 of 3 submitters, with the priority 500.0: small ones come first" in said
    stranger = classad.ClassAd('[ Owner = "carol"; Requirements = true ]')
    assert not any("submitters" in fact for fact in explain_idle(cast(Pool, WrittenPool()), "1.0", stranger).evidence)


class Shares:
    def __init__(self, *records: dict[str, Any]) -> None:
        self._records = records

    def shares(self) -> Sequence[dict[str, Any]]:
        return self._records


def share(name: str, factor: float, normalized: float, kind: str = "USER") -> dict[str, Any]:
    number = {"set": True, "infinite": False}
    weighed = {
        "fairshare": {"factor": {**number, "number": factor}},
        "shares_normalized": {**number, "number": normalized},
    }
    return {"name": name, "parent": "physics", "type": [kind], "usage": 3600, **weighed}


def test_users_of_slurm_come_by_their_fair_share_and_where_it_weighs_nobody_there_are_none() -> None:
    records = share("alice", 0.25, 0.5), share("bob", 0.75, 0.5), share("physics", 0.9, 1.0, "ASSOCIATION")
    told = of_slurm("slurm", cast(Slurm, Shares(*records)))
    assert told.measure is Measure.FAIR_SHARE
    assert [(row.rank, row.user, row.group, row.share, row.cpu_hours) for row in told.users] == [
        (1, "bob", "physics", 0.5, 1.0),
        (2, "alice", "physics", 0.5, 1.0),
    ]
    basic = of_slurm("slurm", cast(Slurm, Shares(share("alice", 0.0, 1.8446744073709552e19))))
    assert (basic.measure, basic.users) == (Measure.NONE, ())
