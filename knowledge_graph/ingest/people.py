"""Experiments, groups and users as facts: from the site file of `hepjob`, and from the platform's accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ink_core.compute.hep.site import HepSite
from ink_core.identity.model import Group, User
from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import ADMINS, Fact, Layer, NodeKind, Origin, Relation, node_id
from knowledge_graph.ingest.saying import attributes, edges

LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)


def facts_of_site(site: HepSite, at: datetime) -> Iterator[Fact]:
    """Which group is of which experiment, where its jobs go, and what wall times there are."""
    origin = Origin("hepjob@site", Layer.SEMANTICS, at, label=LABEL)
    subject = node_id(NodeKind.SITE, "hepjob")
    yield from attributes(subject, origin, {"default_group": site.default_group, "default_os": site.default_os})
    wall_times = {f"wall_time_{name.lower()}_s": seconds for name, seconds in site.wall_times.items()}
    yield from attributes(subject, origin, wall_times)
    for name, experiment in site.experiments.items():
        subject = node_id(NodeKind.EXPERIMENT, name)
        yield from attributes(subject, origin, {"groups": " ".join(experiment.groups)})
        where = ((Relation.MAPS_TO, NodeKind.CLUSTER, experiment.cluster),)
        yield from edges(subject, origin, (*where, (Relation.MAPS_TO, NodeKind.SCHEDD, experiment.schedd)))
        for group in experiment.groups:
            if not group.endswith("*"):
                member = (Relation.MEMBER_OF, NodeKind.EXPERIMENT, name)
                yield from edges(node_id(NodeKind.GROUP, group), origin, (member,))


def facts_of_accounts(users: Iterable[User], groups: Iterable[Group], at: datetime) -> Iterator[Fact]:
    """Users read of their own account, administrators of all."""
    for user in users:
        readers = frozenset({f"user:{user.username}", ADMINS})
        origin = Origin("identity@ink", Layer.SEMANTICS, at, label=LABEL, readers=readers)
        subject = node_id(NodeKind.USER, user.username)
        told = {"is_admin": user.is_admin, "disabled": user.disabled, "scopes": " ".join(sorted(user.scopes))}
        yield from attributes(subject, origin, told)
        yield from edges(subject, origin, ((Relation.MEMBER_OF, NodeKind.GROUP, group) for group in user.groups))
    kept = Origin("identity@ink", Layer.SEMANTICS, at, label=LABEL, readers=frozenset({ADMINS}))
    for group in groups:
        permissions, scopes = " ".join(sorted(group.permissions)), " ".join(sorted(group.scopes))
        told = {"description": group.description, "permissions": permissions, "scopes": scopes}
        yield from attributes(node_id(NodeKind.GROUP, group.name), kept, told)
