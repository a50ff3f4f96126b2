"""A user's client of the real application, over a queue in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from ink_core.api.core import install_core
from ink_core.compute.model import JobState
from ink_core.identity.principal import Scope
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.security.application import application, client

HELD = memory_job("2.0", "alice", JobState.HOLDING)
SLURM = memory_job("77", "alice", cluster="slurm").model_copy(update={"queue": "short", "node": "node1"})

GONE = memory_job("0.0", "alice", JobState.COMPLETED).model_copy(
    update={
        "submitted_at": datetime.now(UTC) - timedelta(days=10),
        "ended_at": datetime.now(UTC) - timedelta(days=5),
    }
)
"""It has left the queue; the history has it."""


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with application(tmp_path) as app, client(app) as http:
        identity = app.state.core.identity
        await identity.create_user("alice")
        scopes = frozenset({Scope.JOBS_READ, Scope.JOBS_MANAGE})
        issued = await identity.create_token_of("alice", "test", scopes, timedelta(hours=1))
        http.headers.update({"Ink-Username": "alice", "Ink-Token": issued.secret})
        queues = MemoryQueues({"pool": [memory_job("1.0", "bob"), HELD], "slurm": [SLURM]})
        app.state.core.history.record([GONE])
        install_core(app, replace(app.state.core, queues=queues))
        yield http
