"""The collector as a process: what a kill, a restart, an outage of the manager and a wrong setting do to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from joblens.records import MarkKind
from tests.acceptance.waiting import until
from tests.contract.job_trees import RealTrees
from tests.integration.joblens.running_collector import ROOT, RunningCollector, TakingManager, running_collector

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
PATIENCE_S = 60
JOB = "4711"


@pytest.fixture
def manager() -> Iterator[TakingManager]:
    manager = TakingManager()
    yield manager
    manager.close()


@pytest.fixture
def collector(tmp_path: Path, manager: TakingManager, trees: RealTrees) -> Iterator[RunningCollector]:
    with running_collector(tmp_path, manager.url, level="proc", starters=(trees.starter,)) as collector:
        yield collector


def begin(trees: RealTrees) -> int:
    return trees.begin({"SLURM_JOB_NAME": "fit"}, title=f"slurmstepd: [{JOB}.0]")


def wait(what: str, check: object) -> None:
    assert callable(check)
    until(what, check, timeout_s=PATIENCE_S)


def test_a_job_is_told_from_its_beginning_to_its_end(
    collector: RunningCollector, manager: TakingManager, trees: RealTrees
) -> None:
    root = begin(trees)
    wait("the job is told", lambda: manager.samples(JOB))
    trees.write(root, 70_000)
    wait("its writes are told", lambda: manager.samples(JOB)[-1].wchar >= 70_000)
    trees.end(root)
    wait("its end is told", lambda: manager.samples(JOB)[-1].final)
    (info,) = [info for batch in manager.batches for info in batch.jobs]
    assert (info.key, info.host, info.name, info.root_pid) == (("slurm", JOB), "node1", "fit", root)
    assert [mark.kind for mark in manager.marks(JOB)] == [MarkKind.START, MarkKind.END]
    assert manager.tokens == {"Bearer node-token"}


def test_after_a_kill_running_jobs_go_on_the_gap_is_marked_and_nothing_counts_twice(
    collector: RunningCollector, manager: TakingManager, trees: RealTrees
) -> None:
    root = begin(trees)
    trees.write(root, 70_000)
    wait("its writes are told", lambda: manager.samples(JOB) and manager.samples(JOB)[-1].wchar >= 70_000)
    wait("it is written down for the next run", lambda: collector.remembers(JOB))
    collector.kill()
    before = manager.samples(JOB)[-1]
    trees.write(root, 50_000)
    collector.restart()
    wait("the writes in the gap are told", lambda: manager.samples(JOB)[-1].wchar >= before.wchar + 50_000)
    assert manager.samples(JOB)[-1].wchar < before.wchar + 60_000
    trees.end(root)
    wait("its end is told", lambda: manager.samples(JOB)[-1].final)
    assert [mark.kind for mark in manager.marks(JOB)].count(MarkKind.START) == 1
    assert MarkKind.GAP in [mark.kind for mark in manager.marks(JOB)]
    sequences = [batch.sequence for batch in manager.batches]
    assert all(later == earlier + 1 for earlier, later in pairwise(sequences))


def test_a_job_that_ended_while_the_collector_was_killed_gets_its_end(
    collector: RunningCollector, manager: TakingManager, trees: RealTrees
) -> None:
    root = begin(trees)
    wait("the job is told", lambda: manager.samples(JOB))
    assert collector.stop() == 0
    trees.end(root)
    collector.restart()
    wait("its end is told", lambda: manager.samples(JOB)[-1].final)
    assert [mark.kind for mark in manager.marks(JOB)] == [MarkKind.START, MarkKind.GAP, MarkKind.END]


@pytest.mark.requirement("LENS-LIFE-04")
def test_a_thousand_jobs_of_two_seconds_all_have_a_final_record(
    tmp_path: Path, manager: TakingManager, trees: RealTrees
) -> None:
    with running_collector(tmp_path, manager.url, starters=(trees.starter,), interval_s=1.0):
        starters = [trees.run(f"slurmstepd: [{job}.0]", "/bin/sleep", "2") for job in range(1, 1001)]
        for starter in starters:
            starter.wait(PATIENCE_S)
        wait("a batch is told", lambda: manager.batches)
        if "short_jobs" in manager.batches[-1].unseen:
            pytest.skip("this host allows no eBPF, and looking at /proc may miss jobs of two seconds")
        wait("all ends are told", lambda: len(manager.final_jobs()) >= 1000)
    assert manager.final_jobs() == {str(job) for job in range(1, 1001)}


@pytest.mark.requirement("LENS-STORE-02")
def test_what_was_seen_while_the_manager_was_away_is_told_later_over_a_restart_too(
    collector: RunningCollector, manager: TakingManager, trees: RealTrees
) -> None:
    wait("the manager is asked", lambda: manager.tokens)
    manager.away = True
    root = begin(trees)
    trees.write(root, 70_000)
    spool = collector.folder / "state" / "spool"
    wait("batches wait on disk", lambda: len(list(spool.glob("*.jlb"))) > 5)
    trees.end(root)
    collector.stop()
    manager.away = False
    collector.restart()
    wait("all is told", lambda: manager.samples(JOB) and manager.samples(JOB)[-1].final)
    assert manager.samples(JOB)[-1].wchar >= 70_000
    assert MarkKind.START in [mark.kind for mark in manager.marks(JOB)]
    wait("the spool is empty", lambda: not list(spool.glob("*.jlb")))


def test_a_capture_samples_one_job_finer_with_its_processes(
    tmp_path: Path, manager: TakingManager, trees: RealTrees
) -> None:
    manager.captures = [
        {"capture_id": "c1", "cluster": "slurm", "job": JOB, "seconds_left": 600, "interval_s": 0.5,
         "details": ["processes", "connections"]},
    ]  # fmt: skip
    root = begin(trees)
    child = trees.child(root)
    settings = {"level": "proc", "starters": (trees.starter,), "interval_s": 3600}
    with running_collector(tmp_path, manager.url, **settings):
        wait("three fine samples are told", lambda: len(manager.samples(JOB)) > 3)
    processes = [sample for batch in manager.batches for sample in batch.processes]
    assert {sample.pid for sample in processes} == {root, child}
    assert [mark.kind for mark in manager.marks(JOB)].count(MarkKind.CAPTURE) == 1


def test_the_collector_stays_below_its_bound_of_memory_and_tells_what_it_costs(
    collector: RunningCollector, manager: TakingManager, trees: RealTrees
) -> None:
    begin(trees)
    wait("the job is told", lambda: manager.samples(JOB))
    assert collector.resident_bytes() < 40e6
    wait("its cost is told", lambda: collector.metric("resident_bytes"))
    assert (collector.metric("spool_dropped_total"), collector.metric("lost_events_total")) == (0, 0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("intervall_s = 1", "intervall_s is no setting"),
        ("interval_s = 0", "between 0.1 and 3600"),
        ('interval_s = "1"', "interval_s is a float"),
        ('manager_url = "http://portal.example"', "must be https"),
        ("interval_s = ", "no TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "joblens.toml").write_text(line + f'\nstate_dir = "{tmp_path}"\n')
    (tmp_path / "joblens.toml").chmod(0o600)
    argv = [sys.executable, "-m", "joblens", "collect", "--config", str(tmp_path / "joblens.toml")]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_of_settings_that_others_may_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "joblens.toml").write_text("")
    (tmp_path / "joblens.toml").chmod(0o666)
    argv = [sys.executable, "-m", "joblens", "collect", "--config", str(tmp_path / "joblens.toml")]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "written by others" in done.stderr) == (2, True)
