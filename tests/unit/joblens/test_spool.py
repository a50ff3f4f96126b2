"""Spool and way to the store: nothing is lost, nothing comes twice, and what is bounded says what it dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from joblens.collector.delivery.batches import MOST_ROWS, parts, rows_of
from joblens.collector.delivery.delivery import Delivery
from joblens.collector.delivery.spool import MOST_DAMAGED, Sealed, Spool
from joblens.collector.delivery.writer import Writer
from joblens.collector.remembered import MemoryFile
from joblens.errors import BatchMalformed, StoreAway
from joblens.records import Batch, FileSample, JobKey, Level, Mark, MarkKind, Traffic
from joblens.store.wire import decode
from tests.unit.joblens.scripted_jobs import Host

PLENTY = 1 << 30


class PickyStore:
    """Keeps sequences; is away, or refuses one of them, as it is told."""

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


def written(spool: Spool, *batches: Batch) -> Writer:
    writer = Writer(spool)
    for each in batches:
        writer.put(each)
    writer.close(60)
    return writer


def test_too_many_rows_are_several_batches_of_consecutive_sequences(spool: Spool) -> None:
    assert [rows_of(part) for part in parts(batch(0, marks=MOST_ROWS * 2 + 1))] == [MOST_ROWS, MOST_ROWS, 1]
    written(spool, batch(0, marks=MOST_ROWS * 2 + 1), batch(0))
    kept = spool.oldest(9, PLENTY)
    assert [each.sequence for each in kept] == [1, 2, 3, 4]


def test_what_cannot_be_written_of_one_job_costs_no_other_job_its_figures(spool: Spool) -> None:
    good, bad = (Mark(JobKey("slurm", job), 1.0, MarkKind.START, "") for job in ("7", "8"))
    endless = bad._replace(text="x" * 10_000)
    writer = written(spool, replace(batch(0), marks=[good, endless, good]))
    kept = [mark for each in unsealed(spool) for mark in each.marks]
    assert (kept, writer.lost) == ([good, good], 1)


def test_the_names_of_very_many_files_are_sent_in_parts(spool: Spool) -> None:
    rows = [
        FileSample(JobKey("slurm", "7"), 1.0, f"/{number}/" + "\udcff" * 8000, "/", "ext4", Traffic.FILE, 1, 1, 0, 0)
        for number in range(1500)
    ]
    writer = written(spool, replace(batch(0), files=rows))
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
    def test_comes_back_as_it_was(self, tmp_path: Path) -> None:
        host = Host()
        host.probe.open()
        handle = host.step("7")
        host.probe.work(handle, cpu_ns=9)
        host.probe.touch(handle, "/not-\udcff-utf8", read=1)
        host.tick()
        file = MemoryFile(tmp_path / "jobs.json")
        file.save(host.jobs.remember(), 11.5)
        host.probe.work(handle, cpu_ns=1)
        host.tick()
        file.save(host.jobs.remember(), 12.5)
        memory = MemoryFile(tmp_path / "jobs.json").load()
        assert (memory.time, memory.jobs) == (12.5, host.jobs.remember())
        host.probe.touch(handle, "/another", read=1)
        host.tick()
        file.save(host.jobs.remember(), 13.5)
        assert MemoryFile(tmp_path / "jobs.json").load().jobs == host.jobs.remember()

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"form": 2}', '{"form": 2, "boot": "", "time": 1, "jobs": [1]}'])
    def test_is_empty_where_it_is_damaged_or_of_another_boot(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "jobs.json").write_text(text)
        assert MemoryFile(tmp_path / "jobs.json").load().jobs == []
        assert MemoryFile(tmp_path / "none.json").load().jobs == []
