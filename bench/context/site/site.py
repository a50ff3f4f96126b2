"""A synthetic site, whole: what is true of it, and the observations that tell it to the global model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.context.site.faults import Fault, break_things, say_faults
from bench.context.site.job_facts import say_jobs
from bench.context.site.jobs import Job, jobs
from bench.context.site.knowledge import say_knowledge
from bench.context.site.memory import Memory, memory, say_memory
from bench.context.site.people import People, User, people, say_people
from bench.context.site.size import Size
from bench.context.site.sources import Sources
from bench.context.site.topology import Topology, say_topology, topology
from knowledge_graph.changes import Observation


@dataclass(frozen=True)
class Site:
    size: Size
    seed: int
    people: People
    topology: Topology
    faults: tuple[Fault, ...]
    jobs: tuple[Job, ...]
    memory: Memory

    @property
    def admin(self) -> User:
        return self.people.users[0]

    def observations(self) -> Iterator[Observation]:
        """All that is known of the site, one observation per source; made anew at each call."""
        say = Sources()
        say_people(self.people, say)
        say_topology(self.topology, say, self.size.slots)
        say_faults(self.faults, say)
        say_jobs(self.jobs, say)
        say_knowledge(self.size, self.topology, self.people, say, Random(f"{self.seed} notes"))
        say_memory(self.memory, say)
        return say.observations()


def site(size: Size, seed: int) -> Site:
    everybody = people(size, Random(f"{seed} people"))
    built = topology(size, everybody, Random(f"{seed} topology"))
    faults = break_things(size, built, everybody, Random(f"{seed} faults"))
    made = tuple(jobs(size, built, everybody, faults, Random(f"{seed} jobs")))
    return Site(size, seed, everybody, built, faults, made, memory(size, built, everybody, Random(f"{seed} memory")))
