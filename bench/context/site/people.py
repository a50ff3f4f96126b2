"""Users, groups and experiments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bench.context.site.size import Size
from bench.context.site.sources import IDENTITY, NOW, PERSONAL, Sources
from knowledge_graph.facts import ADMINS, Layer, NodeId, NodeKind, Relation, node_id

EXPERIMENTS = ("juno", "lhaaso", "bes", "atlas", "cms", "lhcb", "hxmt", "cepc", "dyw", "ali")
TASKS = ("production", "calibration", "simulation")
FIRST = "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo".split()
LAST = "wei fang na min jing lei jun yan tao ming chao jie xia gang ping hui bo rui kai ning".split()


@dataclass(frozen=True)
class Group:
    name: str
    experiment: str
    manager: str

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.GROUP, self.name)


@dataclass(eq=False)
class User:
    """`quota_gb` and `used_gb` are of the home directory."""

    name: str
    groups: tuple[str, ...]
    quota_gb: int = 50
    used_gb: int = 10
    credential_ends_in: timedelta = timedelta(days=3)

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.USER, self.name)

    @property
    def readers(self) -> frozenset[str]:
        """Who sees what is this user's alone."""
        return frozenset((self.node, ADMINS))


@dataclass(frozen=True)
class People:
    experiments: tuple[str, ...]
    groups: tuple[Group, ...]
    users: tuple[User, ...]


def people(size: Size, chance: Random) -> People:
    experiments = EXPERIMENTS[: size.experiments]
    names = _user_names(size.users)
    groups = tuple(
        Group(f"{experiment}_{task}" if task else experiment, experiment, chance.choice(names))
        for experiment in experiments
        for task in ("", *TASKS)
    )
    users = tuple(
        User(
            name,
            tuple(sorted({chance.choice(groups).name for _ in range(chance.choice((1, 1, 2)))})),
            used_gb=chance.randrange(5, 45),
            credential_ends_in=timedelta(hours=chance.randrange(5, 160)),
        )
        for name in names
    )
    return People(experiments, groups, users)


def say_people(everybody: People, say: Sources) -> None:
    known = say.origin(IDENTITY, Layer.TOPOLOGY, age=timedelta(minutes=10))
    for group in everybody.groups:
        say.attributes(group.node, known, manager=group.manager)
        say.edge(group.node, Relation.PART_OF, node_id(NodeKind.EXPERIMENT, group.experiment), known)
    for user in everybody.users:
        own = say.origin(IDENTITY, Layer.TOPOLOGY, age=timedelta(minutes=10), readers=user.readers, label=PERSONAL)
        for group in user.groups:
            say.edge(user.node, Relation.MEMBER_OF, node_id(NodeKind.GROUP, group), known)
        say.attributes(
            user.node,
            own,
            home_quota_gb=user.quota_gb,
            home_used_gb=user.used_gb,
            credential_expires_at=(NOW + user.credential_ends_in).isoformat(),
            mail=f"{user.name}@site.example",
        )


def _user_names(count: int) -> tuple[str, ...]:
    pairs = [first + last for last in LAST for first in FIRST]
    return tuple(pairs[n % len(pairs)] + (str(n // len(pairs) + 1) if n >= len(pairs) else "") for n in range(count))
