"""What JobLens measured of jobs, as facts. Their owner and administrators read them, as they read the measurements.

The values are plain ones: this package does not know JobLens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import ADMINS, Fact, Layer, NodeId, NodeKind, Origin, Relation, node_id
from knowledge_graph.ingest.saying import Told, attributes, edges

LABEL = Label(Confidentiality.USER, Integrity.UNTRUSTED)
"""As the tools of JobLens: names of files and processes are what users wrote."""
KEPT_FOR = timedelta(days=1)
MIB = 1 << 20


@dataclass(frozen=True)
class MountTraffic:
    """Of all files of a job below one mount point. `type` is that of the file system, `nfs4`."""

    mount: str
    type: str
    read_bytes: int
    written_bytes: int


@dataclass(frozen=True)
class JudgedAs:
    """`cause` is JobLens' word for what bounds the job."""

    cause: str
    sentence: str
    confidence: float


@dataclass(frozen=True)
class WarnedOf:
    """What a rule of JobLens said of the job, and when."""

    at: datetime
    text: str


@dataclass(frozen=True)
class MeasuredJob:
    """`owner` is None where its processes were of several users: only administrators see it then."""

    cluster: str
    job_id: str
    owner: str | None
    state: str
    seen_at: datetime
    hosts: Sequence[str]
    cpu_percent: float
    cpu_efficiency: float | None
    rss_peak_bytes: int
    read_bytes: int
    written_bytes: int
    net_bytes: int
    gpu_percent: float | None = None
    verdict: JudgedAs | None = None
    warnings: Sequence[WarnedOf] = ()
    traffic: Sequence[MountTraffic] = ()


def source_of(cluster: str) -> str:
    return f"joblens@{cluster}"


def facts_of_measured(job: MeasuredJob, at: datetime) -> Sequence[Fact]:
    """Nothing of what was last seen too long ago."""
    expires_at = job.seen_at + KEPT_FOR
    if expires_at <= at:
        return ()
    readers = frozenset({ADMINS} if job.owner is None else {ADMINS, f"user:{job.owner}"})
    origin = Origin(source_of(job.cluster), Layer.RUNTIME, at, expires_at=expires_at, label=LABEL, readers=readers)
    subject = node_id(NodeKind.JOB, f"{job.cluster}/{job.job_id}")
    return [
        *attributes(subject, origin, _figures(job)),
        *edges(subject, origin, ((Relation.RUNS_ON, NodeKind.NODE, host) for host in job.hosts)),
        *_traffic(subject, job.traffic, origin),
        *_alerts(job, origin),
    ]


def _figures(job: MeasuredJob) -> dict[str, Told]:
    verdict = job.verdict
    return {
        "measured_state": job.state,
        "measured_cpu_percent": round(job.cpu_percent),
        "cpu_efficiency": None if job.cpu_efficiency is None else round(job.cpu_efficiency, 2),
        "measured_memory_peak_mb": job.rss_peak_bytes // MIB,
        "read_mb": job.read_bytes // MIB,
        "written_mb": job.written_bytes // MIB,
        "network_mb": job.net_bytes // MIB,
        "gpu_percent": None if job.gpu_percent is None else round(job.gpu_percent),
        "verdict": verdict and verdict.cause,
        "verdict_text": verdict and verdict.sentence,
        "verdict_confidence": verdict and round(verdict.confidence, 2),
    }


def _traffic(subject: NodeId, traffic: Iterable[MountTraffic], origin: Origin) -> Iterator[Fact]:
    for one in traffic:
        ways = ((Relation.READS, one.read_bytes), (Relation.WRITES, one.written_bytes))
        yield from edges(subject, origin, ((way, NodeKind.FILE_SYSTEM, one.mount) for way, size in ways if size))
    types = sorted({f"{one.mount} ({one.type})" for one in traffic})
    yield from attributes(subject, origin, {"file_systems": ", ".join(types)})


def _alerts(job: MeasuredJob, origin: Origin) -> Iterator[Fact]:
    for number, warning in enumerate(job.warnings, start=1):
        alert = node_id(NodeKind.ALERT, f"{job.cluster}/{job.job_id}/{number}")
        yield from attributes(alert, origin, {"text": warning.text, "since": warning.at})
        yield from edges(alert, origin, ((Relation.AFFECTS, NodeKind.JOB, f"{job.cluster}/{job.job_id}"),))
