"""HTCondor's adapters against daemons that are absent, silent or talk nonsense; no pool is needed."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager

import pytest

from ink_core.compute.in_child import ChildReader
from ink_core.compute.options import HtcondorOptions
from ink_core.compute.processes import descendants
from ink_core.errors import JobNotFound, SchedulerDown

pytest.importorskip("htcondor2")
pytestmark = pytest.mark.requirement("CORE-JOBS-09")


def reader_of(collector: str, deadline_s: float = 30) -> closing[ChildReader]:
    options = HtcondorOptions(name="htcondor", schedd="nowhere", collector=collector, deadline_s=deadline_s)
    return closing(ChildReader(options))


@contextmanager
def ticking() -> Generator[list[float]]:
    """Times at which another thread of this process got its turn."""
    ticks: list[float] = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(0.05):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    thread.start()
    yield ticks
    stop.set()
    thread.join(20)


def test_a_collector_that_is_not_there_is_down_at_once() -> None:
    with reader_of("127.0.0.1:1") as reader:
        for _ in range(2):
            with pytest.raises(SchedulerDown, match="does not answer"):
                reader.snapshot()


def test_a_silent_daemon_costs_the_deadline_and_stops_no_other_thread() -> None:
    """The bindings hold the interpreter's lock for a minute there, hence the child process."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        reader_of(f"127.0.0.1:{silent.getsockname()[1]}", deadline_s=3) as reader,
        ticking() as ticks,
    ):
        began = time.monotonic()
        with pytest.raises(SchedulerDown, match="did not answer within 3 s"):
            reader.snapshot()
        assert time.monotonic() - began < 30
    assert max(later - earlier for earlier, later in itertools.pairwise(ticks)) < 20


def test_a_child_that_was_killed_is_replaced() -> None:
    others = set(descendants([os.getpid()]))  # services of the whole test run
    with reader_of("127.0.0.1:1") as reader:
        with pytest.raises(SchedulerDown):
            reader.snapshot()
        for child in set(descendants([os.getpid()])) - others:
            os.kill(child, signal.SIGKILL)
        with pytest.raises(SchedulerDown):
            reader.snapshot()
        with pytest.raises(SchedulerDown, match="does not answer"):
            reader.snapshot()


def test_closing_ends_the_child() -> None:
    before = set(descendants([os.getpid()]))
    with reader_of("127.0.0.1:1") as reader:
        with pytest.raises(SchedulerDown):
            reader.snapshot()
        children = set(descendants([os.getpid()])) - before
        assert children
    assert not children & set(descendants([os.getpid()]))


def test_what_is_no_job_id_is_not_found_and_never_reaches_the_schedd() -> None:
    with reader_of("127.0.0.1:1") as reader:
        for job_id in ("1 || true", '"', "1", "1.0.0"):
            with pytest.raises(JobNotFound):
                reader.explain(job_id)
