"""What is known rather than seen: documents, skills, tools, policy, errors, experiments, storages and accounts.

Each is told when it changes; accounts, which are many and change seldom, every few minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from ink_core.clock import Clock
from ink_core.compute.hep.site import HepSite
from ink_core.identity.service import IdentityService
from ink_core.labels import Confidentiality
from ink_core.storage.xrootd.options import StorageOptions
from knowledge_graph.changes import Observation
from knowledge_graph.facts import NodeKind, kind_of, node_id
from knowledge_graph.ingest.catalogue import facts_of_errors, facts_of_rules, facts_of_skills, facts_of_tools
from knowledge_graph.ingest.documents import facts_of_passages, names_of
from knowledge_graph.ingest.people import facts_of_accounts, facts_of_site
from knowledge_graph.ingest.reasons import scheduler_reasons
from knowledge_graph.ingest.storage import facts_of_storages
from manager.documents import SiteDocuments
from manager.gate.live_policy import LivePolicy
from manager.knowledge.feeding.values import error_texts, rule_texts, skill_texts, tool_texts
from manager.knowledge.knowledge import Knowledge
from mcp_tools.catalogue import Catalogue
from skills.library import SkillLibrary

ACCOUNTS_EVERY = timedelta(minutes=5)
NAMED = frozenset({
    NodeKind.CLUSTER, NodeKind.FILE_SYSTEM, NodeKind.EXPERIMENT, NodeKind.GROUP, NodeKind.SKILL, NodeKind.TOOL,
    NodeKind.RULE, NodeKind.ERROR,
})  # fmt: skip
"""What a document is taken to speak of by name. Users and jobs in it are examples."""


@dataclass(frozen=True)
class Library:
    """Where it is read from. Reading the documents takes long."""

    clusters: Sequence[str]
    site: HepSite
    storages: Sequence[StorageOptions]
    trees: Sequence[tuple[str, Confidentiality]]
    catalogue: Catalogue
    skills: SkillLibrary
    policy: LivePolicy
    identity: IdentityService
    documents: SiteDocuments


class LibraryFeeding:
    """`look` is to be called every few seconds, one at a time."""

    def __init__(self, library: Library, knowledge: Knowledge, clock: Clock) -> None:
        self._library, self._knowledge, self._clock = library, knowledge, clock
        self._stamp: object = None
        self._next_accounts: datetime | None = None

    async def look(self) -> None:
        stamp = await asyncio.to_thread(self._current_stamp)
        if stamp != self._stamp:
            now = self._clock.now()
            for observation in await asyncio.to_thread(lambda: [*observations(self._library, now)]):
                await self._knowledge.observe(observation)
            self._stamp = stamp
        if self._next_accounts is None or self._clock.now() >= self._next_accounts:
            await self._tell_accounts()
            self._next_accounts = self._clock.now() + ACCOUNTS_EVERY

    def _current_stamp(self) -> object:
        """Of what can change while the platform runs: skills, the policy and the site's own documents."""
        skills = tuple((skill.name, skill.sha256) for skill in self._library.skills.shelf().skills)
        return skills, self._library.policy.current().version, self._library.documents.stamp()

    async def _tell_accounts(self) -> None:
        identity = self._library.identity
        users, groups = await identity.users(), await identity.groups.all()
        facts = facts_of_accounts(users, groups, self._clock.now())
        await self._knowledge.observe(Observation("identity@ink", [*facts]))


def observations(library: Library, now: datetime) -> Iterator[Observation]:
    """The documents come last: they lead to whatever the others have named."""
    skills, rules = library.skills.shelf().skills, library.policy.current().rules
    told = {
        "hepjob@site": facts_of_site(library.site, now),
        "settings@ink": facts_of_storages(library.storages, library.trees, now),
        "skills@library": facts_of_skills(skill_texts(skills), now),
        "tools@ink": facts_of_tools(tool_texts(library.catalogue), now),
        "policy@ink": facts_of_rules(rule_texts(rules, library.catalogue), now),
        "errors@ink": facts_of_errors(chain(error_texts(), scheduler_reasons()), now),
    }
    subjects = {node_id(NodeKind.CLUSTER, name) for name in library.clusters}
    for source, facts in told.items():
        observation = Observation(source, [*facts])
        subjects |= {fact.subject for fact in observation.facts}
        yield observation
    names = names_of(sorted(node for node in subjects if kind_of(node) in NAMED))
    yield Observation("documents@library", [*facts_of_passages(library.documents.passages(), names, now)])
