"""A locked session leaves nothing of its own running in the background, and others' alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from audit.ledger import Record
from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint, InProcessAgents, Worker
from ink_core.errors import AgentFault
from manager.gate.background import stop_background
from mcp_tools.background import process_id_of
from mcp_tools.doubles import Answer

pytestmark = pytest.mark.requirement("WORKER-PROC-03")

CHAIN = "session/s1"
WORKER = "w-0123456789ab"


def proposed(call_id: str, tool: str, worker_id: str | None) -> Record:
    return Record("call.proposed", {"call_id": call_id, "tool": tool, "worker_id": worker_id})


def intended(call_id: str) -> Record:
    return Record("call.intent", {"call_id": call_id, "operation_id": f"op-{call_id}", "acting_as": "alice"})


async def test_what_calls_of_the_session_started_is_stopped_where_it_runs() -> None:
    stopped: list[tuple[str, JsonValue]] = []

    def agent(name: str) -> Answer:
        async def answer(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
            assert method == "process.stop"
            stopped.append((name, arguments["process_id"]))
            raise AgentFault("it ended long ago", code="unknown_process", retryable=False)

        return answer

    ledger = MemoryLedger()
    await ledger.append(CHAIN, proposed("c1", "start_process", WORKER), intended("c1"))
    await ledger.append(CHAIN, proposed("c2", "start_process", None), intended("c2"))
    await ledger.append(CHAIN, proposed("c3", "run_command", WORKER), intended("c3"))
    await ledger.append(CHAIN, proposed("c4", "start_process", WORKER))
    await ledger.append("session/s2", proposed("c5", "start_process", WORKER), intended("c5"))
    await ledger.append(CHAIN, proposed("c6", "start_process", "w-gonegonegone"), intended("c6"))
    agents = InProcessAgents({Worker(WORKER): agent("worker"), AccessPoint("alice"): agent("home")})
    await stop_background(ledger, agents, CHAIN)
    assert sorted(stopped) == [("home", process_id_of("op-c2")), ("worker", process_id_of("op-c1"))]
