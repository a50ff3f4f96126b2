"""The courier sleeps until there is something to do: a batch on disk, a store to try again, captures to ask for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from joblens.collector.delivery.courier import Courier
from joblens.collector.delivery.delivery import Delivery
from joblens.collector.delivery.spool import Sealed, Spool
from joblens.collector.delivery.writer import Writer
from joblens.collector.remembered import MemoryFile
from joblens.errors import StoreAway
from joblens.records import Batch, Level

PATIENCE_S = 100
CAPTURE: dict[str, Any] = {
    "capture_id": "c1", "cluster": "slurm", "job": "7", "seconds_left": 3600.0, "interval_s": 1.0, "details": [],
}  # fmt: skip


class Store:
    """Tells of each attempt and of each question for captures; `away` refuses it. `which` is that of a manager."""

    which: str | None = None
    together = 1

    def __init__(self) -> None:
        self.attempts: queue.Queue[list[int]] = queue.Queue()
        self.asked: queue.Queue[str] = queue.Queue()
        self.away = False
        self.told: list[dict[str, Any]] = []

    def write(self, batches: Sequence[Sealed]) -> None:
        self.attempts.put([each.sequence for each in batches])
        if self.away:
            raise StoreAway("it is away")

    def captures(self, host: str) -> list[dict[str, Any]]:
        self.asked.put(host)
        return self.told


@contextmanager
def at_work(folder: Path, store: Store) -> Iterator[Writer]:
    spool = Spool(folder / "spool", 1 << 20)
    courier = Courier(Delivery(spool, store, lambda: 1.0), store, "wn001")
    writer = Writer(spool, MemoryFile(folder / "jobs.jlb"), courier.wake)
    try:
        yield writer
    finally:
        writer.close()
        courier.close()
    assert not [each for each in threading.enumerate() if each.name == "courier"]


def batch() -> Batch:
    return Batch("wn001", 0, 100.0, 1.0, Level.PROC, ())


def test_a_batch_is_carried_as_soon_as_it_is_on_disk(tmp_path: Path) -> None:
    store = Store()
    with at_work(tmp_path, store) as writer:
        for expected in (1, 2, 3):
            writer.put(batch())
            assert store.attempts.get(timeout=PATIENCE_S) == [expected]


def test_what_an_earlier_run_left_is_carried_without_anything_new(tmp_path: Path) -> None:
    before = Writer(Spool(tmp_path / "spool", 1 << 20), MemoryFile(tmp_path / "jobs.jlb"))
    before.put(batch())
    before.close()
    store = Store()
    with at_work(tmp_path, store):
        assert store.attempts.get(timeout=PATIENCE_S) == [1]


def test_new_batches_do_not_hurry_a_store_that_is_away(tmp_path: Path) -> None:
    store = Store()
    store.away = True
    with at_work(tmp_path, store) as writer:
        for _ in range(50):
            writer.put(batch())
        assert store.attempts.get(timeout=PATIENCE_S)[0] == 1
    assert store.attempts.qsize() < 10


def test_a_manager_that_says_which_captures_run_is_asked_only_when_others_do(tmp_path: Path) -> None:
    store = Store()
    store.which = "none"
    with at_work(tmp_path, store) as writer:
        assert store.asked.get(timeout=PATIENCE_S) == "wn001"
        for number in (1, 2, 3):
            carry(store, writer, number)
        store.which = "some"
        carry(store, writer, 4)
        assert store.asked.get(timeout=PATIENCE_S) == "wn001"
    assert store.asked.empty()


def carry(store: Store, writer: Writer, number: int) -> None:
    writer.put(batch())
    assert store.attempts.get(timeout=PATIENCE_S) == [number]


@pytest.mark.requirement("LENS-SCALE-01")
def test_where_the_manager_wants_several_together_they_wait_for_each_other(tmp_path: Path) -> None:
    store = Store()
    store.which = "none"
    with at_work(tmp_path, store) as writer:
        carry(store, writer, 1)
        store.together = 3
        writer.put(batch())
        writer.put(batch())
        writer.put(batch())
        assert store.attempts.get(timeout=PATIENCE_S) == [2, 3, 4]
        store.together = 1
        carry(store, writer, 5)


def test_a_job_that_is_captured_is_told_of_at_once(tmp_path: Path) -> None:
    store = Store()
    store.which = "one"
    store.told = [CAPTURE]
    with at_work(tmp_path, store) as writer:
        carry(store, writer, 1)
        assert store.asked.get(timeout=PATIENCE_S) == "wn001"
        store.together = 3
        carry(store, writer, 2)
