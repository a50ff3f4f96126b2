"""Who feeds the model on this site, and how often each of them looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from platform import node as host_name

from ink_core.labels import Confidentiality
from ink_core.settings import Settings
from manager.api.platform import Platform
from manager.documents import SiteDocuments
from manager.knowledge.feeding.cluster import ClusterFeeding
from manager.knowledge.feeding.library import Library, LibraryFeeding
from manager.knowledge.feeding.machines import MachinesFeeding
from manager.knowledge.feeding.measured import MeasuredFeeding
from manager.knowledge.feeding.mounts import MountsFeeding
from skills.library import SkillLibrary

LOOK_S = 2.0
"""A look at what has not changed costs next to nothing."""
MEASURED_S = 10.0
NAMES_S = 60.0
MOUNTS_S = 60.0

Work = tuple[float, Callable[[], Awaitable[None]]]


def open_feeding(
    settings: Settings, platform: Platform, skills: SkillLibrary, documents: SiteDocuments
) -> Sequence[Work]:
    """What is to be done in the background, and every how many seconds."""
    core, knowledge = platform.core, platform.knowledge
    clusters = [
        ClusterFeeding(options.name, options.type, core.queues, knowledge, core.clock) for options in settings.clusters
    ]
    library = LibraryFeeding(_library(settings, platform, skills, documents), knowledge, core.clock)
    work: list[Work] = [(LOOK_S, cluster.look) for cluster in clusters]
    work += [(LOOK_S, library.look), (NAMES_S, MachinesFeeding(knowledge, core.clock).look)]
    mounts = MountsFeeding(_directories(settings), host_name(), knowledge, core.clock)
    work.append((MOUNTS_S, mounts.look))
    if platform.lens is not None:
        measured = MeasuredFeeding(platform.lens, knowledge, core.clock)
        platform.lens.listeners.append(measured.hear)
        work.append((MEASURED_S, measured.look))
    return work


def _directories(settings: Settings) -> Sequence[Path]:
    """Those of the data, of users' workspaces and of labelled trees, up to the part that differs by user."""
    trees = (rule.tree for rule in settings.labels.trees)
    return [settings.data_dir, *(Path(text.partition("{")[0]) for text in (settings.agents.workspace, *trees))]


def _library(settings: Settings, platform: Platform, skills: SkillLibrary, documents: SiteDocuments) -> Library:
    return Library(
        clusters=[options.name for options in settings.clusters],
        site=platform.core.hep.site,
        storages=settings.storages,
        trees=[(rule.tree, Confidentiality(rule.confidentiality)) for rule in settings.labels.trees],
        catalogue=platform.catalogue,
        skills=skills,
        policy=platform.policy,
        identity=platform.core.identity,
        documents=documents,
    )
