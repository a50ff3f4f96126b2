"""Energy: counters that turn over, hosts without any, and a job's share. On a tree made here as the kernel lays it out:
neither a laptop's virtual machine nor a container has the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblens.errors import PowerRefused
from joblens.power.rapl import Rapl, busy_ns
from joblens.power.shares import EnergyShares
from joblens.records import JobKey, PowerSample

A, B = JobKey("site", "172.0"), JobKey("site", "67890")


def zone(root: Path, place: str, name: str, energy: int, limit: int = 1_000_000) -> Path:
    path = root / place
    path.mkdir(parents=True)
    (path / "name").write_text(f"{name}\n")
    (path / "max_energy_range_uj").write_text(f"{limit}\n")
    (path / "energy_uj").write_text(f"{energy}\n")
    return path


@pytest.mark.requirement("LENS-POWER-01")
def test_packages_and_their_memory_are_summed_and_cores_are_not_counted_twice(tmp_path: Path) -> None:
    places = (
        ("intel-rapl:0", "package-0"),
        ("intel-rapl:0:0", "core"),
        ("intel-rapl:0:1", "dram"),
        ("intel-rapl:1", "psys"),
    )
    zones = [zone(tmp_path, place, name, 100) for place, name in places]
    rapl = Rapl(tmp_path)
    for path in zones:
        (path / "energy_uj").write_text("400\n")
    assert rapl.spent_uj() == 600
    assert rapl.spent_uj() == 0


@pytest.mark.requirement("LENS-POWER-01")
def test_a_counter_that_turned_over_loses_nothing(tmp_path: Path) -> None:
    path = zone(tmp_path, "intel-rapl:0", "package-0", 999_900)
    rapl = Rapl(tmp_path)
    (path / "energy_uj").write_text("50\n")
    assert rapl.spent_uj() == 150


def test_a_processor_that_goes_away_adds_nothing_and_counts_on_when_it_is_back(tmp_path: Path) -> None:
    path = zone(tmp_path, "intel-rapl:0", "package-0", 100)
    rapl = Rapl(tmp_path)
    (path / "energy_uj").unlink()
    assert rapl.spent_uj() == 0
    (path / "energy_uj").write_text("170\n")
    assert rapl.spent_uj() == 70


@pytest.mark.requirement("LENS-POWER-01")
def test_a_host_without_counters_says_so(tmp_path: Path) -> None:
    with pytest.raises(PowerRefused, match="no RAPL package"):
        Rapl(tmp_path)


def test_time_that_a_host_waits_is_not_busy_time(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 50 9999 777 10 5 0 30 0\ncpu0 1 1 1\n")
    assert busy_ns(stat) == 1_650_000_000


@pytest.mark.requirement("LENS-POWER-01")
def test_energy_is_shared_by_cpu_time_since_a_job_was_first_seen() -> None:
    shares = EnergyShares(busy_ns=0)
    assert shares.book(1_000, 100, {A: 40}, 1.0) == [PowerSample(A, 1.0, 0, 0)]
    assert shares.book(1_000, 200, {A: 65, B: 500}, 2.0) == [PowerSample(A, 2.0, 250, 1_000), PowerSample(B, 2.0, 0, 0)]
    assert shares.book(2_000, 300, {A: 65, B: 550}, 3.0) == [
        PowerSample(A, 3.0, 250, 3_000),
        PowerSample(B, 3.0, 1_000, 2_000),
    ]


def test_a_host_that_did_nothing_books_nothing_on_its_jobs() -> None:
    shares = EnergyShares(busy_ns=100)
    shares.book(0, 100, {A: 10}, 1.0)
    assert shares.book(500, 100, {A: 10}, 2.0) == [PowerSample(A, 2.0, 0, 500)]
