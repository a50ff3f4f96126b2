"""Everything the routes need, built once by the composition root and carried on the application's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from audit.checkpointer import Checkpointer
from audit.ledger import Ledger
from audit.verify.report import Report
from ink_core.api.core import Core
from ink_core.api.proxy_routes import AppsProxy
from ink_core.db import Database
from joblens.query.lens import Lens
from manager.agent.choice import ModelChoice
from manager.api.shared_work import SharedWork
from manager.budgets.desk import BudgetDesk
from manager.budgets.usage import UsageBook
from manager.gate.door import GateDoor
from manager.gate.gate import Gate
from manager.gate.live_policy import LivePolicy
from manager.incidents.opening import Watch
from manager.joblens.rule_book import RuleBook
from manager.kill_switch import KillSwitch
from manager.knowledge.contexts import Contexts
from manager.knowledge.knowledge import Knowledge
from manager.knowledge.learning import Learning
from manager.knowledge.reading import KnowledgeReader
from manager.limits import LimitsDesk
from manager.sessions.quoting import Quoting
from manager.sessions.service import SessionService
from manager.subagents.desk import SubAgentDesk
from manager.switches import Switches
from manager.tasks.opening import Tasks
from manager.workers.launch import JobAgentLauncher
from manager.workers.registry import WorkerRegistry
from manager.workers.terminal_recorder import TerminalRecorder
from mcp_tools.catalogue import Catalogue
from skills.library import SkillLibrary


@dataclass(frozen=True)
class Platform:
    """`core` is what the core's routes have as well; the rest is the manager's own."""

    core: Core
    ledger: Ledger
    database: Database
    verification: SharedWork[Report]
    checkpointer: Checkpointer
    gate: Gate
    policy: LivePolicy
    door: GateDoor
    catalogue: Catalogue
    sessions: SessionService
    quoting: Quoting
    tasks: Tasks
    kill_switch: KillSwitch
    registry: WorkerRegistry
    recorder: TerminalRecorder
    launcher: JobAgentLauncher
    apps_proxy: AppsProxy
    models: ModelChoice
    default_cluster: str
    lens: Lens | None
    knowledge: Knowledge
    contexts: Contexts
    budgets: BudgetDesk
    usage: UsageBook
    limits: LimitsDesk
    reader: KnowledgeReader
    learning: Learning
    watch: Watch
    skills: SkillLibrary
    subagents: SubAgentDesk
    switches: Switches
    rules: RuleBook | None


async def platform_of(connection: HTTPConnection) -> Platform:
    """Asynchronous, as FastAPI runs what is not in a thread: two changes of thread for one attribute."""
    platform: Platform = connection.app.state.platform
    return platform


Parts = Annotated[Platform, Depends(platform_of)]
