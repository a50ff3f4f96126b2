"""Ends what a session's calls have started in the background, when the session is locked.

Limits: of the latest calls of its chain, as the ledger tells them; what its agent does not know any more has ended.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from typing import Any, cast

import structlog

from audit.ledger import Event, Ledger
from ink_core.agents import AccessPoint, AgentTarget, UserAgents, Worker
from ink_core.errors import AgentFault, InkError
from mcp_tools.background import STARTS, process_id_of

log = structlog.get_logger()

MOST = 64
DEADLINE_S = 10.0


async def stop_background(ledger: Ledger, agents: UserAgents, chain: str) -> None:
    """Every one side by side; what cannot be reached is logged, and ends with its agent."""
    started = tuple(_started(await ledger.read(chain)))[-MOST:]
    await asyncio.gather(*(_stop(agents, target, process_id) for target, process_id in started))


def _started(events: Sequence[Event]) -> Iterator[tuple[AgentTarget, str]]:
    workers: dict[str, str | None] = {}
    for event in events:
        body = cast("dict[str, Any]", dict(event.body))
        if event.kind == "call.proposed" and body["tool"] == STARTS:
            workers[body["call_id"]] = body["worker_id"]
        elif event.kind == "call.intent" and body["call_id"] in workers:
            worker_id = workers[body["call_id"]]
            target = Worker(worker_id) if worker_id else AccessPoint(body["acting_as"])
            yield target, process_id_of(body["operation_id"])


async def _stop(agents: UserAgents, target: AgentTarget, process_id: str) -> None:
    try:
        await agents.call(
            target,
            "process.stop",
            {"process_id": process_id},
            operation_id=f"stop-{secrets.token_hex(8)}",
            deadline_s=DEADLINE_S,
        )
    except AgentFault as fault:
        if fault.code != "unknown_process":
            log.warning("background_not_stopped", process=process_id, code=fault.code)
    except InkError as error:
        log.warning("background_not_stopped", process=process_id, code=error.code)
