"""The embedded store: compact, whole after a crash, shared by processes, and clear about what it cannot do."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from bench.tracestore.workload import batches
from joblens.errors import BatchMalformed, StoreAway, StoreDamaged
from joblens.records import Batch, JobKey, Mark, MarkKind
from joblens.store.columns import MAX_FLOAT
from joblens.store.embedded import EmbeddedStore
from joblens.store.embedded.writing import FOLD_BATCHES
from joblens.store.memory import MemoryStore
from joblens.store.trace_store import JOB_SILENT_S, JobQuery, JobState, Point
from tests.contract.traces import KEY, MB, at, batch, file, info, life, sample

ROOT = Path(__file__).parents[3]


def clock() -> float:
    return at(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "traces.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[EmbeddedStore]:
    with closing(EmbeddedStore(path, clock=clock)) as made:
        yield made


def test_a_mark_on_a_job_that_ended_long_ago_does_not_make_it_run_again(path: Path) -> None:
    with closing(EmbeddedStore(path, clock=clock)) as store:
        store.write(life(3))
    with closing(EmbeddedStore(path, clock=clock)) as store:
        store.write([batch(9, Mark(KEY, at(9), MarkKind.HOLD, "held"))])
        assert store.counts(JobQuery())[JobState.ENDED] == 1


def random_batches(chance: random.Random, host: str, count: int) -> Iterator[Batch]:
    """Jobs that begin, read files and end at any time; some batches come twice."""
    running: dict[JobKey, tuple[int, int]] = {}
    told: list[Batch] = []
    for step in range(1, count):
        rows: list[object] = []
        if chance.random() < 0.4:
            key = JobKey("htcondor", f"{host}-{step}.0")
            running[key] = (step, chance.randrange(1, 90))
            rows.append(info(key, host, started=at(step - 1)))
        for key, (began, length) in list(running.items()):
            final = step - began >= length
            rows.append(sample(key, step, final=final, cores=1 + began % 3, rss_mb=chance.randrange(1, 999)))
            rows.append(file(f"/data/{chance.randrange(5)}", step, read=step * 10, key=key))
            if final:
                del running[key]
        told.append(batch(step, *rows, host=host))
    yield from (each for batch in told for each in ([batch, batch] if chance.random() < 0.1 else [batch]))


def test_whatever_comes_it_says_what_the_double_says(store: EmbeddedStore) -> None:
    chance, double = random.Random(4), MemoryStore(clock)
    for host in ("node1", "node2"):
        for told in random_batches(chance, host, 150):
            store.write([told])
            double.write([told])
    ours, theirs = (each.jobs(JobQuery(), limit=1000).rows for each in (store, double))
    assert len(ours) > 50 and {each.key for each in ours} == {each.key for each in theirs}
    for each in theirs:
        assert store.summary(each.key) == each
        assert series(store, each.key) == series(double, each.key)
        assert store.files(each.key, limit=100) == double.files(each.key, limit=100)
        assert pages(store, each.key) == pages(double, each.key)
    assert store.hot_files("htcondor", since=0, limit=9) == double.hot_files("htcondor", since=0, limit=9)
    assert store.counts(JobQuery()) == double.counts(JobQuery())


def series(store: EmbeddedStore | MemoryStore, key: JobKey) -> dict[str, list[Point]]:
    return store.timeseries(key, ["cpu_percent", "rss_bytes", "read_rate"], start=at(0), end=at(200), points=20)


def pages(store: EmbeddedStore | MemoryStore, key: JobKey) -> list[tuple[float, str, object]]:
    seen: list[tuple[float, str, object]] = []
    cursor: str | None = None
    while True:
        page = store.raw(key, start=0, end=2e9, limit=37, cursor=cursor)
        seen += [(row.time, row.collector, row.data) for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return seen


def test_what_was_written_is_there_when_opened_anew(store: EmbeddedStore, path: Path) -> None:
    store.write(life(100))
    before = store.summary(KEY)
    store.close()
    with closing(EmbeddedStore(path, clock=clock)) as again:
        assert again.summary(KEY) == before
        again.write(life(100))
        assert again.summary(KEY) == before


def test_a_long_question_keeps_no_short_one_waiting(path: Path) -> None:
    has_begun, may_end = Event(), Event()

    def slow_clock() -> float:
        has_begun.set()
        assert may_end.wait(300)
        return at(0)

    with closing(EmbeddedStore(path, clock=slow_clock)) as store, ThreadPoolExecutor(1) as threads:
        store.write(life(1))
        long = threads.submit(store.summary, KEY)
        try:
            assert has_begun.wait(300)
            assert store.marks(KEY)
            assert not long.done()
        finally:
            may_end.set()
        assert long.result(300).key == KEY


def test_another_process_reads_what_one_writes(store: EmbeddedStore, path: Path) -> None:
    with closing(EmbeddedStore(path, clock=clock, read_only=True)) as reader:
        for told in life(FOLD_BATCHES + 10):
            store.write([told])
            assert reader.summary(KEY) == store.summary(KEY)
        with pytest.raises(StoreAway, match="reading only"):
            reader.write([batch(999)])
        with pytest.raises(StoreAway, match="reading only"):
            reader.expire(at(0))


WRITER = """
import sys
from pathlib import Path
from joblens.store.embedded import EmbeddedStore
from tests.contract.traces import KEY, batch, info, sample
store = EmbeddedStore(Path(sys.argv[1]))
store.write([batch(1, info(), sample(step=1))])
for step in range(2, 10_000_000):
    store.write([batch(step, sample(step=step))])
    print(step, flush=True)
