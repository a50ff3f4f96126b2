"""The desk of sub-agents, made in two steps: its profiles before the tools' services, its parts after the sessions."""

from __future__ import annotations

from ink_core.settings import Settings
from manager.subagents.desk import SubAgentDesk
from manager.subagents.library import ProfileLibrary


def open_subagents(settings: Settings) -> SubAgentDesk:
    return SubAgentDesk(ProfileLibrary(settings.subagents.folders))
