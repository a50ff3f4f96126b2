"""The composition root's parts list: from settings to a wired platform. Only `manager.__main__` calls it.

`build` opens the stores and starts the site's plugins, whose code runs; what comes after is in `running`.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta

from ink_core.api.core import Core
from ink_core.api.open_streams import OpenStreams
from ink_core.compute.history import JobHistory
from ink_core.identity.administration import Administration
from ink_core.key_file import secret_key
from ink_core.labels import Confidentiality
from ink_core.settings import Settings
from ink_core.spawner.client import Spawner
from ink_core.storage.disk_history import DiskHistory
from ink_core.storage.shares import ShareLinks
from manager.administration import RecordedAccounts
from manager.agent.assembler import Assembler
from manager.agent.state import LoopLimits
from manager.api.gated_actions import GatedActions
from manager.api.platform import Platform
from manager.api.shared_work import SharedWork
from manager.app_sessions import open_apps
from manager.apps_proxy import open_apps_proxy
from manager.budgets.opening import open_budgets
from manager.checkpoints import verified
from manager.documents import open_documents
from manager.foreign import open_foreign
from manager.gate.authority import Authority
from manager.gate.decided_on import LocksAndPolicy
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.live_policy import LivePolicy
from manager.gate.policy_desk import PolicyDesk
from manager.gate.terminal_readings import TerminalReadings
from manager.ground import open_ground
from manager.incidents.opening import open_watch
from manager.joblens.lens import OpenStore
from manager.joblens.rules import open_rules
from manager.kerberos import open_kerberos
from manager.kill_switch import KillSwitch
from manager.knowledge.contexts import Contexts
from manager.knowledge.learning import open_learning
from manager.knowledge.opening import open_knowledge
from manager.knowledge.reading import KnowledgeReader
from manager.knowledge.session_steps import RecordedSteps
from manager.ledger import OpenLedger, open_ledger
from manager.limits import LimitsDesk
from manager.makers import Makers
from manager.models import ChooseModels, choose_models, context_budget
from manager.people import AccountPeople
from manager.plugins import open_plugins
from manager.queues import hep_desk
from manager.running import Running
from manager.sessions.live import LiveChannels
from manager.sessions.output import ToolOutputRelay
from manager.sessions.parts import RunnerParts
from manager.sessions.quoting import Quoting
from manager.sessions.service import SessionService
from manager.shares import RecordedShares
from manager.skills.accepted import RecordedAccepted
from manager.skills.library import open_library
from manager.ssh_certificates import open_ssh_certificates
from manager.subagents.children import ChildParts
from manager.subagents.opening import open_subagents
from manager.subagents.running import RunningParts
from manager.subagents.sessions import ChildSessions
from manager.switches import open_switches
from manager.tasks.access import TaskAccess
from manager.tasks.desk import TaskDesk
from manager.tasks.memory import TaskMemory
from manager.tasks.opening import tasks_of
from manager.upkeep import upkeep
from manager.workplace import open_workplace
from mcp_tools.catalogue import default_catalogue
from mcp_tools.context import Services
from mcp_tools.path_labels import PathLabels, TreeRule

CONTEXT_SHARE = 8
"""A context takes at most this part of what a model may be sent."""


async def build(
    settings: Settings,
    *,
    open_ledger: OpenLedger = open_ledger,
    choose_models: ChooseModels = choose_models,
    spawner: Spawner | None = None,
    open_traces: OpenStore | None = None,
) -> Running:
    """Open the stores and wire everything; raises an `InkError` or `OSError` that says what is in the way.

    `spawner` and `open_traces` (the store of JobLens) take the place of those that the settings name.
    """
    exits = AsyncExitStack()
    try:
        return await _wired(settings, exits, open_ledger, choose_models, spawner, open_traces)
    except BaseException:
        await exits.aclose()
        raise


async def _wired(
    settings: Settings,
    exits: AsyncExitStack,
    open_ledger: OpenLedger,
    choose_models: ChooseModels,
    given_spawner: Spawner | None,
    open_traces: OpenStore | None,
) -> Running:
    ground = await open_ground(settings, exits, open_ledger)
    clock, ledger, identity, database = ground.clock, ground.ledger, ground.identity, ground.database
    knowledge = open_knowledge(settings.knowledge, exits, database, clock)
    history, catalogue = JobHistory(database, clock), default_catalogue()
    budgets = open_budgets(settings, database, ledger, catalogue, clock)
    exits.push_async_callback(budgets.desk.close)
    record = budgets.also(history.record)
    work = open_workplace(settings, exits, ground, history, record, given_spawner, open_traces)
    queues, lens, agents, launcher = work.queues, work.lens, work.agents, work.launcher
    link_key = secret_key(settings.data_dir / "link.key")
    share_links = ShareLinks(link_key, settings.public_url)
    shares = RecordedShares(ledger, clock)
    documents = open_documents(settings)
    apps = open_apps(settings, ledger, agents, work.accounts, queues, clock)
    skills, subagents = open_library(settings), open_subagents(settings)
    accepted = RecordedAccepted(ledger)
    models = choose_models(settings.models)
    exits.push_async_callback(models.aclose)
    budget = context_budget(models.default, settings.models)
    contexts = Contexts(knowledge, clock, min(settings.knowledge.context_tokens, budget.total_tokens // CONTEXT_SHARE))
    reader = KnowledgeReader(knowledge, contexts, clock)
    learning = open_learning(ledger, clock, knowledge.observe)
    task_desk = TaskDesk(ledger, knowledge.observe)
    access = TaskAccess(task_desk)
    memory = TaskMemory(learning.contributions, access)
    schedulers = {options.name: options.type for options in settings.clusters}
    watch = open_watch(ledger, clock, queues, lens, knowledge, schedulers, contexts.explained)
    foreign = open_foreign(settings, catalogue, ledger)
    switches = open_switches(ledger, models)
    exits.push_async_callback(foreign.close)
    policy = LivePolicy(settings.policy.file, ledger, clock)
    services = Services(
        agents,
        queues,
        documents,
        share_links,
        launcher,
        homes=work.accounts,
        path_labels=_path_labels(settings),
        shares=shares,
        apps=apps,
        clock=clock,
        schedulers=schedulers,
        lens=lens,
        skills=skills,
        accepted_skills=accepted,
        contributions=learning.contributions,
        steps=RecordedSteps(ledger, access),
        knowledge=reader,
        incidents=watch.desk,
        site=watch.site,
        subagents=subagents,
        foreign=foreign,
        tools=catalogue,
        policy=PolicyDesk(policy),
        terminals=TerminalReadings(ledger),
        switches=switches,
    )
    limits = GateLimits(approval_lifetime_s=settings.approvals.expire_s)
    makers = Makers(ledger, identity.groups, clock, timedelta(days=settings.approvals.one_person_days))
    authority = Authority(ground.key, AccountPeople(identity, ground.lockout, makers), ground.permits, ground.lockout)
    decided_on = LocksAndPolicy(ledger, ground.lockout, policy)
    gate = Gate(ledger, catalogue, policy.current, services, clock, limits, authority, budgets.calls, decided_on)
    assembler = Assembler(lambda principal: catalogue.offered(principal.scopes), queues.clusters, budget)
    live = LiveChannels()
    exits.enter_context(ground.registry.listening(ToolOutputRelay(gate.book, live).hear))
    runner = RunnerParts(
        ledger,
        gate,
        models,
        assembler.request,
        live,
        LoopLimits(),
        budgets.desk,
        contexts,
        learning.recalls,
        access=access,
    )
    sessions = SessionService(runner)
    for_children = ChildParts(models, catalogue, skills, settings.agents.default_cluster, budgets.desk)
    child_sessions = ChildSessions(ledger, sessions, ground.lockout)
    subagents.begin(for_children, RunningParts(ledger, clock, gate, child_sessions, launcher, memory.remember))
    limits_desk = LimitsDesk(ledger, budgets.desk, sessions, task_desk)
    kill_switch = KillSwitch(ledger, ground.lockout, identity, gate, sessions, ground.registry)
    door = GateDoor(gate)
    recorded = RecordedAccounts(ledger, kill_switch, clock)
    core = Core(
        identity=identity,
        administration=Administration(identity, recorded),
        agents=agents,
        homes=work.accounts,
        queues=queues,
        history=history,
        disk_history=DiskHistory(database, clock),
        shares=shares,
        share_links=share_links,
        actions=GatedActions(door),
        apps=apps,
        streams=OpenStreams(),
        hep=hep_desk(settings),
        clock=clock,
        storages=[storage.name for storage in settings.storages],
        openid=ground.openid,
        issuer=ground.issuer,
        kerberos=open_kerberos(settings, identity),
        ssh_certificates=open_ssh_certificates(settings, recorded.record, clock),
        plugins=await open_plugins(settings, exits),
    )
    rules = open_rules(settings.joblens, lens, door, identity, switches)
    platform = Platform(
        core=core,
        ledger=ledger,
        database=database,
        verification=SharedWork(lambda: verified(settings, ground.checkpointer.key)),
        checkpointer=ground.checkpointer,
        gate=gate,
        policy=policy,
        door=door,
        catalogue=catalogue,
        sessions=sessions,
        quoting=Quoting(launcher, services.path_labels),
        tasks=tasks_of(task_desk, sessions, identity, ledger, memory),
        kill_switch=kill_switch,
        registry=ground.registry,
        recorder=work.recorder,
        launcher=launcher,
        apps_proxy=open_apps_proxy(settings, apps.connections, clock),
        models=models,
        default_cluster=settings.agents.default_cluster,
        lens=lens,
        knowledge=knowledge,
        contexts=contexts,
        budgets=budgets.desk,
        usage=budgets.usage,
        limits=limits_desk,
        reader=reader,
        learning=learning,
        watch=watch,
        skills=skills,
        subagents=subagents,
        switches=switches,
        rules=rules,
    )
    recoveries = [
        budgets.take_seat,
        knowledge.recover,
        contexts.recover,
        kill_switch.recover,
        policy.begin,
        shares.recover,
        accepted.recover,
        task_desk.recover,
        limits_desk.recover,
        learning.recover,
        apps.recover,
        ground.registry.recover,
        work.recorder.recover,
        watch.desk.recover,
        foreign.recover,
        switches.recover,
    ]
    return Running(platform, queues, recoveries, upkeep(settings, platform, documents), exits)


def _path_labels(settings: Settings) -> PathLabels:
    return PathLabels([TreeRule(rule.tree, Confidentiality(rule.confidentiality)) for rule in settings.labels.trees])
