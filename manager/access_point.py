"""What every access-point agent is started with: the packs of the schedulers, of previews and of the storages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from ink_core.compute.options import ClusterOptions, LocalOptions
from ink_core.identity.service import IdentityService
from ink_core.settings import Settings
from ink_core.settings.authorities import manager_authorities
from manager.workers.agents import AccessPointOptions

SCHEDULER_PACK = "ink_core.compute.agent_pack:scheduler_pack"
ROOT_PACK = "ink_core.storage.root.agent_pack:root_pack"
STORAGE_PACK = "ink_core.storage.xrootd.agent_pack:storage_pack"


def access_point_options(settings: Settings, identity: IdentityService) -> AccessPointOptions:
    async def pack_options(user: str) -> Mapping[str, JsonValue]:
        admins = await _admins(identity)
        clusters: list[JsonValue] = [_for_user(options, user, admins) for options in settings.clusters]
        home = str(settings.workspace_of(user))
        storages: list[JsonValue] = [storage.of(home).model_dump(mode="json") for storage in settings.storages]
        return {"clusters": clusters, "home": home, "storages": storages}

    return AccessPointOptions(
        manager_url=settings.worker_url,
        packs=(SCHEDULER_PACK, ROOT_PACK, *((STORAGE_PACK,) if settings.storages else ()), *settings.spawner.packs),
        pack_options=pack_options,
        idle_timeout_s=settings.agents.idle_timeout_s,
        reconnect_for_s=settings.agents.reconnect_for_s,
        manager_ca=manager_authorities(settings.agents),
    )


def _for_user(options: ClusterOptions, user: str, admins: Sequence[str]) -> JsonValue:
    """The local scheduler runs all users under one uid, so it is told who is who; the real ones ask the kernel."""
    if isinstance(options, LocalOptions):
        options = options.model_copy(update={"owner": user, "superusers": tuple(admins)})
    return options.model_dump(mode="json")


async def _admins(identity: IdentityService) -> Sequence[str]:
    return [user.username for user in await identity.users() if user.is_admin]
