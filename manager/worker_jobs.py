"""What every worker agent that is a job of the cluster is launched with."""

from __future__ import annotations

import sys

from ink_core.settings import Settings
from ink_core.settings.authorities import manager_authorities
from manager.permits import Permits
from manager.workers.launch import AgentLaunchOptions

IDLE_S = 8 * 3600.0
"""A worker that nothing has called for so long ends by itself."""


def launch_options(settings: Settings, permits: Permits) -> AgentLaunchOptions:
    agents = settings.agents
    return AgentLaunchOptions(
        manager_url=settings.worker_url,
        python=str(agents.python or sys.executable),
        image=str(agents.image) if agents.image else None,
        apptainer=str(agents.apptainer),
        cpus=agents.cpus,
        memory_mb=agents.memory_mb,
        idle_timeout_s=IDLE_S,
        reconnect_for_s=agents.reconnect_for_s,
        launch_timeout_s=agents.launch_timeout_s,
        manager_key=permits.public_key,
        token_lifetime_s=agents.token_lifetime_s,
        manager_ca=manager_authorities(agents),
    )