"""


def test_what_was_acknowledged_is_there_after_kill_9(path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer:
        acknowledged = [int(writer.stdout.readline()) for _ in range(2 * FOLD_BATCHES + 5)][-1]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
    with closing(EmbeddedStore(path, clock=clock)) as store:
        told = store.summary(KEY)
        assert told.samples in (acknowledged, acknowledged + 1)
        assert told.totals["rchar"] == told.samples * 2 * MB
        times = [row.time for row in store.raw(KEY, start=0, end=2e9, collectors=["io"], limit=10_000).rows]
        assert times == [at(step) for step in range(1, told.samples + 1)]


def test_a_batch_that_cannot_be_kept_leaves_nothing_of_its_company(store: EmbeddedStore) -> None:
    store.write([batch(1, info(), sample())])
    whole, broken = batch(2, sample(step=2)), replace(batch(3), host="")
    for bad in (broken, batch(3, sample(step=3)._replace(rchar=2**70))):
        with pytest.raises(BatchMalformed):
            store.write([whole, bad])
    assert store.summary(KEY).samples == 1
    store.write([whole])
    assert store.summary(KEY).samples == 2


@pytest.mark.parametrize("content", [b"", b"not a database at all, and long enough to be looked at" * 100])
def test_a_file_that_is_no_store_is_named(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises((StoreDamaged, StoreAway), match=str(path)):
        EmbeddedStore(path, read_only=True)
    assert path.read_bytes() == content


def test_another_programs_file_is_not_written_to(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreDamaged, match="no trace store"):
        EmbeddedStore(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_file_of_a_newer_release_is_refused_by_name(store: EmbeddedStore, path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreDamaged, match="schema 99"):
        EmbeddedStore(path)


@pytest.mark.parametrize("table", ["tail", "block", "job_host"])
def test_damaged_rows_are_said_to_be_damage(store: EmbeddedStore, path: Path, table: str) -> None:
    store.write(life(FOLD_BATCHES + 5))
    column = {"tail": "batch", "block": "data", "job_host": "fold"}[table]
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(f"UPDATE {table} SET {column} = x'00112233'")
    with closing(EmbeddedStore(path, clock=clock)) as again, pytest.raises(StoreDamaged, match=r"traces\.sqlite"):
        again.summary(KEY)
        again.raw(KEY, start=0, end=2e9)


def test_a_missing_file_is_away_for_a_reader(path: Path) -> None:
    with pytest.raises(StoreAway, match=r"traces\.sqlite"):
        EmbeddedStore(path, read_only=True)


def test_a_full_store_forgets_the_oldest_ended_jobs_and_never_a_running_one(path: Path) -> None:
    with closing(EmbeddedStore(path, clock=clock, max_bytes=1_000_000)) as store:
        running = JobKey("htcondor", "running")
        store.write([batch(1, info(running, "node0"), sample(running), host="node0")])
        keys = [JobKey("htcondor", f"{number}.0") for number in range(60)]
        for number, key in enumerate(keys):
            *told, last = life(FOLD_BATCHES, key=key, first=1 + number * FOLD_BATCHES)
            paths = [file(f"/data/{key.job}/{place:0100}", 1, read=1, key=key) for place in range(100)]
            store.write([*told, replace(last, files=paths)])
        kept = {each.key for each in store.jobs(JobQuery(), limit=100).rows}
        assert running in kept and keys[-1] in kept and keys[0] not in kept
        assert path.stat().st_size < 1_500_000


def test_a_store_that_only_running_jobs_fill_takes_nothing_more(path: Path) -> None:
    with closing(EmbeddedStore(path, clock=clock, max_bytes=600_000)) as store:
        store.write([batch(1, info(), sample())])
        with pytest.raises(StoreAway, match="full of running jobs"):
            for step in range(2, 20_000):
                store.write([batch(step, sample(step=step), file(f"/data/{step:0200}", step, read=step))])
        assert store.summary(KEY).state is JobState.RUNNING and store.summary(KEY).samples > FOLD_BATCHES


def test_jobs_whose_end_nobody_ever_tells_do_not_keep_others_out_for_ever(path: Path) -> None:
    later = [0.0]
    with closing(EmbeddedStore(path, clock=lambda: clock() + later[0], max_bytes=600_000)) as store:
        store.write([batch(1, info(), sample())])
        with pytest.raises(StoreAway, match="full of running jobs"):
            for step in range(2, 20_000):
                store.write([batch(step, sample(step=step), file(f"/data/{step:0200}", step, read=step))])
        later[0] = 20_000 + JOB_SILENT_S
        other = JobKey("htcondor", "other")
        store.write([batch(1, info(other, "node2"), sample(other), host="node2")])
        assert [each.key for each in store.jobs(JobQuery(), limit=9).rows] == [other]


@pytest.mark.requirement("LENS-STORE-03")
def test_an_hour_of_a_job_takes_20_kb_so_a_million_a_day_take_20_gb(store: EmbeddedStore, path: Path) -> None:
    store.close()
    empty, jobs = path.stat().st_size, 100
    with closing(EmbeddedStore(path, clock=clock)) as filled:
        for told in batches(hosts=1, jobs=jobs, seconds=3600, interval=10):
            filled.write(told)
    assert (path.stat().st_size - empty) / jobs <= 20_000


def test_the_room_of_jobs_that_are_too_old_is_given_back_to_the_disk(store: EmbeddedStore, path: Path) -> None:
    store.close()
    empty = path.stat().st_size
    with closing(EmbeddedStore(path, clock=clock)) as filled:
        for told in batches(hosts=1, jobs=20, seconds=1200, interval=10):
            filled.write(told)
    full = path.stat().st_size
    with closing(EmbeddedStore(path, clock=clock)) as filled:
        assert filled.expire(MAX_FLOAT) == 20
    assert path.stat().st_size - empty < (full - empty) / 2
