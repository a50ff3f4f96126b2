"""The verdict on a job of a store: what it takes from there."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from joblens.records import Batch, FileSample, JobKey, Level, Traffic
from joblens.store.memory import MemoryStore
from joblens.verdicts.from_store import SometimesAsked, figures, hottest_of, judge_job
from joblens.verdicts.limits import MIB, Limits
from joblens.verdicts.verdict import Cause
from tests.unit.joblens.lens_site import BEGIN, CLUSTER, HOST, info, key_of, measured, sample


def reading(number: int) -> Batch:
    """A job that reads one file once, as others do."""
    key = JobKey(CLUSTER, f"{number}.0")
    file = FileSample(key, BEGIN + 5, "/eos/calibration.db", "/eos", "fuse", Traffic.FILE, 100 * MIB, 100, 0, 0)
    return Batch(
        HOST,
        100 + number,
        BEGIN + 61,
        1.0,
        Level.BPF,
        jobs=[info(key.job)],
        samples=[sample(key.job, 70)],
        files=[file],
    )


def test_a_file_that_ten_jobs_read_is_hot() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    store.write([reading(number) for number in range(9)])
    assert judge_job(store, key_of("0.0")).cause is not Cause.HOT_FILE
    store.write([reading(9)])
    assert judge_job(store, key_of("0.0")).cause is Cause.HOT_FILE


def test_the_sum_of_all_files_beyond_the_bound_is_no_hot_file() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    jobs = [reading(number) for number in range(20)]
    store.write([replace(job, files=[job.files[0]._replace(path="")]) for job in jobs])
    verdict = judge_job(store, key_of("0.0"))
    assert Cause.HOT_FILE not in {verdict.cause, *(finding.cause for finding in verdict.also)}


def test_who_asks_what_is_hot_while_another_does_gets_the_same_answer() -> None:
    asked = list[str]()
    both = threading.Barrier(2)

    def ask(cluster: str, since: float) -> list[tuple[str, int, int]]:
        asked.append(cluster)
        return [("/data", 9, 9)]

    hot = SometimesAsked().of(ask)

    def look(_: int) -> object:
        both.wait(60)
        return hot("site", 7200.0)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(look, range(2))) == [[("/data", 9, 9)]] * 2
    assert asked == ["site"]


def test_what_is_hot_is_asked_once_for_all_jobs_of_an_hour_and_again_after_a_while() -> None:
    store, now, asked = MemoryStore(lambda: BEGIN + 60), [0.0], list[tuple[str, float]]()
    store.write([reading(number) for number in range(10)])

    def ask(cluster: str, since: float) -> list[tuple[str, int, int]]:
        asked.append((cluster, since))
        return list(hottest_of(store)(cluster, since))

    hot = SometimesAsked(lambda: now[0], again_after_s=600).of(ask)
    causes = {judge_job(store, key_of(f"{number}.0"), hot_files=hot).cause for number in range(10)}
    assert (causes, len(asked)) == ({Cause.HOT_FILE}, 1)
    hot(CLUSTER, BEGIN + 7200)
    now[0] = 600
    hot(CLUSTER, BEGIN + 7200)
    assert [since % 3600 for _, since in asked] == [0, 0, 0]


def test_what_a_job_requested_is_what_its_scheduler_said() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    store.write([measured("172.0", seconds=100)])
    found = figures(store, key_of("172.0"), Limits())
    assert (found.request.cpus, found.request.memory_bytes) == (2, 2**30)
    assert (found.cores, found.duration_s, found.ended, found.files.count) == (1.0, 100.0, True, 1)


def test_a_job_without_files_says_that_they_were_not_seen() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    store.write([Batch(HOST, 1, BEGIN + 1, 1.0, Level.PROC, jobs=[info("1.0")], samples=[sample("1.0", 1)])])
    assert judge_job(store, key_of("1.0")).unseen == ("files",)


def test_the_memory_of_a_job_on_two_hosts_is_judged_by_what_one_of_them_may_use() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    hosts = [measured("172.0", seconds=100, host=host) for host in ("node1", "node2")]
    full = [replace(each, samples=[row._replace(rss_peak_bytes=1000 * MIB) for row in each.samples]) for each in hosts]
    store.write(full)
    found, verdict = figures(store, key_of("172.0"), Limits()), judge_job(store, key_of("172.0"))
    assert (found.hosts, found.request.cpus, found.request.memory_bytes) == (2, 4, 2**30)
    assert verdict.cause is Cause.MEMORY_SHORT
