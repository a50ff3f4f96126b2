"""Tasks as one part of the platform."""

from __future__ import annotations

from dataclasses import dataclass

from audit.ledger import Ledger
from ink_core.identity.service import IdentityService
from manager.sessions.service import SessionService
from manager.tasks.desk import TaskDesk
from manager.tasks.memory import TaskMemory
from manager.tasks.sharing import TaskSharing


@dataclass(frozen=True)
class Tasks:
    """`desk` says who is a member, `sharing` what members see of each other, `memory` what they all know."""

    desk: TaskDesk
    sharing: TaskSharing
    memory: TaskMemory


def tasks_of(
    desk: TaskDesk, sessions: SessionService, identity: IdentityService, ledger: Ledger, memory: TaskMemory
) -> Tasks:
    return Tasks(desk, TaskSharing(desk, memory, sessions, identity, ledger), memory)
