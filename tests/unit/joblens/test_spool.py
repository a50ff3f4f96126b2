"""Spool and way to the store: nothing is lost, nothing comes twice, and what is bounded says what it dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from joblens.collector.delivery.batches import MOST_ROWS, parts, rows_of
from joblens.collector.delivery.delivery import Delivery
from joblens.collector.delivery.spool import MOST_DAMAGED, Sealed, Spool
from joblens.collector.delivery.writer import Writer
from joblens.collector.jobs import Remembered, Rows
from joblens.collector.remembered import MemoryFile, Snapshot
from joblens.errors import BatchMalformed, StoreAway
from joblens.records import Batch, FileSample, JobInfo, JobKey, JobSample, Level, Mark, MarkKind, Traffic
from joblens.store.wire import decode, encode
from tests.unit.joblens.scripted_jobs import Host

PLENTY = 1 << 30


class PickyStore:
    """Keeps sequences; is away, or refuses one of them, as it is told."""

    together = 1

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.away = False
        self.refused: int | None = None

    def write(self, batches: Sequence[Sealed]) -> None:
        if self.away:
            raise StoreAway("the store is away")
        sequences = [batch.sequence for batch in batches]
        if self.refused in sequences:
            raise BatchMalformed("no")
        self.kept += [sequence for sequence in sequences if sequence not in self.kept]


@pytest.fixture
def store() -> PickyStore:
    return PickyStore()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", PLENTY)


def batch(sequence: int, marks: int = 1) -> Batch:
    mark = Mark(JobKey("slurm", "7"), float(sequence), MarkKind.START, "")
    return Batch("node1", sequence, float(sequence), 1.0, Level.PROC, marks=[mark] * marks)


def unsealed(spool: Spool) -> list[Batch]:
    return [decode(each.data) for each in spool.oldest(99, PLENTY)]


def deliver(spool: Spool, store: PickyStore) -> Delivery:
    return Delivery(spool, store, jitter=lambda: 1.0)


def test_what_is_appended_comes_out_in_order_also_by_the_next_run(spool: Spool, tmp_path: Path) -> None:
    for sequence in range(1, 11):
        spool.append(batch(sequence))
    again = Spool(tmp_path / "spool", PLENTY)
    assert unsealed(again) == [batch(sequence) for sequence in range(1, 11)]
    assert (again.last_sequence, again.size, len(again)) == (10, spool.size, 10)


def test_sequences_go_on_when_all_was_delivered(spool: Spool, store: PickyStore, tmp_path: Path) -> None:
    for sequence in (1, 2, 3):
        spool.append(batch(sequence))
    deliver(spool, store).step()
    assert len(spool) == 0
    again = Spool(tmp_path / "spool", PLENTY)
    assert (again.last_sequence, len(again), again.size) == (3, 0, 0)
    again.append(batch(4))
    assert sorted(path.suffix for path in (tmp_path / "spool").iterdir()) == [".jlb"]


def test_a_full_spool_drops_the_oldest_and_says_how_many(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", 1)
    for sequence in (1, 2, 3):
        spool.append(batch(sequence))
    assert [kept.sequence for kept in spool.oldest(10, PLENTY)] == [3]
    assert spool.dropped == 2


def test_what_was_not_written_to_its_end_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "0000000000000007.new").write_bytes(b"half")
    spool = Spool(tmp_path / "spool", PLENTY)
    assert (spool.last_sequence, list((tmp_path / "spool").iterdir())) == (0, [])


def test_a_damaged_file_is_put_aside_and_the_rest_delivered(spool: Spool, store: PickyStore, tmp_path: Path) -> None:
    for sequence in (1, 2, 3):
        spool.append(batch(sequence))
    (tmp_path / "spool" / "0000000000000002.jlb").write_bytes(b"JLB\x01rubbish")
    again = Spool(tmp_path / "spool", PLENTY)
    deliver(again, store).step()
    assert (store.kept, again.damaged, len(again)) == ([1, 3], 1, 0)


def test_a_batch_that_the_store_never_takes_holds_nobody_up(spool: Spool, store: PickyStore) -> None:
    for sequence in (1, 2, 3):
        spool.append(batch(sequence))
    store.refused = 2
    delivery = deliver(spool, store)
    while len(spool):
        delivery.step()
    assert (store.kept, spool.damaged) == ([1, 3], 1)


@pytest.mark.requirement("LENS-STORE-02")
def test_an_hour_without_the_store_loses_nothing(spool: Spool, store: PickyStore) -> None:
    delivery = deliver(spool, store)
    store.away = True
    now, due, attempts = 0.0, 0.0, 0
    for sequence in range(1, 121):
        now += 30.0
        spool.append(batch(sequence))
        while due <= now:
            due += delivery.step()
            attempts += 1
    assert (store.kept, len(spool), delivery.away) == ([], 120, "the store is away")
    assert 60 <= attempts <= 75
    store.away = False
    while delivery.step() == 0.0:
        pass
    assert store.kept == list(range(1, 121))
    assert (spool.dropped, len(spool), delivery.away) == (0, 0, "")


def test_a_batch_whose_receipt_was_lost_is_sent_again_and_kept_once(spool: Spool, store: PickyStore) -> None:
    spool.append(batch(1))
    store.write(spool.oldest(1, PLENTY))
    deliver(spool, store).step()
    assert store.kept == [1]


def written(spool: Spool, folder: Path, *batches: Batch) -> Writer:
    writer = Writer(spool, MemoryFile(folder / "jobs.jlb"))
    for each in batches:
        writer.put(each)
    writer.close(60)
    return writer


def test_too_many_rows_are_several_batches_of_consecutive_sequences(spool: Spool, tmp_path: Path) -> None:
    assert [rows_of(part) for part in parts(batch(0, marks=MOST_ROWS * 2 + 1))] == [MOST_ROWS, MOST_ROWS, 1]
    written(spool, tmp_path, batch(0, marks=MOST_ROWS * 2 + 1), batch(0))
    kept = spool.oldest(9, PLENTY)
    assert [each.sequence for each in kept] == [1, 2, 3, 4]


def test_what_cannot_be_written_of_one_job_costs_no_other_job_its_figures(spool: Spool, tmp_path: Path) -> None:
    good, bad = (Mark(JobKey("slurm", job), 1.0, MarkKind.START, "") for job in ("7", "8"))
    endless = bad._replace(text="x" * 10_000)
    writer = written(spool, tmp_path, replace(batch(0), marks=[good, endless, good]))
    kept = [mark for each in unsealed(spool) for mark in each.marks]
    assert (kept, writer.lost) == ([good, good], 1)


def test_the_names_of_very_many_files_are_sent_in_parts(spool: Spool, tmp_path: Path) -> None:
    rows = [
        FileSample(JobKey("slurm", "7"), 1.0, f"/{number}/" + "\udcff" * 8000, "/", "ext4", Traffic.FILE, 1, 1, 0, 0)
        for number in range(1500)
    ]
    writer = written(spool, tmp_path, replace(batch(0), files=rows))
    kept = [row for each in unsealed(spool) for row in each.files]
    assert (len(kept), writer.lost) == (1500, 0)


def test_of_what_is_put_aside_the_newest_is_kept(spool: Spool, store: PickyStore, tmp_path: Path) -> None:
    for sequence in range(1, MOST_DAMAGED + 6):
        spool.append(batch(sequence))
        spool.put_aside(sequence)
    assert spool.damaged == MOST_DAMAGED + 5
    assert len(list((tmp_path / "spool").iterdir())) == MOST_DAMAGED
    assert Spool(tmp_path / "spool", PLENTY).last_sequence == MOST_DAMAGED + 5


class TestMemoryOfJobs:
    """Written as the writer does: what was told since it began is read again too."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Iterator[MemoryFile]:
        with closing(MemoryFile(tmp_path / "jobs.jlb", begins_anew_after=2000)) as file:
            yield file

    def test_comes_back_as_it_was(self, file: MemoryFile, tmp_path: Path) -> None:
        host = Host()
        host.probe.open()
        handle, over = host.step("7"), host.step("8")
        host.probe.work(handle, cpu_ns=9)
        host.probe.touch(handle, "/not-\udcff-utf8", read=1)
        host.tick()
        assert (file.take_due(), file.take_due()) == (True, False)
        file.begin(Snapshot("node1", host.probe.now, host.jobs.remember()))
        assert known_to_the_next_run(tmp_path) == told(host)
        host.probe.work(handle, cpu_ns=1)
        host.probe.touch(handle, "/another", read=1)
        host.probe.end(over)
        new = host.step("9")
        host.probe.work(new, cpu_ns=3)
        file.add(sealed(host.tick(), host.probe.now))
        assert known_to_the_next_run(tmp_path) == told(host)
        assert [job.info.key.job for job in MemoryFile(tmp_path / "jobs.jlb").load().jobs] == ["7", "9"]

    def test_begins_anew_when_it_has_grown_and_is_as_small_as_at_first(self, file: MemoryFile, tmp_path: Path) -> None:
        host = Host()
        host.probe.open()
        handle = host.step("7")
        host.tick()
        sizes: list[int] = []
        for _ in range(100):
            host.probe.work(handle, cpu_ns=1)
            data = sealed(host.tick(), host.probe.now)
            file.add(data)
            if file.take_due():
                file.begin(Snapshot("node1", host.probe.now, host.jobs.remember()))
            sizes.append((tmp_path / "jobs.jlb").stat().st_size)
        assert known_to_the_next_run(tmp_path) == told(host)
        assert max(sizes) < 2000 + 2 * min(sizes)

    def test_of_one_that_was_cut_is_kept_what_was_whole(self, file: MemoryFile, tmp_path: Path) -> None:
        host = Host()
        host.probe.open()
        host.step("7")
        host.tick()
        file.begin(Snapshot("node1", host.probe.now, host.jobs.remember()))
        before = told(host)
        file.add(sealed(host.tick(), host.probe.now))
        path = tmp_path / "jobs.jlb"
        path.write_bytes(path.read_bytes()[:-5])
        assert known_to_the_next_run(tmp_path) == before

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", '{"form": 2}', '{"form": 3, "boot": ""}', '{"form": 3, "boot": 1}\nrubbish']
    )
    def test_is_empty_where_it_is_damaged_or_of_another_boot(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "jobs.jlb").write_text(text)
        assert MemoryFile(tmp_path / "jobs.jlb").load().jobs == []
        assert MemoryFile(tmp_path / "none.jlb").load().jobs == []


Known = dict[JobKey, tuple[JobInfo, JobSample, dict[str, tuple[int, ...]]]]


def sealed(rows: Rows, now: float) -> bytes:
    return encode(Batch("node1", 1, now, 1.0, Level.BPF, (), rows.jobs, rows.samples, rows.files))


def told(host: Host) -> tuple[float, Known]:
    return host.probe.now, _known(host.jobs.remember())


def known_to_the_next_run(folder: Path) -> tuple[float, Known]:
    memory = MemoryFile(folder / "jobs.jlb").load()
    return memory.time, _known(memory.jobs)


def _known(jobs: Sequence[Remembered]) -> Known:
    return {job.info.key: (job.info, job.last, {file.path: file[6:] for file in job.files}) for job in jobs}
