"""Which job a process tree is. Pure: what a probe found goes in, a `JobInfo` or the reason why there is none comes out.

A user decides about the environment and the files of a job and must not be able to give it the id of somebody else's.
So a tree is named by what its starter says: HTCondor's description of the job as it was before the job began, and the
title of `slurmstepd`. A starter is only believed where it runs with root's rights, as those of the batch system do. The
embedded scheduler, which is for trials, has one user and no rights: its runner is believed where a setting says so.

Limits: which array a task belongs to, only the environment tells, where any user may write it; so here a task has its
own job number. After the clock was set anew, an HTCondor job from before cannot be adopted.
"""

from __future__ import annotations

import os.path
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from joblens.collector.identity import job_ad, slurm_steps
from joblens.collector.probes.probe import Found
from joblens.records import JobInfo, JobKey

MAX_TEXT = 256
LOCAL_STARTER = "ink_starter"
"""What the runner of a job of the embedded scheduler calls itself while the job runs (`ink_core.compute.local.run`)."""
_LOCAL_TITLE = re.compile(
    r" -m ink_core\.compute\.local\.runner (?P<directory>.+) (?P<job>\d{1,18}\.\d{1,18}) [0-9a-f]+ \d+", re.DOTALL
)
_GRAIN_S = 0.05  # of the time at which a process began, and of a file's change
_MAX_REMEMBERED = 10_000
_MOST_DIGITS = 10  # of what a job asks for: 10 PB as MiB
Key = TypeVar("Key")


class Unnamed(Exception):
    """No job id that can be believed; the text says why."""


@dataclass(frozen=True)
class Site:
    """How the manager calls this node's clusters, and which starters count.

    `schedd` is the pool's first: its jobs have plain ids, those of others end with `@` and the schedd's name. Where it
    is not told, those schedds count as first whose name is that of their host.
    """

    htcondor: str = "htcondor"
    slurm: str = "slurm"
    schedd: str = ""
    unprivileged_starters: bool = False  # a personal HTCondor, whose starter and jobs are one user
    local: str = "local"
    local_directory: str = ""  # of the embedded scheduler's queue; nothing where its jobs are not looked at


