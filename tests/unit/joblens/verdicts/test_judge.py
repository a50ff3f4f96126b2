"""Each class of behaviour applies from its limit on, says so in words, and gives way to the one that explains it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblens.verdicts.figures import Figures, FileFigures, Request
from joblens.verdicts.judge import CLASSES, judge
from joblens.verdicts.limits import MIB, Limits
from joblens.verdicts.verdict import Cause

GIB = 1024 * MIB
HEALTHY = Figures(
    duration_s=3600.0,
    ended=True,
    samples=3600,
    request=Request(cpus=1, memory_bytes=GIB),
    cores=0.97,
    cpu_s=3492.0,
    rss_peak_bytes=900 * MIB,
    rss=(*(400.0 * MIB,) * 10, *(900.0 * MIB,) * 90),
    swap_peak_bytes=0.0,
    written=(10_000.0,) * 100,
    read_bytes=2 * GIB,
    calls=100_000,
    call_bytes=3 * GIB,
    storage_read_bytes=2 * GIB,
    storage_bytes=3 * GIB,
    net_bytes=0,
    minor_faults=1_000_000,
    voluntary_switches=50_000,
    involuntary_switches=5_000,
    processes=2,
    threads=2,
    files=FileFigures(
        count=40, bytes=3 * GIB, calls=3000, read_bytes=2 * GIB, hottest="/data/in.root", hottest_bytes=GIB
    ),
    gpu_percent=None,
)
CASES: dict[Cause, tuple[dict[str, object], dict[str, object]]] = {
    Cause.SHORT: ({"duration_s": 59.0}, {"duration_s": 61.0}),
    Cause.MEMORY_LEAK: (
        {"rss": tuple(100.0 * MIB + 8 * MIB * step for step in range(100))},
        {"rss": (*(100.0 * MIB + 16 * MIB * step for step in range(50)), *(900.0 * MIB,) * 50)},
    ),
    Cause.MEMORY_SHORT: ({"rss_peak_bytes": 1000 * MIB}, {"rss_peak_bytes": 960 * MIB}),
    Cause.RUNAWAY: ({"processes": 40}, {"processes": 31}),
    Cause.TOO_SHORT_TO_TELL: (
        {"duration_s": 20.0, "ended": False, "samples": 4},
        {"duration_s": 20.0, "ended": False, "samples": 5},
    ),
    Cause.GPU_IDLE: ({"gpu_percent": 1.0}, {"gpu_percent": 60.0}),
    Cause.FAULT_STORM: ({"minor_faults": 30_000 * 3600}, {"minor_faults": 10_000 * 3600}),
    Cause.SMALL_FILES: (
        {"files": FileFigures(count=5_000, bytes=GIB, calls=500_000, read_bytes=GIB, hottest_bytes=20_000)},
        {"files": FileFigures(count=5_000, bytes=5_000 * MIB, calls=5_000, read_bytes=5_000 * MIB, hottest_bytes=MIB)},
    ),
    Cause.SMALL_IO: (
        {"calls": 36_000_000, "call_bytes": 36_000_000 * 64},
        {"calls": 36_000_000, "call_bytes": 36_000_000 * 65_536},
    ),
    Cause.HOT_FILE: (
        {"files": FileFigures(9, 90 * GIB, 90_000, 90 * GIB, "/data/calib.db", 89 * GIB)},
        {"files": FileFigures(9, 2 * GIB, 2_000, 2 * GIB, "/data/in.root", 2 * GIB - MIB)},
    ),
    Cause.OVERSUBSCRIBED: ({"threads": 16, "cores": 3.9}, {"threads": 16, "cores": 0.97}),
    Cause.NETWORK_BOUND: (
        {"cores": 0.1, "net_bytes": 40 * 10**9, "cpu_s": 360.0},
        {"cores": 0.9, "net_bytes": 40 * 10**9, "cpu_s": 3240.0},
    ),
    Cause.IO_BOUND: (
        {"cores": 0.1, "cpu_s": 360.0, "storage_bytes": 40 * 10**9},
        {"cores": 0.9, "cpu_s": 3240.0, "storage_bytes": 40 * 10**9},
    ),
    Cause.IDLE: (
        {"cores": 0.001, "cpu_s": 4.0, "call_bytes": MIB, "storage_bytes": 0},
        {"cores": 0.3, "cpu_s": 1080.0},
    ),
    Cause.NO_OUTPUT: (
        {"written": (*(10_000.0,) * 40, *(0.0,) * 60)},
        {"written": (*(10_000.0,) * 40, *(0.0,) * 59, 10_000.0)},
    ),
    Cause.SINGLE_THREADED: (
        {"request": Request(8, GIB)},
        {"request": Request(8, GIB), "cores": 7.5, "cpu_s": 27_000.0},
    ),
    Cause.CPUS_OVER_REQUESTED: (
        {"request": Request(16, GIB), "cores": 3.0, "cpu_s": 10_800.0},
        {"request": Request(16, GIB), "cores": 9.0, "cpu_s": 32_400.0},
    ),
    Cause.CONTENDED: (
        {"cores": 0.4, "cpu_s": 1440.0, "involuntary_switches": 144_000},
        {"cores": 0.8, "cpu_s": 2880.0, "involuntary_switches": 288_000},
    ),
    Cause.WAITING: ({"cores": 0.2, "cpu_s": 720.0}, {"cores": 0.6, "cpu_s": 2160.0}),
    Cause.MEMORY_OVER_REQUESTED: ({"request": Request(1, 8 * GIB)}, {"request": Request(1, int(1.5 * GIB))}),
    Cause.HEALTHY: ({}, {"duration_s": 5.0}),
}


@pytest.mark.requirement("LENS-SUMMARY-02")
@pytest.mark.parametrize("cause", Cause)
def test_a_class_applies_to_what_it_means_and_not_to_what_stays_below_its_limit(cause: Cause) -> None:
    beyond, below = CASES[cause]
    assert judge(replace(HEALTHY, **beyond)).cause is cause
    assert judge(replace(HEALTHY, **below)).cause is not cause


def test_there_is_one_judge_for_each_class() -> None:
    assert len(CLASSES) == len(Cause)


@pytest.mark.requirement("LENS-SUMMARY-02")
def test_a_verdict_names_the_lines_of_the_submit_file_and_what_they_save() -> None:
    verdict = judge(replace(HEALTHY, request=Request(8, 8 * GIB)))
    assert verdict.sentence == "It computes on one core and holds 8: it used 0.97 of them."
    assert verdict.change.htcondor == ("request_cpus = 1",)
    assert verdict.change.slurm == ("#SBATCH --cpus-per-task=1",)
    assert verdict.saving.core_hours == pytest.approx(7.0)
    (memory,) = verdict.also
    assert (memory.cause, memory.change.htcondor) == (Cause.MEMORY_OVER_REQUESTED, ("request_memory = 1200MB",))
    assert memory.saving.memory_gb_hours == pytest.approx((8 * GIB - 900 * MIB * 1.25) / 1e9)


def test_the_farther_beyond_its_limit_and_the_longer_seen_the_surer_is_a_verdict() -> None:
    near, far = (judge(replace(HEALTHY, processes=count)).confidence for count in (32, 320))
    once = judge(replace(HEALTHY, processes=320, samples=1)).confidence
    assert near == 0.5 and far == 0.95 and once < far


def test_a_job_that_gets_no_core_is_not_idle_and_one_that_wants_none_is() -> None:
    still = replace(HEALTHY, cores=0.02, cpu_s=72.0, call_bytes=0, storage_bytes=0)
    assert judge(replace(still, involuntary_switches=50_000, voluntary_switches=100)).cause is Cause.CONTENDED
    assert judge(replace(still, involuntary_switches=5_000, voluntary_switches=100)).cause is Cause.IDLE


WROTE_FIRST = replace(HEALTHY, cores=0.1, cpu_s=360.0, storage_bytes=40 * 10**9)


@pytest.mark.requirement("LENS-SUMMARY-02")
def test_the_lines_for_a_job_on_several_hosts_ask_for_cores_of_each() -> None:
    """`request_cpus` is for one machine, `--cpus-per-task` for one task."""
    job = replace(HEALTHY, request=Request(cpus=32, memory_bytes=GIB), cores=10.0, threads=10, hosts=4)
    assert (found := judge(job)).cause is Cause.CPUS_OVER_REQUESTED
    assert found.change.htcondor == ("request_cpus = 3",)
    assert found.change.slurm == ("# with one task on each of the 4 hosts:", "#SBATCH --cpus-per-task=3")
    assert judge(replace(job, hosts=1)).change.slurm == ("#SBATCH --cpus-per-task=10",)


def test_a_job_that_stood_ready_for_a_core_did_not_wait_for_storage_however_much_it_wrote_at_its_start() -> None:
    starved = judge(replace(WROTE_FIRST, cpu_wait_s=3200.0))
    assert (starved.cause, starved.evidence["threads_waiting_for_a_core"]) == (
        Cause.CONTENDED,
        pytest.approx(3200 / 3600),
    )
    assert judge(replace(WROTE_FIRST, cpu_wait_s=300.0)).cause is Cause.IO_BOUND
    assert judge(replace(WROTE_FIRST, cores=0.0, cpu_s=0.0, cpu_wait_s=3600.0)).cause is Cause.CONTENDED


def test_where_the_kernel_tells_how_long_a_job_waited_that_decides_and_not_how_often_it_was_put_aside() -> None:
    sleeps = replace(HEALTHY, cores=0.15, cpu_s=540.0, involuntary_switches=50_000, voluntary_switches=100)
    assert judge(sleeps).cause is Cause.CONTENDED
    assert judge(replace(sleeps, cpu_wait_s=900.0)).cause is Cause.WAITING
    assert judge(replace(sleeps, cpu_wait_s=3000.0)).cause is Cause.CONTENDED


def test_a_wait_for_storage_that_the_kernel_tells_needs_no_bytes() -> None:
    seeks = judge(replace(HEALTHY, cores=0.1, cpu_s=360.0, storage_bytes=10**8, io_wait_s=3000.0))
    assert (seeks.cause, seeks.evidence["threads_waiting_for_storage"]) == (Cause.IO_BOUND, pytest.approx(3000 / 3600))
    assert judge(replace(HEALTHY, io_wait_s=3000.0)).cause is Cause.HEALTHY


def test_threads_that_find_no_core_are_no_reason_to_ask_for_fewer() -> None:
    pinned = replace(HEALTHY, request=Request(8, GIB), cores=1.0, cpu_s=3600.0, threads=10, cpu_wait_s=7 * 3600.0)
    assert causes(pinned) == [Cause.CONTENDED]
    assert causes(replace(pinned, cores=3.0, cpu_s=10_800.0)) == [Cause.CONTENDED]


def test_one_file_that_many_jobs_read_is_hot_even_when_each_reads_it_once() -> None:
    once = FileFigures(9, 2 * GIB, 2_000, 2 * GIB, "/data/calib.db", 2 * GIB - MIB, hottest_jobs=200)
    assert judge(replace(HEALTHY, files=once)).cause is Cause.HOT_FILE


@pytest.mark.parametrize("ended", [True, False])
def test_of_a_job_that_was_hardly_sampled_no_rate_is_told_and_what_is_counted_is(ended: bool) -> None:
    starved = {"cores": 0.4, "cpu_s": 1.2, "threads": 40, "involuntary_switches": 500, "voluntary_switches": 9}
    script = replace(HEALTHY, duration_s=3.0, samples=2, ended=ended, **starved)
    first = [Cause.SHORT] if ended else []
    assert {Cause.OVERSUBSCRIBED, Cause.CONTENDED} < set(causes(replace(script, samples=40)))
    assert causes(script) == [*first, Cause.TOO_SHORT_TO_TELL]
    assert causes(replace(script, processes=40)) == [*first, Cause.RUNAWAY, Cause.TOO_SHORT_TO_TELL]


def causes(job: Figures) -> list[Cause]:
    verdict = judge(job)
    return [verdict.cause, *(finding.cause for finding in verdict.also)]


def test_a_job_that_waits_to_write_is_told_where_to_write_and_not_what_to_read() -> None:
    waits = replace(HEALTHY, cores=0.1, cpu_s=360.0, storage_bytes=40 * 10**9)
    writes, reads = judge(waits), judge(replace(waits, storage_read_bytes=30 * 10**9))
    assert (writes.cause, reads.cause) == (Cause.IO_BOUND, Cause.IO_BOUND)
    assert writes.change and reads.change
    assert "transfer_output_files" in writes.change.htcondor[1] and "writes" in writes.change.slurm[0]
    assert "transfer_input_files" in reads.change.htcondor[1] and "reads" in reads.change.slurm[0]


def test_what_the_collector_could_not_see_is_named() -> None:
    assert judge(replace(HEALTHY, unseen=("net", "files"))).unseen == ("net", "files")


def test_a_shorter_clock_changes_lengths_of_time_alone() -> None:
    limits = Limits().scaled(1 / 20)
    assert judge(replace(HEALTHY, duration_s=5.0), limits).cause is not Cause.SHORT
    assert replace(limits, short_s=60.0) == Limits()


FACTORS = st.floats(min_value=0, max_value=1e15)
COUNTS = st.integers(min_value=0, max_value=2**62)


@given(FACTORS, FACTORS, COUNTS, COUNTS, COUNTS, st.lists(FACTORS, max_size=30), st.integers(0, 10_000), st.booleans())
def test_no_figures_are_without_a_verdict(
    seconds: float, cores: float, memory: int, calls: int, faults: int, series: list[float], cpus: int, ended: bool
) -> None:
    job = replace(
        HEALTHY,
        duration_s=max(seconds, 1e-3),
        ended=ended,
        cores=cores,
        cpu_s=cores,
        request=Request(cpus or None, memory or None),
        rss_peak_bytes=memory,
        rss=tuple(series),
        written=tuple(series),
        calls=calls,
        minor_faults=faults,
        samples=calls % 100,
    )
    verdict = judge(job)
    assert verdict.sentence
    assert 0 <= verdict.confidence <= 1
