"""What the routes of the core need, built once by the composition root and carried on the application's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.requests import HTTPConnection

from ink_core.agents import Homes, UserAgents
from ink_core.api.actions import Actions
from ink_core.api.downloads import Downloads
from ink_core.api.forms import Forms
from ink_core.api.open_streams import OpenStreams
from ink_core.apps.service import AppService
from ink_core.clock import Clock
from ink_core.compute.hep.site import HepDesk
from ink_core.compute.history import JobHistory
from ink_core.compute.queues import Queues
from ink_core.identity.administration import Administration
from ink_core.identity.device import DeviceRequests
from ink_core.identity.issuer.issuer import Issuer
from ink_core.identity.kerberos.sign_in import KerberosSignIn
from ink_core.identity.openid.port import OpenId
from ink_core.identity.service import IdentityService
from ink_core.identity.ssh_certificates import SshCertificates
from ink_core.plugins.running import Plugins
from ink_core.storage.disk_history import DiskHistory
from ink_core.storage.shares import ShareLinks, Shares

MOST_PUBLIC, MOST_PUBLIC_EACH = 32, 16


@dataclass(frozen=True)
class Core:
    """Reads go to `queues` and, as the user, to `agents`; what changes something goes to `actions`.

    Downloads by whoever has a link are counted apart: they keep nobody who is signed in from one.
    """

    identity: IdentityService
    administration: Administration
    agents: UserAgents
    homes: Homes
    queues: Queues
    history: JobHistory
    disk_history: DiskHistory
    shares: Shares
    share_links: ShareLinks
    actions: Actions
    apps: AppService
    streams: OpenStreams
    hep: HepDesk
    clock: Clock
    storages: Sequence[str] = ()
    openid: OpenId | None = None
    issuer: Issuer | None = None
    kerberos: KerberosSignIn | None = None
    ssh_certificates: SshCertificates | None = None
    devices: DeviceRequests = field(default_factory=DeviceRequests)
    downloads: Downloads = field(default_factory=Downloads)
    forms: Forms = field(default_factory=Forms)
    public_downloads: Downloads = field(default_factory=lambda: Downloads(MOST_PUBLIC, MOST_PUBLIC_EACH))
    plugins: Plugins = field(default_factory=Plugins)


def install_core(app: FastAPI, core: Core) -> None:
    app.state.core = core


async def core_of(connection: HTTPConnection) -> Core:
    core: Core = connection.app.state.core
    return core


CoreParts = Annotated[Core, Depends(core_of)]