class Identities:
    """Names trees; remembers which SLUID is which job, and which uid is who."""

    def __init__(self, host: str, site: Site) -> None:
        self._host = host
        self._site = site
        self._job_of_sluid = _Recent[str]()
        self._accounts = _Recent[int]()

    def name(self, found: Found) -> JobInfo:
        """Raises `Unnamed`."""
        if self._site.local_directory and found.evidence.starter == LOCAL_STARTER:
            return self._local(found)
        self._check_starter(found)
        return self._htcondor(found) if found.evidence.job_ad else self._slurm(found)

    def _check_starter(self, found: Found) -> None:
        uids = found.evidence.starter_uids
        if not uids:
            raise Unnamed("the process that began it was gone before it could be looked at")
        # The real one: a set-user-id program has root's rights, and the name and title that its user chose.
        if uids[0] and not self._site.unprivileged_starters:
            raise Unnamed(f"its starter runs as user {uids[0]} and not with the rights of a batch system")

    def _htcondor(self, found: Found) -> JobInfo:
        seen = found.evidence
        if seen.job_ad_changed > found.started + _GRAIN_S:
            raise Unnamed("the description of the job was changed after the job began")
        ad = job_ad.parse(seen.job_ad)
        cluster, proc = job_ad.number(ad, "clusterid"), job_ad.number(ad, "procid")
        schedd, _, rest = job_ad.text(ad, "globaljobid").partition("#")
        if cluster is None or proc is None or rest.partition("#")[0] != f"{cluster}.{proc}":
            raise Unnamed("the description of the job has no id, or two that differ")
        name = f"{cluster}.{proc}{self._of_schedd(schedd)}"
        if len(name) >= MAX_TEXT or not name.isprintable():
            raise Unnamed("the description of the job has an id without end, or one that cannot be printed")
        return JobInfo(
            key=JobKey(self._site.htcondor, name),
            scheduler="htcondor",
            host=self._host,
            user=self._account(found, job_ad.text(ad, "osuser", "owner")),
            uid=found.uid,
            name=_short(job_ad.text(ad, "jobbatchname") or os.path.basename(job_ad.text(ad, "cmd")) or found.name),
            root_pid=found.root_pid,
            started=found.started,
            schedd=_short(schedd),
            adopted=found.adopted,
            cpus=_asked(ad, "requestcpus", "cpusprovisioned"),
            memory_bytes=_mebibytes(_asked(ad, "requestmemory", "memoryprovisioned")),
        )

    def _of_schedd(self, schedd: str) -> str:
        first = schedd == self._site.schedd if self._site.schedd else "@" not in schedd
        return "" if first else f"@{schedd}"

    def _slurm(self, found: Found) -> JobInfo:
        step = self._step(found)
        environ = found.environ
        return JobInfo(
            key=JobKey(self._site.slurm, step.job),
            scheduler="slurm",
            host=self._host,
            user=self._account(found),
            uid=found.uid,
            name=_short(environ.get("SLURM_JOB_NAME") or found.name),
            root_pid=found.root_pid,
            started=found.started,
            step=_short(step.step),
            adopted=found.adopted,
            cpus=_count(environ.get("SLURM_CPUS_ON_NODE", "")),
            memory_bytes=_slurm_memory(environ),
        )

    def _local(self, found: Found) -> JobInfo:
        """Runner and job are of one user, the manager's: who poses as a runner reaches only what is that user's own."""
        title = _LOCAL_TITLE.search(found.evidence.starter_title)
        if title is None or found.evidence.starter_uids[:1] != (found.uid,):
            raise Unnamed("its starter is called like that of the embedded scheduler and is none, or another user's")
        if title["directory"] != self._site.local_directory.rstrip("/"):
            raise Unnamed(f"it is a job of another embedded scheduler, that in {_short(title['directory'])}")
        return JobInfo(
            key=JobKey(self._site.local, title["job"]),
            scheduler="local",
            host=self._host,
            user=self._account(found),
            uid=found.uid,
            name=_short(found.environ.get("INK_JOB_NAME") or found.name),
            root_pid=found.root_pid,
            started=found.started,
            adopted=found.adopted,
            cpus=_count(found.environ.get("INK_JOB_CPUS", "")),
            memory_bytes=_mebibytes(_count(found.environ.get("INK_JOB_MEMORY_MB", ""))),
        )

    def _account(self, found: Found, said: str = "") -> str:
        account = found.evidence.account or said or self._accounts.get(found.uid, str(found.uid))
        self._accounts.put(found.uid, account)
        return _short(account)

    def _step(self, found: Found) -> slurm_steps.Step:
        said = slurm_steps.told_by_environment(found.environ) if found.evidence.environ_at_exec else None
        if said and (sluid := found.environ.get("SLURM_JOB_SLUID")):
            self._job_of_sluid.put(sluid, said.job)
        step = slurm_steps.told_by_system(found) or said
        if step is None:
            raise Unnamed("neither a description by HTCondor nor a title or control group by Slurm tells the job")
        if step.job.isdecimal():
            return step
        if job := self._job_of_sluid.get(step.job, ""):
            return step._replace(job=job)
        raise Unnamed(f"which job has the SLUID {step.job[:32]} is not known on this host")


class _Recent(Generic[Key]):
    """A bounded memory; what was put first is forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, str] = OrderedDict()

    def put(self, key: Key, value: str) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > _MAX_REMEMBERED:
            self._kept.popitem(last=False)

    def get(self, key: Key, default: str) -> str:
        return self._kept.get(key, default)


def claims_array(found: Found) -> bool:
    """It says that it is a task of an array. Users can say so of any job: Slurm is to be asked (`slurm_arrays`)."""
    return found.environ.get("SLURM_ARRAY_JOB_ID", "").isdecimal()


def as_task(info: JobInfo, task: str) -> JobInfo:
    """The job under its name as a task, such as `67890_3`."""
    return replace(info, key=info.key._replace(job=task))


def _short(text: str) -> str:
    return text[:MAX_TEXT]


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS else None


def _asked(ad: job_ad.JobAd, *names: str) -> int | None:
    """What users ask for is any number: none that is out of range goes into a batch, which is of all jobs."""
    number = job_ad.number(ad, *names)
    return number if number is not None and 0 < number < 10**_MOST_DIGITS else None


def _mebibytes(number: int | None) -> int | None:
    return number * 1024**2 if number else None


def _slurm_memory(environ: dict[str, str]) -> int | None:
    """On this node; Slurm gives MiB."""
    if (node := _count(environ.get("SLURM_MEM_PER_NODE", ""))) is not None:
        return node * 1024**2 or None
    cpu, cpus = _count(environ.get("SLURM_MEM_PER_CPU", "")), _count(environ.get("SLURM_CPUS_ON_NODE", ""))
    return cpu * cpus * 1024**2 or None if cpu and cpus else None
