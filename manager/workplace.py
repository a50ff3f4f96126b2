"""Where users' work is done: clusters as they are polled, what is measured of jobs, and agents that act as users."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from ink_core.compute.ended_jobs import Record
from ink_core.compute.history import JobHistory
from ink_core.compute.mirror import QueueMirror
from ink_core.settings import Settings
from ink_core.spawner.client import Spawner
from joblens.query.lens import Lens
from manager.access_point import access_point_options
from manager.accounts import Accounts, users_of
from manager.erasing import open_recordings
from manager.ground import Ground
from manager.joblens.lens import OpenStore, open_lens
from manager.queues import default_first, mirrored
from manager.worker_jobs import launch_options
from manager.workers.agents import ConnectedAgents
from manager.workers.launch import JobAgentLauncher
from manager.workers.terminal_recorder import TerminalRecorder


@dataclass(frozen=True)
class Workplace:
    """`accounts` are the users of the operating system that agents run as."""

    queues: QueueMirror
    lens: Lens | None
    recorder: TerminalRecorder
    accounts: Accounts
    agents: ConnectedAgents
    launcher: JobAgentLauncher


def open_workplace(
    settings: Settings,
    exits: AsyncExitStack,
    ground: Ground,
    history: JobHistory,
    record: Record,
    given_spawner: Spawner | None,
    open_traces: OpenStore | None,
) -> Workplace:
    """Jobs that have ended are for `record`."""
    clock, registry, permits = ground.clock, ground.registry, ground.permits
    queues = QueueMirror([mirrored(options) for options in default_first(settings)], clock, record)
    exits.push_async_callback(queues.close)
    lens = open_lens(settings, exits, ground.database, queues, history, clock, open_traces)
    recorder = TerminalRecorder(open_recordings(settings), ground.ledger, clock)
    exits.push_async_callback(recorder.close)
    exits.enter_context(registry.listening(recorder.hear))
    accounts, spawner = users_of(settings)
    access_point = access_point_options(settings, ground.identity)
    agents = ConnectedAgents(registry, given_spawner or spawner, accounts, permits, ground.lockout, clock, access_point)
    launching = launch_options(settings, permits)
    witness = ground.checkpointer.latest_line
    launcher = JobAgentLauncher(registry, agents, accounts, queues, clock, launching, witness)
    return Workplace(queues, lens, recorder, accounts, agents, launcher)
