"""JobLens as part of the platform: the store that the settings name, opened when first asked, and the captures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from ink_core.clock import Clock
from ink_core.compute.history import JobHistory
from ink_core.compute.queues import Queues
from ink_core.db import Database
from ink_core.errors import Conflict, NotFound
from ink_core.identity.principal import Scope
from ink_core.identity.service import IdentityService
from ink_core.settings import Settings
from ink_core.settings.joblens import JobLensSettings
from joblens.api.node_tokens import token_name
from joblens.api.public.documents import PublicDocuments
from joblens.api.public.service_routes import SkillText
from joblens.captures.book import CaptureBook
from joblens.captures.desk import CaptureDesk
from joblens.query.ingest import Ingest
from joblens.query.lens import Lens
from joblens.query.store_threads import StoreThreads
from joblens.store.embedded import EmbeddedStore
from joblens.store.opensearch.client import Access
from joblens.store.opensearch.store import OpensearchStore
from joblens.store.trace_store import TraceStore
from skills.catalogue import SkillCatalogue

EXPIRE_S = 3600.0
GIB = 1 << 30

OpenStore = Callable[[JobLensSettings], TraceStore]


def open_lens(
    settings: Settings,
    exits: AsyncExitStack,
    database: Database,
    queues: Queues,
    history: JobHistory,
    clock: Clock,
    open_store: OpenStore | None = None,
) -> Lens | None:
    """None where JobLens is off. `open_store` takes the place of the one that the settings name."""
    options = settings.joblens
    if not options.enabled:
        return None
    store = StoreThreads(lambda: (open_store or store_of)(options), options.deadline_s)
    exits.push_async_callback(store.close)
    return Lens(
        store,
        Ingest(store),
        CaptureDesk(CaptureBook(database)),
        queues,
        history,
        clock,
        options.keep_days,
        node_groups=options.node_groups,
        schedulers={cluster.name: cluster.type for cluster in settings.clusters},
    )


async def make_node_token(identity: IdentityService, account: str, hosts: str, lifetime: timedelta) -> str:
    """For the collectors of these hosts: of an account that may do nothing else, made where it is not there.

    Raises `BadInput` for what is no host or pattern, and `Conflict` for an account that may do more: what is on a node
    could be read by whoever takes the node.
    """
    only, name = frozenset({Scope.LENS_WRITE}), token_name(hosts)
    try:
        user = await identity.user(account)
    except NotFound:
        await identity.create_user(account)
        user = await identity.set_roles(account, own_scopes=only)
    if user.scopes != only:
        raise Conflict(f"{account} is an account that may do more than report: name another one with --account")
    return (await identity.create_token_of(account, name, only, lifetime)).secret


def store_of(options: JobLensSettings) -> TraceStore:
    """Raises `StoreAway`, `StoreDamaged`, or `BadInput` for an address that no secret may go to."""
    if options.store == "embedded" or options.url is None:
        return EmbeddedStore(options.file, max_bytes=int(options.max_gb * GIB))
    access = Access(
        [options.url],
        username=options.username,
        password_file=options.password_file,
        ca_file=options.ca_file,
        timeout_s=options.deadline_s,
    )
    return OpensearchStore(access, public_form=PublicDocuments if options.public_documents else None)


def skill_text() -> SkillText:
    """How an agent uses JobLens, from the library of skills."""
    skill = SkillCatalogue.load().get("joblens")
    return SkillText(skill.name, skill.description, skill.text)
