"""The jobs of this host: readings of a probe go in, rows about jobs come out. Pure: no clock, no I/O.

A job may have many trees (the steps of a Slurm job, what HTCondor starts before and after the job itself); its figures
are their sum, those that have ended included. It has ended when no tree of it has run for `linger_s`.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from joblens.collector.identity.identities import Identities, Unnamed, as_task, claims_array
from joblens.collector.job_files import JobFiles
from joblens.collector.job_totals import ZERO, Totals, gauges_of, missing, summed, totals_of
from joblens.collector.probes.probe import FileUsage, Found, Reading, Usage
from joblens.gpu.join import assigned
from joblens.records import FileSample, JobInfo, JobKey, JobSample, Mark, MarkKind, counters_of
from joblens.row_maker import row_maker

MAX_ENDED = 200
MAX_STEPS = 16
MAX_EARLY = 64
_SAME_START_S = 0.2
_FIGURES = slice(Usage._fields.index("cpu_ns"), Usage._fields.index("ended"))  # in the order of `JobSample`
_as_sample = row_maker(JobSample)
_LEAST_STEP_S = 0.1  # before a last sample: of a shorter time a rate is mostly what the kernel books by its tick


@dataclass(frozen=True, slots=True)
class Remembered:
    """A job as an earlier run of the collector last saw it."""

    info: JobInfo
    last: JobSample
    files: list[FileSample]


@dataclass(slots=True)
class Rows:
    """What is new about jobs."""

    jobs: list[JobInfo] = field(default_factory=list[JobInfo])
    samples: list[JobSample] = field(default_factory=list[JobSample])
    files: list[FileSample] = field(default_factory=list[FileSample])
    marks: list[Mark] = field(default_factory=list[Mark])


@dataclass(slots=True)
class _Job:
    info: JobInfo
    before: Totals = ZERO  # of trees that have ended, and of an earlier run
    live: dict[int, Usage | None] = field(default_factory=dict[int, "Usage | None"])
    files: JobFiles = field(default_factory=JobFiles)
    rss_peak_bytes: int = 0
    idle_since: float | None = None
    last_end: float = 0.0  # of a tree of it
    sample: JobSample | None = None  # the last that was told
    resumed: Remembered | None = None
    ended: bool = False
    steps: list[str] = field(default_factory=list[str])
    told: bool = False  # its present `info`
    cards: frozenset[str] = frozenset()


class Jobs:
    """`unnamed` counts trees that no job id can be given, `refusals` are the last reasons."""

    def __init__(
        self,
        identities: Identities,
        *,
        linger_s: float = 3.0,
        arrays: bool = False,
        remembered: Iterable[Remembered] = (),
        away_s: float = 0.0,
    ) -> None:
        self._identities = identities
        self._linger_s = linger_s
        self._arrays = arrays
        self._away_s = away_s
        self._remembered = {job.info.key: job for job in remembered}
        self._jobs: OrderedDict[JobKey, _Job] = OrderedDict()
        self._job_of: dict[int, _Job] = {}
        self._waiting: dict[int, tuple[JobInfo, frozenset[str]]] = {}
        self._held: dict[int, tuple[Usage | None, dict[tuple[str, str], FileUsage]]] = {}
        self._marks: list[Mark] = []
        self._early: dict[JobKey, Mark] = {}
        self._lost: list[JobSample] = []
        self._time = 0.0
        self.unnamed = 0
        self.refusals: list[str] = []

    def take(self, reading: Reading) -> None:
        self._time = reading.time
        for found in reading.found:
            self._find(found)
        self._take_files(reading.files)
        for usage in reading.usages:
            self._take_usage(usage)
        self._end_what_is_missing()

    def asked(self) -> set[str]:
        """Numbers of Slurm jobs that say that they are tasks of an array; `answer` says which."""
        return {info.key.job for info, _ in self._waiting.values()}

    def answer(self, tasks: Mapping[str, str]) -> None:
        """The name of each, such as `67890_3`, or its own number again where it is none."""
        for handle, (info, cards) in list(self._waiting.items()):
            if (task := tasks.get(info.key.job)) is not None:
                del self._waiting[handle]
                self._join(handle, as_task(info, task), cards)
                usage, files = self._held.pop(handle, (None, {}))
                self._take_files(files.values())
                if usage:
                    self._take_usage(usage)

    def mark(self, mark: Mark) -> None:
        """Something that happened to a job; told with the next rows, or when the job comes."""
        if mark.key in self._jobs:
            self._marks.append(mark)
        elif len(self._early) < MAX_EARLY:
            self._early[mark.key] = mark

    def handles(self, key: JobKey) -> list[int]:
        job = self._jobs.get(key)
        return list(job.live) if job else []

    def cards(self) -> dict[JobKey, frozenset[str]]:
        """The GPUs that running jobs were assigned."""
        return {key: job.cards for key, job in self._jobs.items() if job.cards and not job.ended}

    def cpu_ns(self) -> dict[JobKey, int]:
        """Of running jobs, as it was last told."""
        return {key: job.sample.cpu_ns for key, job in self._jobs.items() if job.sample and not job.ended}

    def running(self) -> list[JobKey]:
        return [key for key, job in self._jobs.items() if not job.ended]

    def rows(self, only: Collection[JobKey] | None = None, files_of: Collection[JobKey] | None = None) -> Rows:
        """Of all running jobs, or of `only`, and files of all or of some; what began or ended is told in any case."""
        rows = Rows(samples=self._lost, marks=self._marks)
        self._lost, self._marks = [], []
        for key, job in list(self._jobs.items()):
            if job.ended or (not job.live and job.idle_since is None):
                continue
            ends = job.idle_since is not None and self._time - job.idle_since >= self._linger_s
            if not job.told:
                rows.jobs.append(job.info)
            due = not job.told or only is None or key in only
            if ends or (due and job.live):  # without a tree the next sample is the last, of the time at which it ended
                job.sample = self._sample(job, final=ends)
                rows.samples.append(job.sample)
                if ends or files_of is None or key in files_of:
                    rows.files += job.files.changed(key, self._time)
            job.told = True
            if ends:
                self._finish(job, rows)
        return rows

    def describe_again(self) -> None:
        """The next rows tell of all running jobs what they are."""
        for job in self._jobs.values():
            job.told = False

    def remember(self, most_files: int = 50) -> list[Remembered]:
        """What the next run needs of the running jobs."""
        running = [(key, job) for key, job in self._jobs.items() if not job.ended]
        return [
            Remembered(job.info, self._present(job), job.files.most(most_files, key, self._time))
            for key, job in running
        ]

    def _present(self, job: _Job) -> JobSample:
        is_told = job.sample is not None and job.sample.time == self._time
        return job.sample if is_told and job.sample else self._sample(job, final=False)

    def _find(self, found: Found) -> None:
        try:
            info = self._known_tree(found) or self._identities.name(found)
        except Unnamed as why:
            if found.uid:  # what root does under a starter is the batch system's own
                self.unnamed += 1
                self.refusals = [*self.refusals[-9:], f"process {found.root_pid} of user {found.uid}: {why}"]
            return
        if self._arrays and info.scheduler == "slurm" and claims_array(found) and "_" not in info.key.job:
            self._waiting[found.handle] = (info, assigned(found.environ))
        else:
            self._join(found.handle, info, assigned(found.environ))

    def _known_tree(self, found: Found) -> JobInfo | None:
        """Named by an earlier run: what its user has changed since then does not matter."""
        for job in self._remembered.values():
            if job.info.root_pid == found.root_pid and abs(job.info.started - found.started) < _SAME_START_S:
                return job.info
        return None

    def _join(self, handle: int, info: JobInfo, cards: frozenset[str]) -> None:
        job = self._jobs.get(info.key)
        if job is not None and job.info.uid != info.uid and info.uid:
            self.unnamed += 1
            self.refusals = [*self.refusals[-9:], f"job {info.key.job} of two users, {job.info.uid} and {info.uid}"]
            return
        if job is None:
            job = self._jobs[info.key] = self._begin(info)
        elif job.ended:
            self._jobs.move_to_end(info.key)
        self._add_step(job, info)
        job.ended, job.idle_since = False, None
        job.cards |= cards
        job.live[handle] = None
        self._job_of[handle] = job

    def _begin(self, info: JobInfo) -> _Job:
        job = _Job(info, resumed=self._remembered.pop(info.key, None))
        if job.resumed:
            job.info = job.resumed.info
            job.files.resume(job.resumed.files)
            text = f"the collector was away for {self._away_s:.0f} s: figures are whole, nothing was sampled"
            self._marks.append(Mark(info.key, self._time, MarkKind.GAP, text))
        elif not info.adopted:
            self._marks.append(Mark(info.key, info.started, MarkKind.START, info.step))
        if early := self._early.pop(info.key, None):
            self._marks.append(early)
        return job

    def _add_step(self, job: _Job, info: JobInfo) -> None:
        if info.step and info.step not in job.steps and len(job.steps) < MAX_STEPS:
            job.steps.append(info.step)
            job.info = replace(job.info, step=",".join(job.steps))
            job.told = False

    def _take_files(self, files: Iterable[FileUsage]) -> None:
        of_tree: defaultdict[int, list[FileUsage]] = defaultdict(list)
        for file in files:
            of_tree[file.handle].append(file)
        for handle, told in of_tree.items():
            if job := self._job_of.get(handle):
                job.files.take(handle, told)
            elif handle in self._waiting:
                held = self._held.setdefault(handle, (None, {}))[1]
                held.update(((file.path, file.traffic), file) for file in told)

    def _take_usage(self, usage: Usage) -> None:
        job = self._job_of.get(usage.handle)
        if job is None:
            if usage.handle in self._waiting:
                self._held[usage.handle] = (usage, self._held.get(usage.handle, (None, {}))[1])
            return
        job.live[usage.handle] = usage
        if usage.rss_peak_bytes > job.rss_peak_bytes:
            job.rss_peak_bytes = usage.rss_peak_bytes
        if usage.ended:
            del job.live[usage.handle], self._job_of[usage.handle]
            job.before = summed(job.before, totals_of(usage))
            job.files.end(usage.handle)
            job.last_end = max(job.last_end, usage.ended_at or self._time)
            job.idle_since = None if job.live else job.last_end

    def _sample(self, job: _Job, *, final: bool) -> JobSample:
        live = [usage for usage in job.live.values() if usage]
        if job.resumed and (live or not job.live):
            self._resume(job, job.resumed)
        if len(live) == 1 and job.before is ZERO:  # as nearly all: what the probe told is all there is
            (usage,) = live
            if usage.rss_bytes <= usage.rss_peak_bytes == job.rss_peak_bytes:
                return _as_sample((job.info.key, self._time_of(job, final=final), *usage[_FIGURES], final))
        totals = reduce(summed, map(totals_of, live), job.before)
        rss, swap, processes, threads = gauges_of(live)
        job.rss_peak_bytes = max(job.rss_peak_bytes, rss)
        gauges = (rss, job.rss_peak_bytes, swap, processes, threads)
        return JobSample._make((job.info.key, self._time_of(job, final=final), *totals, *gauges, final))

    def _time_of(self, job: _Job, *, final: bool) -> float:
        """The last sample is of the end, and the latest of all."""
        if not final or job.idle_since is None:
            return self._time
        return max(job.idle_since, job.sample.time + _LEAST_STEP_S if job.sample else 0.0)

    def _resume(self, job: _Job, resumed: Remembered) -> None:
        """What the kernel has kept counts once, what it has not is taken from the last sample."""
        job.resumed = None
        kept = job.before
        for usage in filter(None, job.live.values()):
            kept = summed(kept, totals_of(usage))
        job.before = summed(job.before, missing(kept, counters_of(resumed.last)))
        job.rss_peak_bytes = max(job.rss_peak_bytes, resumed.last.rss_peak_bytes)

    def _end_what_is_missing(self) -> None:
        """Jobs of an earlier run that have no tree at the first reading have ended meanwhile."""
        for key, job in self._remembered.items():
            still = {"rss_bytes": 0, "swap_bytes": 0, "processes": 0, "threads": 0, "final": True}
            self._lost.append(job.last._replace(time=self._time, **still))
            text = "ended while the collector was away: its figures are those of the last sample before"
            self._marks.append(Mark(key, self._time, MarkKind.GAP, text))
            self._marks.append(Mark(key, self._time, MarkKind.END, ""))
        self._remembered.clear()

    def _finish(self, job: _Job, rows: Rows) -> None:
        job.ended = True
        rows.marks.append(Mark(job.info.key, job.idle_since or self._time, MarkKind.END, ""))
        self._jobs.move_to_end(job.info.key)
        ended = [key for key, job in self._jobs.items() if job.ended]
        for key in ended[: max(0, len(ended) - MAX_ENDED)]:
            del self._jobs[key]
