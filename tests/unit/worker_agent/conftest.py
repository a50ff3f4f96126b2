"""A manager, a workspace, and an agent that is connected to the one and confined to the other."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.worker_agent.manager import LAUNCH_TOKEN, PATIENCE_S, SmallManager, WorkerLink
from worker_agent.agent import Agent
from worker_agent.exits import Exit
from worker_agent.protocol import AgentConfig, Place

StartProcess = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    path = tmp_path / "workspace"
    path.mkdir()
    return path


@pytest.fixture
async def manager() -> AsyncIterator[SmallManager]:
    manager = SmallManager()
    await manager.start()
    yield manager
    await manager.stop()


@pytest.fixture
def config(manager: SmallManager, workspace: Path) -> AgentConfig:
    return AgentConfig(
        manager_url=manager.url,
        worker_id="w-0123456789ab",
        secret=LAUNCH_TOKEN,
        place=Place.EXECUTE,
        workspace=str(workspace),
    )


@pytest.fixture
async def link(manager: SmallManager, config: AgentConfig) -> AsyncIterator[WorkerLink]:
    """An agent in this process, seen from the manager."""
    agent = Agent(config)
    running = asyncio.ensure_future(agent.run())
    yield await manager.worker()
    agent.stop(Exit.DONE)
    async with asyncio.timeout(PATIENCE_S):
        assert await running == Exit.DONE


@pytest.fixture
async def start_process(config: AgentConfig) -> AsyncIterator[StartProcess]:
    """Starts the real command, configured on standard input; keyword arguments change the configuration."""
    started: list[asyncio.subprocess.Process] = []

    async def start(environment: dict[str, str] | None = None, **changes: Any) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "worker_agent", "--config", "-"),
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        started.append(process)
        assert process.stdin is not None
        process.stdin.write(json.dumps({**config.model_dump(mode="json"), **changes}).encode())
        process.stdin.close()
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.communicate()
