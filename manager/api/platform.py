"""Everything the routes need, built once by the composition root and carried on the application's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from audit.checkpointer import Checkpointer
from audit.ledger import Ledger
from audit.verify.report import Report
from ink_core.agents import Homes
from ink_core.api.open_streams import OpenStreams
from ink_core.api.proxy_routes import AppsProxy
from ink_core.apps.service import AppService
from ink_core.clock import Clock
from ink_core.compute.hep.site import HepDesk
from ink_core.compute.history import JobHistory
from ink_core.compute.queues import Queues
from ink_core.identity.kerberos.sign_in import KerberosSignIn
from ink_core.identity.openid.port import OpenId
from ink_core.identity.service import IdentityService
from ink_core.plugins.running import Plugins
from ink_core.storage.shares import ShareLinks
from manager.agent.choice import ModelChoice
from manager.api.shared_work import SharedWork
from manager.gate.door import GateDoor
from manager.gate.gate import Gate
from manager.gate.live_policy import LivePolicy
from manager.kill_switch import KillSwitch
from manager.sessions.service import SessionService
from manager.shares import RecordedShares
from manager.workers.agents import ConnectedAgents
from manager.workers.launch import JobAgentLauncher
from manager.workers.recorder import TerminalRecorder
from manager.workers.registry import WorkerRegistry
from mcp_tools.catalogue import Catalogue


@dataclass(frozen=True)
class Platform:
    identity: IdentityService
    ledger: Ledger
    verification: SharedWork[Report]
    checkpointer: Checkpointer
    gate: Gate
    policy: LivePolicy
    door: GateDoor
    catalogue: Catalogue
    sessions: SessionService
    kill_switch: KillSwitch
    registry: WorkerRegistry
    agents: ConnectedAgents
    homes: Homes
    recorder: TerminalRecorder
    launcher: JobAgentLauncher
    queues: Queues
    history: JobHistory
    hep: HepDesk
    storages: Sequence[str]
    shares: RecordedShares
    apps: AppService
    apps_proxy: AppsProxy
    share_links: ShareLinks
    models: ModelChoice
    clock: Clock
    default_cluster: str
    streams: OpenStreams
    openid: OpenId | None
    kerberos: KerberosSignIn | None
    plugins: Plugins


async def platform_of(connection: HTTPConnection) -> Platform:
    """Asynchronous, as FastAPI runs what is not in a thread: two changes of thread for one attribute."""
    platform: Platform = connection.app.state.platform
    return platform


Parts = Annotated[Platform, Depends(platform_of)]
