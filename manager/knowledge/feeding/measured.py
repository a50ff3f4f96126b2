"""What JobLens measured, told to the model: a job when it ends or is warned of, and while it runs once in a while.

What a job of the store was like is asked job by job, at most `MOST_AT_ONCE` at a look, so that ten thousand running
jobs take no more of the store than a hundred. What is new comes first, then those that wait longest.

Limit: of more than `MOST_WAITING` jobs that are to be told the oldest are forgotten until a collector speaks of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from ink_core.clock import Clock
from ink_core.errors import InkError
from joblens.api.views import LensJobRow
from joblens.errors import JobNotRecorded
from joblens.query.lens import Lens
from joblens.records import Batch, FileSample, JobKey, MarkKind, Traffic
from joblens.store.trace_store import TraceStore
from joblens.verdicts.verdict import Verdict
from knowledge_graph.facts import Fact
from knowledge_graph.ingest.measured import JudgedAs, MeasuredJob, MountTraffic, WarnedOf, facts_of_measured
from manager.knowledge.knowledge import Knowledge

AGAIN_AFTER_S = 600.0
MOST_AT_ONCE = 50
MOST_WAITING = 20_000
MOST_FILES = 500
MOST_MOUNTS = 8
MOST_WARNINGS = 20


class MeasuredFeeding:
    """`hear` is told of batches, `look` is to be called every few seconds, one at a time."""

    def __init__(self, lens: Lens, knowledge: Knowledge, clock: Clock) -> None:
        self._lens, self._knowledge, self._clock = lens, knowledge, clock
        self._news: dict[JobKey, None] = {}
        self._running: dict[JobKey, None] = {}
        self._told: dict[JobKey, float] = {}  # when, those of longest ago first

    def hear(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            for sample in batch.samples:
                self._note(sample.key, is_news=sample.final)
            for mark in batch.marks:
                self._note(mark.key, is_news=mark.kind is MarkKind.WARNING)

    async def look(self) -> None:
        """Raises what the store raises; the job that it was asked about comes later then."""
        for key in self._due():
            is_news = key in self._news
            self._news.pop(key, None)
            self._running.pop(key, None)
            try:
                facts = await self._lens.store.ask(lambda store, key=key: self._facts(store, key))
                await self._knowledge.change(facts)
            except InkError:
                self._note(key, is_news=is_news)
                raise
            self._told.pop(key, None)
            self._told[key] = self._clock.now().timestamp()

    def _note(self, key: JobKey, *, is_news: bool) -> None:
        waiting = self._news if is_news else self._running
        waiting.setdefault(key)
        if len(waiting) > MOST_WAITING:
            del waiting[next(iter(waiting))]

    def _due(self) -> Sequence[JobKey]:
        long_ago = self._clock.now().timestamp() - AGAIN_AFTER_S
        while self._told and next(iter(self._told.values())) <= long_ago:
            del self._told[next(iter(self._told))]
        return [*self._news, *(key for key in self._running if key not in self._told)][:MOST_AT_ONCE]

    def _facts(self, store: TraceStore, key: JobKey) -> Sequence[Fact]:
        try:
            return facts_of_measured(measured(store, key, self._lens.judge(store, key)), self._clock.now())
        except JobNotRecorded:
            return ()  # it was forgotten meanwhile


def measured(store: TraceStore, key: JobKey, verdict: Verdict) -> MeasuredJob:
    """Blocks; raises `JobNotRecorded` or `StoreAway`."""
    summary = store.summary(key)
    row = LensJobRow.of(summary)
    return MeasuredJob(
        cluster=key.cluster,
        job_id=key.job,
        owner=summary.users[0] if len(summary.users) == 1 else None,
        state=row.state,
        seen_at=_time(row.last_seen),
        hosts=row.hosts,
        cpu_percent=row.cpu_percent.avg,
        cpu_efficiency=row.cpu_efficiency,
        rss_peak_bytes=row.rss_peak_bytes,
        read_bytes=row.read_bytes,
        written_bytes=row.write_bytes,
        net_bytes=row.net_bytes,
        gpu_percent=summary.gpu_percent.avg if summary.gpu_percent else None,
        verdict=JudgedAs(verdict.cause.value, verdict.sentence, verdict.confidence),
        warnings=_warnings(store, key),
        traffic=_traffic(store.files(key, limit=MOST_FILES)),
    )


def _warnings(store: TraceStore, key: JobKey) -> Sequence[WarnedOf]:
    found = [mark for mark in store.marks(key) if mark.kind is MarkKind.WARNING]
    return [WarnedOf(_time(mark.time), mark.text) for mark in found[:MOST_WARNINGS]]


def _traffic(files: Sequence[FileSample]) -> Sequence[MountTraffic]:
    """By mount point, most bytes first."""
    by_mount: dict[tuple[str, str], list[FileSample]] = defaultdict(list)
    for file in files:
        if file.traffic is Traffic.FILE and file.mount:
            by_mount[file.mount, file.fs_type].append(file)
    sums = [
        MountTraffic(mount, kind, sum(one.read_bytes for one in of), sum(one.write_bytes for one in of))
        for (mount, kind), of in by_mount.items()
    ]
    return sorted(sums, key=lambda one: one.read_bytes + one.written_bytes, reverse=True)[:MOST_MOUNTS]


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
