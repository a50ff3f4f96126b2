"""The collector's loop: wait for the kernel, read it, make a batch, hand it to the writer. One thread, no network."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from joblens.captures.capture import Detail
from joblens.captures.order import Order
from joblens.collector import self_metrics
from joblens.collector.capturing.connections import connection_samples
from joblens.collector.capturing.process_samples import process_samples
from joblens.collector.capturing.schedule import CaptureSchedule
from joblens.collector.capturing.stack_samples import Stacks
from joblens.collector.config import Config
from joblens.collector.delivery.batches import rows_of
from joblens.collector.delivery.courier import Courier
from joblens.collector.delivery.delivery import Delivery
from joblens.collector.delivery.spool import Spool
from joblens.collector.delivery.writer import Writer
from joblens.collector.hardware import Cards, Energy
from joblens.collector.identity.slurm_arrays import ArrayLookup
from joblens.collector.jobs import Jobs
from joblens.collector.probes.probe import Probe, Reading
from joblens.collector.remembered import MemoryFile, Snapshot
from joblens.collector.rounds import Rounds
from joblens.collector.self_metrics import Metric
from joblens.records import Batch, JobKey, Mark, MarkKind

_log = logging.getLogger(__name__)
_LONGEST_WAIT_S = 5.0  # what comes from the manager waits so long; the kernel's events wake at once
_METRICS_EVERY_S = 15.0
DESCRIBED_AGAIN_EVERY_S = 60.0
"""While batches are lost."""
_SAMPLING = {"jobs", "files", "gpu", "power"}


@dataclass
class Parts:
    """What the loop works with, made by `joblens.collector.compose`."""

    probe: Probe
    jobs: Jobs
    arrays: ArrayLookup | None
    spool: Spool
    writer: Writer
    delivery: Delivery
    courier: Courier
    cards: Cards
    energy: Energy
    stacks: Stacks
    memory: MemoryFile


class Collector:
    def __init__(self, config: Config, parts: Parts) -> None:
        self._config = config
        self._parts = parts
        self._captures = CaptureSchedule()
        self._lost_events = 0
        self._batches = 0
        self._refusals_told = 0
        self._lost_batches = 0
        self._orders_of = 0.0
        self._last = time.time()
        self._rounds = Rounds(
            {
                "jobs": config.interval_s,
                "files": config.files_interval_s,
                "gpu": config.gpu_interval_s,
                "power": config.power_interval_s,
                "metrics": _METRICS_EVERY_S,
                "descriptions": DESCRIBED_AGAIN_EVERY_S,
            },
            time.monotonic(),
        )

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; then what is known is written down for the next run. The probe is open already."""
        while not stop.is_set():
            self._wait()
            self.turn()
        self.finish()

    def turn(self) -> None:
        """Whatever is due now."""
        now = time.monotonic()
        self._follow_orders(now)
        self._ask_about_arrays(now)
        fine = self._captures.due(self._parts.jobs.running(), now) if self._captures else {}
        due = self._rounds.take_due(now)
        if "descriptions" in due:
            self._describe_again_what_was_lost()
        if fine or due & _SAMPLING:
            self._sample(due, fine)
        if "metrics" in due and self._config.metrics_file:
            self._write_metrics(Path(self._config.metrics_file))

    def finish(self) -> None:
        """A last batch, and the memory of the jobs that go on."""
        self._sample({"jobs", "files"}, {})
        self._remember(time.time())
        self._parts.writer.close()
        self._parts.courier.close()
        self._parts.cards.close()
        self._parts.stacks.close()
        if self._parts.arrays:
            self._parts.arrays.close()
        self._parts.probe.close()

    def metrics(self) -> list[Metric]:
        parts = self._parts
        level = f'{{level="{parts.probe.level}",unseen="{",".join(parts.probe.unseen)}"}}'
        return [
            *self_metrics.own_cost(parts.cards.children + parts.stacks.children),
            Metric("level", "gauge", "How the kernel is observed, and what that cannot see.", 1, level),
            Metric("jobs", "gauge", "Jobs that run on this host.", len(parts.jobs.running())),
            Metric("captures", "gauge", "Jobs that are sampled more often just now.", len(self._captures)),
            Metric("captures_waiting", "gauge", "Captures beyond those at once.", len(self._captures.waiting)),
            Metric("unnamed_trees_total", "counter", "Trees that no job id can be given.", parts.jobs.unnamed),
            Metric("lost_events_total", "counter", "Events the kernel had no room for.", self._lost_events),
            Metric("batches_total", "counter", "Batches made.", self._batches),
            Metric("batches_delivered_total", "counter", "Batches the store has taken.", parts.delivery.delivered),
            Metric("batches_unwritten_total", "counter", "Batches lost for want of a disk.", parts.writer.lost),
            Metric("deliveries_failed_total", "counter", "Attempts while the store was away.", parts.delivery.failed),
            Metric("spool_batches", "gauge", "Batches that wait on disk.", len(parts.spool)),
            Metric("spool_bytes", "gauge", "Their size.", parts.spool.size),
            Metric(
                "spool_dropped_total", "counter", "Batches dropped because the spool was full.", parts.spool.dropped
            ),
            Metric("spool_damaged_total", "counter", "Batches put aside, unreadable.", parts.spool.damaged),
        ]

    def _wait(self) -> None:
        due = min(self._rounds.next_due(), self._captures.next_due() or float("inf"))
        self._parts.probe.wait(min(max(due - time.monotonic(), 0.0), _LONGEST_WAIT_S))

    def _follow_orders(self, now: float) -> None:
        ended = self._captures.expire(now)
        begun: list[Order] = []
        if self._parts.courier.asked_at > self._orders_of:
            self._orders_of = self._parts.courier.asked_at
            begun, dropped = self._captures.follow(self._parts.courier.orders, self._parts.jobs.running(), now)
            ended += dropped
        for order in begun:
            self._mark(order, f"a capture every {order.interval_s:g} s for {order.seconds_left:.0f} s begins")
        for order in ended:
            self._mark(order, "the capture ends")
        if ended and not self._captures.asking_for(Detail.STACKS):
            self._parts.stacks.close()

    def _ask_about_arrays(self, now: float) -> None:
        if self._parts.arrays:
            self._parts.jobs.answer(self._parts.arrays.ask(self._parts.jobs.asked(), now))

    def _mark(self, order: Order, text: str) -> None:
        self._parts.jobs.mark(Mark(order.key, time.time(), MarkKind.CAPTURE, text))

    def _sample(self, due: set[str], fine: dict[JobKey, frozenset[Detail]]) -> None:
        parts = self._parts
        files_of = None if "files" in due else {key for key, details in fine.items() if Detail.FILES in details}
        reading = parts.probe.read(files=files_of is None or bool(files_of))
        parts.jobs.take(reading)
        rows = parts.jobs.rows(None if "jobs" in due else fine, files_of)
        batch = self._batch(reading)
        batch.jobs.extend(rows.jobs)
        batch.samples.extend(rows.samples)
        batch.files.extend(rows.files)
        batch.marks.extend(rows.marks)
        self._add_details(batch, fine)
        if "gpu" in due:
            batch.gpus.extend(parts.cards.samples(self._members_of_running, parts.jobs.cards(), reading.time))
        if "power" in due:
            batch.power.extend(parts.energy.samples(parts.jobs.cpu_ns, reading.time))
        self._hand_on(batch)

    def _batch(self, reading: Reading) -> Batch:
        since, self._last = reading.time - self._last, reading.time
        self._lost_events = reading.lost_events
        probe = self._parts.probe
        return Batch(self._config.host_name, 0, reading.time, max(since, 0.0), probe.level, probe.unseen)

    def _hand_on(self, batch: Batch) -> None:
        if rows_of(batch):
            self._batches += 1
            self._parts.writer.put(batch)
        if self._parts.memory.take_due():
            self._remember(batch.time)
        new = self._parts.jobs.unnamed - self._refusals_told
        for refusal in self._parts.jobs.refusals[-new:] if new else ():
            _log.warning("a process tree is no job that is known: %s", refusal)
        self._refusals_told += new

    def _describe_again_what_was_lost(self) -> None:
        """The lost batches may have had the only descriptions of jobs, without which no user sees them."""
        spool, writer = self._parts.spool, self._parts.writer
        lost, self._lost_batches = self._lost_batches, spool.dropped + spool.damaged + writer.lost
        if lost != self._lost_batches:
            self._parts.jobs.describe_again()

    def _add_details(self, batch: Batch, fine: dict[JobKey, frozenset[Detail]]) -> None:
        members = self._members(fine) if fine else {}
        for key, details in fine.items():
            pids = members[key]
            if Detail.PROCESSES in details:
                batch.processes.extend(process_samples(key, pids, batch.time))
            if Detail.CONNECTIONS in details:
                batch.connections.extend(connection_samples(key, pids, batch.time))
            if Detail.STACKS in details:
                every = self._captures.asking_for(Detail.STACKS)
                batch.stacks.extend(
                    self._parts.stacks.samples(key, pids, batch.time, every_s=every[key], all_jobs=every)
                )

    def _members(self, keys: Iterable[JobKey]) -> dict[JobKey, list[int]]:
        """The process ids of jobs, by one look for all: looks for each would take the square of their number."""
        of_tree, jobs = self._parts.probe.members(), self._parts.jobs
        return {key: [pid for handle in jobs.handles(key) for pid in of_tree.get(handle, ())] for key in keys}

    def _members_of_running(self) -> dict[JobKey, list[int]]:
        return self._members(self._parts.jobs.running())

    def _remember(self, now: float) -> None:
        self._parts.writer.put(Snapshot(self._config.host_name, now, self._parts.jobs.remember()))

    def _write_metrics(self, path: Path) -> None:
        try:
            self_metrics.replace(path, self.metrics())
        except OSError as error:
            _log.error("the collector's own figures cannot be written: %s", error)
