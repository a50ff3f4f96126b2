"""The figures that are read at the scrape, from what the manager holds in memory and from its disk."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ink_core.clock import Clock, SystemClock
from manager.api.platform import Platform
from manager.gate.call import CallState, Phase
from manager.gate.lockout import LockKind
from worker_agent.protocol import Place


class Held(Collector):
    """`down` are the parts of the service that did not answer when they were asked last."""

    def __init__(self, platform: Platform, data_dir: Path, clock: Clock | None = None) -> None:
        self._platform, self._data_dir, self._clock = platform, data_dir, clock or SystemClock()
        self.states: dict[str, str] = {}

    def collect(self) -> Iterator[Metric]:
        yield from self._calls()
        yield from self._workers()
        yield from self._queues()
        yield from self._audit()
        yield from self._knowledge()
        yield from self._parts()

    def _calls(self) -> Iterator[Metric]:
        open_calls = self._platform.gate.book.open_calls()
        waiting = [call for call in open_calls if call.phase is Phase.WAITING]
        yield GaugeMetricFamily("ink_open_calls", "Tool calls that have not ended", value=len(open_calls))
        yield GaugeMetricFamily("ink_waiting_approvals", "Tool calls that wait for approval", value=len(waiting))
        oldest = max(map(self._waited_s, waiting), default=0.0)
        yield GaugeMetricFamily("ink_oldest_waiting_approval_seconds", "How long the first has waited", value=oldest)
        locked = Counter(lock.kind for lock in self._platform.kill_switch.locks())
        locks = GaugeMetricFamily("ink_locks", "Locks of the kill switch in force", labels=["kind"])
        for kind in LockKind:
            locks.add_metric([kind.value], locked[kind])
        yield locks

    def _waited_s(self, call: CallState) -> float:
        return self._age_s(call.approval.requested_at) if call.approval else 0.0

    def _age_s(self, since: datetime) -> float:
        return max(0.0, (self._clock.now() - since).total_seconds())

    def _workers(self) -> Iterator[Metric]:
        registry = self._platform.registry
        lives = (life for user in registry.users() for life in registry.lives(user))
        found = Counter(life.place for life in lives if registry.connection(life.worker_id))
        workers = GaugeMetricFamily("ink_connected_workers", "Worker agents that are connected", labels=["place"])
        for place in Place:
            workers.add_metric([place.value], found[place])
        yield workers

    def _queues(self) -> Iterator[Metric]:
        """A cluster whose queue was never seen is as old as can be."""
        ages = GaugeMetricFamily("ink_queue_age_seconds", "Age of what is shown of the queue", labels=["cluster"])
        problems = GaugeMetricFamily("ink_queue_unreachable", "1 while its latest poll failed", labels=["cluster"])
        queues = self._platform.core.queues
        for cluster in queues.clusters():
            status = queues.status(cluster)
            ages.add_metric([cluster], self._age_s(status.observed_at) if status.observed_at else float("inf"))
            problems.add_metric([cluster], 1 if status.problem else 0)
        yield from (ages, problems)

    def _audit(self) -> Iterator[Metric]:
        latest = self._platform.checkpointer.latest
        size = latest.size if latest else 0
        yield GaugeMetricFamily("ink_checkpoint_size", "Heads that the last checkpoint seals", value=size)
        file = self._data_dir / "log" / "checkpoint"
        made = file.stat().st_mtime if file.is_file() else 0.0
        yield GaugeMetricFamily("ink_checkpoint_seconds", "When the last was written (Unix time); 0: never", value=made)

    def _knowledge(self) -> Iterator[Metric]:
        status = self._platform.knowledge.status()
        yield GaugeMetricFamily("ink_knowledge_facts", "Facts in the global model", value=status.facts)
        yield GaugeMetricFamily("ink_knowledge_waiting", "Facts that wait to be taken in", value=status.waiting)
        yield GaugeMetricFamily("ink_knowledge_unsaved", "Changes of facts that are not on disk", value=status.unsaved)

    def _parts(self) -> Iterator[Metric]:
        parts = GaugeMetricFamily("ink_part_up", "1 for a part of the service that answers", labels=["part"])
        for part, state in self.states.items():
            parts.add_metric([part], int(state == "ok"))
        yield parts
        broken = self._platform.policy.status().problem
        yield GaugeMetricFamily(
            "ink_policy_broken", "1 while the policy's file cannot be used", value=int(bool(broken))
        )
        disk = shutil.disk_usage(self._data_dir)
        yield GaugeMetricFamily("ink_disk_free_bytes", "Room on the disk of the data directory", value=disk.free)
        yield GaugeMetricFamily("ink_disk_bytes", "Its size", value=disk.total)
