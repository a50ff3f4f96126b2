"""What is one user's own matter: many of their jobs held with one reason, or failing as soon as they start.

It is told to that user alone. No incident of the site: a bad script is its author's to mend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from knowledge_graph.facts import NodeId
from knowledge_graph.incidents.detectors.black_holes import failed_at_once
from knowledge_graph.incidents.detectors.reasons import alike
from knowledge_graph.incidents.scene import HELD, Scene, SeenJob

MANY = 10
NAMED = 20
LATELY = timedelta(hours=1)


@dataclass(frozen=True)
class OwnMatter:
    """`jobs` is how many; `first` are the first of them by id."""

    cluster: str
    text: str
    jobs: int
    first: tuple[NodeId, ...]


def own_matters(scene: Scene, user: str) -> Sequence[OwnMatter]:
    own = [job for job in scene.jobs if job.owner == user]
    return [*_held(own), *_failing(own, scene)]


def _held(own: Iterable[SeenJob]) -> Iterator[OwnMatter]:
    by_reason: dict[tuple[str, str], list[SeenJob]] = defaultdict(list)
    for job in own:
        if job.state == HELD:
            by_reason[job.cluster, alike(job.reason or "no reason given")].append(job)
    for (cluster, _), jobs in sorted(by_reason.items()):
        if len(jobs) >= MANY:
            first = min(jobs, key=lambda job: job.id)
            text = f"{len(jobs)} of your jobs on {cluster} are held with one reason: {first.reason or 'none is given'}"
            yield _matter(cluster, text, jobs)


def _failing(own: Iterable[SeenJob], scene: Scene) -> Iterator[OwnMatter]:
    by_cluster: dict[str, list[SeenJob]] = defaultdict(list)
    for job in own:
        if failed_at_once(job) and job.ended_at is not None and scene.at - job.ended_at < LATELY:
            by_cluster[job.cluster].append(job)
    for cluster, jobs in sorted(by_cluster.items()):
        if len(jobs) >= MANY:
            text = f"{len(jobs)} of your jobs on {cluster} failed within two minutes of their start in the last hour."
            yield _matter(cluster, text, jobs)


def _matter(cluster: str, text: str, jobs: Sequence[SeenJob]) -> OwnMatter:
    return OwnMatter(cluster, text, len(jobs), tuple(sorted(job.id for job in jobs)[:NAMED]))
